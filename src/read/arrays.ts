/** Methods of arrays, as loops over elements and bulk nodes. */

import type { ts } from 'ts-morph';

import { atIndex, integer, newLoopId, newValue, real, yields } from '../graph/build.ts';
import type { ArrayType, Type, Value } from '../graph/types.ts';
import { isClosure, type Cell, type Closure, type Item, type Reading } from './context.ts';
import { nameFor, short } from './places.ts';
import { copyingMethods, reverseInto } from './array-copies.ts';
import { resizingMethods } from './array-resizing.ts';
import { searchMethods } from './array-search.ts';
import { branch, choose, loop } from './exits.ts';
import { mayHaveGaps, presenceIn } from './gaps.ts';
import { loadIndex } from './expressions/access.ts';
import { itemOf, numberOf, valueOf } from './expressions/expression.ts';
import { inlineCall } from './inline.ts';
import { stored } from './types.ts';

export type Method = (r: Reading, call: ts.CallExpression, memory: Value, type: ArrayType) => Item | undefined;

/** What a spread and the rest of a pattern make: an `Array`, of typed arrays too, which neither rounds nor keeps its length. */
export function spreadArray(r: Reading, memory: Value, node: ts.Node, from?: Value): Value {
  const { type } = memory;
  if (type.kind !== 'array' || type.container === 'Array') return copyArray(r, memory, node, from);
  const element = stored(type.element);
  return r.builder.alloc({ kind: 'array', container: 'Array', element }, { kind: 'copy', of: memory, ...(from && { from }) });
}

/** A shallow copy from `from` on; of a tuple, an array of its elements. */
export function copyArray(r: Reading, memory: Value, node: ts.Node, from?: Value, to?: Value): Value {
  const { type } = memory;
  if (type.kind === 'tuple') {
    const values = type.elements.map((_element, i) => loadIndex(r, memory, r.literal(i), node));
    const first = from === undefined ? 0 : Number(r.builder.literalOf(from) ?? 0);
    const kept = values.slice(first);
    return r.builder.alloc({ kind: 'array', container: 'Array', element: stored(type.elements[0] ?? real) }, { kind: 'elements', values: kept });
  }
  if (type.kind !== 'array') return r.refuse(node, 'GG2046', { text: short(node) });
  const result = r.builder.alloc(type, { kind: 'copy', of: memory, ...(from && { from }), ...(to && { to }) });
  const element = newValue(type.element);
  r.memory.loaded(element, memory);
  r.memory.hold(result, element);
  return result;
}

/** Runs `body` for the indices from `from` below `to`; outer variables that it changes are carried. */
export function forIndices(r: Reading, node: ts.Node, from: Value, to: Value, body: (index: Value) => void): void {
  const variable = newValue(integer);
  loop(
    r,
    {
      node,
      counter: { counter: { variable, from, to, test: '<', step: 1 }, outlives: false },
      body: () => {
        body(variable);
        return 'next';
      },
    },
    () => 'next',
  );
}

/** From `from` down to 0. */
export function forIndicesDown(r: Reading, node: ts.Node, from: Value, body: (index: Value) => void): void {
  const variable = newValue(integer);
  const read = (): 'next' => {
    body(variable);
    return 'next';
  };
  const counter = { variable, from, to: r.literal(0), test: '>=', step: -1 } as const;
  loop(r, { node, counter: { counter, outlives: false }, body: read }, () => 'next');
}

export function lengthOf(r: Reading, memory: Value): Value {
  return memory.type.kind === 'tuple' ? r.literal(memory.type.elements.length) : r.builder.length(memory);
}

/** A loop of stores alone, without variables. */
export function copyElements(r: Reading, from: Value, target: Value, offset: Value, node: ts.Node): void {
  const length = lengthOf(r, from);
  const variable = newValue(integer);
  const body = r.within(() => {
    const value = loadIndex(r, from, variable, node);
    r.memory.hold(target, value);
    r.builder.store(target, atIndex(r.builder.apply('add', [variable, offset])), value);
  });
  r.builder.loop({
    id: newLoopId(),
    counter: { variable, from: r.literal(0), to: length, test: '<', step: 1 },
    initial: [],
    body: body.builder.block(yields([])),
    done: [],
    results: [],
  });
}

/** `[a, ...b, c]` and `concat`: an array of the summed lengths, filled in order. */
export function appendAll(r: Reading, node: ts.Node, parts: readonly { spread: boolean; value: Value }[], element: Type): Value {
  let length = r.literal(0);
  const offsets: Value[] = [];
  for (const { spread, value } of parts) {
    offsets.push(length);
    const own = spread ? lengthOf(r, value) : r.literal(1);
    length = r.builder.apply('add', [length, own]);
  }
  const result = r.builder.alloc({ kind: 'array', container: 'Array', element }, { kind: 'holes', length }, nameFor(node));
  parts.forEach(({ spread, value }, i) => {
    if (spread) {
      copyElements(r, value, result, offsets[i]!, node);
    } else {
      r.memory.hold(result, value);
      r.builder.store(result, atIndex(offsets[i]!), value);
    }
  });
  return result;
}

