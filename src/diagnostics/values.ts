/** GG2xxx: constructs that are supported, with operands for which they are not. */

import type { CatalogEntry } from './diagnostic.ts';

export const valueDiagnostics = {
  GG2038: {
    severity: 'error',
    message: '`{name}` is used before its declaration',
    hint: 'declare it first',
  },
  GG2040: {
    severity: 'error',
    message: '`{name}` is no value that could be read',
    hint: 'name the function, the constant or the member itself',
  },
  GG2041: {
    severity: 'error',
    message: '`{name}` is a global, whose value is not known',
    hint: 'read it where the tagged function is called, and pass the value in',
  },
  GG2042: {
    severity: 'error',
    message: '`{text}` is no number, and arithmetic is done with it',
    hint: 'convert it to a number where the tagged function is called',
  },
  GG2043: {
    severity: 'error',
    message: '`{text}` collects what cannot stand in one array',
    hint: 'give it an array type of numbers or objects',
  },
  GG2044: {
    severity: 'error',
    message: '`{text}` spreads an array over parameters: how many there are is not known',
    hint: 'pass the array itself, or make it a tuple',
  },
  GG2045: {
    severity: 'error',
    message: 'memory is handed to `{callee}`, which stays a call and may write to it or keep it',
    hint: 'read it there by index and field alone, or write what it does where it is called',
  },
  GG2046: {
    severity: 'error',
    message: 'elements are taken of `{text}`, which is no array',
    hint: 'use an array or a tuple',
  },
  GG2048: {
    severity: 'error',
    message: 'a callback gives no value here, and one is wanted',
    hint: 'return a value on every path of the callback',
  },
  GG2049: {
    severity: 'error',
    message: '`{text}` lacks an argument',
    hint: 'pass all that it needs',
  },
  GG2050: {
    severity: 'error',
    message: '`{text}` is an array of unlike elements',
    hint: 'give it a tuple type, or use an object',
  },
  GG2051: {
    severity: 'error',
    message: 'fields are taken of `{text}`, which is no object of known fields',
    hint: 'give it a type that declares its fields',
  },
  GG2052: {
    severity: 'error',
    message: '`{text}` is written into, and is neither an array nor an object of known fields',
    hint: 'write into an array or an object whose type declares its fields',
  },
  GG2053: {
    severity: 'error',
    message: 'an object literal stands for a `{name}`, whose methods it would have to have',
    hint: 'make it with `new`',
  },
  GG2054: {
    severity: 'error',
    message: '`{text}` is a key that may name any field',
    hint: 'give the key the type of the fields that it may name (`keyof …`), or use an array and an index',
  },
  GG2055: {
    severity: 'error',
    message: '`{text}` is written, and this array keeps its length',
    hint: 'make an array of the length that is meant',
  },
  GG2056: {
    severity: 'error',
    message: '`{text}` is assigned to, and is no place that could be written here',
    hint: 'assign to a variable, an element or a field',
  },
  GG2057: {
    severity: 'error',
    message: 'a function is stored in `{text}`: what is called later is not known',
    hint: 'make the object with the function, or pass the function as a parameter',
  },
  GG2058: {
    severity: 'error',
    message: '`{text}` begins with an element that may be missing',
    hint: 'pass the value to begin with',
  },
  GG2059: {
    severity: 'error',
    message: '`{text}` takes a function apart',
    hint: 'call the function and take its result apart',
  },
  GG2060: {
    severity: 'error',
    message: '`{text}` is a computed index into a tuple of unlike elements',
    hint: 'use a literal index, or an array of like elements',
  },
  GG2061: {
    severity: 'error',
    message: '`{text}` is the length of a tuple with optional elements',
    hint: 'ask whether the element is there',
  },
  GG2062: {
    severity: 'error',
    message: '`{name}` is no field that could be read here',
    hint: 'use a field that the type declares',
  },
  GG2068: {
    severity: 'error',
    message: '`{text}` gives no value',
    hint: 'let the function return a value on every path',
  },
  GG2069: {
    severity: 'error',
    message: '`{text}` has the type `{type}` where it was made, and another one here',
    hint: 'give it the type of what it holds where it is declared',
  },
  GG2071: {
    severity: 'error',
    message: '`{text}` compares unlike types',
    hint: 'write `{instead}`',
  },
  GG2072: {
    severity: 'error',
    message: 'whether `{text}`, an element, is there cannot be told from its value',
    hint: 'compare the index with the length',
  },
  GG2073: {
    severity: 'error',
    message: '`{text}` is an array over a buffer, which others may share',
    hint: 'use `subarray`, or copy the elements',
  },
  GG2075: {
    severity: 'error',
    message: '`{text}` flattens to a depth that is not known',
    hint: 'write the depth as a number',
  },
  GG2076: {
    severity: 'error',
    message: '`{name}` has two unlike types where the paths meet',
    hint: 'use a variable for each type',
  },
  GG2077: {
    severity: 'error',
    message: '`{text}` is made before its class is declared',
    hint: 'declare the class first, or at the top of the module',
  },
  GG2078: {
    severity: 'error',
    message: '`{text}` is bound to what `entries()` gives, an index and an element',
    hint: 'write `const [i, v]` in the head of the loop',
  },
  GG2079: {
    severity: 'error',
    message: '`{text}` is made here, and `for…in` loops over its keys',
    hint: 'write its fields out, or loop over an array',
  },
  GG2080: {
    severity: 'error',
    message: 'this `for…in` always ends in its first round',
    hint: 'use `Object.keys` where the tagged function is called, and pass the key in',
  },
  GG2083: {
    severity: 'error',
    message: '`{name}` is an error of the project: throwing it stays, and its class would have to be imported',
    hint: 'throw one of the built-in errors',
  },
  GG2084: {
    severity: 'error',
    message: '`{text}` is an argument of an error, and a function',
    hint: 'pass a string or a number',
  },
  GG2085: {
    severity: 'error',
    message: '`super` stands where there is no class above whose source is visible',
    hint: 'call it in the constructor of a class that extends another of the project',
  },
  GG2086: {
    severity: 'error',
    message: '`{function}` never returns',
    hint: 'return a value',
  },
  GG2087: {
    severity: 'error',
    message: '`{function}` does not return a value on all of its paths',
    hint: 'return a value on every path',
  },
  GG2088: {
    severity: 'error',
    message: '`{name}` is read of an object that is one of several types',
    hint: 'use one type, with fields that may be absent, or a function for each type',
  },
  GG2096: {
    severity: 'error',
    message: '`{text}` is an enum member whose value is computed',
    hint: 'give it a constant value',
  },
  GG2097: {
    severity: 'error',
    message: '`{text}` is a boolean or another value',
    hint: 'write it with `?:`, so that there is a value in both cases',
  },
  GG2098: {
    severity: 'error',
    message: '`{text}` alone may be the length of the array or its element',
    hint: 'write `[{text}]`',
  },
  GG2099: {
    severity: 'error',
    message: '`{text}` may become greater than the length was',
    hint: 'write `a.length -= k`, take elements off with `pop`, or `slice` the array',
  },
  GG2100: {
    severity: 'error',
    message: '`{text}` is called back with what is no number',
    hint: 'write a function that passes the numbers that are meant',
  },
  GG2102: {
    severity: 'error',
    message: '`{text}` is a static field, which is not supported in code that is differentiated',
    hint: 'make it a `const` of the module',
  },
  GG2103: {
    severity: 'error',
    message: '`{text}` changes arrays while it goes through one, perhaps that one',
    hint: 'write it as a loop',
  },
  GG2104: {
    severity: 'error',
    message: 'an argument of `{text}` changes arrays, perhaps the one whose method this is',
    hint: 'compute the argument in a statement before',
  },
} as const satisfies Record<string, CatalogEntry>;
