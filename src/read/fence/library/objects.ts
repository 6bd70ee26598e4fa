/** The fence of `Object` and of what every object and function has. */

import { none, type Members } from '../members.ts';
import { all, type Row } from '../row.ts';

const listing = none('write the fields out, or use an array');
const locks = none('give the type `readonly` fields; it does the same where it matters');
const reflection = none('read and write fields by their names');

export const object = {
  ...all(listing, ['assign', 'entries', 'fromEntries', 'keys', 'values']),
  ...all(locks, ['freeze', 'isExtensible', 'isFrozen', 'isSealed', 'preventExtensions', 'seal']),
  ...all(reflection, ['create', 'defineProperties', 'defineProperty', 'getOwnPropertyDescriptor', 'getOwnPropertyDescriptors']),
  ...all(reflection, ['getOwnPropertyNames', 'getOwnPropertySymbols', 'getPrototypeOf', 'hasOwn', 'setPrototypeOf']),
  is: none('compare with `===`, or ask `Number.isNaN`'),
} as const satisfies Members<ObjectConstructor>;

export const objectMethods = {
  ...all(reflection, ['constructor', 'hasOwnProperty', 'isPrototypeOf', 'propertyIsEnumerable']),
  ...all(none('write the fields into a template literal'), ['toLocaleString', 'toString']),
  valueOf: none('use the object itself'),
} as const satisfies Readonly<Record<string, Row>>;

export const functionMembers = {
  ...all(none('call the function itself'), ['apply', 'call']),
  bind: none('write an arrow function that calls it'),
  toString: none('write the text as a literal'),
  ...all(none('pass the value in'), ['arguments', 'caller', 'length', 'name', 'prototype']),
} as const satisfies Members<CallableFunction>;
