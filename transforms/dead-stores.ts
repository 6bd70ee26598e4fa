/**
 * Drops a store that another one to the same element follows, with nothing between that could read the element or leave the
 * block. Fused loops have such stores: `y[i] = z; y[i] = tanh(y[i])` once what was stored is no longer read again. Exact.
 *
 * Of the backward sweep, stores of what has been loaded from the same element go too: a tangent that is taken, set to zero and added
 * again.
 */

import type { Block, Graph, Node, StoreNode, Value } from '../src/graph/types.ts';
import { blocks, mapBlocks, visit, withNodes } from '../src/graph/walk.ts';
import { analyseMemory, isReference, type Memory } from './memory.ts';

export function dropDeadStores(graph: Graph): Graph {
  const memory = analyseMemory(graph);
  return { ...graph, body: dropIn(graph.body, memory) };
}

function dropIn(block: Block, memory: Memory): Block {
  const nodes = block.nodes
    .filter((node, i) => node.kind !== 'store' || !isOverwritten(node, block.nodes.slice(i + 1), memory))
    .map((node) => mapBlocks(node, (inner) => dropIn(inner, memory)));
  return withNodes(block, nodes);
}

function isOverwritten(store: StoreNode, later: readonly Node[], memory: Memory): boolean {
  const { key } = store;
  if (key.kind !== 'index') return false;
  for (const node of later) {
    if (node.kind === 'store' && node.memory === store.memory && node.key.kind === 'index' && node.key.index === key.index) return true;
    if (mayRead(node, store, memory)) return false;
  }
  return false;
}

function mayRead(node: Node, store: StoreNode, memory: Memory): boolean {
  if (node.kind === 'literal') return false;
  if (node.kind === 'apply') return node.operands.some(({ type }) => isReference(type));
  if (node.kind === 'store') return isReference(node.value.type);
  // A plain array may have become longer by the store.
  if (node.kind !== 'length' && (node.kind !== 'load' || isReference(node.result.type))) return true;
  const roots = memory.rootsOf(store.memory);
  return [...memory.rootsOf(node.memory)].some((root) => roots.has(root));
}

export function dropUnchanged(graph: Graph): Graph {
  const memory = analyseMemory(graph);
  const restored = new Map<Value, Value>();
  visit(graph.body, (node) => void (node.kind === 'restore' && restored.set(node.result, node.of)));
  const isSame = (a: Value, b: Value): boolean => (restored.get(a) ?? a) === (restored.get(b) ?? b);
  const dropFrom = (block: Block): Block => {
    const nodes = block.nodes.filter((node, i) => node.kind !== 'store' || !isUnchanged(node, block.nodes.slice(0, i), memory, isSame));
    return withNodes(block, nodes.map((node) => mapBlocks(node, dropFrom)));
  };
  return { ...graph, body: dropFrom(graph.body) };
}

/** Whether the element has been loaded before, and nothing has been written since that may have changed it. */
function isUnchanged({ memory, key, value }: StoreNode, before: readonly Node[], { rootsOf }: Memory, isSame: (a: Value, b: Value) => boolean): boolean {
  const roots = rootsOf(memory);
  if (key.kind !== 'index' || roots.size === 0) return false;
  for (const node of before.toReversed()) {
    if (node.kind === 'load' && node.result === value) return node.memory === memory && node.key.kind === 'index' && isSame(node.key.index, key.index);
    const mayWrite = node.kind !== 'load' && node.kind !== 'length' && node.kind !== 'literal' && node.kind !== 'apply' && node.kind !== 'restore';
    const isElsewhere = (node.kind === 'store' || node.kind === 'accumulate') && ![...rootsOf(node.memory)].some((root) => roots.has(root));
    if (blocks(node).length > 0 || (mayWrite && !isElsewhere)) return false;
  }
  return false;
}
