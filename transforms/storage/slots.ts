/**
 * Where kept values lie in the workspace.
 *
 * - *Indexed*: all loops around the value are counted, without exits (or with a small literal bound), and their sizes can be computed before the outermost
 *   one: the cell is `base + stride * index + slot`, and both sweeps compute it from their counters.
 * - *Positioned*: anything else. A position runs along: each iteration takes a frame when it begins, and the mirror finds
 *   the frames from the top down.
 */

import { type BlockBuilder, integer } from '../../src/graph/build.ts';
import type { AllocNode, Block, Counter, LoopNode, Node, Value } from '../../src/graph/types.ts';
import { breaksOf, isTyped } from '../memory.ts';
import { isRunOnce, type Structure } from './structure.ts';

const mostReserved = 1024;

/** The loops (labelled blocks left out) from `common` down to the value. */
export function loopChain(structure: Structure, value: Value, common: Block): readonly LoopNode[] {
  const path = structure.pathOf(structure.placeOf(value)!.block);
  return path.slice(path.indexOf(common) + 1).flatMap((block) => {
    const owner = structure.ownerOf(block);
    return owner?.kind === 'loop' && !isRunOnce(owner) ? [owner] : [];
  });
}

/** Trip bounds that can be computed before node `at` of the function's block; undefined where one cannot. */
export function tripBounds(
  structure: Structure,
  loops: readonly LoopNode[],
  at: Node,
  builder: BlockBuilder,
  mayChangeLength: (memory: Value) => boolean,
): readonly Value[] | undefined {
  const hoist = new Hoist(structure, structure.placeOfNode(at).order, loops, builder, mayChangeLength);
  const bounds: Value[] = [];
  for (const loop of loops) {
    const bound = hoist.bound(loop);
    if (bound === undefined) return undefined;
    bounds.push(bound);
  }
  return bounds;
}

/**
 * The length of a zeroed array, where it can be computed before node `at` of the function's block and is no less than 0: it would
 * have thrown otherwise where an array of that length was made.
 */
export function sizeBefore(
  structure: Structure,
  alloc: AllocNode,
  at: Node,
  builder: BlockBuilder,
  mayChangeLength: (memory: Value) => boolean,
): Value | undefined {
  if (alloc.init.kind !== 'zeros') return undefined;
  let { length } = alloc.init;
  const restored = structure.nodeOf(length);
  if (restored?.kind === 'restore') length = restored.of;
  const { block, order } = structure.placeOfNode(at);
  const isMade = block.nodes.some((node) => node.kind === 'alloc' && 'length' in node.init && node.init.length === length && structure.placeOfNode(node).order < order);
  if (!isMade && !isNonNegative(structure, length)) return undefined;
  return new Hoist(structure, order, [], builder, mayChangeLength).size(length);
}

/** The index of an iteration for cells: the counter itself where it never is negative. */
export function cellIndex(structure: Structure, counter: Counter): 'counter' | undefined {
  if (counter.step > 0) return isNonNegative(structure, counter.from) ? 'counter' : undefined;
  return counter.to !== undefined && isNonNegative(structure, counter.to) ? 'counter' : undefined;
}

function isNonNegative(structure: Structure, value: Value): boolean {
  const loop = structure.counterLoop(value);
  if (loop?.counter) return cellIndex(structure, loop.counter) === 'counter';
  const node = structure.nodeOf(value);
  switch (node?.kind) {
    case 'literal':
      return typeof node.value === 'number' && node.value >= 0;
    case 'length':
      return true;
    case 'apply':
      return (node.op === 'add' || node.op === 'mul') && node.operands.every((operand) => isNonNegative(structure, operand));
    default:
      return false;
  }
}

/** Copies of bounds to a place before the loops. */
export class Hoist {
  private readonly structure: Structure;
  private readonly order: number;
  private readonly loops: readonly LoopNode[];
  private readonly builder: BlockBuilder;
  private readonly mayChangeLength: (memory: Value) => boolean;
  private readonly copies = new Map<Value, Value>();

