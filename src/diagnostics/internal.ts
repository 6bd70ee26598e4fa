/** GG9xxx: mistakes of gradgen itself. */

import type { CatalogEntry } from './diagnostic.ts';

export const internalDiagnostics = {
  GG9001: {
    severity: 'error',
    message: 'internal error: {detail}',
    hint: 'please report it with the function that shows it',
  },
} as const satisfies Record<string, CatalogEntry>;
