/**
 * Which loads may find no element: what they give is `undefined`, a NaN to arithmetic, and a zero cotangent must not meet it.
 *
 *     const t = k * (x[i + 1] - x[i]);        behind the last element there is none, and t is not used there
 *     if (i + 1 < n) s += t;
 */

import type { Primitive } from '../../src/graph/primitives.ts';
import { append } from '../../src/graph/lists.ts';
import type { Graph, LoadNode, Node, Value } from '../../src/graph/types.ts';
import { results, visit } from '../../src/graph/walk.ts';
import { IndexFacts } from '../index-facts.ts';

const roundings: ReadonlySet<Primitive> = new Set(['floor', 'ceil', 'round', 'trunc', 'bitOr']);

export class Elements {
  private readonly facts: IndexFacts;
  private readonly nodes = new Map<Value, Node>();
  /** What is known as the length of an array, by array. */
  private readonly lengths = new Map<Value, Value[]>();
  private readonly onlyBeside: boolean;

  constructor(graph: Graph, doubt: 'neighbours' | 'anything') {
    this.facts = IndexFacts.of(graph);
    this.onlyBeside = doubt === 'neighbours';
    visit(graph.body, (node) => {
      for (const value of results(node)) this.nodes.set(value, node);
      if (node.kind === 'length') this.add(node.memory, node.result);
      if (node.kind === 'alloc' && (node.init.kind === 'zeros' || node.init.kind === 'holes') && node.init.length.type.kind === 'integer') this.add(node.result, node.init.length);
    });
  }

  mayBeMissing({ memory, key, result }: LoadNode): boolean {
    if (key.kind !== 'index' || result.type.kind !== 'real' || memory.type.kind !== 'array') return false;
    if (this.onlyBeside && !this.isBeside(key.index) && !this.isLookedUp(key.index)) return false;
    const lengths = this.lengths.get(memory) ?? [];
    return !lengths.some((length) => this.facts.isWithin(key.index, length));
  }

  /** `i + 1`, `row + j - 1`: a literal is added to something; `i` up to a length included. Not so `3 * i + 1`: numbers of a record, one behind the other. */
  private isBeside(index: Value): boolean {
    if (this.facts.isLastIncluded(index)) return true;
    const terms = this.termsOf(index);
    const beside = terms.reduce((sum, term) => sum + (this.literal(term.value) ?? 0) * term.sign, 0);
    const isAlone = terms.every(({ value }) => this.literal(value) !== undefined);
    return beside !== 0 && !isAlone && !terms.some(({ value }) => beside > 0 && this.sizeOf(value) > beside);
  }

  /** `at[i]`, `at[i] * width + j`, `Math.floor(t / dt)`: where it lies is data, which no loop counts. `i * widths[l]` is counted. */
  private isLookedUp(index: Value): boolean {
    return this.termsOf(index).some(({ value }) => {
      const node = this.nodes.get(value);
      if (node?.kind !== 'apply') return node?.kind === 'load';
      if (node.op === 'mul') return !node.operands.some((operand) => this.facts.isCounter(operand)) && node.operands.some((operand) => this.isLookedUp(operand));
      return roundings.has(node.op);
    });
  }

  /** What is added up. */
  private termsOf(value: Value, sign = 1): readonly { readonly value: Value; readonly sign: number }[] {
    const node = this.nodes.get(value);
    if (node?.kind !== 'apply' || (node.op !== 'add' && node.op !== 'sub')) return [{ value, sign }];
    const [left, right] = node.operands;
    return [...this.termsOf(left!, sign), ...this.termsOf(right!, node.op === 'add' ? sign : -sign)];
  }

  /** The literal that it is a multiple of: how far records lie apart. */
  private sizeOf(value: Value): number {
    const node = this.nodes.get(value);
    if (node?.kind !== 'apply' || node.op !== 'mul') return 0;
    return Math.max(...node.operands.map((operand) => this.literal(operand) ?? this.sizeOf(operand)));
  }

  private literal(value: Value): number | undefined {
    const node = this.nodes.get(value);
    return node?.kind === 'literal' && typeof node.value === 'number' ? node.value : undefined;
  }

  private add(array: Value, length: Value): void {
    append(this.lengths, array, length);
  }
}
