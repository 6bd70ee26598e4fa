/** GG3xxx: companions that are right, and probably not what was meant. */

import type { CatalogEntry } from './diagnostic.ts';

export const warningDiagnostics = {
  GG3001: {
    severity: 'warning',
    message: '`{parameter}` cannot influence the result of `{function}` through arithmetic: its gradient is zero',
    hint: 'the derivative stops at {stop}',
  },
  GG3002: {
    severity: 'warning',
    message: 'a differentiated number of `{function}` is rounded to 32 bits; the gradient is that of the function without the rounding',
    hint: 'the `Float32Array` is written in {place}; keep numbers that are computed in a `Float64Array`',
  },
  GG3101: {
    severity: 'warning',
    message: 'the prettier configuration cannot be used: {problem}',
    hint: '{hint}',
  },
} as const satisfies Record<string, CatalogEntry>;
