/** What is known of indices and sizes without running anything: equal, not negative, below a length. */

import type { AllocNode, Block, Graph, LoopNode, Node, Value } from '../src/graph/types.ts';
import { blocks, definedIn, exitOperands, operands, results, visit } from '../src/graph/walk.ts';
import { breaksOf, isReference, isTyped } from './memory.ts';

interface Choice {
  readonly from: readonly Value[];
  /** The loop that carries it. */
  readonly loop?: LoopNode;
}

/** Passes that leave a graph as it is hand on what is known of it. */
const known = new WeakMap<Block, IndexFacts>();

export class IndexFacts {
  private readonly nodes = new Map<Value, Node>();
  private readonly counters = new Map<Value, LoopNode>();
  private readonly choices = new Map<Value, Choice>();
  private readonly inside = new Map<LoopNode, ReadonlySet<Value>>();
  /** What is in question: by value, what it is to be below. */
  private readonly supposed = new Map<Value, Set<Value>>();
  private readonly supposedNonNegative = new Set<Value>();
  private readonly graph: Graph;
  private found: Uses | undefined;

  private constructor(graph: Graph) {
    this.graph = graph;
    visit(graph.body, (node) => {
      for (const result of results(node)) this.nodes.set(result, node);
      this.addChoices(node);
      if (node.kind === 'loop' && node.counter) this.counters.set(node.counter.variable, node);
    });
  }

  static of(graph: Graph): IndexFacts {
    const facts = known.get(graph.body) ?? new IndexFacts(graph);
    known.set(graph.body, facts);
    return facts;
  }

  private get uses(): Uses {
    this.found ??= usesOf(this.graph);
    return this.found;
  }

  /** A local array of numbers that no other name and no other memory holds. */
  isUnshared(alloc: AllocNode): boolean {
    const { type } = alloc.result;
    const isFresh = alloc.init.kind === 'zeros' || alloc.init.kind === 'holes';
    return isFresh && type.kind === 'array' && type.element.kind === 'real' && !this.uses.otherwise.has(alloc.result);
  }

  /** A local array of numbers that is only read and written element by element. */
  isByName(alloc: AllocNode): boolean {
    return this.isUnshared(alloc) && !this.uses.whole.has(alloc.result);
  }

  /** Whether making it where it was not asked for cannot throw. */
  hasSafeLength(alloc: AllocNode): boolean {
    return (alloc.init.kind === 'zeros' || alloc.init.kind === 'holes') && this.isNonNegative(alloc.init.length);
  }

  isSame(a: Value, b: Value): boolean {
    if (a === b) return true;
    const [x, y] = [this.nodes.get(a), this.nodes.get(b)];
    if (x?.kind === 'literal' && y?.kind === 'literal') return x.value === y.value;
    if (x?.kind === 'length' && y?.kind === 'length') return x.memory === y.memory || this.areMadeAlike(x.memory, y.memory);
    if (x?.kind !== 'apply' || y?.kind !== 'apply' || x.op !== y.op) return false;
    return x.operands.every((operand, i) => this.isSame(operand, y.operands[i]!));
  }

  /** Whether two typed arrays were made with the same size, be it whole or not. */
  private areMadeAlike(a: Value, b: Value): boolean {
    const [x, y] = [this.typedSize(a), this.typedSize(b)];
    return x !== undefined && y !== undefined && this.isSame(x, y);
  }

  private typedSize(array: Value): Value | undefined {
    const made = this.nodes.get(array);
    return isTyped(array) && made?.kind === 'alloc' && made.init.kind === 'zeros' ? made.init.length : undefined;
  }

  /** Whether counting up to `a` reaches every element of an array made with size `b`: the same size, or the length of such an array. */
  reaches(a: Value, b: Value): boolean {
    if (this.isSame(a, b)) return true;
    const node = this.nodes.get(a);
    const made = node?.kind === 'length' ? this.nodes.get(node.memory) : undefined;
    if (made?.kind !== 'alloc' || !this.isByName(made)) return false;
    return (made.init.kind === 'zeros' || made.init.kind === 'holes') && this.isSame(made.init.length, b);
  }

  isLengthOf(value: Value, array: Value): boolean {
    const node = this.nodes.get(value);
    return node?.kind === 'length' && node.memory === array;
  }

  /** Whether two counted loops run through the same numbers. */
  haveSameTrips({ counter: a }: LoopNode, { counter: b }: LoopNode): boolean {
    if (a?.to === undefined || b?.to === undefined) return false;
    return a.step === b.step && a.test === b.test && this.isSame(a.from, b.from) && this.isSame(a.to, b.to);
  }