  constructor(
    structure: Structure,
    order: number,
    loops: readonly LoopNode[],
    builder: BlockBuilder,
    mayChangeLength: (memory: Value) => boolean,
  ) {
    this.mayChangeLength = mayChangeLength;
    this.structure = structure;
    this.order = order;
    this.loops = loops;
    this.builder = builder;
  }

  /** One more than the largest cell index of the loop; at least its trip count. */
  bound(loop: LoopNode): Value | undefined {
    const { counter } = loop;
    if (counter?.to === undefined || (breaksOf(loop.body).length > 0 && !this.isSmall(counter))) return undefined;
    if (cellIndex(this.structure, counter) === undefined) return undefined;
    const known = this.copies.get(counter.variable);
    if (known) return known;
    const largest = counter.step > 0 ? counter.to : counter.from;
    const copy = this.upper(largest);
    if (copy === undefined) return undefined;
    const whole = copy.type.kind === 'integer' ? copy : this.builder.apply('ceil', [copy], { type: integer });
    const inclusive = counter.step < 0 || counter.test === '<=';
    const bound = inclusive ? this.builder.apply('add', [whole, this.builder.literal(1)]) : whole;
    this.copies.set(counter.variable, bound);
    return bound;
  }

  /** A bound is not a trip count: a loop that may be left reserves by its bound only where that is a small literal. */
  private isSmall({ from, to, step }: Counter): boolean {
    const largest = this.structure.nodeOf(step > 0 ? to! : from);
    return largest?.kind === 'literal' && typeof largest.value === 'number' && largest.value <= mostReserved;
  }

  /** A size that is the same in every iteration. */
  size(value: Value): Value | undefined {
    return this.exact(value);
  }

  /** A value that is at least `value` in every iteration of the loops. */
  private upper(value: Value): Value | undefined {
    const known = this.copies.get(value);
    if (known) return known;
    const copy = this.exact(value) ?? this.above(value);
    if (copy) this.copies.set(value, copy);
    return copy;
  }

  private above(value: Value): Value | undefined {
    const loop = this.structure.counterLoop(value);
    if (loop && this.loops.includes(loop)) return this.bound(loop);
    const node = this.structure.nodeOf(value);
    if (node?.kind !== 'apply' || (node.op !== 'add' && node.op !== 'sub')) return undefined;
    const [a, b] = node.operands;
    const offset = this.structure.nodeOf(b!);
    if (offset?.kind !== 'literal') return undefined;
    const base = this.upper(a!);
    return base && this.builder.apply(node.op, [base, this.builder.literal(offset.value)]);
  }

  private exact(asked: Value): Value | undefined {
    const value = this.restored(asked);
    const place = this.structure.placeOf(value);
    const isOutside = place !== undefined && this.structure.pathOf(place.block).length === 1 && place.order < this.order;
    const node = this.structure.nodeOf(value);
    if (node?.kind === 'literal') return this.builder.literal(node.value, value.type);
    if (isOutside) return value;
    if (node?.kind === 'length') {
      const memory = this.restored(node.memory);
      const size = this.sizeOf(memory);
      if (size !== undefined) return size;
      const place = this.structure.placeOf(memory);
      const fixed = place !== undefined && this.structure.pathOf(place.block).length === 1 && place.order < this.order;
      return fixed && !this.mayChangeLength(memory) ? this.builder.length(memory) : undefined;
    }
    if (node?.kind !== 'apply' || node.operands.some((operand) => operand.type.kind === 'array')) return undefined;
    const operands = node.operands.map((operand) => this.exact(operand));
    return operands.every((operand) => operand !== undefined)
      ? this.builder.apply(node.op, operands, { type: value.type })
      : undefined;
  }

  /** What a typed array was made with, if that is whole: it may lie in the workspace, where nobody can ask for its length. */
  private sizeOf(memory: Value): Value | undefined {
    const made = this.structure.nodeOf(memory);
    const isSized = made?.kind === 'alloc' && made.init.kind === 'zeros' && made.init.length.type.kind === 'integer';
    return isSized && isTyped(memory) ? this.exact(made.init.length) : undefined;
  }

  /** What is restored outside of all loops is what it was. */
  private restored(value: Value): Value {
    const node = this.structure.nodeOf(value);
    return node?.kind === 'restore' ? this.restored(node.of) : value;
  }
}
