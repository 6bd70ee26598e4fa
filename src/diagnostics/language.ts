/** GG2xxx: constructs of the language that are not differentiated. */

import type { CatalogEntry } from './diagnostic.ts';

export const languageDiagnostics = {
  GG2001: {
    severity: 'error',
    message: '{construct} is not supported in code that is differentiated',
    hint: '{hint}',
  },
} as const satisfies Record<string, CatalogEntry>;
