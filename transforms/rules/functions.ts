/** Partials of the functions of `Math`, in terms of the result `y` where that is shorter. */

import type { MathPrimitive } from '../../src/graph/primitives.ts';
import type { Value } from '../../src/graph/types.ts';
import { singular, smooth, type Calculus, type Partial, type Rule, type RuleRow } from './rule.ts';

/** One operand: the contribution from `d`, the operand `x` and the result `y`. */
function of(partial: (m: Calculus, d: Value, x: Value, y: Value) => Value): Rule {
  return smooth((m, y, [x]) => [(d) => partial(m, d, x!, y)]);
}

/** The same, infinite or undefined somewhere (or overflowing where the function does). */
function singularOf(partial: (m: Calculus, d: Value, x: Value, y: Value) => Value): Rule {
  return singular((m, y, [x]) => [(d) => partial(m, d, x!, y)]);
}

export const mathRules: Record<MathPrimitive, RuleRow> = {
  // exponentials and logarithms
  exp: singularOf((m, d, _x, y) => m.mul(d, y)),
  expm1: singularOf((m, d, _x, y) => m.mul(d, m.add(y, 1))),
  log: singularOf((m, d, x) => m.div(d, x)),
  log1p: singularOf((m, d, x) => m.div(d, m.add(1, x))),
  log2: singularOf((m, d, x) => m.div(d, m.mul(x, Math.LN2))),
  log10: singularOf((m, d, x) => m.div(d, m.mul(x, Math.LN10))),
  sqrt: singularOf((m, d, _x, y) => m.div(m.mul(0.5, d), y)),
  cbrt: singularOf((m, d, _x, y) => m.div(d, m.mul(3, m.square(y)))),
  hypot: singular((m, y, operands) => operands.map((x) => lengthPartial(m, x, y))),

  // trigonometric
  sin: of((m, d, x) => m.mul(d, m.apply('cos', x))),
  cos: of((m, d, x) => m.neg(m.mul(d, m.apply('sin', x)))),
  tan: singularOf((m, d, _x, y) => m.mul(d, m.add(1, m.square(y)))),
  asin: singularOf((m, d, x) => m.div(d, m.apply('sqrt', m.sub(1, m.square(x))))),
  acos: singularOf((m, d, x) => m.div(m.neg(d), m.apply('sqrt', m.sub(1, m.square(x))))),
  atan: of((m, d, x) => m.div(d, m.add(1, m.square(x)))),
  atan2: singular((m, _y, [a, b]) => {
    const r2 = m.add(m.square(a!), m.square(b!));
    return [(d) => m.div(m.mul(d, b!), r2), (d) => m.div(m.mul(m.neg(d), a!), r2)];
  }),

  // hyperbolic
  sinh: singularOf((m, d, x) => m.mul(d, m.apply('cosh', x))),
  cosh: singularOf((m, d, x) => m.mul(d, m.apply('sinh', x))),
  tanh: of((m, d, _x, y) => m.mul(d, m.sub(1, m.square(y)))),
  asinh: of((m, d, x) => m.div(d, m.apply('hypot', x, 1))),
  // (x - 1)(x + 1) keeps its digits where x * x - 1 loses them
  acosh: singularOf((m, d, x) => m.div(d, m.apply('sqrt', m.mul(m.sub(x, 1), m.add(x, 1))))),
  atanh: singularOf((m, d, x) => m.div(d, m.mul(m.sub(1, x), m.add(1, x)))),

  // selections: the whole cotangent goes to the argument that was returned, the first of equals
  abs: of((m, d, x) => m.mul(d, m.apply('sign', x))),
  max: smooth((m, y, operands) => selected(m, 'ge', y, operands)),
  min: smooth((m, y, operands) => selected(m, 'le', y, operands)),

  // steps
  ceil: 'zero',
  clz32: 'zero',
  floor: 'zero',
  imul: 'zero',
  round: 'zero',
  sign: 'zero',
  trunc: 'zero',
  // rounds to single precision: the cotangent passes
  fround: of((_m, d) => d),
};

/** `x / y`; 0 where the result is 0, the one subgradient that keeps a minimum still. */
export function lengthPartial(m: Calculus, x: Value, y: Value): Partial {
  return (d) => m.guard(y, m.div(m.mul(d, x), y));
}

function selected(m: Calculus, wins: 'ge' | 'le', y: Value, operands: readonly Value[]): readonly Partial[] {
  if (operands.length === 1) return [(d) => d];
  if (operands.length === 2) {
    const [a, b] = operands;
    return [(d) => m.select(m.apply(wins, a!, b!), d, 0), (d) => m.select(m.apply(wins, a!, b!), 0, d)];
  }
  return operands.map((operand, i) => (d) => {
    let here = m.apply('eq', operand, y);
    for (const earlier of operands.slice(0, i)) here = m.apply('and', m.apply('ne', earlier, y), here);
    return m.select(here, d, 0);
  });
}
