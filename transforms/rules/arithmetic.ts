/** Partials of `+ - * / % **` and the sign. */

import type { ArithmeticPrimitive } from '../../src/graph/primitives.ts';
import type { Value } from '../../src/graph/types.ts';
import { singular, smooth, type Calculus, type Partial, type RuleRow } from './rule.ts';

const same: Partial = (d) => d;

export const arithmeticRules: Record<ArithmeticPrimitive, RuleRow> = {
  add: smooth(() => [same, same]),
  sub: smooth((m) => [same, m.neg]),
  neg: smooth((m) => [m.neg]),
  mul: smooth((m, _y, [a, b]) => [(d) => m.mul(d, b!), (d) => m.mul(d, a!)]),
  div: singular((m, y, [a, b]) => [(d) => m.div(d, b!), (d) => (m.literalOf(a!) === 1 ? m.mul(m.neg(m.mul(d, y)), y) : m.mul(m.neg(m.div(d, b!)), y))]),
  // a - b * trunc(a / b)
  rem: singular((m, _y, [a, b]) => [same, (d) => m.mul(m.neg(d), m.apply('trunc', m.div(a!, b!)))]),
  pow: singular((m, y, [x, p]) => [(d) => powerInBase(m, d, x!, p!, y), (d) => powerInExponent(m, d, x!, p!, y)]),
};

/**
 * `p x^(p-1)`: at x = 0 it is 0 for p > 1 and p = 0, 1 for p = 1, else the IEEE infinity. Small powers are products, since
 * every other `**` costs as much as thirty multiplications.
 */
function powerInBase(m: Calculus, d: Value, x: Value, p: Value, y: Value): Value {
  const exponent = m.literalOf(p);
  switch (exponent) {
    case 0:
      return m.value(0);
    case 1:
      return d;
    case 2:
      return m.mul(d, m.mul(2, x));
    case 3:
      return m.mul(d, m.mul(3, m.square(x)));
    case 4:
      return m.mul(d, m.mul(4, m.mul(m.square(x), x)));
    case -1:
      return m.mul(d, m.neg(m.square(y)));
    case 0.5:
      return m.div(m.mul(0.5, d), y);
    default:
      break;
  }
  if (typeof exponent === 'number') return m.mul(d, m.mul(exponent, m.pow(x, exponent - 1)));
  const general = m.mul(d, m.mul(p, m.pow(x, m.sub(p, 1))));
  return m.select(m.apply('eq', p, 0), 0, general);
}

/** `y ln x`: 0 for x = 0 < p, NaN for x < 0. */
function powerInExponent(m: Calculus, d: Value, x: Value, p: Value, y: Value): Value {
  const flat = m.apply('and', m.apply('eq', x, 0), m.apply('gt', p, 0));
  return m.select(flat, 0, m.mul(d, m.mul(y, m.apply('log', x))));
}
