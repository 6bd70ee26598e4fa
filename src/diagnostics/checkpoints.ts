/** GG2115–GG2117: `@checkpoint`. */

import type { CatalogEntry } from './diagnostic.ts';

export const checkpointDiagnostics = {
  GG2115: {
    severity: 'error',
    message: '`@checkpoint` needs a loop that is counted and runs to its bound',
    hint: 'write `for (let i = 0; i < n; i++)` without `break` and `return`, or leave the tag out',
  },
  GG2116: {
    severity: 'error',
    message: '`@checkpoint` stands before something that is no loop',
    hint: 'put the comment right before `for`',
  },
  GG2117: {
    severity: 'error',
    message: '`{statement}` cannot be run again from a checkpoint: it changes {what}',
    hint: 'change numbers and flat arrays only, which are made before the loop or in an iteration; or leave the tag out',
  },
} as const satisfies Record<string, CatalogEntry>;
