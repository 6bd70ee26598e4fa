/** The fence of the library: every member of what code may touch, and what to write instead of those that are refused. */

import { array, arrayMethods, typedArray, typedArrayMethods } from './library/arrays.ts';
import { globals } from './library/globals.ts';
import { booleanMethods, math, number, numberMethods } from './library/numbers.ts';
import { functionMembers, object, objectMethods } from './library/objects.ts';
import { string, stringMethods } from './library/texts.ts';
import type { Row } from './row.ts';

type Table = Readonly<Record<string, Row>>;

/** What methods are called on; `Math` and the like stand for their own members. */
export const library = {
  Math: math,
  Number: number,
  'Number.prototype': numberMethods,
  'Boolean.prototype': booleanMethods,
  String: string,
  'String.prototype': stringMethods,
  Array: array,
  'Array.prototype': arrayMethods,
  TypedArray: typedArray,
  'TypedArray.prototype': typedArrayMethods,
  Object: object,
  'Object.prototype': objectMethods,
  'Function.prototype': functionMembers,
} as const satisfies Readonly<Record<string, Table>>;

export { globals };

export type Owner = keyof typeof library;

/** Undefined for what has no row, which is refused. */
export function rowOfMember(owner: Owner, name: string): Row | undefined {
  const table: Table = library[owner];
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

export function rowOfGlobal(name: string): Row | undefined {
  return Object.hasOwn(globals, name) ? globals[name] : undefined;
}

/** The owner of the static members of a global; undefined where the global has one row for all of them. */
export function ownerOf(name: string): Owner | undefined {
  if (name === 'Math' || name === 'Number' || name === 'String' || name === 'Array' || name === 'Object') return name;
  return /^(?:Float|Int|Uint)\d+(?:Clamped)?Array$/.test(name) ? 'TypedArray' : undefined;
}
