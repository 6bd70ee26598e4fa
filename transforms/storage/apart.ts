/**
 * Whether a store that comes later can hit the element that a load has read.
 *
 *     for (let k = 0; k < n; k++)
 *       for (let i = k + 1; i < n; i++)
 *         for (let j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
 *
 * Row `k` is written by no later iteration, since `i > k`. Two elements are apart when their indices differ for certain, or
 * when both are spelled `row * width + column` with columns from 0 to below the width, and the rows differ. Indices count,
 * so that their sums and products are exact.
 *
 * What is later: the same iteration of all loops around both, or a later one of one of them. Values that are the same in both
 * iterations are one unknown, others two; the counter of the loop that has gone on is larger by a step at least.
 */

import type { AccumulateNode, Key, LoadNode, LoopNode, StoreNode, Value } from '../../src/graph/types.ts';
import { breaksOf, isTyped } from '../memory.ts';
import { Linear, type Unknown } from './linear.ts';
import type { Structure } from './structure.ts';

/** How long chains of bounds are followed: `i` from `k + 1`, `k` from 0. */
const mostSteps = 6;
const stepsOfChoices = 2;

/** A load or a store of an element. */
export type Access = LoadNode | StoreNode | AccumulateNode;

export interface Circumstances {
  /** The loop around both that is in a later iteration at the second; without it all of them are in the same. */
  readonly later?: LoopNode | undefined;
  /** Whole numbers that are known to differ: from a condition around both. */
  readonly unequal?: readonly (readonly [Value, Value])[];
}

/** Whether `second`, which comes later, never meets the element of `first`. In the backward sweep: of one mirrored iteration. */
export function areApart(structure: Structure, first: Access, second: Access, circumstances: Circumstances): boolean {
  if (first.memory !== second.memory || first.key.kind !== 'index' || second.key.kind !== 'index') return false;
  return new Pair(structure, first, second, circumstances).areApart(first.key, second.key);
}

/** From where values are seen. */
interface View {
  readonly side: 'first' | 'second';
  /** Loops of which any iteration is meant, not the one of the access. */
  readonly anyOf: ReadonlySet<LoopNode>;
}

/** A value as it is at the first access, at the second, at both, or in any iteration. */
interface Instance extends Unknown {
  readonly value: Value;
  readonly view: View;
  readonly at: 'first' | 'second' | 'both' | 'any';
}

const atFirst: View = { side: 'first', anyOf: new Set() };
const atSecond: View = { side: 'second', anyOf: new Set() };

type Sum = Linear<Instance>;

/** `sum` is at least that, or above it. */
interface Bound {
  readonly sum: Sum;
  readonly isStrict: boolean;
}

class Pair {
  private readonly structure: Structure;
  private readonly memory: Value;
  private readonly later: LoopNode | undefined;
  private readonly unequal: readonly (readonly [Value, Value])[];
  /** Loops that are in different iterations at the two. */
  private readonly own: ReadonlySet<LoopNode>;

  constructor(structure: Structure, first: Access, second: Access, { later, unequal = [] }: Circumstances) {
    this.structure = structure;
    this.memory = first.memory;
    this.later = later;
    this.unequal = unequal;
    const [ofFirst, ofSecond] = [first, second].map((node) => structure.loopsAround(structure.placeOfNode(node).block));
    const common = ofFirst!.filter((loop) => ofSecond!.includes(loop));
    const shared = later === undefined ? common : common.slice(0, common.indexOf(later));
    this.own = new Set([...ofFirst!, ...ofSecond!].filter((loop) => !shared.includes(loop)));
  }

  areApart(first: Key & { kind: 'index' }, second: Key & { kind: 'index' }): boolean {
    if (this.differ(this.sum(first.index, atFirst), this.sum(second.index, atSecond))) return true;
    return this.factorsOf(first.index).some((width) => {
      const [a, b] = [this.inRows(first.index, width, atFirst), this.inRows(second.index, width, atSecond)];
      return this.areColumns(a.column, b.column, width) && this.differ(a.row, b.row);
    });
  }

  private differ(a: Sum, b: Sum): boolean {
    const difference = b.minus(a);
    const isKnown = this.unequal.some(([x, y]) => {
      const known = this.sum(x, atFirst).minus(this.sum(y, atFirst));
      return [difference.minus(known), difference.plus(known)].some((rest) => rest.isNumber && rest.constant === 0);
    });
    return isKnown || this.isAtLeast(difference, 1) || this.isAtLeast(a.minus(b), 1);
  }

  /** Whether both are from 0 to below the width: 0 is, where the width is above 0, as the other shows or the memory's size. */
  private areColumns(a: Sum, b: Sum, width: Value): boolean {
    const size = this.sum(width, atFirst);
    const isZero = (column: Sum): boolean => column.isNumber && column.constant === 0;
    const isInside = (column: Sum): boolean => this.isAtLeast(column, 0) && this.isAtLeast(size.minus(column), 0, true);
    if (isZero(a) && isZero(b)) return this.isEmptyWithout(width);
    return (isZero(a) || isInside(a)) && (isZero(b) || isInside(b));
  }

