/**
 * Leaves out arguments and results that nobody reads, across all functions of a companion, and functions that nobody calls.
 *
 * Optimistic: nothing is asked for until somebody reads it, so that an argument which a recursive function only passes on to
 * itself goes as well.
 */

import type { ProcedurePart } from '../../src/graph/primal.ts';
import type { CallNode, Graph, Node } from '../../src/graph/types.ts';
import { mapBlocks, visit, withNodes } from '../../src/graph/walk.ts';
import { type Asked, keepLive, Liveness } from '../eliminate-dead.ts';
import { callsIn } from './program.ts';

type Parts = { readonly main: Graph; readonly parts: readonly ProcedurePart[] };

export function prune(main: Graph, all: readonly ProcedurePart[]): Parts {
  const parts = called(main, all);
  if (parts.length === 0) return { main, parts };
  const params = new Set<string>();
  const results = new Set<string>();
  const cells = new Set<string>();
  const place = (part: { readonly callee: string; readonly variant: string }, i: number): string => `${part.callee} ${part.variant} ${i}`;
  const askedOf = (part: ProcedurePart | undefined): Asked => ({
    operand: (call, i) => params.has(place(call, i)),
    cell: (frame, i) => cells.has(`${frame} ${i}`),
    result: (i) => part === undefined || results.has(place(part, i)),
  });
  const liveness = new Map<Graph, Liveness>();
  for (let changed = true; changed; ) {
    changed = false;
    const add = (set: Set<string>, key: string): void => {
      if (set.has(key)) return;
      set.add(key);
      changed = true;
    };
    for (const part of [undefined, ...parts]) {
      const graph = part?.graph ?? main;
      const live = new Liveness(graph, askedOf(part));
      liveness.set(graph, live);
      if (part) graph.params.forEach((param, i) => live.isLive(param) && add(params, place(part, i)));
      visit(graph.body, (node) => {
        if (node.kind === 'popFrame') node.results.forEach((result, i) => live.isLive(result) && add(cells, `${node.frame} ${i}`));
      });
      for (const call of callsIn(graph)) if (live.isNeeded(call)) call.results.forEach((result, i) => live.isLive(result) && add(results, place(call, i)));
    }
  }
  const shortened = (call: CallNode): CallNode => ({
    ...call,
    operands: call.operands.filter((_, i) => params.has(place(call, i))),
    results: call.results.filter((_, i) => results.has(place(call, i))),
  });
  const rewrite = (node: Node): readonly Node[] => {
    switch (node.kind) {
      case 'call':
        return [shortened(node)];
      case 'pushFrame': {
        const values = node.values.filter((_, i) => cells.has(`${node.frame} ${i}`));
        return values.length === 0 ? [] : [{ ...node, values }];
      }
      case 'popFrame': {
        const taken = node.results.filter((_, i) => cells.has(`${node.frame} ${i}`));
        return taken.length === 0 ? [] : [{ ...node, results: taken }];
      }
      default:
        return [mapBlocks(node, (block) => withNodes(block, block.nodes.flatMap(rewrite)))];
    }
  };
  const pruned = (graph: Graph, part: ProcedurePart | undefined): Graph => {
    const kept = keepLive(graph, liveness.get(graph)!);
    const { exit } = kept.body;
    return {
      ...kept,
      params: part ? kept.params.filter((_, i) => params.has(place(part, i))) : kept.params,
      body: {
        ...kept.body,
        nodes: kept.body.nodes.flatMap(rewrite),
        exit: exit.kind === 'return' && part ? { ...exit, values: exit.values.filter((_, i) => results.has(place(part, i))) } : exit,
      },
    };
  };
  return { main: pruned(main, undefined), parts: parts.map((part) => ({ ...part, graph: pruned(part.graph, part) })) };
}

/** The parts that the main graph comes to. */
function called(main: Graph, all: readonly ProcedurePart[]): readonly ProcedurePart[] {
  const found = new Set<ProcedurePart>();
  const visit = (graph: Graph): void => {
    for (const call of callsIn(graph)) {
      const part = all.find((other) => other.callee === call.callee && other.variant === call.variant);
      if (part === undefined || found.has(part)) continue;
      found.add(part);
      visit(part.graph);
    }
  };
  visit(main);
  return all.filter((part) => found.has(part));
}
