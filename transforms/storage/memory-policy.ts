/**
 * What becomes of local memory that the forward sweep overwrites although the backward sweep needs its contents:
 *
 * - *stays*: nothing is written between a load and its mirror; loads are repeated.
 * - *undone*: every store keeps what it overwrites and its mirror puts it back, so all loads can be repeated.
 * - *kept*: the loaded values themselves are kept.
 *
 * Undone where fewer numbers are kept that way (TBR: Hascoët, Naumann & Pascual 2005, with the choice by memory).
 */

import { append } from '../../src/graph/lists.ts';
import type { Block, Graph, LengthNode, LoadNode, LoopNode, Node, RestoreNode, UndoNode, Value } from '../../src/graph/types.ts';
import { exitOperands, mapBlocks, operands, visit, withNodes } from '../../src/graph/walk.ts';
import { LengthChanges, type Write } from '../length-changes.ts';
import type { Memory, Root } from '../memory.ts';
import { areApart } from './apart.ts';
import { structureOf, type Structure } from './structure.ts';

/** Every write and every undo, by the memory that it may hit. */
interface Writes {
  readonly of: (root: Root) => readonly Write[];
  readonly undosOf: (root: Root) => readonly UndoNode[];
  readonly changesLength: (write: Write) => boolean;
}

function writesIn(graph: Graph, memory: Memory): Writes {
  const lengths = new LengthChanges(graph, memory);
  const undos = new Map<Root, UndoNode[]>();
  visit(graph.body, (node) => {
    if (node.kind === 'undo') for (const root of memory.rootsOf(node.memory)) append(undos, root, node);
  });
  return { of: (root) => lengths.writesTo(root), undosOf: (root) => undos.get(root) ?? [], changesLength: (write) => lengths.isBy(write) };
}

/**
 * Drops the undos of memory for which they do not pay (or would be wrong). Expects a reversed graph with an undo for each
 * store; afterwards memory that still has undos has one for every store.
 */
export function settleUndo(graph: Graph, memory: Memory, options: { readonly analyses: boolean }): Graph {
  const structure = structureOf(graph);
  const writes = writesIn(graph, memory);
  const restored = restoredLoads(graph, structure);
  const weight = (node: Node): number => 16 ** structure.loopsAround(structure.placeOfNode(node).block).length;

  const pays = (root: Root): boolean => {
    const lost = new Set(
      restored
        .filter(({ load }) => memory.rootsOf(load.memory).has(root))
        .filter(({ load, order }) => isOverwritten(structure, writes, load, root, order))
        .map(({ load }) => load),
    );
    const costOfKeeping = [...lost].reduce((sum, load) => sum + weight(load), 0);
    const costOfUndoing = writes.of(root).reduce((sum, write) => sum + weight(write), 0);
    return costOfUndoing < costOfKeeping;
  };
  // What is returned stays as it was when the function ended.
  const returned = new Set(exitOperands(graph.body.exit).flatMap((value) => [...memory.reachableFrom(value)]));
  const isPossible = (root: Root): boolean => {
    const stores = writes.of(root);
    const undos = writes.undosOf(root);
    const place = structure.placeOf(root);
    return (
      place !== undefined &&
      structure.pathOf(place.block).length === 1 &&
      undos.length === stores.length &&
      !memory.isShared(root) &&
      !returned.has(root) &&
      stores.every((store) => store.kind !== 'resize' && store.kind !== 'call' && memory.rootsOf(store.memory).size === 1) &&
      undos.every((undo) => isInOwnSweep(structure, undo))
    );
  };
  const decided = new Map<Root, boolean>();
  const isUndone = (root: Root): boolean => {
    const known = decided.get(root);
    if (known !== undefined) return known;
    const undone = options.analyses && isPossible(root) && pays(root);
    decided.set(root, undone);
    return undone;
  };
  const keepUndo = (node: Node): boolean => node.kind !== 'undo' || [...memory.rootsOf(node.memory)].every(isUndone);
  const settle = (block: Block): Block => withNodes(block, block.nodes.filter(keepUndo).map((node) => mapBlocks(node, settle)));
  return { ...graph, body: settle(graph.body) };
}

/** In a fused loop an undo would take back what the next iteration reads. */
function isInOwnSweep(structure: Structure, undo: UndoNode): boolean {
  return structure.loopsAround(structure.placeOfNode(undo).block).every((loop) => loop.mirrors !== undefined);
}

interface RestoredLoad {
  readonly load: LoadNode;
  /** Where the mirror wants it last. */
  readonly order: number;
}

