/** Methods of arrays, as loops over elements and bulk nodes. */

import type { ts } from 'ts-morph';

import { atIndex, integer, newLoopId, newValue, real, yields } from '../graph/build.ts';
import type { ArrayType, Type, Value } from '../graph/types.ts';
import { isClosure, type Cell, type Closure, type Item, type Reading } from './context.ts';
import { leaveUnless, loop } from './exits.ts';
import { loadIndex } from './expressions/access.ts';
import { itemOf, numberOf, valueOf } from './expressions/expression.ts';
import { inlineCall } from './inline.ts';
import { stored } from './types.ts';

export type Method = (r: Reading, call: ts.CallExpression, memory: Value, type: ArrayType) => Item | undefined;

/** A shallow copy from `from` on; of a tuple, an array of its elements. */
export function copyArray(r: Reading, memory: Value, node: ts.Node, from?: Value, to?: Value): Value {
  const { type } = memory;
  if (type.kind === 'tuple') {
    const values = type.elements.map((_element, i) => loadIndex(r, memory, r.literal(i), node));
    const first = from === undefined ? 0 : Number(r.builder.literalOf(from) ?? 0);
    const kept = values.slice(first);
    return r.builder.alloc({ kind: 'array', container: 'Array', element: stored(type.elements[0] ?? real) }, { kind: 'elements', values: kept });
  }
  if (type.kind !== 'array') return r.unsupported(node, 'a copy of what is no array');
  const result = r.builder.alloc(type, { kind: 'copy', of: memory, ...(from && { from }), ...(to && { to }) });
  const element = newValue(type.element);
  r.loaded(element, memory);
  r.hold(result, element);
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

/** The same without variables: a loop of stores alone. */
function copyElements(r: Reading, from: Value, target: Value, offset: Value, node: ts.Node): void {
  const length = from.type.kind === 'tuple' ? r.literal(from.type.elements.length) : r.builder.length(from);
  const variable = newValue(integer);
  const body = r.within(() => {
    const value = loadIndex(r, from, variable, node);
    r.hold(target, value);
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
    const own = !spread ? r.literal(1) : value.type.kind === 'tuple' ? r.literal(value.type.elements.length) : r.builder.length(value);
    length = r.builder.apply('add', [length, own]);
  }
  const result = r.builder.alloc({ kind: 'array', container: 'Array', element }, { kind: 'holes', length });
  parts.forEach(({ spread, value }, i) => {
    if (spread) {
      copyElements(r, value, result, offsets[i]!, node);
    } else {
      r.hold(result, value);
      r.builder.store(result, atIndex(offsets[i]!), value);
    }
  });
  return result;
}

/** Negative indices count from the end; the result is between 0 and the length. */
function position(r: Reading, call: ts.CallExpression, index: number, length: Value): Value | undefined {
  const node = call.arguments[index];
  if (node === undefined) return undefined;
  const value = numberOf(r, node);
  const literal = r.builder.literalOf(value);
  if (typeof literal === 'number' && Number.isInteger(literal)) {
    return literal < 0
      ? r.builder.apply('max', [r.builder.apply('sub', [length, r.literal(-literal)]), r.literal(0)])
      : r.builder.apply('min', [value, length]);
  }
  if (value.type.kind !== 'integer') return r.unsupported(node, 'a position that is not known to be an integer', 'write `| 0`');
  const negative = r.builder.apply('lt', [value, r.literal(0)]);
  const fromEnd = r.builder.apply('max', [r.builder.apply('add', [length, value]), r.literal(0)]);
  return r.builder.apply('select', [negative, fromEnd, r.builder.apply('min', [value, length])]);
}

function callback(r: Reading, call: ts.CallExpression, index = 0): Closure {
  const node = call.arguments[index];
  const item = node && itemOf(r, node);
  if (item === undefined || !isClosure(item)) return r.refuse(node ?? call, 'GG2004', { callee: node?.getText() ?? 'callback' });
  return item;
}

/** Calls back for each element, in order, with element, index and array. */
function forElements(r: Reading, call: ts.CallExpression, memory: Value, body: (element: Value, index: Value) => void): void {
  forIndices(r, call, r.literal(0), r.builder.length(memory), (index) => body(loadIndex(r, memory, index, call), index));
}

function resultOf(r: Reading, call: ts.CallExpression, f: Closure, items: readonly Item[]): Value {
  const item = inlineCall(r, call, f, items);
  if (item === undefined) return r.unsupported(call, 'a callback without a result');
  return isClosure(item) ? r.refuse(call, 'GG2004', { callee: 'the result of the callback' }) : item;
}

const map: Method = (r, call, memory, type) => {
  const f = callback(r, call);
  const wanted = r.typeAt(call);
  const element = type.container === 'Array' && wanted.kind === 'array' ? wanted.element : type.element;
  const length = r.builder.length(memory);
  const init = type.container === 'Array' ? ({ kind: 'holes', length } as const) : ({ kind: 'zeros', length } as const);
  const result = r.builder.alloc({ kind: 'array', container: type.container, element: type.container === 'Array' ? stored(element) : element }, init);
  forElements(r, call, memory, (value, index) => {
    const item = resultOf(r, call, f, [value, index, memory]);
    r.hold(result, item);
    r.builder.store(result, atIndex(index), item);
  });
  return result;
};

const forEach: Method = (r, call, memory) => {
  const f = callback(r, call);
  forElements(r, call, memory, (value, index) => void inlineCall(r, call, f, [value, index, memory]));
  return undefined;
};

const reduce: Method = (r, call, memory) => {
  const f = callback(r, call);
  const initial = call.arguments[1];
  const cell: Cell = { name: undefined, mutable: true, integer: false };
  const first = initial === undefined ? loadIndex(r, memory, r.literal(0), call) : valueOf(r, initial);
  r.bindings.set(cell, first);
  const from = r.literal(initial === undefined ? 1 : 0);
  forIndices(r, call, from, r.builder.length(memory), (index) => {
    const before = r.bindings.get(cell)!;
    r.bindings.set(cell, resultOf(r, call, f, [before, loadIndex(r, memory, index, call), index, memory]));
  });
  const result = r.bindings.get(cell);
  r.bindings.delete(cell);
  return result;
};

const filter: Method = (r, call, memory, type) => {
  if (type.container !== 'Array') return r.refuse(call, 'GG2030', { method: 'filter' });
  const f = callback(r, call);
  const result = r.builder.alloc(type, { kind: 'elements', values: [] });
  forElements(r, call, memory, (value, index) => {
    const test = r.truth(resultOf(r, call, f, [value, index, memory]));
    const arm = r.within(() => {
      r.hold(result, value);
      r.builder.push({ kind: 'resize', how: 'push', memory: result, value });
    });
    r.builder.if(test, arm.builder.block(yields([])), { params: [], nodes: [], exit: yields([]) }, []);
  });
  return result;
};

/** A loop without a bound that leaves at the first element for which the callback holds (or, `every`, does not). */
function search(r: Reading, call: ts.CallExpression, memory: Value, stopsAt: boolean): { found: Value; index: Value } {
  const f = callback(r, call);
  const found: Cell = { name: undefined, mutable: true, integer: false };
  const index: Cell = { name: undefined, mutable: true, integer: true };
  r.bindings.set(found, r.literal(false));
  r.bindings.set(index, r.literal(0));
  loop(
    r,
    {
      node: call,
      body: (region) => {
        const at = r.bindings.get(index) as Value;
        leaveUnless(r, call, r.builder.apply('lt', [at, r.builder.length(memory)]), region);
        const holds = r.truth(resultOf(r, call, f, [loadIndex(r, memory, at, call), at, memory]));
        const goesOn = stopsAt ? r.builder.apply('not', [holds]) : holds;
        const before = r.bindings.get(found)!;
        r.bindings.set(found, r.literal(true));
        leaveUnless(r, call, goesOn, region);
        r.bindings.set(found, before);
        r.bindings.set(index, r.builder.apply('add', [at, r.literal(1)]));
        return 'next';
      },
    },
    () => 'next',
  );
  const result = { found: r.bindings.get(found) as Value, index: r.bindings.get(index) as Value };
  r.bindings.delete(found);
  r.bindings.delete(index);
  return result;
}

const push: Method = (r, call, memory) => {
  r.write(memory, call);
  for (const argument of call.arguments) {
    const value = valueOf(r, argument);
    r.hold(memory, value);
    r.builder.push({ kind: 'resize', how: 'push', memory, value });
  }
  return r.builder.length(memory);
};

const pop: Method = (r, call, memory, type) => {
  r.write(memory, call);
  r.shrinks = true;
  const result = newValue(type.element);
  r.builder.push({ kind: 'resize', how: 'pop', memory, result });
  r.loaded(result, memory);
  return result;
};

const fill: Method = (r, call, memory) => {
  r.write(memory, call);
  const [first] = call.arguments;
  if (first === undefined) return r.unsupported(call, '`fill` without a value');
  const value = valueOf(r, first);
  const length = r.builder.length(memory);
  const from = position(r, call, 1, length) ?? r.literal(0);
  const to = position(r, call, 2, length) ?? length;
  r.hold(memory, value);
  forIndices(r, call, from, to, (index) => r.builder.store(memory, atIndex(index), value));
  return memory;
};

const set: Method = (r, call, memory) => {
  r.write(memory, call);
  const [source, offset] = call.arguments;
  if (source === undefined) return r.unsupported(call, '`set` without a source');
  // The source may overlap: its elements are read before any is written.
  const from = copyArray(r, r.plain(valueOf(r, source)), call);
  copyElements(r, from, memory, offset === undefined ? r.literal(0) : numberOf(r, offset), call);
  return undefined;
};

const reverse: Method = (r, call, memory) => {
  r.write(memory, call);
  const from = copyArray(r, memory, call);
  const length = r.builder.length(memory);
  forIndices(r, call, r.literal(0), length, (index) => {
    const mirrored = r.builder.apply('sub', [r.builder.apply('sub', [length, r.literal(1)]), index]);
    r.builder.store(memory, atIndex(index), loadIndex(r, from, mirrored, call));
  });
  return memory;
};

const at: Method = (r, call, memory) => {
  const [node] = call.arguments;
  if (node === undefined) return r.unsupported(call, '`at` without an index');
  const index = numberOf(r, node);
  const literal = r.builder.literalOf(index);
  if (typeof literal !== 'number') return r.unsupported(call, '`at` with a computed index', 'write `a[i]`');
  if (literal >= 0) return loadIndex(r, memory, index, call);
  return loadIndex(r, memory, r.builder.apply('sub', [r.builder.length(memory), r.literal(-literal)]), call);
};

export const arrayMethods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['map', map],
  ['forEach', forEach],
  ['reduce', reduce],
  ['filter', filter],
  ['some', (r, call, memory) => search(r, call, memory, true).found],
  ['every', (r, call, memory) => r.builder.apply('not', [search(r, call, memory, false).found])],
  [
    'findIndex',
    (r, call, memory) => {
      const { found, index } = search(r, call, memory, true);
      return r.builder.apply('select', [found, index, r.builder.literal(-1)]);
    },
  ],
  ['push', push],
  ['pop', pop],
  ['fill', fill],
  ['set', set],
  ['reverse', reverse],
  ['at', at],
  [
    'slice',
    (r, call, memory) => {
      const length = call.arguments.length > 0 ? r.builder.length(memory) : undefined;
      const from = length && position(r, call, 0, length);
      const to = length && position(r, call, 1, length);
      return copyArray(r, memory, call, from, to);
    },
  ],
  [
    'subarray',
    (r, call, memory, type) => {
      const length = r.builder.length(memory);
      const from = position(r, call, 0, length) ?? r.literal(0);
      const to = position(r, call, 1, length);
      const result = newValue(type);
      r.builder.push({ kind: 'view', memory, from, ...(to && { to }), result });
      r.derive(result, memory);
      r.derive(memory, result);
      return result;
    },
  ],
  [
    'concat',
    (r, call, memory, type) => {
      const parts = [{ spread: true, value: memory }];
      for (const argument of call.arguments) {
        const value = valueOf(r, argument);
        parts.push({ spread: value.type.kind === 'array' || value.type.kind === 'tuple', value });
      }
      return appendAll(r, call, parts, type.element);
    },
  ],
]);
