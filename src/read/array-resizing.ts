/** Methods of arrays that change the length. */

import type { ts } from 'ts-morph';

import { newValue } from '../graph/build.ts';
import type { ArrayType, Value } from '../graph/types.ts';
import { copyArray, forIndices, position, type Method } from './arrays.ts';
import type { Item, Reading } from './context.ts';
import { choose } from './exits.ts';
import { loadIndex } from './expressions/access.ts';
import { valueOf } from './expressions/expression.ts';
import { partOf } from './expressions/literals.ts';
import { isDoubted } from './expressions/presence.ts';

function append(r: Reading, memory: Value, value: Value): void {
  r.hold(memory, value);
  r.builder.push({ kind: 'resize', how: 'push', memory, value });
}

function takeLast(r: Reading, memory: Value, type: ArrayType): Value {
  r.shrinks = true;
  const result = newValue(type.element);
  r.builder.push({ kind: 'resize', how: 'pop', memory, result });
  r.loaded(result, memory);
  return result;
}

/** Takes an element off, where there is one. */
function ifAny(r: Reading, call: ts.CallExpression, memory: Value, take: () => Value): Item {
  if (!isDoubted(r, call)) return take();
  const some = r.builder.apply('gt', [r.builder.length(memory), r.literal(0)]);
  return choose(r, call, some, take, () => r.literal(undefined));
}

/** The elements between `from` and `to` give way to `values`: the tail is taken off and put back. */
function replace(r: Reading, call: ts.Node, memory: Value, type: ArrayType, range: { from: Value; to: Value }, values: readonly Value[]): void {
  const { from, to } = range;
  const length = r.builder.length(memory);
  const tail = copyArray(r, memory, call, to, length);
  forIndices(r, call, from, length, () => void takeLast(r, memory, type));
  for (const value of values) append(r, memory, value);
  appendAllOf(r, call, memory, tail);
}

function appendAllOf(r: Reading, call: ts.Node, memory: Value, from: Value): void {
  forIndices(r, call, r.literal(0), r.builder.length(from), (index) => append(r, memory, loadIndex(r, from, index, call)));
}

function valuesFrom(r: Reading, call: ts.CallExpression, index: number): Value[] {
  return call.arguments.slice(index).map((argument) => valueOf(r, argument));
}

const push: Method = (r, call, memory) => {
  r.write(memory, call);
  // Its own elements may be among them: all are there before it grows.
  const parts = call.arguments.map((argument) => {
    const { spread, value } = partOf(r, argument);
    return { spread, value: spread ? copyArray(r, value, call) : value };
  });
  for (const { spread, value } of parts) {
    if (spread) appendAllOf(r, call, memory, value);
    else append(r, memory, value);
  }
  return r.builder.length(memory);
};

const pop: Method = (r, call, memory, type) => {
  r.write(memory, call);
  return ifAny(r, call, memory, () => takeLast(r, memory, type));
};

const shift: Method = (r, call, memory, type) => {
  r.write(memory, call);
  return ifAny(r, call, memory, () => {
    const first = loadIndex(r, memory, r.literal(0), call);
    replace(r, call, memory, type, { from: r.literal(0), to: r.literal(1) }, []);
    return first;
  });
};

const unshift: Method = (r, call, memory, type) => {
  r.write(memory, call);
  replace(r, call, memory, type, { from: r.literal(0), to: r.literal(0) }, valuesFrom(r, call, 0));
  return r.builder.length(memory);
};

const splice: Method = (r, call, memory, type) => {
  r.write(memory, call);
  const length = r.builder.length(memory);
  const from = position(r, call, 0, length) ?? length;
  const rest = r.builder.apply('sub', [length, from]);
  const [, node] = call.arguments;
  const count = node === undefined ? rest : clamped(r, node, rest);
  const values = valuesFrom(r, call, 2);
  const to = r.builder.apply('add', [from, count]);
  const removed = copyArray(r, memory, call, from, to);
  replace(r, call, memory, type, { from, to }, values);
  return removed;
};

function clamped(r: Reading, node: ts.Expression, most: Value): Value {
  const count = valueOf(r, node);
  if (count.type.kind !== 'integer') return r.unsupported(node, 'a count that is not known to be an integer', 'write `| 0`');
  return r.builder.apply('max', [r.builder.apply('min', [count, most]), r.literal(0)]);
}

export const resizingMethods = { push, pop, shift, unshift, splice } as const satisfies Readonly<Record<string, Method>>;
