/**
 * Drops a store that another one to the same element follows, with nothing between that could read the element or leave the
 * block. Fused loops have such stores: `y[i] = z; y[i] = tanh(y[i])` once what was stored is no longer read again. Exact.
 */

import type { Block, Graph, Node, StoreNode } from '../src/graph/types.ts';
import { mapBlocks, withNodes } from '../src/graph/walk.ts';
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
