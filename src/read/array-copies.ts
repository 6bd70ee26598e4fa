/** Methods of arrays that make another array, or move elements about. */

import { ts } from 'ts-morph';

import { atIndex, real } from '../graph/build.ts';
import type { TupleType, Type, Value } from '../graph/types.ts';
import { callback, copyArray, forElements, forIndices, lengthOf, position, resultOf, spreadArray, type Method, wholeOf } from './arrays.ts';
import type { Reading } from './context.ts';
import { nameFor, short } from './places.ts';
import { withoutWrappers } from './facts.ts';
import { loadIndex } from './expressions/access.ts';
import { numberOf, valueOf } from './expressions/expression.ts';
import { stored, typeOf } from './types.ts';

/** Elements in the opposite order, written into `target`. */
export function reverseInto(r: Reading, call: ts.Node, from: Value, target: Value): void {
  const length = r.builder.length(from);
  forIndices(r, call, r.literal(0), length, (index) => {
    const mirrored = r.builder.apply('sub', [r.builder.apply('sub', [length, r.literal(1)]), index]);
    const value = loadIndex(r, from, mirrored, call);
    r.memory.hold(target, value);
    r.builder.store(target, atIndex(index), value);
  });
}

const toReversed: Method = (r, call, memory) => {
  const result = copyArray(r, memory, call);
  reverseInto(r, call, memory, result);
  return result;
};

const withElement: Method = (r, call, memory) => {
  const [at, node] = call.arguments;
  if (at === undefined || node === undefined) return r.refuse(call, 'GG2049', { text: short(call) });
  const index = wholeOf(r, numberOf(r, at));
  const literal = r.builder.literalOf(index);
  const value = valueOf(r, node);
  const result = copyArray(r, memory, call);
  const fromEnd = r.builder.apply('add', [lengthOf(r, memory), index]);
  const place =
    typeof literal === 'number' && literal >= 0 ? index : r.builder.apply('select', [r.builder.apply('lt', [index, r.literal(0)]), fromEnd, index]);
  r.memory.hold(result, value);
  r.builder.store(result, atIndex(place), value);
  return result;
};

const copyWithin: Method = (r, call, memory) => {
  r.memory.write(memory, call);
  const length = r.builder.length(memory);
  const target = position(r, call, 0, length) ?? r.literal(0);
  const from = position(r, call, 1, length) ?? r.literal(0);
  const to = position(r, call, 2, length) ?? length;
  const moved = copyArray(r, memory, call, from, to);
  const count = r.builder.apply('min', [r.builder.length(moved), r.builder.apply('sub', [length, target])]);
  forIndices(r, call, r.literal(0), count, (index) => {
    r.builder.store(memory, atIndex(r.builder.apply('add', [target, index])), loadIndex(r, moved, index, call));
  });
  return memory;
};

function append(r: Reading, memory: Value, value: Value): void {
  r.memory.hold(memory, value);
  r.builder.push({ kind: 'resize', how: 'push', memory, value });
}

/** Pushes `item`, of an array its elements, down to the depth. */
function appendFlat(r: Reading, call: ts.Node, result: Value, item: Value, depth: number): void {
  const { kind } = item.type;
  if (depth === 0 || (kind !== 'array' && kind !== 'tuple')) return append(r, result, item);
  if (item.type.kind === 'array' && item.type.container !== 'Array') return append(r, result, item);
  forIndices(r, call, r.literal(0), lengthOf(r, item), (index) => appendFlat(r, call, result, loadIndex(r, item, index, call), depth - 1));
  return undefined;
}

function emptyOf(r: Reading, call: ts.CallExpression): Value {
  const type: Type = r.typeAt(call);
  if (type.kind !== 'array') return r.refuse(call, 'GG2046', { text: short(call) });
  return r.builder.alloc(type, { kind: 'elements', values: [] }, nameFor(call));
}

const flat: Method = (r, call, memory) => {
  const [node] = call.arguments;
  const depth = node === undefined ? 1 : r.builder.literalOf(numberOf(r, node));
  if (typeof depth !== 'number' || depth < 0) return r.refuse(call, 'GG2075', { text: short(call) });
  const result = emptyOf(r, call);
  appendFlat(r, call, result, memory, depth + 1);
  return result;
};

const flatMap: Method = (r, call, memory) => {
  const f = callback(r, call);
  const result = emptyOf(r, call);
  forElements(r, call, memory, f, (value, index) => appendFlat(r, call, result, resultOf(r, call, f, [value, index, memory]), 1));
  return result;
};

/** The array of what `a.keys()`, `a.values()` or `a.entries()` runs over; undefined for any other expression. */
export function iterated(r: Reading, expression: ts.Expression): Value | undefined {
  const node = withoutWrappers(expression);
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { name, expression: object } = node.expression;
  if (name.text !== 'keys' && name.text !== 'values' && name.text !== 'entries') return undefined;
  const type = typeOf(r.checker, r.checker.getTypeAtLocation(object));
  if (typeof type === 'string' || type.kind !== 'array') return undefined;
  const memory = r.plain(valueOf(r, object));
  if (name.text === 'values') return spreadArray(r, memory, node);
  const pair: TupleType = { kind: 'tuple', elements: [real, stored(type.element)] };
  const length = r.builder.length(memory);
  const result = r.builder.alloc({ kind: 'array', container: 'Array', element: name.text === 'keys' ? real : pair }, { kind: 'holes', length });
  forIndices(r, node, r.literal(0), length, (index) => {
    if (name.text === 'keys') return r.builder.store(result, atIndex(index), index);
    const value = loadIndex(r, memory, index, node);
    const element = r.builder.alloc(pair, { kind: 'elements', values: [index, value] });
    r.memory.hold(element, value);
    r.memory.hold(result, element);
    return r.builder.store(result, atIndex(index), element);
  });
  return result;
}

/** Taken at once by a loop or a spread, which look for it themselves. */
const iterator: Method = (r, call) => r.refuse(call, 'GG2032', { text: short(call) });

/** Of strings; of numbers it would be a text that is read back. */
const join: Method = (r, call, memory, type) => {
  const { element } = type;
  if (memory.type.kind !== 'array' || element.kind !== 'opaque') return r.refuse(call, 'GG2033', { text: short(call) });
  const [separator] = call.arguments;
  const pieces = separator === undefined ? [memory, '.join()'] : [memory, '.join(', valueOf(r, separator), ')'];
  return r.builder.carry(pieces, { kind: 'opaque', text: 'string' }, { effect: true });
};

export const copyingMethods = {
  toReversed,
  with: withElement,
  copyWithin,
  flat,
  flatMap,
  keys: iterator,
  values: iterator,
  entries: iterator,
  join,
} as const satisfies Readonly<Record<string, Method>>;