/** Negative indices count from the end; the result is between 0 and the length. */
export function position(r: Reading, call: ts.CallExpression, index: number, length: Value): Value | undefined {
  const node = call.arguments[index];
  if (node === undefined) return undefined;
  const value = numberOf(r, node);
  const literal = r.builder.literalOf(value);
  if (typeof literal === 'number' && Number.isInteger(literal)) {
    return literal < 0
      ? r.builder.apply('max', [r.builder.apply('sub', [length, r.literal(-literal)]), r.literal(0)])
      : r.builder.apply('min', [value, length]);
  }
  const isInteger = value.type.kind === 'integer';
  const whole = isInteger ? value : r.builder.apply('trunc', [value], { type: integer });
  const negative = r.builder.apply('lt', [whole, r.literal(0)]);
  const fromEnd = r.builder.apply('max', [r.builder.apply('add', [length, whole]), r.literal(0)]);
  const fromStart = r.builder.apply('min', [whole, length]);
  // NaN counts as 0.
  const fromFirst = isInteger ? fromStart : r.builder.apply('select', [r.builder.apply('gt', [whole, r.literal(0)]), fromStart, r.literal(0)]);
  return r.builder.apply('select', [negative, fromEnd, fromFirst]);
}

/** A number that counts elements, as the language takes it: without its fraction, 0 for NaN. It may be infinite. */
export function wholeOf(r: Reading, value: Value): Value {
  if (value.type.kind === 'integer') return value;
  const whole = r.builder.apply('trunc', [value]);
  const [above, below] = [r.builder.apply('gt', [whole, r.literal(0)]), r.builder.apply('lt', [whole, r.literal(0)])];
  return r.builder.apply('select', [r.builder.apply('or', [above, below]), whole, r.literal(0)], { type: integer });
}

export function callback(r: Reading, call: ts.CallExpression, index = 0): Closure {
  const node = call.arguments[index];
  const item = node && itemOf(r, node);
  if (item === undefined || !isClosure(item)) return r.refuse(node ?? call, 'GG2004', { callee: node?.getText() ?? 'callback' });
  return item;
}

/** Calls `f` back, in `body`, for each element that is there, in order, with element, index and array. */
export function forElements(r: Reading, call: ts.CallExpression, memory: Value, f: Closure, body: (element: Value, index: Value) => void): void {
  const presence = presenceIn(r, memory, f);
  forIndices(r, call, r.literal(0), lengthOf(r, memory), (index) => {
    const read = (): 'next' => {
      body(loadIndex(r, memory, index, call), index);
      return 'next';
    };
    if (presence) branch(r, call, presence(index), read, () => 'next');
    else read();
  });
}

export function resultOf(r: Reading, call: ts.CallExpression, f: Closure, items: readonly Item[]): Value {
  const item = inlineCall(r, call, f, items);
  if (item === undefined) return r.refuse(call, 'GG2048');
  return isClosure(item) ? r.refuse(call, 'GG2004', { callee: 'the result of the callback' }) : item;
}

const map: Method = (r, call, memory, type) => {
  const f = callback(r, call);
  const contextual = r.checker.getContextualType(call);
  const own = r.checker.getTypeAtLocation(call);
  // Of `a.map(() => [])` only the place knows what it will hold.
  const wanted = r.convert(contextual && /\bnever\b/.test(r.checker.typeToString(own)) ? contextual : own, call);
  const element = type.container === 'Array' && wanted.kind === 'array' ? wanted.element : type.element;
  const length = lengthOf(r, memory);
  const init = type.container === 'Array' ? ({ kind: 'holes', length } as const) : ({ kind: 'zeros', length } as const);
  const result = r.builder.alloc({ kind: 'array', container: type.container, element: type.container === 'Array' ? stored(element) : element }, init, nameFor(call));
  if (presenceIn(r, memory, f)) r.sparse.set(result, call);
  forElements(r, call, memory, f, (value, index) => {
    const item = resultOf(r, call, f, [value, index, memory]);
    r.memory.hold(result, item);
    r.builder.store(result, atIndex(index), item);
  });
  return result;
};

const forEach: Method = (r, call, memory) => {
  const f = callback(r, call);
  forElements(r, call, memory, f, (value, index) => void inlineCall(r, call, f, [value, index, memory]));
  return undefined;
};

