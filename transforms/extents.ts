/**
 * How far indices reach while a nest of loops runs: not below 0, and to a number that is computed in front of the nest.
 *
 * The bound need not be reached: `t += 1` in two loops grows by no more than the product of their bounds.
 */

import { atIndex, type BlockBuilder, integer, newValue } from '../src/graph/build.ts';
import type { ArrayType, Block, Graph, LoopNode, Node, Value } from '../src/graph/types.ts';
import { exitOperands, results, visit } from '../src/graph/walk.ts';
import { ArrayUses, isMatrix } from './array-uses.ts';
import { elementLoop } from './element-loop.ts';
import { IndexFacts } from './index-facts.ts';
import { breaksOf, isTyped, type Memory, type Root } from './memory.ts';
import { Linear, type Unknown } from './storage/linear.ts';

/** What defines a value of the nest. */
type Definition =
  | { readonly kind: 'node'; readonly node: Node }
  | { readonly kind: 'counter'; readonly loop: LoopNode }
  | { readonly kind: 'carried'; readonly loop: LoopNode; readonly place: number };

/** So many elements, or more. */
export interface Count {
  readonly value: Value;
  /** It may be NaN or infinite where the loops do not run: `x.length / rows`. */
  readonly isFinite: boolean;
}

/** What is asked again and again of a graph. */
export class Definitions {
  readonly facts: IndexFacts;
  readonly uses: ArrayUses;
  /** What defines each value, and of which loop a counter or a carried value is. */
  readonly nodes = new Map<Value, Node>();
  readonly definitions = new Map<Value, Definition>();
  private readonly body: Block;

  constructor(graph: Graph, memory: Memory) {
    this.body = graph.body;
    this.facts = IndexFacts.of(graph);
    this.uses = new ArrayUses(graph, memory);
    visit(graph.body, (node) => {
      for (const result of results(node)) {
        this.nodes.set(result, node);
        this.definitions.set(result, { kind: 'node', node });
      }
      if (node.kind !== 'loop') return;
      if (node.counter) this.definitions.set(node.counter.variable, { kind: 'counter', loop: node });
      node.body.params.forEach((param, place) => this.definitions.set(param, { kind: 'carried', loop: node, place }));
    });
  }

  /** What a loop of the function's own block has found already. */
  longestRow(matrix: Value, isInFront: (value: Value) => boolean): Value | undefined {
    const found = this.body.nodes.find((node) => node.kind === 'loop' && isSearchForLongest(node, matrix) && isInFront(node.results[0]!));
    return found && results(found)[0];
  }
}

/** As `longestRow` of `Extents` makes it. */
function isSearchForLongest({ body, results: found, counter }: LoopNode, matrix: Value): boolean {
  const [load, length, most] = body.nodes;
  return (
    found.length === 1 && body.nodes.length === 3 &&
    load?.kind === 'load' && load.memory === matrix && load.key.kind === 'index' && load.key.index === counter?.variable &&
    length?.kind === 'length' && length.memory === load.result &&
    most?.kind === 'apply' && most.op === 'max' && most.operands[0] === body.params[0] && most.operands[1] === length.result
  );
}

interface Surroundings {
  readonly program: Definitions;
  /** What stands in front of the nest: bounds are computed there. */
  readonly before: BlockBuilder;
  readonly inFront: (value: Value) => Value | undefined;
}

interface Atom extends Unknown {
  readonly value: Value;
}

export class Extents {
  private readonly definitions: ReadonlyMap<Value, Definition>;
  private known = new Map<Value, Value | undefined>();
  private readonly program: Definitions;
  private readonly facts: IndexFacts;
  private readonly nodes: ReadonlyMap<Value, Node>;
  private readonly before: BlockBuilder;
  private readonly inFront: (value: Value) => Value | undefined;
  private readonly uses: ArrayUses;
  /** Arrays whose length is in question. */
  private readonly measured = new Set<Root>();
  /** How long the longest row of a parameter is. */
  private readonly longest = new Map<Value, Value>();

  /** `inFront`: a number as it is known in front of the nest. */
  constructor({ program, before, inFront }: Surroundings) {
    const { facts, uses, nodes, definitions } = program;
    this.program = program;
    this.facts = facts;
    this.uses = uses;
    this.nodes = nodes;
    this.definitions = definitions;
    this.before = before;
    this.inFront = inFront;
  }

