/** GG212x, GG213x: derivatives that the source gives itself, `@gradOf` and `@jvpOf`. */

import type { CatalogEntry } from './diagnostic.ts';

export const ruleDiagnostics = {
  GG2120: {
    severity: 'error',
    message: '`@{tag}` names `{name}`, which is no function of a module here',
    hint: 'name a function that this file declares or imports',
  },
  GG2121: {
    severity: 'error',
    message: '`{function}` cannot have a rule: {why}',
    hint: 'give the rule to a function of a module with plain, named parameters, and call that',
  },
  GG2122: {
    severity: 'error',
    message: 'a rule of `{function}` has no parameter `{parameter}`',
    hint: 'parameters are matched by name: {known}',
  },
  GG2123: {
    severity: 'error',
    message: '`{parameter}` is `{type}` in the rule, but `{expected}` for `{function}`',
    hint: 'write `{parameter}: {expected}`',
  },
  GG2124: {
    severity: 'error',
    message: 'the rule of `{function}` does not take `{parameter}`',
    hint: 'add the parameter `{parameter}: {type}`; where the derivative is zero, leave it unused',
  },
  GG2125: {
    severity: 'error',
    message: '`{function}` has a rule for its gradient alone, and `@{tag}` needs its tangent',
    hint: 'write a rule with `/** @jvpOf {function} */` beside the one with `@gradOf`',
  },
  GG2126: {
    severity: 'error',
    message: '`{function}` has a rule for its tangent alone, and `@{tag}` needs its gradient',
    hint: 'write a rule with `/** @gradOf {function} */` beside the one with `@jvpOf`',
  },
  GG2127: {
    severity: 'error',
    message: '`{function}` has another rule with `@{tag}`, at {place}',
    hint: 'leave one of the two',
  },
  GG2128: {
    severity: 'error',
    message: 'a rule only adds to `{parameter}`',
    hint: 'write `{parameter}[i]! += …`; what has been gathered there belongs to others as well',
  },
  GG2129: {
    severity: 'error',
    message: 'the rule of `{function}` returns {what}',
    hint: 'return {expected}',
  },
  GG2130: {
    severity: 'error',
    message: '`{function}` has a rule and {what}',
    hint: 'make what it returns in the function itself: numbers, flat arrays, objects of these',
  },
  GG2131: {
    severity: 'error',
    message: 'the rule of `{function}` calls `{callee}`, whose calls stay calls',
    hint: 'write the recursion as a loop, or make the function that is called shorter',
  },
} as const satisfies Record<string, CatalogEntry>;
