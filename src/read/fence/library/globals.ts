/** The fence of global names: of the language, and those of hosts that do input or output. */

import { none } from '../members.ts';
import { all, type Row } from '../row.ts';

const collection = { refused: 'GG2017' } as const;
const effect = { refused: 'GG2023' } as const;
const outside = none('do it where the tagged function is called, and pass the value in');

export const globals: Readonly<Record<string, Row>> = {
  ...all('carried', ['undefined', 'NaN', 'Infinity', 'isFinite', 'isNaN', 'Boolean', 'String']),
  /** Their members have rows of their own. */
  ...all('supported', ['Math', 'Number', 'Array', 'Float64Array', 'Float32Array']),
  ...all('carried', ['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array']),
  /** In a `throw`; anywhere else they are refused (GG2029). */
  ...all('carried', ['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError']),
  eval: { refused: 'GG2009' },
  ...all({ refused: 'GG2018' }, ['parseFloat', 'parseInt']),
  ...all({ refused: 'GG2026' }, ['BigInt', 'BigInt64Array', 'BigUint64Array']),
  Proxy: { refused: 'GG2020' },
  ...all(collection, ['JSON', 'Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'Date', 'Intl', 'RegExp', 'Reflect', 'Symbol', 'Promise']),
  ...all(collection, ['ArrayBuffer', 'SharedArrayBuffer', 'DataView', 'Atomics', 'FinalizationRegistry']),
  ...all(outside, ['decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'escape', 'unescape']),
  Object: none('write the fields out, or use an array'),
  Function: none('write the function where it is called'),
  ...all(effect, ['globalThis', 'console', 'process', 'window', 'document', 'localStorage', 'sessionStorage', 'performance', 'crypto']),
  ...all(effect, ['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'structuredClone', 'require', 'alert']),
};
