/** GG1xxx: tags, command line, configuration, files. */

import type { CatalogEntry } from './diagnostic.ts';

export const usageDiagnostics = {
  GG1001: {
    severity: 'error',
    message: '`{name}` is not a parameter of `{function}`',
    hint: 'did you mean `{suggestion}`?',
  },
  GG1002: {
    severity: 'error',
    message: '`@{tag}` is no tag of gradgen',
    hint: 'write `@{suggestion}`',
  },
  GG1003: {
    severity: 'error',
    message: 'a tag in a comment that is no doc comment has no effect',
    hint: 'write `/** @{tag} … */`',
  },
  GG1004: {
    severity: 'error',
    message: '`@{tag}` stands on something that is no function of the module',
    hint: 'put the tag on a function declaration or on `const f = (…) => …` at module level',
  },
  GG1005: {
    severity: 'error',
    message: '`@{tag}` needs arguments whose numbers are all there; parts of `{name}` may be absent or contain themselves',
    hint: 'name other parameters after the tag, or take the derivative along directions with `@jvp` or `@hvp`',
  },
  GG1006: {
    severity: 'error',
    message: '`{name}` cannot be differentiated: its type is `{type}`',
    hint: 'name parameters that are numbers, or arrays or objects of numbers',
  },
  GG1007: {
    severity: 'error',
    message: '{first} and {second} would both be `{name}` in the generated file',
    hint: 'rename one of them',
  },
  GG1008: {
    severity: 'error',
    message: 'a default export without a name cannot have a companion',
    hint: 'give the function a name',
  },
  GG1009: {
    severity: 'error',
    message: '`@{tag}` needs a function that returns a number; `{function}` returns `{type}`',
    hint: 'return one number, such as a sum; `@vjp` and `@jvp` are for other results',
  },
  GG1010: {
    severity: 'error',
    message: '`@{tag}` needs a function that returns numbers; `{function}` returns `{type}`',
    hint: 'return a number, or an array, a tuple or an object of numbers',
  },
  GG1012: {
    severity: 'error',
    message: '`@{tag}` needs a result whose numbers are all there; parts of `{type}`, which `{function}` returns, may be absent or contain themselves',
    hint: 'return arrays, tuples and objects of numbers without optional parts',
  },
  GG1013: {
    severity: 'error',
    message: '`@{tag}` runs `{function}` once for each direction, but something that it calls may not be called again',
    hint: 'pass in what the call returns (random numbers, say), or take the derivative along directions with `@jvp` or `@hvp`',
  },
} as const satisfies Record<string, CatalogEntry>;
