/** Methods of arrays that change the length. */

import type { ts } from 'ts-morph';

import { newValue } from '../graph/build.ts';
import type { ArrayType, Value } from '../graph/types.ts';
import { appendAll, copyArray, forIndices, lengthOf, position, type Method, wholeOf } from './arrays.ts';
import { isClosure, type Item, type Reading } from './context.ts';
import { short } from './places.ts';
import { choose } from './exits.ts';
import { loadIndex } from './expressions/access.ts';
import { numberOf } from './expressions/expression.ts';
import { type ListPart, partOf } from './expressions/literals.ts';
import { certainlyHasElement } from './not-empty.ts';

function append(r: Reading, memory: Value, value: Value): void {
  r.memory.hold(memory, value);
  r.builder.push({ kind: 'resize', how: 'push', memory, value });
}

function takeLast(r: Reading, memory: Value, type: ArrayType): Value {
  r.shrinks = true;
  const result = newValue(type.element);
  r.builder.push({ kind: 'resize', how: 'pop', memory, result });
  r.memory.loaded(result, memory);
  return result;
}

/** Takes an element off, where there is one: of an empty array nothing is given back in the backward sweep. */
function ifAny(r: Reading, call: ts.CallExpression, memory: Value, take: () => Value): Item {
  if (certainlyHasElement(r, call)) return take();
  const some = r.builder.apply('gt', [r.builder.length(memory), r.literal(0)]);
  return choose(r, call, some, take, () => r.literal(undefined));
}

/** What is put into an array: values, and arrays of them. Its own elements may be among them: all are there before it changes. */
type Parts = readonly ListPart[];

function partsFrom(r: Reading, call: ts.CallExpression, index: number): Parts {
  return call.arguments.slice(index).map((argument) => {
    const { spread, value } = partOf(r, argument);
    return { spread, value: spread ? copyArray(r, value, call) : value };
  });
}

function appendParts(r: Reading, call: ts.Node, memory: Value, parts: Parts): void {
  for (const { spread, value } of parts) {
    if (spread) appendAllOf(r, call, memory, value);
    else append(r, memory, value);
  }
}

function appendAllOf(r: Reading, call: ts.Node, memory: Value, from: Value): void {
  forIndices(r, call, r.literal(0), r.builder.length(from), (index) => append(r, memory, loadIndex(r, from, index, call)));
}

/** The elements between `from` and `to` give way to `parts`: the tail is taken off and put back. */
function replace(r: Reading, call: ts.Node, memory: Value, type: ArrayType, range: { from: Value; to: Value }, parts: Parts): void {
  const { from, to } = range;
  const length = r.builder.length(memory);
  const tail = copyArray(r, memory, call, to, length);
  forIndices(r, call, from, length, () => void takeLast(r, memory, type));
  appendParts(r, call, memory, parts);
  appendAllOf(r, call, memory, tail);
}

const push: Method = (r, call, memory) => {
  r.memory.write(memory, call);
  appendParts(r, call, memory, partsFrom(r, call, 0));
  return r.builder.length(memory);
};

const pop: Method = (r, call, memory, type) => {
  r.memory.write(memory, call);
  return ifAny(r, call, memory, () => takeLast(r, memory, type));
};

const shift: Method = (r, call, memory, type) => {
  r.memory.write(memory, call);
  return ifAny(r, call, memory, () => {
    const first = loadIndex(r, memory, r.literal(0), call);
    replace(r, call, memory, type, { from: r.literal(0), to: r.literal(1) }, []);
    return first;
  });
};

const unshift: Method = (r, call, memory, type) => {
  r.memory.write(memory, call);
  replace(r, call, memory, type, { from: r.literal(0), to: r.literal(0) }, partsFrom(r, call, 0));
  return r.builder.length(memory);
};

/** What `splice(from, count)` takes out. */
function rangeOf(r: Reading, call: ts.CallExpression, memory: Value): { from: Value; to: Value } {
  const length = lengthOf(r, memory);
  const from = position(r, call, 0, length) ?? length;
  const rest = r.builder.apply('sub', [length, from]);
  const [, node] = call.arguments;
  const count = node === undefined ? rest : clamped(r, node, rest);
  return { from, to: r.builder.apply('add', [from, count]) };
}

const splice: Method = (r, call, memory, type) => {
  r.memory.write(memory, call);
  const range = rangeOf(r, call, memory);
  const parts = partsFrom(r, call, 2);
  const removed = copyArray(r, memory, call, range.from, range.to);
  replace(r, call, memory, type, range, parts);
  return removed;
};

/** A new array: what is before, what is put in, what is behind. */
const toSpliced: Method = (r, call, memory, type) => {
  const { from, to } = rangeOf(r, call, memory);
  const parts = partsFrom(r, call, 2);
  const before = copyArray(r, memory, call, r.literal(0), from);
  const behind = copyArray(r, memory, call, to, lengthOf(r, memory));
  return appendAll(r, call, [{ spread: true, value: before }, ...parts, { spread: true, value: behind }], type.element);
};

function clamped(r: Reading, node: ts.Expression, most: Value): Value {
  const count = wholeOf(r, numberOf(r, node));
  return r.builder.apply('max', [r.builder.apply('min', [count, most]), r.literal(0)]);
}

/** `a.length = 0`, `a.length -= k`, `a.length--`: elements are taken off the end. */
export function shorten(r: Reading, memory: Value, to: Item, node: ts.Node): void {
  const { type } = memory;
  if (type.kind !== 'array' || type.container !== 'Array' || isClosure(to)) return r.refuse(node, 'GG2055', { text: short(node) });
  if (r.builder.literalOf(to) !== 0 && !isLess(r, memory, to)) {
    return r.refuse(node, 'GG2099', { text: short(node) });
  }
  r.memory.write(memory, node);
  forIndices(r, node, to, r.builder.length(memory), () => void takeLast(r, memory, type));
}

/** The length without a number of elements. */
function isLess(r: Reading, memory: Value, to: Value): boolean {
  const { nodes } = r.builder;
  const made = nodes.find((node) => node.kind === 'apply' && node.result === to);
  if (made?.kind !== 'apply' || made.op !== 'sub') return false;
  const [length, count] = made.operands;
  const taken = count && r.builder.literalOf(count);
  return typeof taken === 'number' && taken >= 0 && nodes.some((node) => node.kind === 'length' && node.memory === memory && node.result === length);
}

export const resizingMethods = { push, pop, shift, unshift, splice, toSpliced } as const satisfies Readonly<Record<string, Method>>;
