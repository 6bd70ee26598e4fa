/** Reverse mode as a whole: the forward sweep, the backward one from given cotangents, and the gradients of the parameters. */

import { BlockBuilder } from '../../src/graph/build.ts';
import type { Parameter } from '../../src/graph/primal.ts';
import type { Graph, Node, Value } from '../../src/graph/types.ts';
import type { Activity } from '../activity.ts';
import { holdsReals, isReference } from '../memory.ts';
import { analyseProgram, everythingActiveIn } from '../procedures/interface.ts';
import type { Program } from '../procedures/program.ts';
import { reverse, type Seed } from '../reverse/reverse.ts';
import { gradientParts, gradientValue } from './gradient-parts.ts';
import { pair } from './pair.ts';

export interface PullbackInput {
  /** Promoted forward graphs. */
  readonly program: Program;
  readonly differentiated: readonly Parameter[];
  readonly analyses: boolean;
  /** What the main graph computes that has a cotangent. */
  readonly useful: readonly Value[];
  readonly seed: (activity: Activity) => Seed;
}

export interface Pullback {
  readonly forward: Graph;
  readonly backward: readonly Node[];
  /** The gradient of each differentiated parameter, in order. */
  readonly gradients: readonly Value[];
  /** Of each procedure, its pair. */
  readonly procedures: ReadonlyMap<string, Graph>;
}

/** The backward parts restore forward values, so storage is still to be placed. */
export function pullback({ program, differentiated, analyses, useful, seed }: PullbackInput): Pullback {
  const graph = program.main;
  const chosen = differentiated.map((parameter) => parameter.value);
  const fixed = graph.params.filter((param) => isReference(param.type) && holdsReals(param.type) && !chosen.includes(param));
  const analyse = (others: readonly Value[]) => {
    const parts = gradientParts(graph, differentiated, others);
    const whole = { ...program, main: parts.graph };
    return { parts, analysed: analyses ? analyseProgram(whole, parts.sources, useful) : everythingActiveIn(whole) };
  };
  let { parts, analysed } = analyse(analyses ? [] : fixed);
  // What a procedure is handed in the place of differentiated memory has a shadow as well.
  const beside = analyses ? fixed.filter((param) => analysed.activityOf(parts.graph).isActive(param)) : [];
  if (beside.length > 0) ({ parts, analysed } = analyse(beside));
  const { interfaceOf } = analysed;
  const activity = analysed.activityOf(parts.graph);

  const { forward, backward, adjointOf } = reverse(
    {
      graph: parts.graph,
      memory: analysed.memoryOf(parts.graph),
      activity,
      direct: parts.direct,
      byParts: parts.byParts,
      interfaceOf,
      rules: program.rules,
    },
    seed(activity),
  );
  const results = new BlockBuilder(graph.origin, true);
  const gradients = parts.parts.map((part, i) => gradientValue(results, part, adjointOf, `d_${differentiated[i]!.name}`));
  const pairs = [...program.procedures].map(([name, procedure]): [string, Graph] => [
    name,
    pair({ graph: procedure, memory: analysed.memoryOf(procedure), activity: analysed.activityOf(procedure), interfaceOf, rules: program.rules }),
  ]);
  return { forward, backward: [...backward, ...results.nodes], gradients, procedures: new Map(pairs) };
}
