/**
 * Algebra of adjoints. *Adjoint only*: it takes a literal zero for an exact zero (`0 * x` is 0 also for an infinite `x`),
 * does not tell 0 from -0, and moves signs across products.
 */

import type { BlockBuilder } from '../../src/graph/build.ts';
import type { Primitive } from '../../src/graph/primitives.ts';
import type { ApplyNode, LiteralValue, Value } from '../../src/graph/types.ts';
import { isDerivative, type Facts } from '../simplify.ts';

export type Rewrite =
  | { readonly kind: 'same'; readonly value: Value }
  | { readonly kind: 'literal'; readonly value: LiteralValue }
  /** Another operation for the same result, over values that `build` may make first. */
  | { readonly kind: 'apply'; readonly build: (b: BlockBuilder) => readonly [Primitive, readonly Value[]] };

const same = (value: Value): Rewrite => ({ kind: 'same', value });
const literal = (value: number): Rewrite => ({ kind: 'literal', value });
const apply = (op: Primitive, ...values: readonly Value[]): Rewrite => ({ kind: 'apply', build: () => [op, values] });

export function simplifyAdjoint(node: ApplyNode, facts: Facts): Rewrite | undefined {
  const [a, b] = node.operands as readonly [Value, Value];
  switch (node.op) {
    case 'neg':
      return negate(a, facts);
    case 'add':
      return add(a, b, facts);
    case 'sub':
      return subtract(a, b, facts);
    case 'mul':
      return multiply(a, b, facts);
    case 'div':
      return divide(a, b, facts);
    case 'guard':
      return guard(a, b, facts);
    default:
      return undefined;
  }
}

function negate(a: Value, facts: Facts): Rewrite | undefined {
  const value = facts.numberOf(a);
  if (value !== undefined) return literal(0 - value);
  const inner = operation(a, facts);
  if (inner?.op === 'neg') return same(inner.operands[0]!);
  if (inner?.op === 'guard' && facts.isUsedOnce(a)) {
    const [d, guarded] = inner.operands;
    const negative = operation(guarded!, facts);
    if (negative?.op === 'neg') return apply('guard', d!, negative.operands[0]!);
  }
  if (inner?.op === 'sub' && facts.isUsedOnce(a)) return apply('sub', inner.operands[1]!, inner.operands[0]!);
  return undefined;
}

function add(a: Value, b: Value, facts: Facts): Rewrite | undefined {
  const [left, right] = [facts.numberOf(a), facts.numberOf(b)];
  if (left === 0) return same(b);
  if (right === 0) return same(a);
  if (left !== undefined && right !== undefined) return folded(left + right);
  if (isSame(a, b, facts)) return twice(a, facts);
  const [negatedRight, negatedLeft] = [negated(b, facts), negated(a, facts)];
  if (negatedRight) return apply('sub', a, negatedRight);
  if (negatedLeft) return apply('sub', b, negatedLeft);
  return undefined;
}

function subtract(a: Value, b: Value, facts: Facts): Rewrite | undefined {
  const [left, right] = [facts.numberOf(a), facts.numberOf(b)];
  if (right === 0) return same(a);
  if (left === 0) return apply('neg', b);
  if (left !== undefined && right !== undefined) return folded(left - right);
  if (right !== undefined && right < 0) return { kind: 'apply', build: (builder) => ['add', [a, builder.literal(-right)]] };
  const negatedRight = negated(b, facts);
  return negatedRight ? apply('add', a, negatedRight) : undefined;
}

function multiply(a: Value, b: Value, facts: Facts): Rewrite | undefined {
  const [left, right] = [facts.numberOf(a), facts.numberOf(b)];
  if (left === 0 || right === 0) return literal(0);
  if (left === 1) return same(b);
  if (right === 1) return same(a);
  if (left !== undefined && right !== undefined) return folded(left * right);
  if (left === -1) return apply('neg', b);
  if (right === -1) return apply('neg', a);
  // Numbers first, one of them.
  if (right !== undefined) return apply('mul', b, a);
  const inner = operation(b, facts);
  const factor = inner?.op === 'mul' ? facts.numberOf(inner.operands[0]!) : undefined;
  if (left !== undefined && factor !== undefined && isShort(left * factor)) {
    return { kind: 'apply', build: (builder) => ['mul', [builder.literal(left * factor), inner!.operands[1]!]] };
  }
  const [negatedLeft, negatedRight] = [positive(a, facts), positive(b, facts)];
  if (negatedLeft) return minusProduct(negatedLeft, b);
  if (negatedRight) return minusProduct(a, negatedRight);
  return undefined;
}

