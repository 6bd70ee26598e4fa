/**
 * An adjoint that was taken and that nobody reads again is not set to zero.
 *
 *     for (u …) { d = d_h[u]; d_h[u] = 0; … }      the last that is seen of d_h      for (u …) { d = d_h[u]; … }
 *
 * Runs on a reversed graph. The adjoint begins in the same block as the loop, which reaches each element once: at its own counter.
 * Behind it elements may be looked at that it does not reach: `k[0] = …; for (let i = 1; …) k[i] = …` the other way round.
 */

import type { Block, Graph, LoopNode, Node, StoreNode, Value } from '../src/graph/types.ts';
import { blocks, mapBlocks, visit, withNodes } from '../src/graph/walk.ts';
import { IndexFacts } from './index-facts.ts';
import { mentions } from './scratch.ts';

export function keepSpentAdjoints(graph: Graph): Graph {
  const known: Known = { facts: IndexFacts.of(graph), counters: new Map(), restored: new Map() };
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
    const users = block.nodes.filter((node) => node !== made && mentions(node, made.result));
    takeBack(users, made.result, new Set(), known, spent);
  }
  for (const node of block.nodes) for (const inner of blocks(node)) note(inner, known, spent);
}

/**
 * From the last user to the first: notes what is set to zero and not looked at again. `later`: the elements that are looked at
 * behind the users, each by a literal index. False where it is not known what is looked at in front of them.
 */
function takeBack(users: readonly Node[], adjoint: Value, later: Set<number>, known: Known, spent: Set<Node>): boolean {
  return users.toReversed().every((node) => {
    if (node.kind === 'length') return true;
    if (node.kind === 'if') {
      const before = [node.then, node.else].map(({ nodes }) => {
        const own = new Set(later);
        return takeBack(nodes.filter((inner) => mentions(inner, adjoint)), adjoint, own, known, spent) ? own : undefined;
      });
      for (const own of before) own?.forEach((index) => later.add(index));
      return !before.includes(undefined);
    }
    if (node.kind === 'loop') {
      const own = known.counters.get(node.mirrors ?? node.id);
      const isBehind = own !== undefined && [...later].every((index) => index < known.facts.smallest(own));
      const zeroing = isBehind ? lastZeroing(node, own, adjoint, known.facts, known.restored) : undefined;
      if (zeroing) spent.add(zeroing);
      return false;
    }
    const index = 'key' in node && node.key.kind === 'index' ? known.facts.literalOf(node.key.index) : undefined;
    if (index === undefined) return false;
    if (node.kind !== 'store') later.add(index);
    else if (known.facts.isZero(node.value) && !later.has(index)) spent.add(node);
    return true;
  });
}

/** The store of zero behind all other uses of the adjoint, all of which are at the loop's counter, `own`. */
export function lastZeroing(loop: LoopNode, own: Value, adjoint: Value, facts: IndexFacts, restored: ReadonlyMap<Value, Value>): StoreNode | undefined {
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
  return withNodes(block, block.nodes.filter((node) => !gone.has(node)).map((node) => mapBlocks(node, (inner) => without(inner, gone))));
}