  /** Whether an index lies in a local array of numbers wherever it is used. */
  isElementOf(index: Value, array: Value): boolean {
    const alloc = this.nodes.get(array);
    if (alloc?.kind !== 'alloc' || (alloc.init.kind !== 'zeros' && alloc.init.kind !== 'holes')) return false;
    if (index.type.kind !== 'integer') return false;
    const counter = this.counters.get(index)?.counter;
    const bound = counter?.test === '<' && counter.step > 0 ? this.nodes.get(counter.to!) : undefined;
    if (bound?.kind === 'length' && bound.memory === array) return this.isNonNegative(index);
    return alloc.init.length.type.kind === 'integer' && this.isWithin(index, alloc.init.length);
  }

  isZero(value: Value): boolean {
    const node = this.nodes.get(value);
    return node?.kind === 'literal' && node.value === 0;
  }

  isAtLeast(value: Value, low: Value): boolean {
    if (this.isSame(value, low)) return true;
    const floor = this.nodes.get(low);
    return floor?.kind === 'literal' && floor.value === 0 && this.isNonNegative(value);
  }

  isNonNegative(value: Value): boolean {
    const loop = this.counters.get(value);
    if (loop?.counter) {
      const { step, from, to } = loop.counter;
      return step > 0 ? this.isNonNegative(from) : to !== undefined && this.isNonNegative(to);
    }
    if (this.isChosenNonNegative(value)) return true;
    const node = this.nodes.get(value);
    if (node?.kind === 'literal') return typeof node.value === 'number' && node.value >= 0;
    if (node?.kind === 'length') return true;
    if (node?.kind !== 'apply') return false;
    if (node.op === 'sub') return this.smallest(node.operands[0]!) >= (this.literalOf(node.operands[1]!) ?? Infinity);
    return (node.op === 'add' || node.op === 'mul') && node.operands.every((operand) => this.isNonNegative(operand));
  }

  private addChoices(node: Node): void {
    const add = (value: Value, from: readonly (Value | undefined)[], loop?: LoopNode): void =>
      void this.choices.set(value, { from: from.filter((one) => one !== undefined), ...(loop && { loop }) });
    if (node.kind === 'apply' && node.op === 'select') add(node.result, node.operands.slice(1));
    if (node.kind === 'if') {
      const yielded = [node.then, node.else].flatMap(({ exit }) => (exit.kind === 'yield' ? [exit.values] : []));
      node.results.forEach((result, i) => add(result, yielded.map((values) => values[i])));
    }
    if (node.kind !== 'loop') return;
    const next = node.body.exit.kind === 'yield' ? node.body.exit.values : [];
    node.body.params.forEach((param, i) => add(param, [node.initial[i], next[i]], node));
    node.results.forEach((result, i) => add(result, [node.done[i], ...breaksOf(node.body).map((values) => values[i])], node));
  }

  /**
   * Whether all that branches and iterations choose from is below `high`, which is the same for all of them. That it was so in
   * the iteration before is supposed meanwhile.
   */
  private isChosenBelow(value: Value, high: Value): boolean {
    const choice = this.choices.get(value);
    if (choice === undefined || (choice.loop && this.insideOf(choice.loop).has(high))) return false;
    const supposed = this.supposed.get(value) ?? new Set();
    if (supposed.has(high)) return true;
    this.supposed.set(value, supposed.add(high));
    const holds = choice.from.every((source) => this.isBelow(source, high));
    supposed.delete(high);
    return holds;
  }

  /** What branches and iterations choose from, and do not choose themselves: a value of its own is all that it is chosen from. */
  sourcesOf(value: Value, met = new Set<Value>()): ReadonlySet<Value> {
    if (met.has(value)) return new Set();
    met.add(value);
    const choice = this.choices.get(value);
    return new Set(choice === undefined ? [value] : choice.from.flatMap((source) => [...this.sourcesOf(source, met)]));
  }

  /** Whether all that branches and iterations choose from is no less than 0. */
  private isChosenNonNegative(value: Value): boolean {
    const choice = this.choices.get(value);
    if (choice === undefined) return false;
    if (this.supposedNonNegative.has(value)) return true;
    this.supposedNonNegative.add(value);
    const holds = choice.from.every((source) => this.isNonNegative(source));
    this.supposedNonNegative.delete(value);
    return holds;
  }

  private insideOf(loop: LoopNode): ReadonlySet<Value> {
    const inside = this.inside.get(loop) ?? definedIn(loop);
    this.inside.set(loop, inside);
    return inside;
  }

