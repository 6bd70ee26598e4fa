/** The one table of local partials: total, so that a primitive without a rule does not compile. */

import type { BitPrimitive, LogicalPrimitive, Primitive, SpecialPrimitive } from '../../src/graph/primitives.ts';
import { arithmeticRules } from './arithmetic.ts';
import { mathRules } from './functions.ts';
import { smooth, type RuleRow } from './rule.ts';

const logicalRules: Record<LogicalPrimitive, RuleRow> = {
  lt: 'none',
  le: 'none',
  gt: 'none',
  ge: 'none',
  eq: 'none',
  ne: 'none',
  not: 'none',
  and: 'none',
  or: 'none',
  isNaN: 'none',
};

const bitRules: Record<BitPrimitive, RuleRow> = {
  bitAnd: 'zero',
  bitOr: 'zero',
  bitXor: 'zero',
  bitNot: 'zero',
  shiftLeft: 'zero',
  shiftRight: 'zero',
  shiftRightUnsigned: 'zero',
};

const specialRules: Record<SpecialPrimitive, RuleRow> = {
  select: smooth((m, _y, [c]) => [(d) => d, (d) => m.select(c!, d, 0), (d) => m.select(c!, 0, d)]),
  // `d && x` is `x` but for the NaN that it avoids: all of the derivative is that of `x`, which is linear in `d`.
  guard: smooth((m) => [() => m.value(0), (t) => t]),
  present: 'none',
  unwrap: smooth(() => [(d) => d]),
  stop: 'zero',
};

export const rules: Record<Primitive, RuleRow> = {
  ...arithmeticRules,
  ...mathRules,
  ...logicalRules,
  ...bitRules,
  ...specialRules,
};

/** Whether a change of an operand can change the result to first order. */
export function isDifferentiable(op: Primitive): boolean {
  return typeof rules[op] === 'object';
}
