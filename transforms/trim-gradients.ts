/**
 * Marks gradients that are plain arrays and may be written behind their end, so that the companion cuts them to length.
 *
 * A read outside an array has no derivative, but `d_x[i] += …` at such an index would make a `number[]` longer. Runs last,
 * on a graph whose storage is placed. Indices that are counters below the array's length need nothing.
 */

import type { Graph, Key, Node, ShadowNode, Value } from '../src/graph/types.ts';
import { mapBlocks, visit, withNodes } from '../src/graph/walk.ts';
import { IndexFacts } from './index-facts.ts';

export function trimGradients(graph: Graph): Graph {
  const facts = IndexFacts.of(graph);
  const shadows = new Map<Value, ShadowNode>();
  const lengths = new Map<Value, Value>();
  const growing = new Set<ShadowNode>();
  visit(graph.body, (node) => {
    if (node.kind === 'shadow' && isPlainGradient(node)) shadows.set(node.result, node);
    if (node.kind === 'length') lengths.set(node.memory, node.result);
  });
  const isInside = (shadow: ShadowNode, key: Key): boolean => {
    const length = lengths.get(shadow.of) ?? lengths.get(shadow.result);
    return key.kind === 'field' || (length !== undefined && facts.isBelow(key.index, length));
  };
  visit(graph.body, (node) => {
    if (node.kind !== 'store' && node.kind !== 'accumulate') return;
    const shadow = shadows.get(node.memory);
    if (shadow && !isInside(shadow, node.key)) growing.add(shadow);
  });
  const mark = (node: Node): Node =>
    node.kind === 'shadow' && growing.has(node) ? { ...node, mayGrow: true } : mapBlocks(node, (block) => withNodes(block, block.nodes.map(mark)));
  return { ...graph, body: { ...graph.body, nodes: graph.body.nodes.map(mark) } };
}

function isPlainGradient({ of, gradientOf }: ShadowNode): boolean {
  const type = of.type.kind === 'optional' ? of.type.of : of.type;
  return gradientOf !== undefined && type.kind === 'array' && type.container === 'Array' && type.element.kind === 'real';
}
