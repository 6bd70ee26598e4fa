/**
 * Asks for the length of an array once, where the array comes into being, and not at all where it was made with a known one.
 *
 * Runs on forward graphs. Only for arrays whose length cannot change: nobody pushes or pops, and no store goes behind the end of
 * a plain array.
 */

import type { AllocNode, Block, Graph, LengthNode, Node, Value } from '../src/graph/types.ts';
import { mapBlocks, substitute, visit } from '../src/graph/walk.ts';
import { IndexFacts } from './index-facts.ts';
import { analyseMemory, type Memory, type Root } from './memory.ts';

export function settleLengths(graph: Graph): Graph {
  const lengths: LengthNode[] = [];
  const allocs = new Map<Value, AllocNode>();
  visit(graph.body, (node) => {
    if (node.kind === 'length') lengths.push(node);
    if (node.kind === 'alloc') allocs.set(node.result, node);
  });
  if (lengths.length === 0) return graph;
  const memory = analyseMemory(graph);
  const changing = changingRoots(graph, memory, allocs);
  const isFixed = (value: Value): boolean => [...memory.rootsOf(value)].every((root) => !changing.has(root) && !memory.isShared(root));

  const replaced = new Map<Value, Value>();
  const asked = new Map<Value, LengthNode>();
  for (const node of lengths) {
    const isThere = allocs.has(node.memory) || (graph.params.includes(node.memory) && node.memory.type.kind === 'array');
    if (!isThere || !isFixed(node.memory)) continue;
    const alloc = allocs.get(node.memory);
    const made = alloc && madeWith(alloc);
    const known = asked.get(node.memory);
    if (made !== undefined) replaced.set(node.result, made);
    else if (known !== undefined) replaced.set(node.result, known.result);
    else asked.set(node.memory, node);
  }
  const gone = new Set<Node>([...lengths.filter((node) => replaced.has(node.result)), ...asked.values()]);
  const use = (value: Value): Value => {
    const next = replaced.get(value);
    return next === undefined ? value : use(next);
  };
  const place = (block: Block): Block => ({
    ...block,
    nodes: block.nodes.flatMap((node) => {
      if (gone.has(node)) return [];
      const inside = mapBlocks(node, place);
      const next = node.kind === 'alloc' ? asked.get(node.result) : undefined;
      return next === undefined ? [inside] : [inside, next];
    }),
  });
  const start = graph.params.flatMap((param) => asked.get(param) ?? []);
  const body = place(graph.body);
  return { ...graph, body: substitute({ ...body, nodes: [...start, ...body.nodes] }, use) };
}

/** The value that the array was made with as its length. */
function madeWith({ init }: AllocNode): Value | undefined {
  return (init.kind === 'zeros' || init.kind === 'holes') && init.length.type.kind === 'integer' ? init.length : undefined;
}

/** Memory whose length may become another. */
function changingRoots(graph: Graph, memory: Memory, allocs: ReadonlyMap<Value, AllocNode>): ReadonlySet<Root> {
  const facts = new IndexFacts(graph);
  const changing = new Set<Root>();
  visit(graph.body, (node) => {
    const isStore = node.kind === 'store' || node.kind === 'accumulate';
    if (!isStore && node.kind !== 'resize' && node.kind !== 'call') return;
    if (node.kind === 'call') {
      for (const operand of node.operands) for (const root of memory.reachableFrom(operand)) changing.add(root);
      return;
    }
    if (isStore && !mayLengthen(node)) return;
    for (const root of memory.rootsOf(node.memory)) changing.add(root);
  });
  return changing;

  function mayLengthen({ memory: array, key }: Extract<Node, { kind: 'store' | 'accumulate' }>): boolean {
    if (array.type.kind !== 'array' || array.type.container !== 'Array' || key.kind !== 'index') return false;
    const alloc = allocs.get(array);
    const made = alloc && madeWith(alloc);
    return made === undefined || !facts.isNonNegative(key.index) || !facts.isBelow(key.index, made);
  }
}
