/** GG3xxx: companions that are right, and probably not what was meant. */

import type { CatalogEntry } from './diagnostic.ts';

export const warningDiagnostics = {
  GG3001: {
    severity: 'warning',
    message: '`{parameter}` cannot influence the result of `{function}` through arithmetic: its gradient is zero',
    hint: 'the derivative stops at {place}',
  },
  GG3101: {
    severity: 'warning',
    message: 'the prettier configuration cannot be used: {problem}',
    hint: '{hint}',
  },
} as const satisfies Record<string, CatalogEntry>;
