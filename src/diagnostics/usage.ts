/** GG1xxx: tags, command line, configuration, files. */

import type { CatalogEntry } from './diagnostic.ts';

export const usageDiagnostics = {
  GG1001: {
    severity: 'error',
    message: '`{name}` is not a parameter of `{function}`',
    hint: 'did you mean `{suggestion}`?',
  },
} as const satisfies Record<string, CatalogEntry>;