function divide(a: Value, b: Value, facts: Facts): Rewrite | undefined {
  const [left, right] = [facts.numberOf(a), facts.numberOf(b)];
  if (left === 0) return literal(0);
  if (right === 1) return same(a);
  if (left !== undefined && right !== undefined) return folded(left / right);
  const negatedLeft = negated(a, facts);
  if (!negatedLeft) return undefined;
  return { kind: 'apply', build: (builder) => ['neg', [builder.apply('div', [negatedLeft, b])]] };
}

/** `guard(d, x)`: zero where `d` is. */
function guard(d: Value, x: Value, facts: Facts): Rewrite | undefined {
  const value = facts.numberOf(d);
  if (value === 0 || facts.numberOf(x) === 0) return literal(0);
  if (value !== undefined || facts.resolve(d) === facts.resolve(x)) return same(x);
  // Zero is zero with any sign; that of the product moves out, to where a sum can take it in.
  const otherwise = positive(d, facts);
  if (otherwise) return apply('guard', otherwise, x);
  const product = negated(x, facts);
  return product && { kind: 'apply', build: (builder) => ['neg', [builder.apply('guard', [d, product])]] };
}

/** `-(a * b)`: the sign moves out, to where a sum can take it in. */
function minusProduct(a: Value, b: Value): Rewrite {
  return { kind: 'apply', build: (builder) => ['neg', [builder.apply('mul', [a, b])]] };
}

/** `d * x + d * x` of a value that is squared: `2 * x * d`. */
function twice(a: Value, facts: Facts): Rewrite {
  const made = operation(a, facts);
  const sign = made?.op === 'neg' ? made : undefined;
  const product = sign ? operation(sign.operands[0]!, facts) : made;
  return {
    kind: 'apply',
    build: (builder) => {
      const two = builder.literal(2);
      if (product?.op !== 'mul') return ['mul', [two, a]];
      const [d, x] = product.operands as readonly [Value, Value];
      const factors = [builder.apply('mul', [two, x]), d];
      return sign ? ['neg', [builder.apply('mul', factors)]] : ['mul', factors];
    },
  };
}

/** The backward operation that makes a value. */
function operation(value: Value, facts: Facts): ApplyNode | undefined {
  const node = facts.nodeOf(value);
  return node?.kind === 'apply' && isDerivative(node) ? node : undefined;
}

/** `x` where the value is `-x` and nobody else reads that. */
function negated(value: Value, facts: Facts): Value | undefined {
  const node = operation(value, facts);
  return node?.op === 'neg' && value.name === undefined && facts.isUsedOnce(value) ? node.operands[0] : undefined;
}

/** `x` where the value is `-x`, be it read by others: products of it take the sign along, each to its sum. */
function positive(value: Value, facts: Facts): Value | undefined {
  const node = operation(value, facts);
  return node?.op === 'neg' && value.name === undefined ? node.operands[0] : undefined;
}

/** The same value, or the same product of the same values. */
function isSame(a: Value, b: Value, facts: Facts): boolean {
  if (facts.meaning(a) === facts.meaning(b)) return true;
  const [left, right] = [operation(a, facts), operation(b, facts)];
  if (left === undefined || left.op !== right?.op || (left.op !== 'mul' && left.op !== 'neg')) return false;
  return left.operands.every((operand, i) => isSame(operand, right.operands[i]!, facts));
}

function folded(value: number): Rewrite | undefined {
  return isShort(value) ? literal(value) : undefined;
}

/** Whether a folded number reads better than the operation: `1 / 3` does not. */
function isShort(value: number): boolean {
  return Number.isInteger(value) || String(value).length <= 8;
}
