/**
 * An adjoint that was taken and that nobody reads again is not set to zero.
 *
 *     for (u …) { d = d_h[u]; d_h[u] = 0; … }      the last that is seen of d_h      for (u …) { d = d_h[u]; … }
 *
 * Runs on a reversed graph. The adjoint begins in the same block as the loop, which reaches each element once: at its own counter.
 */

import type { Block, Graph, LoopNode, Node, StoreNode, Value } from '../src/graph/types.ts';
import { blocks, mapBlocks, visit } from '../src/graph/walk.ts';
import { IndexFacts } from './index-facts.ts';
import { mentions } from './scratch.ts';

export function keepSpentAdjoints(graph: Graph): Graph {
  const known: Known = { facts: new IndexFacts(graph), counters: new Map(), restored: new Map() };
  visit(graph.body, (node) => {
    if (node.kind === 'loop' && node.counter) known.counters.set(node.id, node.counter.variable);
    if (node.kind === 'restore') known.restored.set(node.result, node.of);
  });
  const spent = new Set<Node>();
  note(graph.body, known, spent);
  return spent.size === 0 ? graph : { ...graph, body: without(graph.body, spent) };
}

interface Known {
  readonly facts: IndexFacts;
  /** Of each loop that has one. */
  readonly counters: Map<number, Value>;
  readonly restored: Map<Value, Value>;
}

function note(block: Block, known: Known, spent: Set<Node>): void {
  for (const made of block.nodes) {
    if (made.kind !== 'alloc' || !made.backward || !known.facts.isByName(made)) continue;
    const last = block.nodes.findLast((node) => node !== made && mentions(node, made.result));
    const zeroing = last?.kind === 'loop' ? lastZeroing(last, made.result, known) : undefined;
    if (zeroing) spent.add(zeroing);
  }
  for (const node of block.nodes) for (const inner of blocks(node)) note(inner, known, spent);
}

/** The store of zero behind all other uses of the adjoint, all of which are at the loop's counter. */
function lastZeroing(loop: LoopNode, adjoint: Value, { facts, counters, restored }: Known): StoreNode | undefined {
  const own = counters.get(loop.mirrors ?? loop.id);
  if (own === undefined) return undefined;
  let isOwn = true;
  visit(loop.body, (node) => {
    if (node.kind !== 'load' && node.kind !== 'store' && node.kind !== 'accumulate') return;
    if (node.memory !== adjoint) return;
    const index = node.key.kind === 'index' ? node.key.index : undefined;
    if (index === undefined || (restored.get(index) ?? index) !== own) isOwn = false;
  });
  const last = loop.body.nodes.findLast((node) => mentions(node, adjoint));
  return isOwn && last?.kind === 'store' && last.memory === adjoint && facts.isZero(last.value) ? last : undefined;
}

function without(block: Block, gone: ReadonlySet<Node>): Block {
  return { ...block, nodes: block.nodes.filter((node) => !gone.has(node)).map((node) => mapBlocks(node, (inner) => without(inner, gone))) };
}
