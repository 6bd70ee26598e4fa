/** A function together with the procedures that it calls, directly or through others. */

import type { CallNode, Graph } from '../../src/graph/types.ts';
import { visit } from '../../src/graph/walk.ts';

export interface Program {
  readonly main: Graph;
  /** By name; their order is that in which they were read. */
  readonly procedures: ReadonlyMap<string, Graph>;
}

export function programOf(main: Graph, procedures: readonly Graph[]): Program {
  return { main, procedures: new Map(procedures.map((graph) => [graph.name, graph])) };
}

export function mapGraphs(program: Program, map: (graph: Graph) => Graph): Program {
  const procedures = new Map([...program.procedures].map(([name, graph]) => [name, map(graph)]));
  return { main: map(program.main), procedures };
}

export function graphsOf({ main, procedures }: Program): readonly Graph[] {
  return [main, ...procedures.values()];
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
  return graph.procedure !== undefined || callsIn(graph).some((call) => call.variant !== 'value');
}