  /** More than all indices, a whole number; undefined where nobody knows. `around` each: the loops that it is used in. */
  countOf(index: Value, around: readonly LoopNode[]): Count | undefined {
    if (!this.isNonNegative(index, around)) return undefined;
    const most = this.apart(() => this.largest(index, around));
    return most && this.asCount(this.sum(most, this.before.literal(1)));
  }

  /** A whole number that the value does not exceed in any iteration. */
  mostOf(value: Value, around: readonly LoopNode[]): Count | undefined {
    const most = this.apart(() => this.largest(value, around));
    return most && this.asCount(most);
  }

  private asCount(count: Value): Count {
    const value = count.type.kind === 'integer' ? count : this.before.apply('ceil', [count], { type: integer });
    return { value, isFinite: isWhole(value, { get: (each) => this.nodeInFront(each) }) };
  }

  /** What holds in some loops need not hold in others. */
  private apart<T>(find: () => T): T {
    const { known } = this;
    this.known = new Map();
    const found = find();
    this.known = known;
    return found;
  }

  /** What computes a number in front of the nest. */
  private nodeInFront(value: Value): Node | undefined {
    return this.before.nodes.find((each) => results(each).includes(value)) ?? this.nodes.get(value);
  }

  /** What a number in front of the nest is computed from: the same for numbers that are computed in the same way. */
  spellingOf(value: Value): string {
    const node = this.nodeInFront(value);
    if (node?.kind === 'literal') return `${String(node.value)}`;
    if (node?.kind === 'length') return `length ${node.memory.id}`;
    return node?.kind === 'apply' ? `${node.op}(${node.operands.map((operand) => this.spellingOf(operand)).join()})` : `${value.id}`;
  }

  /** A number in front of the nest that the value does not exceed in any iteration, if it is a number at all. `around`: the loops that it is used in. */
  largest(value: Value, around: readonly LoopNode[]): Value | undefined {
    if (this.known.has(value)) return this.known.get(value);
    // In question: no number depends on itself.
    this.known.set(value, undefined);
    const bound = this.boundOf(value, around);
    this.known.set(value, bound);
    return bound;
  }

  private boundOf(value: Value, around: readonly LoopNode[]): Value | undefined {
    const inFront = this.inFront(value);
    if (inFront !== undefined) return inFront;
    const definition = this.definitions.get(value);
    if (definition === undefined) return undefined;
    if (definition.kind === 'counter') return this.lastOf(definition.loop, around);
    if (definition.kind === 'carried') return this.grown(definition.loop, definition.place, around);
    const { node } = definition;
    if (node.kind === 'literal') return this.before.literal(node.value, value.type);
    if (node.kind === 'length') return this.sizeOf(node.memory, around);
    if (node.kind === 'loop') {
      const carried = carriedOut(node, value);
      return carried === undefined ? undefined : this.grown(node, carried, around);
    }
    if (node.kind !== 'apply') return undefined;
    const [a, b] = node.operands.map((operand) => this.largest(operand, around));
    switch (node.op) {
      case 'add':
        return a && b && this.sum(a, b);
      case 'sub':
        if (!this.isNonNegative(node.operands[1]!, around)) return undefined;
        return a && this.difference(a, node.operands[1]!);
      case 'mul':
        return a && b && node.operands.every((operand) => this.isNonNegative(operand, around)) ? this.product(a, b) : undefined;
      case 'div': {
        const divisor = this.literal(node.operands[1]!);
        return a && divisor !== undefined && divisor > 0 ? this.before.apply('div', [a, this.before.literal(divisor)]) : undefined;
      }
      case 'ceil':
      case 'floor':
      case 'trunc':
        return a && (a.type.kind === 'integer' ? a : this.before.apply('ceil', [a], { type: integer }));
      default:
        return undefined;
    }
  }

  /** As many elements as an array has at most, or one more: a size need not be whole. */
  private sizeOf(memory: Value, around: readonly LoopNode[]): Value | undefined {
    const matrix = this.matrixOf(memory);
    if (matrix !== undefined) return this.longestRow(matrix);
    const sizes = [...this.uses.memory.rootsOf(memory)].map((root) => this.sizeOfRoot(root, around));
    const [first, ...others] = sizes;
    if (first === undefined || others.length === 0) return first;
    return sizes.every((size) => size?.type.kind === 'integer') ? sizes.reduce((most, size) => this.larger(most!, size!)) : undefined;
  }