function fold(r: Reading, call: ts.CallExpression, memory: Value, down: boolean): Item | undefined {
  const f = callback(r, call);
  const initial = call.arguments[1];
  const cell: Cell = { name: undefined, mutable: true, integer: false };
  const presence = presenceIn(r, memory, f);
  if (mayHaveGaps(r, memory) && initial === undefined) return r.refuse(call, 'GG2058', { text: short(call) });
  const given = initial && valueOf(r, initial);
  const length = lengthOf(r, memory);
  const last = down ? r.builder.apply('sub', [length, r.literal(1)]) : undefined;
  const first = given ?? loadIndex(r, memory, last ?? r.literal(0), call);
  r.bindings.set(cell, first);
  const body = (index: Value): void => {
    const before = r.bindings.get(cell)!;
    const next = (): Value => resultOf(r, call, f, [before, loadIndex(r, memory, index, call), index, memory]);
    r.bindings.set(cell, presence ? choose(r, call, presence(index), next, () => before) : next());
  };
  if (last === undefined) forIndices(r, call, r.literal(initial === undefined ? 1 : 0), length, body);
  else forIndicesDown(r, call, initial === undefined ? r.builder.apply('sub', [length, r.literal(2)]) : last, body);
  const result = r.bindings.get(cell);
  r.bindings.delete(cell);
  return result;
}

const filter: Method = (r, call, memory, type) => {
  const f = callback(r, call);
  // How many are kept is known at the end: a typed array is made then.
  const list: ArrayType = { ...type, container: 'Array' };
  const result = r.builder.alloc(list, { kind: 'elements', values: [] }, nameFor(call));
  forElements(r, call, memory, f, (value, index) => {
    const test = r.truth(resultOf(r, call, f, [value, index, memory]));
    const kept = r.current(value);
    const arm = r.within(() => {
      r.memory.hold(result, kept);
      r.builder.push({ kind: 'resize', how: 'push', memory: result, value: kept });
    });
    r.builder.if(test, arm.builder.block(yields([])), { params: [], nodes: [], exit: yields([]) }, []);
  });
  if (type.container !== 'Array') return typedCopy(r, call, type, result);
  return result;
};

/** The elements in another container. */
export function typedCopy(r: Reading, node: ts.Node, type: ArrayType, from: Value): Value {
  const result = r.builder.alloc(type, { kind: 'zeros', length: lengthOf(r, from) }, nameFor(node));
  copyElements(r, from, result, r.literal(0), node);
  return result;
}

const fill: Method = (r, call, memory) => {
  r.memory.write(memory, call);
  const [first] = call.arguments;
  if (first === undefined) return r.refuse(call, 'GG2049', { text: short(call) });
  const value = valueOf(r, first);
  const length = lengthOf(r, memory);
  const from = position(r, call, 1, length) ?? r.literal(0);
  const to = position(r, call, 2, length) ?? length;
  r.memory.hold(memory, value);
  forIndices(r, call, from, to, (index) => r.builder.store(memory, atIndex(index), value));
  return memory;
};

const set: Method = (r, call, memory) => {
  r.memory.write(memory, call);
  const [source, offset] = call.arguments;
  if (source === undefined) return r.refuse(call, 'GG2049', { text: short(call) });
  // The source may overlap: its elements are read before any is written.
  const from = copyArray(r, r.plain(valueOf(r, source)), call);
  copyElements(r, from, memory, offset === undefined ? r.literal(0) : numberOf(r, offset), call);
  return undefined;
};

const reverse: Method = (r, call, memory) => {
  r.memory.write(memory, call);
  reverseInto(r, call, copyArray(r, memory, call), memory);
  return memory;
};

const slice: Method = (r, call, memory) => {
  const length = call.arguments.length > 0 ? lengthOf(r, memory) : undefined;
  const from = length && position(r, call, 0, length);
  const to = length && position(r, call, 1, length);
  return copyArray(r, memory, call, from, to);
};

const subarray: Method = (r, call, memory, type) => {
  const length = lengthOf(r, memory);
  const from = position(r, call, 0, length) ?? r.literal(0);
  const to = position(r, call, 1, length);
  const result = newValue(type);
  r.builder.push({ kind: 'view', memory, from, ...(to && { to }), result });
  r.memory.derive(result, memory);
  r.memory.derive(memory, result);
  return result;
};

const concat: Method = (r, call, memory, type) => {
  const parts = [{ spread: true, value: memory }];
  for (const argument of call.arguments) {
    const value = valueOf(r, argument);
    parts.push({ spread: value.type.kind === 'array' || value.type.kind === 'tuple', value });
  }
  return appendAll(r, call, parts, type.element);
};

let table: Readonly<Record<string, Method>> | undefined;

function methods(): Readonly<Record<string, Method>> {
  table ??= {
    map,
    forEach,
    filter,
    reduce: (r, call, memory) => fold(r, call, memory, false),
    reduceRight: (r, call, memory) => fold(r, call, memory, true),
    fill,
    set,
    reverse,
    slice,
    subarray,
    concat,
    ...searchMethods,
    ...resizingMethods,
    ...copyingMethods,
  };
  return table;
}

/** How a method of an array is read; undefined where it is not supported. The modules of methods import each other. */
export function arrayMethod(name: string): Method | undefined {
  return Object.hasOwn(methods(), name) ? methods()[name] : undefined;
}
