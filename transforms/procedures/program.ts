/** A function together with the procedures that it calls, directly or through others. */

import type { RuleBodies } from '../../src/graph/primal.ts';
import type { CallNode, Graph } from '../../src/graph/types.ts';
import { visit } from '../../src/graph/walk.ts';

export interface Program {
  readonly main: Graph;
  /** By name; their order is that in which they were read. */
  readonly procedures: ReadonlyMap<string, Graph>;
  /** Of a reversed program, by name: the procedures whose halves are one. */
  readonly joined?: ReadonlyMap<string, Graph>;
  /** By name. */
  readonly rules: ReadonlyMap<string, RuleBodies>;
}

export function programOf(main: Graph, procedures: readonly Graph[], rules: readonly RuleBodies[] = []): Program {
  return { main, procedures: new Map(procedures.map((graph) => [graph.name, graph])), rules: new Map(rules.map((rule) => [rule.name, rule])) };
}

export function mapGraphs(program: Program, map: (graph: Graph) => Graph): Program {
  const each = (graphs: ReadonlyMap<string, Graph>): ReadonlyMap<string, Graph> => new Map([...graphs].map(([name, graph]) => [name, map(graph)]));
  const joined = program.joined && { joined: each(program.joined) };
  return { ...program, main: map(program.main), procedures: each(program.procedures), ...joined };
}

/** The same in the bodies of rules, which become part of derivatives. */
export function mapRules(program: Program, map: (graph: Graph) => Graph): Program {
  const rules = [...program.rules].map(([name, { pullback, tangent, ...rule }]): [string, RuleBodies] => [
    name,
    { ...rule, pullback: pullback && map(pullback), tangent: tangent && map(tangent) },
  ]);
  return { ...program, rules: new Map(rules) };
}

export function graphsOf({ main, procedures, joined = new Map() }: Program): readonly Graph[] {
  return [main, ...procedures.values(), ...joined.values()];
}

export function callsIn(graph: Graph): readonly CallNode[] {
  const calls: CallNode[] = [];
  visit(graph.body, (node) => {
    if (node.kind === 'call') calls.push(node);
  });
  return calls;
}

/** Whether what the backward sweep needs of iterations lies on the stack of frames, between those of calls. */
export function keepsFrames(graph: Graph): boolean {
  return graph.procedure !== undefined || callsIn(graph).some((call) => call.variant !== 'value' && call.variant !== 'gradient');
}
