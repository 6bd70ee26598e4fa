/**
 * Numbers that are kept already under another name: what one loop stores in an array, and what a later one loads there.
 *
 *     for (let j = 0; j < n; j++) centred[j] = x[j] - mean;
 *     for (let j = 0; j < n; j++) … centred[j] …
 *
 * The array is filled anew by the next iteration around them, so that the loads are kept. In the mirror of the first loop the
 * difference is the number that was loaded in the iteration of the same number.
 */

import type { Graph, LoadNode, LoopNode, StoreNode, Value } from '../../src/graph/types.ts';
import { results, visit } from '../../src/graph/walk.ts';
import { IndexFacts } from '../index-facts.ts';
import { breaksOf } from '../memory.ts';
import type { Decided } from './decide.ts';
import type { Frames } from './frames.ts';
import { loopChain } from './slots.ts';
import { commonBlock, type Structure } from './structure.ts';

export interface Twin {
  /** The load of what was stored. */
  readonly load: Value;
  readonly loadedIn: LoopNode;
  readonly storedIn: LoopNode;
}

/** By the number that is stored. */
export type Twins = ReadonlyMap<Value, Twin>;

interface Access<N> {
  readonly node: N;
  readonly loop: LoopNode;
}

export function twinsIn(graph: Graph): Twins {
  const facts = IndexFacts.of(graph);
  const stores = new Map<Value, Access<StoreNode>>();
  const loads: Access<LoadNode>[] = [];
  const written = new Map<Value, number>();
  const restored = new Map<Value, Value>();
  const allocs = new Set<Value>();
  const loopsWithin = new Map<LoopNode, readonly LoopNode[]>();
  visit(graph.body, (node, block) => {
    if (node.kind === 'alloc' && facts.isByName(node)) allocs.add(node.result);
    if (node.kind === 'restore') restored.set(node.result, node.of);
    if (node.kind === 'store' || node.kind === 'accumulate' || node.kind === 'undo' || node.kind === 'resize') {
      const memory = restored.get(node.memory) ?? node.memory;
      written.set(memory, (written.get(memory) ?? 0) + 1);
    }
    if (node.kind !== 'loop') return;
    loopsWithin.set(node, block.nodes.filter((other): other is LoopNode => other.kind === 'loop'));
    if (!runsThrough(node)) return;
    const made = new Set<Value>();
    for (const inner of node.body.nodes) {
      const isElement = (inner.kind === 'load' || inner.kind === 'store') && inner.key.kind === 'index' && inner.key.index === node.counter?.variable;
      if (isElement && inner.kind === 'load') loads.push({ node: inner, loop: node });
      if (isElement && inner.kind === 'store' && made.has(inner.value)) stores.set(inner.memory, { node: inner, loop: node });
      for (const value of results(inner)) made.add(value);
    }
  });

  const twins = new Map<Value, Twin>();
  for (const { node, loop } of loads) {
    const store = stores.get(node.memory);
    if (store === undefined || written.get(node.memory) !== 1 || !allocs.has(node.memory) || !holdsReals(node) || store.node.value.type.kind !== 'real') continue;
    const beside = loopsWithin.get(loop)!;
    const isEarlier = beside.includes(store.loop) && beside.indexOf(store.loop) < beside.indexOf(loop);
    if (!isEarlier || !facts.haveSameTrips(store.loop, loop) || node.key.kind !== 'index' || !facts.isElementOf(node.key.index, node.memory) || twins.has(store.node.value)) continue;
    twins.set(store.node.value, { load: node.result, loadedIn: loop, storedIn: store.loop });
  }
  return twins;
}

/** A counted loop of the forward sweep whose iterations all run to their end. */
function runsThrough({ backward, counter, body }: LoopNode): boolean {
  return !backward && counter?.to !== undefined && body.exit.kind === 'yield' && breaksOf(body).length === 0;
}

function holdsReals({ memory: { type }, result }: LoadNode): boolean {
  return result.type.kind === 'real' && type.kind === 'array' && (type.container === 'Float64Array' || type.container === 'Array');
}

/** Of what is to be read under another name, what does not lie there for each iteration: in a frame that counters find. */
export function unreachableTwins(decided: readonly Decided[], frames: Frames, structure: Structure): ReadonlySet<Value> {
  const found = new Set<Value>();
  for (const { value, decision, site } of decided) {
    if (decision.kind !== 'twin') continue;
    const frame = frames.frameOfValue(decision.twin.load);
    const chain = loopChain(structure, value, commonBlock(structure, structure.placeOf(value)!.block, site.block));
    const isThere = frame?.bounds !== undefined && frame.loops.length === chain.length && frame.loops.slice(0, -1).every((loop, i) => loop === chain[i]);
    if (!isThere) found.add(value);
  }
  return found;
}
