/** GG2xxx: constructs of the language that are not differentiated. */

import type { CatalogEntry } from './diagnostic.ts';

export const languageDiagnostics = {
  GG2001: {
    severity: 'error',
    message: '{construct} is not supported in code that is differentiated',
    hint: '{hint}',
  },
  GG2002: {
    severity: 'error',
    message: '{function} is asynchronous, and a derivative cannot wait',
    hint: 'do the waiting outside and pass the numbers in',
  },
  GG2003: {
    severity: 'error',
    message: '{function} is a generator, which has no derivative here',
    hint: 'return an array, or loop where the values are used',
  },
  GG2004: {
    severity: 'error',
    message: '`{callee}` is chosen at run time, so its derivative is unknown here',
    hint: 'call a function by its name, or pass one that is known where it is called',
  },
  GG2105: {
    severity: 'error',
    message: '`{table}` may be given other functions while the program runs, so the derivative of `{member}` is unknown here',
    hint: 'write `as const` behind the object, or `Object.freeze(…)` around it',
  },
  GG2005: {
    severity: 'error',
    message: 'only a declaration of `{callee}` is visible, so it cannot be differentiated',
    hint: 'call a function whose source belongs to the project',
  },
  GG2006: {
    severity: 'error',
    message: '`{callee}` is called again while it runs, in a way that cannot be followed here',
    hint: 'let a function with a name call itself; objects of a class are made by such a function, and not in their own constructor',
  },
  GG2008: {
    severity: 'error',
    message: '`try` is not supported in code that is differentiated',
    hint: 'test for the problem beforehand, or catch it where the tagged function is called',
  },
  GG2009: {
    severity: 'error',
    message: '`eval` cannot be differentiated: its code is not known',
    hint: 'write the code where it runs',
  },
  GG2010: {
    severity: 'error',
    message: '`delete` is not supported in code that is differentiated',
    hint: 'make an object without the field instead',
  },
  GG2011: {
    severity: 'error',
    message: '`with` is not supported in code that is differentiated',
    hint: 'name the object',
  },
  GG2012: {
    severity: 'error',
    message: '`{name}` belongs to the module, and code that is differentiated does not write to it',
    hint: 'return the new value, or keep it in a local variable',
  },
  GG2013: {
    severity: 'error',
    message: '`{name}` is a module-level `let`, whose value may be another one when the derivative is called',
    hint: 'make it a `const`, or pass it as a parameter',
  },
  GG2014: {
    severity: 'error',
    message: 'this writes into the parameter `{parameter}`',
    hint: 'write into a copy: `const copy = {parameter}.slice()` or `{ ...{parameter} }`',
  },
  GG2015: {
    severity: 'error',
    message: 'the type `{type}` is a union of unlike types with numbers in it',
    hint: 'take one of the types, and convert where the function is called',
  },
  GG2016: {
    severity: 'error',
    message: '`{text}` has the type `any`, so what it means is unknown',
    hint: 'give it a type',
  },
  GG2017: {
    severity: 'error',
    message: '`{text}`: collections, dates, JSON and the like are not supported in code that is differentiated',
    hint: 'use arrays and objects',
  },
  GG2018: {
    severity: 'error',
    message: '`{text}` turns a number into a string and back, which has no derivative',
    hint: 'use the number itself; `Math.round` and the like round',
  },
  GG2019: {
    severity: 'error',
    message: '`{name}` is an accessor of a kind that is not supported in code that is differentiated',
    hint: 'make it a field, or a function; a getter of a class may be read if it writes nothing',
  },
  GG2020: {
    severity: 'error',
    message: '`Proxy` is not supported in code that is differentiated',
    hint: 'use the object itself',
  },
  GG2021: {
    severity: 'error',
    message: '`{name}` is needed in the generated file, but is neither exported nor a literal that is only read',
    hint: 'export it',
  },
  GG2022: {
    severity: 'error',
    message: 'the type `{type}` contains itself without an end',
    hint: 'let an object contain itself by an optional field or an array: `interface Tree { left?: Tree }`',
  },
  GG2023: {
    severity: 'error',
    message: '`{text}` does input or output, which would happen at another time or twice',
    hint: 'do it where the tagged function is called',
  },
  GG2024: {
    severity: 'error',
    message: '`{function}` returns a function',
    hint: 'take all arguments at once',
  },
  GG2025: {
    severity: 'error',
    message: '`this` is not supported in code that is differentiated',
    hint: 'pass the object as a parameter',
  },
  GG2026: {
    severity: 'error',
    message: '`{text}` makes a bigint, and bigints are only carried here',
    hint: 'use numbers, or make it where the tagged function is called',
  },
  GG2027: {
    severity: 'error',
    message: 'syntax error: {text}',
    hint: 'correct it; no companion is generated from a source that does not parse',
  },
  GG2028: {
    severity: 'error',
    message: 'type error in code that is differentiated: {text}',
    hint: 'correct it; what the code means is not certain otherwise',
  },
  GG2029: {
    severity: 'error',
    message: '`{name}` is no class whose source is visible here, or one that is not declared by `class`',
    hint: 'use a class of the project, or an object and functions',
  },
  GG2030: {
    severity: 'error',
    message: '`{text}`: this member of the library is not supported in code that is differentiated',
    hint: '{instead}',
  },
  GG2031: {
    severity: 'error',
    message: '`{text}`: sorting is not supported in code that is differentiated',
    hint: 'sort where the tagged function is called, and pass the numbers in order or the order of their indices',
  },
  GG2032: {
    severity: 'error',
    message: '`{text}` is an iterator, which is no value in code that is differentiated',
    hint: 'write it in the head of a `for…of`, or loop over the indices',
  },
  GG2033: {
    severity: 'error',
    message: '`{text}` makes a string of numbers, which has no derivative',
    hint: 'use the numbers themselves',
  },
  GG2034: {
    severity: 'error',
    message: 'the field `{field}` of `{name}` has no value when the constructor ends',
    hint: 'give it a value where it is declared or in the constructor',
  },
  GG2035: {
    severity: 'error',
    message: '`{field}` is private at run time, so the generated file cannot reach it',
    hint: 'write `private {plain}` or a plain field',
  },
  GG2036: {
    severity: 'error',
    message: '`this` is used before the constructor has made it: as a value, or a field that has none yet',
    hint: 'assign the fields first, and do the rest where the object is made',
  },
  GG2037: {
    severity: 'error',
    message: '`{field}` is private, so the generated file cannot name it',
    hint: 'make it a public `readonly` field',
  },
} as const satisfies Record<string, CatalogEntry>;