  /** Whether `value` is below `high` wherever it is used: a counter that stops there, or one of a nest. */
  isBelow(value: Value, high: Value): boolean {
    const counter = this.counters.get(value)?.counter;
    if (counter?.to !== undefined) {
      if (counter.step > 0) return counter.test === '<' && this.isAtMost(counter.to, high);
      return this.isBelow(counter.from, high);
    }
    if (this.isInRows(value, high) || this.isShiftedBelow(value, high) || this.isShortOf(value, high) || this.largest(value) < this.smallest(high)) return true;
    if (this.isChosenBelow(value, high)) return true;
    const node = this.nodes.get(value);
    if (node?.kind !== 'apply' || node.op !== 'sub') return false;
    const offset = this.nodes.get(node.operands[1]!);
    return offset?.kind === 'literal' && typeof offset.value === 'number' && offset.value >= 1 && this.isAtMost(node.operands[0]!, high);
  }

  isCounter(value: Value): boolean {
    return this.counters.has(value);
  }

  /** Whether `value` is the counter of a loop that reaches its bound: `i <= n`. */
  isLastIncluded(value: Value): boolean {
    return this.counters.get(value)?.counter?.test === '<=';
  }

  /** Whether `value` lies from 0 to below `length`, wherever it is used. */
  isWithin(value: Value, length: Value): boolean {
    return (this.isNonNegative(value) && this.isBelow(value, length)) || this.isInRows(value, length);
  }

  /**
   * `i w + j` from 0 to below `h w`, or `h` times more than `w`, for `i` below `h` and `j` below `w`, neither of them negative. The
   * width need not be whole. The height must be: `i < 2.5` has three rows.
   */
  private isInRows(value: Value, high: Value): boolean {
    const [sum, size] = [this.nodes.get(value), this.nodes.get(high)];
    if (sum?.kind !== 'apply' || sum.op !== 'add' || size?.kind !== 'apply' || size.op !== 'mul') return false;
    return pairsOf(sum.operands).some(([row, column]) => {
      const product = this.nodes.get(row);
      if (product?.kind !== 'apply' || product.op !== 'mul') return false;
      return pairsOf(product.operands).some(([i, width]) =>
        pairsOf(size.operands).some(([height, other]) => height.type.kind === 'integer' && this.isAtMost(width, other) && this.isWithin(i, height) && this.isWithin(column, width)),
      );
    });
  }

  /** `i + c` below `n + c`. */
  private isShiftedBelow(value: Value, high: Value): boolean {
    const [a, b] = [this.nodes.get(value), this.nodes.get(high)];
    if (a?.kind !== 'apply' || a.op !== 'add' || b?.kind !== 'apply' || b.op !== 'add') return false;
    return pairsOf(a.operands).some(([i, shift]) => pairsOf(b.operands).some(([n, other]) => this.isSame(shift, other) && this.isBelow(i, n)));
  }

  /** `i + 1` below `n`, where the loop over `i` ends at `n - 1`. */
  private isShortOf(value: Value, high: Value): boolean {
    const sum = this.nodes.get(value);
    if (sum?.kind !== 'apply' || sum.op !== 'add') return false;
    return pairsOf(sum.operands).some(([i, shift]) => {
      const [counter, distance] = [this.counters.get(i)?.counter, this.literalOf(shift)];
      const end = counter?.to && this.nodes.get(counter.to);
      if (distance === undefined || counter?.test !== '<' || end?.kind !== 'apply' || end.op !== 'sub') return false;
      return (this.literalOf(end.operands[1]!) ?? -Infinity) >= distance && this.isAtMost(end.operands[0]!, high);
    });
  }

  /** What has to be added to `from` to get `to`, where that is a literal. */
  distanceTo(from: Value | undefined, to: Value): number | undefined {
    if (from === undefined) return undefined;
    const [a, b] = [this.shifted(from), this.shifted(to)];
    return this.isSame(a.base, b.base) ? b.by - a.by : undefined;
  }

  /** An integer as another one and what is added to it. */
  private shifted(value: Value): { readonly base: Value; readonly by: number } {
    const node = this.nodes.get(value);
    if (value.type.kind !== 'integer' || node?.kind !== 'apply' || (node.op !== 'add' && node.op !== 'sub')) return { base: value, by: 0 };
    const [a, b] = node.operands;
    const [left, right] = [this.literalOf(a!), this.literalOf(b!)];
    if (right !== undefined) {
      const inner = this.shifted(a!);
      return { base: inner.base, by: inner.by + (node.op === 'add' ? right : -right) };
    }
    if (left === undefined || node.op === 'sub') return { base: value, by: 0 };
    const inner = this.shifted(b!);
    return { base: inner.base, by: inner.by + left };
  }

