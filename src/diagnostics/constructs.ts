/** GG2xxx: syntax outside of the fence (`src/read/fence/syntax.ts`). */

import type { CatalogEntry } from './diagnostic.ts';

export const constructDiagnostics = {
  GG2039: {
    severity: 'error',
    message: '`arguments` is not supported in code that is differentiated',
    hint: 'name the parameters, or take a rest parameter',
  },
  GG2063: {
    severity: 'error',
    message: '`{text}` stands where nothing can be spread',
    hint: 'spread it into an array literal first, or pass the elements one by one',
  },
  GG2064: {
    severity: 'error',
    message: '`{text}` is a regular expression that remembers a position from call to call',
    hint: 'leave out its flags `g` and `y`',
  },
  GG2065: {
    severity: 'error',
    message: '`{text}` is used as a value',
    hint: 'compare it in place: `typeof v === …`',
  },
  GG2066: {
    severity: 'error',
    message: '`{text}` is a tagged template, which is not supported in code that is differentiated',
    hint: 'call the function with the values',
  },
  GG2067: {
    severity: 'error',
    message: 'a class as a value is not supported in code that is differentiated',
    hint: 'declare it by a statement of its own',
  },
  GG2070: {
    severity: 'error',
    message: 'the operator `{text}` is not supported in code that is differentiated',
    hint: 'test a field that tells the cases apart, or compute it where the tagged function is called',
  },
  GG2081: {
    severity: 'error',
    message: '`debugger` is not supported in code that is differentiated',
    hint: 'take it out',
  },
  GG2082: {
    severity: 'error',
    message: 'an enum inside of a function is not supported in code that is differentiated',
    hint: 'declare it at the top of the module',
  },
  GG2089: {
    severity: 'error',
    message: '`{text}` is not supported in code that is differentiated',
    hint: 'read it where the tagged function is called, and pass the value in',
  },
  GG2090: {
    severity: 'error',
    message: '`import(…)` waits for a module, and a derivative cannot wait',
    hint: 'import it at the top of the module',
  },
  GG2091: {
    severity: 'error',
    message: 'JSX is not supported in code that is differentiated',
    hint: 'compute the numbers in a function of their own, and tag that',
  },
  GG2092: {
    severity: 'error',
    message: 'the static block of a class is not supported in code that is differentiated',
    hint: 'give the static fields their values where they are declared',
  },
  GG2093: {
    severity: 'error',
    message: '`{text}` may replace what it decorates, so the code that runs is not known',
    hint: 'call the function that it stands for by name',
  },
  GG2094: {
    severity: 'error',
    message: '`using` runs code at the end of its block, which is not supported in code that is differentiated',
    hint: 'declare it by `const`, and dispose of it where the tagged function is called',
  },
  GG2095: {
    severity: 'error',
    message: 'this array literal leaves out an element',
    hint: 'write the element, or `undefined`',
  },
} as const satisfies Record<string, CatalogEntry>;