/** Loads whose values the backward sweep needs, itself or to compute others again. */
function restoredLoads(graph: Graph, structure: Structure): readonly RestoredLoad[] {
  const forUndo = new Set<Value>();
  const restores: RestoreNode[] = [];
  visit(graph.body, (node) => {
    if (node.kind === 'undo') forUndo.add(node.value);
    if (node.kind === 'restore') restores.push(node);
  });
  const found: RestoredLoad[] = [];
  // From the last one to the first: what may be written until then may be written until later.
  const last = restores.filter((restore) => !forUndo.has(restore.result)).map((restore) => ({ of: restore.of, order: structure.placeOfNode(restore).order }));
  const seen = new Set<Value>();
  for (const { of, order } of last.toSorted((a, b) => b.order - a.order)) {
    const pending = [of];
    for (let value = pending.pop(); value; value = pending.pop()) {
      if (seen.has(value)) continue;
      seen.add(value);
      const node = structure.nodeOf(value);
      if (node?.kind === 'load') found.push({ load: node, order });
      if (node?.kind === 'apply') pending.push(...operands(node));
    }
  }
  return found;
}

/** Whether a write to the element, or to the length, can come between the question and `order`: later in the text, or in a loop around both. */
function isOverwritten(structure: Structure, writes: Writes, asked: LoadNode | LengthNode, root: Root, order: number): boolean {
  const place = structure.placeOfNode(asked);
  const loops = new Set(structure.loopsAround(place.block));
  const rootPlace = structure.placeOf(root);
  return writes.of(root).some((write) => {
    const at = structure.placeOfNode(write);
    if (write.kind !== 'call' && write.memory === root && isOfEarlierIteration(structure, asked.memory, root)) return false;
    const isHit = (later?: LoopNode): boolean => {
      if (asked.kind === 'length') return writes.changesLength(write);
      return write.kind !== 'store' || !areApart(structure, asked, write, { later });
    };
    if (at.order > place.order && at.order < order && isHit()) return true;
    return structure.loopsAround(at.block).some((loop) => {
      // A loop that contains the mirror too is fused: each iteration is reversed before the next one writes. Memory
      // that is made in the loop is another one in the next iteration.
      const isFused = structure.contains(loop, order);
      const isMadeInside = rootPlace !== undefined && structure.pathOf(rootPlace.block).includes(loop.body);
      return loops.has(loop) && !isFused && !isMadeInside && isHit(loop);
    });
  });
}

/** What a loop carries into an iteration is no memory that the iteration makes: a store by that name does not hit it. */
function isOfEarlierIteration(structure: Structure, carried: Value, root: Root): boolean {
  const [param, made] = [structure.placeOf(carried), structure.placeOf(root)];
  if (param === undefined || made === undefined || !param.block.params.includes(carried)) return false;
  return structure.pathOf(made.block).includes(param.block);
}

export interface MemoryPolicies {
  /** Whether the mirror, at `order` in the text, may simply load again. */
  canLoadAgain(load: LoadNode, order: number): boolean;
  /** Whether the mirror, at `order` in the text, may ask for the length again. */
  canMeasureAgain(length: LengthNode, order: number): boolean;
  /** Memory that grows or shrinks: by `push` and `pop`, a plain array also by a store behind its end. */
  mayChangeLength(memory: Value): boolean;
}

/** What holds once undos are settled. Without analyses every loaded value is kept. */
export function memoryPolicies(
  graph: Graph,
  memory: Memory,
  structure: Structure,
  options: { readonly analyses: boolean },
): MemoryPolicies {
  return policiesOf(writesIn(graph, memory), memory, structure, options);
}

/** What holds whatever becomes of the undos: the memory was not written since. */
export function unsettledPolicies(graph: Graph, memory: Memory, structure: Structure): MemoryPolicies {
  return policiesOf({ ...writesIn(graph, memory), undosOf: () => [] }, memory, structure, { analyses: true });
}

function policiesOf(
  writes: Writes,
  memory: Memory,
  structure: Structure,
  options: { readonly analyses: boolean },
): MemoryPolicies {
  /** Whether at `order` in the backward sweep the memory is what the load saw: every later store is undone by then, and no earlier one. */
  const isBack = (load: LoadNode, root: Root, order: number): boolean => {
    const loaded = structure.placeOfNode(load).order;
    return writes.undosOf(root).every((undo) => storedAt(structure, undo) < loaded === structure.placeOfNode(undo).order > order);
  };
  return {
    canLoadAgain: (load, order) =>
      options.analyses &&
      [...memory.rootsOf(load.memory)].every((root) => {
        if (memory.isReadOnly(root)) return true;
        if (memory.isShared(root)) return false;
        if (writes.undosOf(root).length > 0) return isBack(load, root, order);
        return !isOverwritten(structure, writes, load, root, order);
      }),
    canMeasureAgain: (length, order) =>
      options.analyses && [...memory.rootsOf(length.memory)].every((root) => !memory.isShared(root) && !isOverwritten(structure, writes, length, root, order)),
    mayChangeLength: (address) =>
      [...memory.rootsOf(address)].some((root) => memory.isShared(root) || writes.of(root).some(writes.changesLength)),
  };
}

/** Where the store stands that an undo reverses: right behind the load of what it overwrites. */
function storedAt(structure: Structure, undo: UndoNode): number {
  const restore = structure.nodeOf(undo.value);
  return restore?.kind === 'restore' ? (structure.placeOf(restore.of)?.order ?? 0) : Number.POSITIVE_INFINITY;
}
