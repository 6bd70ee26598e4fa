/** GG211x: companions that are called in code that is differentiated. */

import type { CatalogEntry } from './diagnostic.ts';

export const nestedDiagnostics = {
  GG2110: {
    severity: 'error',
    message: '`{companion}` is called by what it is the derivative of',
    hint: 'take the derivative of a function that does not call it',
  },
  GG2111: {
    severity: 'error',
    message: '`{companion}` cannot be differentiated: `{callee}`, whose calls stay calls, is part of it',
    hint: 'write the recursion as a loop, or make the function that is called shorter',
  },
  GG2112: {
    severity: 'error',
    message: '`{companion}` is called with an `out` for its result, which is not supported in code that is differentiated',
    hint: 'leave the last argument out; generated code allocates nothing for it that it does not need',
  },
  GG2113: {
    severity: 'error',
    message: '`{companion}` cannot be called: the function that it differentiates ({place}) is refused',
    hint: 'run gradgen on the file of that function and see why',
  },
  GG2114: {
    severity: 'error',
    message: '`{companion}` is not generated: `{function}` in {file} has no tag `@{tag}`',
    hint: 'write `/** @{tag} */` before the function',
  },
  GG2118: {
    severity: 'error',
    message: '`{companion}` cannot be differentiated: it makes a gradient like `{type}`, which contains itself',
    hint: 'give the function arrays of numbers and of places, and differentiate with respect to these',
  },
} as const satisfies Record<string, CatalogEntry>;
