/** Literals of arrays, tuples and objects. */

import { ts } from 'ts-morph';

import { real } from '../../graph/build.ts';
import type { ArrayType, Field, RecordType, TupleType, Type, Value } from '../../graph/types.ts';
import { isClosure, type Closure, type Item, type Reading } from '../context.ts';
import { short } from '../places.ts';
import { iterated } from '../array-copies.ts';
import { appendAll, copyArray, spreadArray } from '../arrays.ts';
import { mayWrite } from '../callback-changes.ts';
import { joinTypes, stored, typeOf } from '../types.ts';
import { loadIndex } from './access.ts';
import { itemOf, valueOf } from './expression.ts';
import { spreadInto } from './spread.ts';

/** What the place wants, where it says so, else what the literal is. */
function wanted(r: Reading, node: ts.Expression): Type | undefined {
  const contextual = isSpread(node) ? undefined : r.checker.getContextualType(node);
  for (const type of [contextual, wantedElement(r, node), r.checker.getTypeAtLocation(node)]) {
    if (type === undefined) continue;
    const converted = typeOf(r.checker, type);
    if (typeof converted === 'string') continue;
    const plain = converted.kind === 'optional' ? converted.of : converted;
    if (plain.kind === 'array' && !isKnown(plain)) continue;
    if (plain.kind === 'array' || plain.kind === 'tuple' || plain.kind === 'record') return plain;
  }
  return undefined;
}

/** `...node` in an object: it has the fields that it says, not all that the object wants. */
function isSpread(node: ts.Expression): boolean {
  let part: ts.Node = node;
  while (ts.isParenthesizedExpression(part.parent) || ts.isConditionalExpression(part.parent) || ts.isBinaryExpression(part.parent)) part = part.parent;
  return ts.isSpreadAssignment(part.parent);
}

/** Of what the callback of `map` or `Array.from` returns: an element of what the call's place wants. Of `[]` the call's own type says nothing. */
function wantedElement(r: Reading, node: ts.Expression): ts.Type | undefined {
  let body: ts.Node = node.parent;
  while (ts.isParenthesizedExpression(body)) body = body.parent;
  const callback = ts.isReturnStatement(body) ? body.parent.parent : body;
  if (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback)) return undefined;
  const call = callback.parent;
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return undefined;
  const { text } = call.expression.name;
  const whole = text === 'map' || text === 'from' ? r.checker.getContextualType(call) : undefined;
  return whole && r.checker.getIndexTypeOfType(whole, ts.IndexKind.Number);
}

export function readArrayLiteral(r: Reading, node: ts.ArrayLiteralExpression): Value {
  const type = wanted(r, node);
  if (node.elements.some(ts.isSpreadElement)) return readSpread(r, node, type);
  const values = r.each(node.elements, (element) => {
    const item = itemOf(r, element);
    return isClosure(item) ? r.refuse(element, 'GG2004', { callee: element.getText() }) : item;
  });
  const result: Value =
    type?.kind === 'tuple'
      ? r.builder.alloc(tupleOf(type, values), { kind: 'elements', values: [...values, ...absentFrom(r, type, values.length)] })
      : r.builder.alloc(
          { kind: 'array', container: 'Array', element: elementOf(r, node, type, values) },
          { kind: 'elements', values },
        );
  for (const value of values) r.memory.hold(result, value);
  return result;
}

function tupleOf(type: TupleType, values: readonly Value[]): TupleType {
  if (type.elements.slice(values.length).every((element) => element.kind === 'optional')) return type;
  return { kind: 'tuple', elements: type.elements.slice(0, values.length) };
}

/** The optional elements that a literal leaves out. */
function absentFrom(r: Reading, type: TupleType, from: number): readonly Value[] {
  const rest = type.elements.slice(from);
  return rest.every((element) => element.kind === 'optional') ? rest.map((element) => r.builder.literal(undefined, element)) : [];
}

function elementOf(r: Reading, node: ts.Node, type: Type | undefined, values: readonly Value[]): Type {
  if (type?.kind === 'array' && type.element.kind !== 'opaque') return type.element;
  const [first, ...others] = values;
  if (first === undefined) return isKnown(type) ? type.element : (evolvedElement(r, node.parent) ?? real);
  let element = stored(first.type);
  for (const other of others) {
    element = joinTypes(element, other.type) ?? r.refuse(node, 'GG2050', { text: short(node) });
  }
  return stored(element);
}

/** The type of an array that says what is in it; `[]` alone says nothing. */
function isKnown(type: Type | undefined): type is ArrayType {
  return type?.kind === 'array' && !(type.element.kind === 'opaque' && type.element.text === 'never');
}

/** `const a = []`: where it is used, the compiler knows what was stored. */
function evolvedElement(r: Reading, node: ts.Node): Type | undefined {
  if (!ts.isVariableDeclaration(node)) return undefined;
  const symbol = r.checker.getSymbolAtLocation(node.name);
  let found: Type | undefined;
  const visit = (part: ts.Node): void => {
    if (ts.isIdentifier(part) && r.checker.getSymbolAtLocation(part) === symbol) {
      const type = typeOf(r.checker, r.checker.getTypeAtLocation(part));
      if (typeof type !== 'string' && isKnown(type)) found = type.element;
    }
    part.forEachChild(visit);
  };
  visit(node.parent.parent.parent);
  return found;
}