  /** The matrix that an array is a row of, where it is known in front of the nest and nobody changes it. */
  private matrixOf(row: Value): Value | undefined {
    const node = this.nodes.get(row);
    if (node?.kind !== 'load' || node.key.kind !== 'index' || !isMatrix(node.memory)) return undefined;
    const roots = [...this.uses.memory.rootsOf(node.memory)];
    return roots.length > 0 && roots.every((root) => this.uses.memory.isReadOnly(root)) ? this.inFront(node.memory) : undefined;
  }

  private sizeOfRoot(root: Root, around: readonly LoopNode[]): Value | undefined {
    const matrix = this.uses.matrixOf(root);
    if (matrix !== undefined) return this.longestRow(matrix);
    const made = this.uses.madeAs(root);
    if (made === undefined || (made.init.kind !== 'zeros' && made.init.kind !== 'holes') || this.measured.has(root)) return undefined;
    this.measured.add(root);
    const { length } = made.init;
    const size = isTyped(root) ? this.largest(length, around) : this.grownSize(root, length, around);
    this.measured.delete(root);
    return size;
  }

  /** A plain array becomes longer where something is stored behind its end. */
  private grownSize(root: Root, length: Value, around: readonly LoopNode[]): Value | undefined {
    let size = length.type.kind === 'integer' ? this.largest(length, around) : undefined;
    for (const stored of this.uses.storesTo(root)) {
      if (this.facts.isWithin(stored.index, length)) continue;
      const count = size && this.countOf(stored.index, stored.around);
      if (size === undefined || !count?.isFinite) return undefined;
      size = this.larger(size, count.value);
    }
    return size;
  }

  private larger(a: Value, b: Value): Value {
    if (this.spellingOf(a) === this.spellingOf(b)) return a;
    return this.before.apply('max', [a, b], { type: integer });
  }

  private longestRow(matrix: Value): Value {
    const known = this.longest.get(matrix) ?? this.program.longestRow(matrix, (value) => this.inFront(value) !== undefined);
    if (known !== undefined) {
      this.longest.set(matrix, known);
      return known;
    }
    const longest = newValue(integer, 'longest');
    elementLoop(this.before, this.before.length(matrix), (inner, r, [most]) => {
      const row = inner.load(matrix, atIndex(r), (matrix.type as ArrayType).element, 'row');
      return [inner.apply('max', [most!, inner.length(row)], { type: integer })];
    }, [{ initial: this.before.literal(0), result: longest }]);
    this.longest.set(matrix, longest);
    return longest;
  }

  /** The last number that a counter reaches, or a larger one. */
  private lastOf({ counter, body }: LoopNode, around: readonly LoopNode[]): Value | undefined {
    // `for (let i = 0; i < 1e9; i++)` mostly is left.
    if (breaksOf(body).length > 0) return undefined;
    const last = counter!.step > 0 ? counter!.to : counter!.from;
    const bound = last && this.largest(last, around);
    if (bound === undefined || counter!.step < 0 || counter!.test !== '<') return bound;
    const whole = bound.type.kind === 'integer' ? bound : this.before.apply('ceil', [bound], { type: integer });
    return this.difference(whole, this.before.literal(1));
  }

  /** A carried number: what it begins with, and what all iterations add. */
  private grown(loop: LoopNode, place: number, around: readonly LoopNode[]): Value | undefined {
    const first = this.largest(loop.initial[place]!, around);
    const growth = this.growth(loop, place, around);
    return first && growth && this.sum(first, growth);
  }

  /** What the iterations of a loop add to a carried number, all together. */
  private growth(loop: LoopNode, place: number, around: readonly LoopNode[]): Value | undefined {
    const trips = this.tripsOf(loop, around);
    const { exit } = loop.body;
    if (trips === undefined || exit.kind !== 'yield') return undefined;
    const each = this.added(exitOperands(exit)[place]!, loop.body.params[place]!, around);
    return each && this.product(trips, each);
  }

  /** By how much `value` exceeds `start`; only where it is no less. */
  private added(value: Value, start: Value, around: readonly LoopNode[]): Value | undefined {
    if (value === start) return this.before.literal(0);
    const definition = this.definitions.get(value);
    if (definition?.kind !== 'node') return undefined;
    const { node } = definition;
    if (node.kind === 'loop') {
      const place = carriedOut(node, value);
      if (place === undefined) return undefined;
      const [before, own] = [this.added(node.initial[place]!, start, around), this.growth(node, place, around)];
      return before && own && this.sum(before, own);
    }
    if (node.kind !== 'apply' || node.op !== 'add') return undefined;
    const step = this.literal(node.operands[1]!);
    const before = this.added(node.operands[0]!, start, around);
    return before !== undefined && step !== undefined && step >= 0 ? this.sum(before, this.before.literal(step)) : undefined;
  }

