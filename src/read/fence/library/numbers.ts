/** The fence of `Math`, `Number` and `Boolean`. */

import { none, type Members } from '../members.ts';
import { all } from '../row.ts';

export const math = {
  ...all('carried', ['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2', 'random', 'clz32', 'imul']),
  ...all('supported', ['abs', 'cbrt', 'exp', 'expm1', 'fround', 'hypot', 'log', 'log10', 'log1p', 'log2', 'max', 'min', 'pow', 'sqrt']),
  ...all('supported', ['acos', 'acosh', 'asin', 'asinh', 'atan', 'atan2', 'atanh', 'cos', 'cosh', 'sin', 'sinh', 'tan', 'tanh']),
  /** Flat between the jumps: their derivative is zero. */
  ...all('supported', ['ceil', 'floor', 'round', 'sign', 'trunc']),
} as const satisfies Members<Math>;

export const number = {
  ...all('carried', ['EPSILON', 'MAX_SAFE_INTEGER', 'MAX_VALUE', 'MIN_SAFE_INTEGER', 'MIN_VALUE', 'NaN', 'NEGATIVE_INFINITY', 'POSITIVE_INFINITY']),
  ...all('carried', ['isFinite', 'isInteger', 'isNaN', 'isSafeInteger']),
  ...all({ refused: 'GG2018' }, ['parseFloat', 'parseInt']),
} as const satisfies Members<NumberConstructor>;

export const numberMethods = {
  ...all('carried', ['toExponential', 'toFixed', 'toPrecision', 'toString']),
  valueOf: none('use the number itself'),
  toLocaleString: none('use `toFixed`, or write the text where the tagged function is called'),
} as const satisfies Members<number>;

export const booleanMethods = {
  valueOf: none('use the boolean itself'),
} as const satisfies Members<boolean>;