  literalOf(value: Value): number | undefined {
    const node = this.nodes.get(value);
    return node?.kind === 'literal' && typeof node.value === 'number' ? node.value : undefined;
  }

  /** An upper bound, where literals give one; otherwise infinity. */
  largest(value: Value): number {
    const counter = this.counters.get(value)?.counter;
    if (counter !== undefined) {
      if (counter.step < 0) return this.largest(counter.from);
      return counter.to === undefined ? Infinity : this.largest(counter.to) - (counter.test === '<' && counter.to.type.kind === 'integer' ? 1 : 0);
    }
    const node = this.nodes.get(value);
    if (node?.kind === 'literal') return typeof node.value === 'number' ? node.value : Infinity;
    if (node?.kind !== 'apply') return Infinity;
    const [a, b] = node.operands;
    if (node.op === 'add') return this.largest(a!) + this.largest(b!);
    if (node.op === 'mul' && node.operands.every((operand) => this.isNonNegative(operand))) return this.largest(a!) * this.largest(b!);
    if (node.op === 'sub' && this.isNonNegative(b!)) return this.largest(a!) - this.smallest(b!);
    return Infinity;
  }

  /** A lower bound, where literals and counters give one; otherwise minus infinity. */
  smallest(value: Value): number {
    const counter = this.counters.get(value)?.counter;
    if (counter !== undefined && counter.step > 0) return this.smallest(counter.from);
    const node = this.nodes.get(value);
    if (node?.kind === 'literal' && typeof node.value === 'number') return node.value;
    if (node?.kind === 'apply' && node.op === 'add') return this.smallest(node.operands[0]!) + this.smallest(node.operands[1]!);
    if (node?.kind === 'apply' && node.op === 'sub') {
      const taken = this.nodes.get(node.operands[1]!);
      if (taken?.kind === 'literal' && typeof taken.value === 'number') return this.smallest(node.operands[0]!) - taken.value;
    }
    return this.isNonNegative(value) ? 0 : -Infinity;
  }

  private isAtMost(value: Value, high: Value): boolean {
    if (this.isSame(value, high) || this.isBelow(value, high)) return true;
    const node = this.nodes.get(value);
    const made = node?.kind === 'length' ? this.nodes.get(node.memory) : undefined;
    if (made?.kind === 'alloc' && this.isByName(made) && made.init.kind === 'zeros' && this.isSame(made.init.length, high)) return true;
    // The counter behind `for (i = 0; i < to; i++)`: `to` at most, with or without exits.
    const loop = this.nodes.get(value);
    if (loop?.kind !== 'loop' || loop.counter?.after !== value) return false;
    const { from, to, step, test } = loop.counter;
    return to?.type.kind === 'integer' && step === 1 && test === '<' && this.isZero(from) && this.isAtMost(to, high);
  }
}

/** How arrays are used but element by element. */
interface Uses {
  /** By a function of numbers, as by `Math.max(...x)`. */
  readonly whole: ReadonlySet<Value>;
  /** They get another name, or lie in other memory. */
  readonly otherwise: ReadonlySet<Value>;
}

function usesOf(graph: Graph): Uses {
  const whole = new Set<Value>();
  const otherwise = new Set<Value>();
  const restored = new Map<Value, Value>();
  visit(graph.body, (node) => {
    const byElement = 'memory' in node && (node.kind === 'length' || 'key' in node);
    if (node.kind === 'restore') restored.set(node.result, node.of);
    else if (node.kind === 'apply' && !isReference(node.result.type)) for (const operand of node.operands) whole.add(operand);
    else for (const operand of operands(node)) if (!byElement || operand !== node.memory) otherwise.add(operand);
    for (const block of blocks(node)) for (const value of exitOperands(block.exit)) otherwise.add(value);
    if (node.kind === 'loop') for (const value of node.done) otherwise.add(value);
  });
  for (const value of exitOperands(graph.body.exit)) otherwise.add(value);
  // What is restored is used as its copy is.
  for (const [copy, of] of restored) {
    if (otherwise.has(copy)) otherwise.add(of);
    if (whole.has(copy)) whole.add(of);
  }
  return { whole, otherwise };
}

function pairsOf([a, b]: readonly Value[]): readonly (readonly [Value, Value])[] {
  return [
    [a!, b!],
    [b!, a!],
  ];
}