  /** As many iterations as a loop runs, or more. */
  private tripsOf(loop: LoopNode, around: readonly LoopNode[]): Value | undefined {
    const { counter, body } = loop;
    if (counter?.to === undefined || breaksOf(body).length > 0 || !this.isNonNegative(counter.step > 0 ? counter.from : counter.to, around)) return undefined;
    const bound = this.largest(counter.step > 0 ? counter.to : counter.from, around);
    if (bound === undefined) return undefined;
    const whole = bound.type.kind === 'integer' ? bound : this.before.apply('ceil', [bound], { type: integer });
    const trips = counter.step > 0 && counter.test === '<' ? whole : this.sum(whole, this.before.literal(1));
    if (this.facts.isNonNegative(trips) || [...this.longest.values()].includes(trips)) return trips;
    // A loop that does not run takes nothing away, whatever its bound is.
    const zero = this.before.literal(0);
    return this.before.apply('select', [this.before.apply('gt', [trips, zero]), trips, zero], { type: integer });
  }

  /** `around`: the loops that the value is used in. Iterations run, which says something of their bounds. */
  isNonNegative(value: Value, around: readonly LoopNode[]): boolean {
    if (this.facts.isNonNegative(value)) return true;
    const definition = this.definitions.get(value) ?? nodeDefinition(this.nodes.get(value));
    if (definition === undefined) return false;
    if (definition.kind === 'carried') return this.startsNonNegative(definition.loop, definition.place, around);
    if (definition.kind === 'counter') {
      const { from, to, step } = definition.loop.counter!;
      const least = step > 0 ? from : to;
      return least !== undefined && this.isNonNegative(least, around);
    }
    const { node } = definition;
    if (node.kind === 'loop') {
      const place = carriedOut(node, value);
      return place !== undefined && this.startsNonNegative(node, place, around);
    }
    if (node.kind !== 'apply') return false;
    const [a, b] = node.operands;
    if (node.op === 'sub') return this.isNoLess(a!, b!, around);
    return keepsSign.has(node.op) && node.operands.every((operand) => this.isNonNegative(operand, around));
  }

  private startsNonNegative(loop: LoopNode, place: number, around: readonly LoopNode[]): boolean {
    const { exit } = loop.body;
    if (exit.kind !== 'yield' || !this.isNonNegative(loop.initial[place]!, around)) return false;
    return this.added(exitOperands(exit)[place]!, loop.body.params[place]!, around) !== undefined;
  }

  private isNoLess(a: Value, b: Value, around: readonly LoopNode[]): boolean {
    const definition = this.definitions.get(a);
    if (definition?.kind === 'counter') {
      const { from, to, step } = definition.loop.counter!;
      const least = step > 0 ? from : to;
      if (least !== undefined && this.facts.isSame(least, b)) return true;
    }
    const least = this.linear(a).minus(this.linearBound(b));
    return [least, ...around.map((loop) => least.minus(this.margin(loop)))].some(
      (rest) => rest.constant >= 0 && rest.terms.every(({ unknown, factor }) => factor >= 0 && this.facts.isNonNegative(unknown.value)),
    );
  }

  /** What is not negative as long as an iteration runs: the way from its counter's first number to the last one. */
  private margin({ counter }: LoopNode): Linear<Atom> {
    if (counter?.to === undefined) return Linear.number(0);
    const [from, to] = [this.linear(counter.from), this.linear(counter.to)];
    if (counter.step < 0) return from.minus(to);
    return to.minus(from).minus(Linear.number(counter.test === '<' && counter.to.type.kind === 'integer' ? 1 : 0));
  }

