/**
 * Marks gradients of plain arrays, or of rows that are plain arrays, that may be written behind their end, so that the companion cuts
 * them to length.
 *
 * A read outside an array has no derivative, but `d_x[i] += …` at such an index would make a `number[]` longer. Runs last,
 * on a graph whose storage is placed. Indices that are counters below the array's length need nothing.
 */

import { append } from '../src/graph/lists.ts';
import type { AccumulateNode, Graph, Key, LengthNode, Node, ShadowNode, StoreNode, Type, Value } from '../src/graph/types.ts';
import { mapBlocks, results, visit, withNodes } from '../src/graph/walk.ts';
import { IndexFacts } from './index-facts.ts';
import { analyseMemory } from './memory.ts';

export function trimGradients(graph: Graph): Graph {
  const shadows = new Map<Value, ShadowNode>();
  const writes: (StoreNode | AccumulateNode)[] = [];
  const measured: LengthNode[] = [];
  const nodes = new Map<Value, Node>();
  visit(graph.body, (node) => {
    for (const result of results(node)) nodes.set(result, node);
    if (node.kind === 'shadow' && node.gradientOf !== undefined && holdsPlainArrays(node.of.type)) shadows.set(node.result, node);
    else if (node.kind === 'length') measured.push(node);
    else if ((node.kind === 'store' || node.kind === 'accumulate') && isPlain(node.memory.type)) writes.push(node);
  });
  if (shadows.size === 0 || writes.length === 0) return graph;

  /** The same for an array and its gradient: where it lies. */
  const placeOf = (memory: Value): string => {
    const node = nodes.get(memory);
    if (node?.kind === 'shadow') return placeOf(node.of);
    if (node?.kind === 'apply' && node.op === 'unwrap') return placeOf(node.operands[0]!);
    if (node?.kind === 'load') return `${placeOf(node.memory)} ${keyText(node.key, nodes)}`;
    return `${memory.id}`;
  };
  const facts = IndexFacts.of(graph);
  const lengths = new Map<string, Value[]>();
  for (const { memory, result } of measured) append(lengths, placeOf(memory), result);
  const isInside = ({ memory, key }: StoreNode | AccumulateNode): boolean =>
    key.kind === 'field' || (lengths.get(placeOf(memory)) ?? []).some((length) => facts.isBelow(key.index, length));
  const memory = analyseMemory(graph);
  const growing = new Set<Node | undefined>(writes.filter((write) => !isInside(write)).flatMap((write) => [...memory.rootsOf(write.memory)].map((root) => shadows.get(root))));
  const mark = (node: Node): Node =>
    node.kind === 'shadow' && growing.has(node) ? { ...node, mayGrow: true } : mapBlocks(node, (block) => withNodes(block, block.nodes.map(mark)));
  return { ...graph, body: { ...graph.body, nodes: graph.body.nodes.map(mark) } };
}

function keyText(key: Key, nodes: ReadonlyMap<Value, Node>): string {
  if (key.kind === 'field') return `.${key.name}`;
  const index = nodes.get(key.index);
  return index?.kind === 'literal' ? `[${String(index.value)}]` : `[#${key.index.id}]`;
}

function isPlain(type: Type): boolean {
  return type.kind === 'array' && type.container === 'Array' && type.element.kind === 'real';
}

function holdsPlainArrays(type: Type): boolean {
  switch (type.kind) {
    case 'optional':
      return holdsPlainArrays(type.of);
    case 'array':
      return isPlain(type) || holdsPlainArrays(type.element);
    case 'tuple':
      return type.elements.some(holdsPlainArrays);
    case 'record':
      return type.fields.some((field) => holdsPlainArrays(field.type));
    default:
      return false;
  }
}
