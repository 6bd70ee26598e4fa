/** What a local derivative is, for both modes. */

import type { BlockBuilder } from '../../src/graph/build.ts';
import type { Primitive } from '../../src/graph/primitives.ts';
import type { LiteralValue, Value } from '../../src/graph/types.ts';

/**
 * ∂result/∂operand as the linear map that multiplies by it: a cotangent of the result to a contribution to the operand,
 * and just as well a tangent of the operand to a share of the tangent of the result.
 */
export type Partial = (d: Value) => Value;

/**
 * A row: one partial for each operand, in terms of the operands and of the result `y` (where that is shorter: the
 * operand then need not survive). Which values are kept is read off the nodes that a partial builds.
 */
export interface Rule {
  readonly partials: (m: Calculus, y: Value, operands: readonly Value[]) => readonly Partial[];
  /** Infinite or undefined for some finite arguments: a zero cotangent must contribute zero. */
  readonly singular: boolean;
}

/** `'zero'` almost everywhere; `'none'` for results that are no reals. */
export type RuleRow = Rule | 'zero' | 'none';

export function smooth(partials: Rule['partials']): Rule {
  return { partials, singular: false };
}

export function singular(partials: Rule['partials']): Rule {
  return { partials, singular: true };
}

/** Arithmetic on a block under construction, so that a rule reads as mathematics. Numbers become literals. */
export class Calculus {
  private readonly builder: BlockBuilder;
  /** The literal that a value stands for, where it does. */
  readonly literalOf: (value: Value) => LiteralValue | undefined;

  constructor(builder: BlockBuilder, literalOf: (value: Value) => LiteralValue | undefined = () => undefined) {
    this.builder = builder;
    this.literalOf = literalOf;
  }

  readonly apply = (op: Primitive, ...operands: (Value | number)[]): Value =>
    this.builder.apply(op, operands.map((operand) => this.value(operand)));

  readonly add = (a: Value | number, b: Value | number): Value => this.apply('add', a, b);
  readonly sub = (a: Value | number, b: Value | number): Value => this.apply('sub', a, b);
  readonly mul = (a: Value | number, b: Value | number): Value => this.apply('mul', a, b);
  readonly div = (a: Value | number, b: Value | number): Value => this.apply('div', a, b);
  readonly pow = (a: Value | number, b: Value | number): Value => this.apply('pow', a, b);
  readonly neg = (a: Value): Value => this.apply('neg', a);
  readonly square = (a: Value): Value => this.mul(a, a);
  readonly select = (c: Value, a: Value | number, b: Value | number): Value => this.apply('select', c, a, b);
  /** `d && x` */
  readonly guard = (d: Value, x: Value): Value => this.apply('guard', d, x);

  value(operand: Value | number): Value {
    return typeof operand === 'number' ? this.builder.literal(operand) : operand;
  }
}