  /** Whether the memory has no elements where the width is 0: `new Float64Array(rows * width)`. A plain array grows. */
  private isEmptyWithout(width: Value): boolean {
    const made = this.structure.nodeOf(this.memory);
    return isTyped(this.memory) && made?.kind === 'alloc' && made.init.kind === 'zeros' && this.hasFactor(made.init.length, width);
  }

  private hasFactor(value: Value, factor: Value): boolean {
    const node = this.structure.nodeOf(value);
    return value === factor || (node?.kind === 'apply' && node.op === 'mul' && node.operands.some((operand) => this.hasFactor(operand, factor)));
  }

  // ---------------------------------------------------------------------------------------------- sums of instances

  private instance(value: Value, view: View): Instance {
    const home = this.structure.placeOf(value)?.block;
    const around = home === undefined ? [] : this.structure.loopsAround(home);
    const isAny = around.some((loop) => view.anyOf.has(loop));
    const at = isAny ? 'any' : around.some((loop) => this.own.has(loop)) ? view.side : 'both';
    return { value, view, at, key: `${value.id} ${at}` };
  }

  private sum(given: Value, view: View): Sum {
    const value = this.original(given);
    const node = this.structure.nodeOf(value);
    if (node?.kind === 'literal' && typeof node.value === 'number' && Number.isInteger(node.value)) return Linear.number(node.value);
    if (node?.kind === 'apply') {
      const [a, b] = node.operands as readonly [Value, Value];
      if (node.op === 'add') return this.sum(a, view).plus(this.sum(b, view));
      if (node.op === 'sub') return this.sum(a, view).minus(this.sum(b, view));
      if (node.op === 'mul') {
        const [x, y] = [this.sum(a, view), this.sum(b, view)];
        if (x.isNumber) return y.times(x.constant);
        if (y.isNumber) return x.times(y.constant);
      }
    }
    return Linear.unknown(this.instance(value, view));
  }

  /** The value itself, or what it restores. */
  private original(value: Value): Value {
    const node = this.structure.nodeOf(value);
    return node?.kind === 'restore' ? this.original(node.of) : value;
  }

  /** Factors of the products in an index that are the same for both accesses. */
  private factorsOf(index: Value): readonly Value[] {
    const node = this.structure.nodeOf(this.original(index));
    if (node?.kind !== 'apply') return [];
    if (node.op === 'add' || node.op === 'sub') return node.operands.flatMap((operand) => this.factorsOf(operand));
    if (node.op !== 'mul') return [];
    return node.operands.filter((operand) => this.structure.nodeOf(operand)?.kind !== 'literal' && this.instance(operand, atFirst).at === 'both');
  }

  /** `row * width + column`. */
  private inRows(index: Value, width: Value, view: View): { readonly row: Sum; readonly column: Sum } {
    const none: Sum = Linear.number(0);
    if (index === width) return { row: Linear.number(1), column: none };
    const node = this.structure.nodeOf(this.original(index));
    if (node?.kind === 'apply') {
      const [a, b] = node.operands as readonly [Value, Value];
      if (node.op === 'mul' && (a === width || b === width)) return { row: this.sum(a === width ? b : a, view), column: none };
      if (node.op === 'add' || node.op === 'sub') {
        const [x, y] = [this.inRows(a, width, view), this.inRows(b, width, view)];
        const times = node.op === 'add' ? 1 : -1;
        return { row: x.row.plus(y.row, times), column: x.column.plus(y.column, times) };
      }
    }
    return { row: none, column: this.sum(index, view) };
  }

  // ---------------------------------------------------------------------------------------------- bounds

  /** Whether the sum is `least` or more for certain; `above`: more. */
  private isAtLeast(sum: Sum, least: number, above = false, steps = mostSteps): boolean {
    if (sum.isNumber) return above ? sum.constant > least : sum.constant >= least;
    if (steps === 0) return false;
    return sum.terms.some(({ unknown, factor }) =>
      this.bounds(unknown, factor > 0 ? 'lower' : 'upper', steps).some((bound) =>
        this.isAtLeast(sum.with(unknown, bound.sum), least, above && !bound.isStrict, steps - 1),
      ),
    );
  }

  private bounds(unknown: Instance, way: 'lower' | 'upper', steps: number): readonly Bound[] {
    const loop = this.structure.counterLoop(unknown.value);
    if (loop) return this.boundsOfCounter(loop, unknown, way);
    const node = this.structure.nodeOf(unknown.value);
    if (node?.kind === 'apply' && node.op === 'ceil') {
      const given = this.sum(node.operands[0]!, unknown.view);
      return [way === 'lower' ? { sum: given, isStrict: false } : { sum: given.plus(Linear.number(1)), isStrict: true }];
    }
    if (node?.kind === 'length') return way === 'lower' ? [{ sum: Linear.number(0), isStrict: false }] : [];
    return this.boundsOfChoice(unknown, way, Math.min(steps - 1, stepsOfChoices));
  }