/** `[a, ...b, c]`: one copy where it is only `[...b]`, else elements are appended in order; a tuple where tuples are spread into one. */
function readSpread(r: Reading, node: ts.ArrayLiteralExpression, type: Type | undefined): Value {
  const [first] = node.elements;
  const isTuple = (parts: readonly ListPart[]): boolean => parts.every(({ spread, value }) => !spread || value.type.kind === 'tuple');
  if (node.elements.length === 1 && first !== undefined && ts.isSpreadElement(first)) {
    const made = iterated(r, first.expression);
    if (made !== undefined) return made;
    const part = { spread: true, value: r.plain(valueOf(r, first.expression)) };
    return type?.kind === 'tuple' && isTuple([part]) ? tupleOfParts(r, node, type, [part]) : spreadArray(r, part.value, node);
  }
  const parts = partsOf(r, node.elements);
  if (type?.kind === 'tuple' && isTuple(parts)) return tupleOfParts(r, node, type, parts);
  const known = parts.map(({ spread, value }) => (spread && value.type.kind === 'array' ? value.type.element : value.type));
  const element = type?.kind === 'array' ? type.element : stored(known[0] ?? real);
  return appendAll(r, node, parts, element);
}

/** `[...a, b]` where a tuple is wanted, and tuples are spread. */
function tupleOfParts(r: Reading, node: ts.Node, type: TupleType, parts: readonly ListPart[]): Value {
  const values = parts.flatMap(({ spread, value }) =>
    spread && value.type.kind === 'tuple' ? value.type.elements.map((_element, i) => loadIndex(r, value, r.literal(i), node)) : [value],
  );
  const result = r.builder.alloc(tupleOf(type, values), { kind: 'elements', values: [...values, ...absentFrom(r, type, values.length)] });
  for (const value of values) r.memory.hold(result, value);
  return result;
}

export interface ListPart {
  readonly spread: boolean;
  readonly value: Value;
}

/** Elements, and arrays whose elements are spread: as they are when their turn comes, whatever those behind them do. */
export function partsOf(r: Reading, list: readonly ts.Expression[]): readonly ListPart[] {
  return list.map((element, i) => {
    const part = partOf(r, element);
    const isChanged = part.spread && mayWrite(r, list.slice(i + 1), part.value);
    return isChanged ? { spread: true, value: copyArray(r, part.value, element) } : part;
  });
}

/** An element, or the array whose elements are spread. */
export function partOf(r: Reading, element: ts.Expression): ListPart {
  if (!ts.isSpreadElement(element)) return { spread: false, value: valueOf(r, element) };
  return { spread: true, value: iterated(r, element.expression) ?? r.plain(valueOf(r, element.expression)) };
}

export function readObjectLiteral(r: Reading, node: ts.ObjectLiteralExpression): Value {
  const values = new Map<string, Value>();
  const functions = new Map<string, Closure>();
  const add = (name: string, item: Item): void => {
    values.delete(name);
    functions.delete(name);
    if (isClosure(item)) functions.set(name, item);
    else values.set(name, item);
  };
  const methods: ts.MethodDeclaration[] = [];
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      spreadInto(r, { get: (name) => values.get(name), add }, property.expression);
    } else if (ts.isPropertyAssignment(property)) {
      add(nameOf(r, property.name), itemOf(r, property.initializer));
    } else if (ts.isShorthandPropertyAssignment(property)) {
      add(property.name.text, itemOf(r, property.name));
    } else if (ts.isAccessor(property)) {
      return r.refuse(property, 'GG2019', { name: property.name.getText() });
    } else {
      methods.push(property);
    }
  }
  const standsFor = r.checker.getContextualType(node)?.symbol;
  if (functions.size + methods.length > 0 && standsFor !== undefined && standsFor.flags & ts.SymbolFlags.Class) {
    return r.refuse(node, 'GG2053', { name: standsFor.name });
  }
  const type = recordOf(functions.size > 0 || methods.length > 0 ? undefined : wanted(r, node), values);
  const fields = type.fields.map((field) => values.get(field.name) ?? r.builder.literal(undefined, field.type));
  const result = r.builder.alloc(type, { kind: 'fields', values: fields });
  for (const value of fields) r.memory.hold(result, value);
  for (const method of methods) {
    functions.set(nameOf(r, method.name), { kind: 'function', declaration: method, frame: r.frame });
  }
  if (functions.size > 0) r.functions.set(result, functions);
  return result;
}

function nameOf(r: Reading, name: ts.PropertyName): string {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name)
    ? name.text
    : r.refuse(name, 'GG2054', { text: short(name) });
}

/** The type that the place wants, if it has a field for each of the literal; else the literal's own. */
function recordOf(type: Type | undefined, values: ReadonlyMap<string, Value>): RecordType {
  if (type?.kind === 'record' && [...values.keys()].every((name) => type.fields.some((field) => field.name === name))) return type;
  const fields = [...values].map(([name, value]): Field => ({ name, type: stored(value.type) }));
  return { kind: 'record', fields };
}

