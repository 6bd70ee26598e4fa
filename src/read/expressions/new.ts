/** `new Float64Array(n)`, `Array.from`, `Float64Array.of`. */

import { ts } from 'ts-morph';

import { atIndex, real } from '../../graph/build.ts';
import type { ArrayType, Container, Value } from '../../graph/types.ts';
import { isClosure, type Reading } from '../context.ts';
import { nameFor, short } from '../places.ts';
import { iterated } from '../array-copies.ts';
import { appendAll, copyArray, forIndices } from '../arrays.ts';
import { changesBy } from '../callback-changes.ts';
import { argumentsOf } from '../calls.ts';
import { classOf, readInstance } from '../classes.ts';
import { checkGlobal } from '../fence/check.ts';
import { rowOfGlobal } from '../fence/library.ts';
import { inlineCall } from '../inline.ts';
import { elementOf } from '../types.ts';
import { itemOf, numberOf, valueOf } from './expression.ts';
import { loadIndex } from './access.ts';
import { isGlobal } from './names.ts';
import { partsOf } from './literals.ts';

const containers: ReadonlySet<string> = new Set([
  'Array',
  'Float64Array',
  'Float32Array',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
]);

export function readNew(r: Reading, node: ts.NewExpression): Value {
  const name = ts.isIdentifier(node.expression) ? node.expression.text : short(node.expression);
  if (containers.has(name)) return readStatic(r, node, name, 'new');
  if (ts.isIdentifier(node.expression) && isGlobal(r, node.expression) && rowOfGlobal(name) !== undefined) checkGlobal(r, node, name);
  const declaration = classOf(r, node.expression);
  if (declaration === undefined) return r.refuse(node, 'GG2029', { name });
  return readInstance(r, node, declaration, argumentsOf(r, node.arguments ?? []));
}

/** `new C(…)`, `C.of(…)` and `C.from(…)` of a container. */
export function readStatic(r: Reading, node: ts.NewExpression | ts.CallExpression, name: string, how: string): Value {
  if (!containers.has(name)) return r.refuse(node, 'GG2005', { callee: short(node.expression) });
  const type = typeOfArray(r, node, name as Container);
  const parameters = node.arguments ?? [];
  if (how === 'of') return ofElements(r, node, type, parameters);
  const [first, second] = parameters;
  if (how === 'new' && parameters.length === 1 && first !== undefined && ts.isSpreadElement(first)) {
    return r.refuse(first, 'GG2098', { text: short(first) });
  }
  if (how === 'new' && (first === undefined || parameters.length > 1)) {
    if (parameters.length > 1 && name !== 'Array') return r.refuse(node, 'GG2073', { text: short(node) });
    return ofElements(r, node, type, parameters);
  }
  if (first === undefined || (how !== 'new' && how !== 'from')) return r.refuse(node, 'GG2001', { construct: `\`${short(node.expression)}\``, hint: 'make the array with `new`, `from` or `of`' });
  if (how === 'from' && isLengthObject(first)) {
    return filled(r, node, type, numberOf(r, first.properties[0].initializer), second);
  }
  const value = (how === 'from' ? iterated(r, first) : undefined) ?? r.plain(valueOf(r, first));
  if (value.type.kind === 'array' || value.type.kind === 'tuple') return converted(r, node, type, value, second);
  if (how === 'from') return r.refuse(first, 'GG2046', { text: short(first) });
  const result = empty(r, type, r.number(value, first), node);
  r.sparse.set(result, node);
  return result;
}

function typeOfArray(r: Reading, node: ts.NewExpression | ts.CallExpression, container: Container): ArrayType {
  if (container !== 'Array') return { kind: 'array', container, element: elementOf(container) };
  const contextual = r.checker.getContextualType(node);
  for (const candidate of [r.checker.getTypeAtLocation(node), contextual]) {
    // Of `Array.from({ length: n }, () => [])` only the place knows what it will hold.
    if (candidate === undefined || /^any|\bnever\b/.test(r.checker.typeToString(candidate))) continue;
    const type = r.convert(candidate, node);
    if (type.kind === 'array') return type;
  }
  return { kind: 'array', container, element: real };
}

function ofElements(r: Reading, node: ts.Node, type: ArrayType, nodes: readonly ts.Expression[]): Value {
  if (nodes.some(ts.isSpreadElement)) {
    const all = appendAll(r, node, partsOf(r, nodes), type.element);
    return type.container === 'Array' ? all : converted(r, node, type, all, undefined);
  }
  const values = nodes.map((part) => valueOf(r, part));
  const result = r.builder.alloc(type, { kind: 'elements', values });
  for (const value of values) r.memory.hold(result, value);
  return result;
}

function empty(r: Reading, type: ArrayType, length: Value, node: ts.Node): Value {
  return r.builder.alloc(type, type.container === 'Array' ? { kind: 'holes', length } : { kind: 'zeros', length }, nameFor(node));
}

interface LengthObject extends ts.ObjectLiteralExpression {
  readonly properties: ts.NodeArray<ts.PropertyAssignment> & readonly [ts.PropertyAssignment];
}

/** `{ length: n }`. */
function isLengthObject(node: ts.Expression): node is LengthObject {
  if (!ts.isObjectLiteralExpression(node)) return false;
  const [property] = node.properties;
  return property !== undefined && ts.isPropertyAssignment(property) && property.name.getText() === 'length';
}

function filled(r: Reading, node: ts.Node, type: ArrayType, length: Value, callback: ts.Expression | undefined): Value {
  const result = empty(r, type, length, node);
  if (callback === undefined) return result;
  const f = itemOf(r, callback);
  if (!isClosure(f)) return r.refuse(callback, 'GG2004', { callee: short(callback) });
  forIndices(r, node, r.literal(0), length, (index) => {
    const item = inlineCall(r, node, f, [r.literal(undefined), index]);
    if (item === undefined || isClosure(item)) return r.refuse(callback, 'GG2048');
    r.memory.hold(result, item);
    r.builder.store(result, atIndex(index), item);
  });
  return result;
}

/** `Float64Array.from(a)`, `Array.from(a, f)`: a copy in another container. */
function converted(r: Reading, node: ts.Node, type: ArrayType, source: Value, callback: ts.Expression | undefined): Value {
  let from = source;
  if (callback === undefined && from.type.kind === 'array' && from.type.container === type.container) return copyArray(r, from, node);
  const f = callback && itemOf(r, callback);
  const changes = f !== undefined && isClosure(f) ? changesBy(r, f, from) : undefined;
  // Typed arrays take all elements first; `Array.from` goes on as long as there are some.
  if (changes?.writes && type.container !== 'Array') from = copyArray(r, from, node);
  else if (changes?.resizes) return r.refuse(node, 'GG2103', { text: short(node) });
  const length = from.type.kind === 'tuple' ? r.literal(from.type.elements.length) : r.builder.length(from);
  const result = empty(r, type, length, node);
  forIndices(r, node, r.literal(0), length, (index) => {
    const element = loadIndex(r, from, index, node);
    const item = f !== undefined && isClosure(f) ? inlineCall(r, node, f, [element, index]) : element;
    if (item === undefined || isClosure(item)) return r.refuse(node, 'GG2048');
    r.memory.hold(result, item);
    r.builder.store(result, atIndex(index), item);
  });
  return result;
}
