/** The fence of arrays and typed arrays. */

import { none, type Members } from '../members.ts';
import { all } from '../row.ts';

const bytes = none('count elements: `length` is how many there are');
const asText = { refused: 'GG2033' } as const;
const sorting = { refused: 'GG2031' } as const;

export const array = {
  ...all('supported', ['from', 'of']),
  isArray: 'carried',
} as const satisfies Members<ArrayConstructor>;

export const typedArray = {
  ...all('supported', ['from', 'of']),
  BYTES_PER_ELEMENT: bytes,
} as const satisfies Members<Float64ArrayConstructor>;

const common = {
  ...all('carried', ['length', 'every', 'findIndex', 'findLastIndex', 'includes', 'indexOf', 'lastIndexOf', 'some']),
  ...all('supported', ['at', 'copyWithin', 'fill', 'find', 'findLast', 'forEach', 'map', 'reduce', 'reduceRight']),
  ...all('supported', ['reverse', 'slice', 'toReversed', 'with']),
  /** Where a loop or a spread takes them at once; as a value they are refused there (GG2032). */
  ...all('supported', ['entries', 'keys', 'values']),
  ...all(sorting, ['sort', 'toSorted']),
  ...all(asText, ['toLocaleString', 'toString']),
} as const;

export const arrayMethods = {
  ...common,
  /** Of texts; of numbers it would make a text (GG2033). */
  join: 'carried',
  ...all('supported', ['concat', 'filter', 'flat', 'flatMap', 'pop', 'push', 'shift', 'splice', 'toSpliced', 'unshift']),
} as const satisfies Members<unknown[]>;

export const typedArrayMethods = {
  ...common,
  ...all('supported', ['filter', 'set', 'subarray']),
  join: asText,
  valueOf: none('use the array itself'),
  ...all(bytes, ['BYTES_PER_ELEMENT', 'buffer', 'byteLength', 'byteOffset']),
} as const satisfies Members<Float64Array>;
