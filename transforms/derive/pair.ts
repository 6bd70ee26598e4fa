/**
 * The two halves of a procedure's derivative, as one graph: the forward sweep, which returns what the primal returns (and the
 * shadows of memory among it), and behind it the backward sweep, which takes the cotangents of the results and gives the
 * adjoints of the parameters. `split` takes them apart when storage is placed.
 */

import { BlockBuilder, newValue, real } from '../../src/graph/build.ts';
import type { Graph, Value } from '../../src/graph/types.ts';
import type { Activity } from '../activity.ts';
import { shadowType, type Memory } from '../memory.ts';
import type { PairInterface } from '../procedures/interface.ts';
import type { Program } from '../procedures/program.ts';
import { adjointName } from '../reverse/frame.ts';
import { reverse } from '../reverse/reverse.ts';

export interface PairInput {
  readonly graph: Graph;
  readonly memory: Memory;
  readonly activity: Activity;
  readonly interfaceOf: (callee: string) => PairInterface;
  readonly rules: Program['rules'];
}

/**
 * Expects a promoted forward graph of a procedure. Afterwards its parameters are the primal's, their shadows, and the
 * cotangents; it returns results, shadows of results, and adjoints.
 */
export function pair({ graph, memory, activity, interfaceOf, rules }: PairInput): Graph {
  const { shadowParams, cotangents, adjoints } = interfaceOf(graph.name);
  const returned = graph.body.exit.kind === 'return' ? graph.body.exit.values : [];
  const direct = new Map<Value, Value>();
  for (const place of shadowParams) {
    const param = graph.params[place]!;
    direct.set(param, newValue(shadowType(param.type), adjointName(param)));
  }
  const seeds = cotangents.map((place) => newValue(real, cotangents.length === 1 ? 'd_value' : `d_${returned[place]!.name ?? 'value'}`));
  const { forward, backward, adjointOf } = reverse(
    { graph, memory, activity, direct, byParts: new Set(), interfaceOf, rules },
    (frame) => cotangents.forEach((place, i) => frame.contribute(returned[place]!, seeds[i]!)),
  );
  const end = new BlockBuilder(graph.origin, true);
  const given = adjoints.map((place) => adjointOf(graph.params[place]!) ?? end.literal(0, real));
  const { exit } = forward.body;
  const facts = graph.procedure!;
  const shadowsOfShared = [...direct].flatMap(([param, shadow]) => (facts.shared.has(param) ? [shadow] : []));
  const first = exit.kind === 'return' ? exit.values : [];
  return {
    ...forward,
    procedure: { ...facts, shared: new Set([...facts.shared, ...shadowsOfShared]), shadows: new Set(direct.values()), forwardResults: first.length },
    params: [...graph.params, ...direct.values(), ...seeds],
    body: {
      ...forward.body,
      nodes: [...forward.body.nodes, ...backward, ...end.nodes],
      exit: { kind: 'return', values: [...first, ...given] },
    },
  };
}