  /** A sum of multiples: of counters and whatever else is no sum. */
  private linear(value: Value): Linear<Atom> {
    const node = this.nodes.get(value);
    if (node?.kind === 'literal' && typeof node.value === 'number') return Linear.number(node.value);
    if (node?.kind === 'length') return Linear.unknown({ key: `length ${node.memory.id}`, value });
    if (node?.kind === 'apply' && (node.op === 'add' || node.op === 'sub')) {
      return this.linear(node.operands[0]!).plus(this.linear(node.operands[1]!), node.op === 'add' ? 1 : -1);
    }
    if (node?.kind === 'apply' && node.op === 'mul') {
      const [a, b] = node.operands.map((operand) => this.linear(operand)) as [Linear<Atom>, Linear<Atom>];
      if (a.isNumber) return b.times(a.constant);
      if (b.isNumber) return a.times(b.constant);
    }
    return Linear.unknown({ key: `${value.id}`, value });
  }

  /** The same, with the largest number that a counter reaches for the counter. */
  private linearBound(value: Value): Linear<Atom> {
    const sum = this.linear(value);
    const [only] = sum.terms;
    const definition = only && sum.terms.length === 1 && only.factor > 0 ? this.definitions.get(only.unknown.value) : undefined;
    if (definition?.kind !== 'counter') return sum;
    const { from, to, step, test } = definition.loop.counter!;
    if (step < 0) return sum.with(only!.unknown, this.linear(from));
    if (to === undefined) return sum;
    return sum.with(only!.unknown, this.linear(to).minus(Linear.number(test === '<' && to.type.kind === 'integer' ? 1 : 0)));
  }

  private literal(value: Value): number | undefined {
    return this.facts.literalOf(value) ?? asNumber(this.before.literalOf(value));
  }

  private sum(a: Value, b: Value): Value {
    const [x, y] = [this.literal(a), this.literal(b)];
    if (x !== undefined && y !== undefined) return this.before.literal(x + y);
    if (x === 0) return b;
    if (y === 0) return a;
    const node = this.before.nodes.find((each) => results(each).includes(a));
    if (y !== undefined && node?.kind === 'apply' && node.operands.length === 2) {
      const [first, second] = node.operands as [Value, Value];
      const taken = this.literal(second);
      if (node.op === 'sub' && taken === y) return first;
      if (node.op === 'add') return this.sum(first, this.sum(second, b));
    }
    return this.before.apply('add', [a, b], { type: typeOf(a, b) });
  }

  private difference(a: Value, b: Value): Value {
    const [x, y] = [this.literal(a), this.literal(b)];
    if (y === undefined) return a;
    return x === undefined ? this.before.apply('sub', [a, this.before.literal(y)], { type: a.type }) : this.before.literal(x - y);
  }

  private product(a: Value, b: Value): Value {
    const [x, y] = [this.literal(a), this.literal(b)];
    if (x !== undefined && y !== undefined) return this.before.literal(x * y);
    if (x === 0 || y === 1) return a;
    return y === 0 || x === 1 ? b : this.before.apply('mul', [a, b], { type: typeOf(a, b) });
  }
}

/** The larger one of a size and a count that may be no number. */
export function larger(most: Value, { value, isFinite }: Count, before: BlockBuilder): Value {
  if (isFinite) return before.apply('max', [most, value], { type: integer });
  const isMore = before.apply('and', [before.apply('gt', [value, most]), before.apply('lt', [value, before.literal(Infinity)])]);
  return before.apply('select', [isMore, value, most], { type: integer });
}

/** Whether a number is computed from whole numbers alone, and so neither NaN nor infinite. */
export function isWhole(value: Value, nodes: { get(value: Value): Node | undefined }): boolean {
  const node = nodes.get(value);
  if (node?.kind === 'literal') return Number.isInteger(node.value);
  if (node?.kind !== 'apply') return value.type.kind === 'integer';
  return node.op !== 'div' && node.operands.every((operand) => isWhole(operand, nodes));
}

/** Never negative where no operand is. */
const keepsSign: ReadonlySet<string> = new Set(['add', 'mul', 'div', 'ceil', 'floor', 'trunc']);

function typeOf(a: Value, b: Value): Value['type'] {
  return a.type.kind === 'integer' ? b.type : a.type;
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function nodeDefinition(node: Node | undefined): Definition | undefined {
  return node && { kind: 'node', node };
}

/** Which carried value a loop that always reaches its bound gives as this result. */
function carriedOut(loop: LoopNode, result: Value): number | undefined {
  if (loop.counter?.to === undefined || breaksOf(loop.body).length > 0) return undefined;
  const place = loop.body.params.indexOf(loop.done[loop.results.indexOf(result)]!);
  return place < 0 ? undefined : place;
}

