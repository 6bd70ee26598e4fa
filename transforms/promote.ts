/**
 * Scalar replacement: records, tuples and small arrays whose identity is known become values.
 *
 * Expects a graph as the reader makes it (small loops over small arrays unrolled). Afterwards the memory that remains has
 * computed indices, is handed to something that is not seen, or is too large. Loads from parameters that are records or
 * tuples stand at the function's start, one for each field, so that a field behaves like a parameter. Bits are kept.
 *
 * The graph is run once, with objects in place of references. Whatever turns out not to be promotable (it escapes, its
 * index is computed) is set aside, and the graph is run again without it.
 */

import { newValue } from '../src/graph/build.ts';
import type { Graph, Node, Value } from '../src/graph/types.ts';
import { mapBlocks, substitute, visit, withNodes } from '../src/graph/walk.ts';
import { NotPromotable, Promotion } from './promote/promotion.ts';
import { simplify } from './simplify.ts';

export function promote(graph: Graph): Graph {
  const opaque = new Set<Value>();
  const split = new Set<Value>();
  for (;;) {
    try {
      const promotion = new Promotion(graph, opaque, split);
      return simplify(withNames(promotion.run(), promotion.names));
    } catch (reason) {
      if (!(reason instanceof NotPromotable)) throw reason;
      const aside = reason.how === 'split' ? split : opaque;
      if (aside.has(reason.value)) throw new Error(`${reason.value.name ?? 'an object'} cannot be set aside twice`, { cause: reason });
      aside.add(reason.value);
    }
  }
}

/** Gives operations without a name that of the slot that they were stored in: `a_x`. */
function withNames(graph: Graph, names: ReadonlyMap<Value, string>): Graph {
  const named = new Map<Value, Value>();
  visit(graph.body, (node) => {
    if (node.kind !== 'apply') return;
    const name = names.get(node.result);
    if (name !== undefined && node.result.name === undefined) named.set(node.result, newValue(node.result.type, name));
  });
  const rename = (node: Node): Node => {
    const renamed = node.kind === 'apply' ? { ...node, result: named.get(node.result) ?? node.result } : node;
    return mapBlocks(renamed, (block) => withNodes(block, block.nodes.map(rename)));
  };
  const body = substitute(graph.body, (value) => named.get(value) ?? value);
  return { ...graph, body: { ...body, nodes: body.nodes.map(rename) } };
}
