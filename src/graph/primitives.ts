/** The pure operations of a graph. Each has a printed form in `emit` and a row in `transforms/rules`; both tables are total. */

export const arithmeticPrimitives = ['add', 'sub', 'mul', 'div', 'rem', 'pow', 'neg'] as const;

/** `eq` and `ne` are `===` and `!==`; `and`/`or` take booleans without effects. */
export const logicalPrimitives = ['lt', 'le', 'gt', 'ge', 'eq', 'ne', 'not', 'and', 'or', 'isNaN'] as const;

export const bitPrimitives = ['bitAnd', 'bitOr', 'bitXor', 'bitNot', 'shiftLeft', 'shiftRight', 'shiftRightUnsigned'] as const;

/** Functions of `Math`, by their own names. `random` is carried; `Math.pow` is `pow`. */
export const mathPrimitives = [
  'abs',
  'acos',
  'acosh',
  'asin',
  'asinh',
  'atan',
  'atan2',
  'atanh',
  'cbrt',
  'ceil',
  'clz32',
  'cos',
  'cosh',
  'exp',
  'expm1',
  'floor',
  'fround',
  'hypot',
  'imul',
  'log',
  'log10',
  'log1p',
  'log2',
  'max',
  'min',
  'round',
  'sign',
  'sin',
  'sinh',
  'sqrt',
  'tan',
  'tanh',
  'trunc',
] as const;

/**
 * `select(c, a, b)` is `c ? a : b` of values that exist anyway. `guard(d, x)` is `d && x`: a zero cotangent contributes
 * zero whatever `x` is. `present(o)` tests an optional for `undefined` and `null`, `unwrap(o)` is its value where present.
 * `stop(x)` is `x`, of which nothing is differentiated; it is gone before anything is printed.
 */
export const specialPrimitives = ['select', 'guard', 'present', 'unwrap', 'stop'] as const;

export type ArithmeticPrimitive = (typeof arithmeticPrimitives)[number];
export type LogicalPrimitive = (typeof logicalPrimitives)[number];
export type BitPrimitive = (typeof bitPrimitives)[number];
export type MathPrimitive = (typeof mathPrimitives)[number];
export type SpecialPrimitive = (typeof specialPrimitives)[number];

export type Primitive =
  | ArithmeticPrimitive
  | LogicalPrimitive
  | BitPrimitive
  | MathPrimitive
  | SpecialPrimitive;

const mathNames: ReadonlySet<string> = new Set(mathPrimitives);

export function isMathPrimitive(name: string): name is MathPrimitive {
  return mathNames.has(name);
}