  private boundsOfCounter(loop: LoopNode, { view, at }: Instance, way: 'lower' | 'upper'): readonly Bound[] {
    const { variable, from, to, test, step } = loop.counter!;
    const bounds: Bound[] = [];
    const isBack = (way === 'lower') === step > 0;
    // At the second access it is further on, by a step at least.
    if (loop === this.later && at === (isBack ? 'second' : 'first')) {
      const other = Linear.unknown(this.instance(variable, isBack ? atFirst : atSecond));
      bounds.push({ sum: other.plus(Linear.number(isBack ? step : -step)), isStrict: false });
    }
    if (isBack) {
      bounds.push({ sum: this.sum(from, view), isStrict: false });
    } else if (to !== undefined) {
      const isStrict = test === '<' || test === '>';
      const isWhole = isStrict && to.type.kind === 'integer';
      const last = this.sum(to, view).plus(Linear.number(isWhole ? -Math.sign(step) : 0));
      bounds.push({ sum: last, isStrict: isStrict && !isWhole });
    }
    return way === 'upper' && step < 0 ? [...bounds, ...this.boundsOfMirrored(loop, view)] : bounds;
  }

  /** A mirror runs through numbers that the loop which it mirrors went through: below its bound, where that is one for all iterations. */
  private boundsOfMirrored({ mirrors }: LoopNode, view: View): readonly Bound[] {
    const counter = mirrors === undefined ? undefined : this.structure.loopOf(mirrors)?.counter;
    if (counter?.to === undefined || counter.step < 0 || counter.test !== '<') return [];
    const home = this.structure.placeOf(counter.to)?.block;
    if (home === undefined || this.structure.loopsAround(home).length > 0) return [];
    return [{ sum: this.sum(counter.to, view), isStrict: true }];
  }

  /** What branches and loops choose from: a value from outside of them that all others do not go below (or above). */
  private boundsOfChoice({ value, view }: Instance, way: 'lower' | 'upper', steps: number): readonly Bound[] {
    const { structure } = this;
    const home = structure.placeOf(value)?.block;
    const { choices, carriedBy } = this.choicesOf(value);
    if (home === undefined || choices.has(value)) return [];
    const isOutside = (choice: Value): boolean => {
      const block = structure.placeOf(choice)?.block;
      return block !== undefined && structure.pathOf(home).includes(block) && !structure.loopsAround(block).some((loop) => carriedBy.has(loop));
    };
    const others: View = { side: view.side, anyOf: new Set([...view.anyOf, ...carriedBy]) };
    return [...choices].filter(isOutside).flatMap((candidate) => {
      const limit = this.sum(candidate, view);
      const holds = [...choices].every((choice) => {
        if (choice === candidate) return true;
        const sum = this.sum(choice, others);
        return this.isAtLeast(way === 'lower' ? sum.minus(limit) : limit.minus(sum), 0, false, steps);
      });
      return holds ? [{ sum: limit, isStrict: false }] : [];
    });
  }

  /** All values that a result of branches and loops may be, and the loops that may have carried them from another iteration. */
  private choicesOf(value: Value): { readonly choices: ReadonlySet<Value>; readonly carriedBy: ReadonlySet<LoopNode> } {
    const choices = new Set<Value>();
    const carriedBy = new Set<LoopNode>();
    const seen = new Set<Value>();
    const visit = (at: Value): void => {
      if (seen.has(at)) return;
      seen.add(at);
      const sources = this.sourcesOf(at);
      if (sources === undefined) choices.add(at);
      else sources.forEach(visit);
      const node = this.structure.nodeOf(at);
      if (node?.kind === 'loop' && node.body.params.includes(at)) carriedBy.add(node);
    };
    visit(value);
    return { choices, carriedBy };
  }

  private sourcesOf(value: Value): readonly Value[] | undefined {
    const node = this.structure.nodeOf(value);
    if (node?.kind === 'apply' && node.op === 'select') return node.operands.slice(1);
    if (node?.kind === 'if') {
      const place = node.results.indexOf(value);
      return [node.then, node.else].flatMap((arm) => (arm.exit.kind === 'yield' ? [arm.exit.values[place]!] : []));
    }
    if (node?.kind !== 'loop' || this.structure.counterLoop(value) !== undefined) return undefined;
    const result = node.results.indexOf(value);
    if (result >= 0) return [...(node.counter?.to === undefined ? [] : [node.done[result]!]), ...breaksOf(node.body).map((values) => values[result]!)];
    const carried = node.body.params.indexOf(value);
    if (carried < 0) return undefined;
    return [node.initial[carried]!, ...(node.body.exit.kind === 'yield' ? [node.body.exit.values[carried]!] : [])];
  }
}
