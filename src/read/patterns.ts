/** Destructuring: declarations and assignments, as a swap too. */

import { ts } from 'ts-morph';

import type { RecordType, Value } from '../graph/types.ts';
import { isClosure, type Item, type Reading } from './context.ts';
import { short } from './places.ts';
import { choose } from './exits.ts';
import { evaluate, valueOf } from './expressions/expression.ts';
import { loadField, loadIndex, place, type Place } from './expressions/access.ts';
import { spreadArray } from './arrays.ts';
import { isMathPattern } from './math.ts';
import { bindName } from './statements/variables.ts';

/** `const [a, b] = …`: elements of a literal are bound without making the array. */
export function bindPattern(r: Reading, pattern: ts.BindingPattern, initializer: ts.Expression): void {
  if (isMathPattern(r, pattern)) return;
  if (ts.isArrayBindingPattern(pattern) && ts.isArrayLiteralExpression(initializer) && isPlain(pattern, initializer)) {
    const items = initializer.elements.map((element) => evaluate(r, element));
    pattern.elements.forEach((element, i) => {
      if (!ts.isBindingElement(element)) return;
      const item = items[i];
      if (item === undefined) r.refuse(initializer, 'GG2068', { text: short(initializer.elements[i]!) });
      bindTo(r, element.name, item);
    });
    return;
  }
  bindTo(r, pattern, valueOf(r, initializer));
}

function isPlain(pattern: ts.ArrayBindingPattern, literal: ts.ArrayLiteralExpression): boolean {
  return (
    pattern.elements.length <= literal.elements.length &&
    literal.elements.every((element) => !ts.isSpreadElement(element)) &&
    pattern.elements.every((element) => ts.isOmittedExpression(element) || (!element.dotDotDotToken && !element.initializer))
  );
}

/** Binds the names of a pattern (or one name) to what `item` holds. */
export function bindTo(r: Reading, name: ts.BindingName, item: Item): void {
  if (ts.isIdentifier(name)) {
    const { parent } = name;
    const symbol =
      ts.isParameter(parent) && ts.isParameterPropertyDeclaration(parent, parent.parent)
        ? r.checker.getSymbolsOfParameterPropertyDeclaration(parent, name.text)[0]
        : r.checker.getSymbolAtLocation(name);
    if (symbol !== undefined) bindName(r, name, symbol, item);
    return;
  }
  if (isClosure(item)) return r.refuse(name, 'GG2059', { text: short(name) });
  const memory = r.plain(item);
  if (ts.isArrayBindingPattern(name)) {
    name.elements.forEach((element, i) => {
      if (!ts.isBindingElement(element)) return;
      if (element.dotDotDotToken) {
        bindTo(r, element.name, spreadArray(r, memory, name, r.literal(i)));
        return;
      }
      bindTo(r, element.name, element.initializer ? elementOr(r, memory, i, element.initializer) : loadIndex(r, memory, r.literal(i), element));
    });
    return;
  }
  const taken = new Set<string>();
  for (const element of name.elements) {
    if (element.dotDotDotToken) {
      bindTo(r, element.name, restOf(r, memory, taken, element));
      continue;
    }
    const key = element.propertyName ?? element.name;
    if (!ts.isIdentifier(key) && !ts.isStringLiteral(key)) return r.refuse(key, 'GG2054', { text: short(key) });
    taken.add(key.text);
    const own = r.functions.get(memory)?.get(key.text);
    if (own !== undefined) {
      bindTo(r, element.name, own);
      continue;
    }
    const loaded = loadField(r, memory, key.text, element);
    bindTo(r, element.name, element.initializer ? orDefault(r, loaded, element.initializer) : loaded);
  }
}

/** `value` where it is present, else what `initializer` gives. */
export function orDefault(r: Reading, value: Value, initializer: ts.Expression): Item {
  if (value.type.kind === 'opaque' && value.type.text === 'undefined') return itemOf(r, initializer);
  if (value.type.kind !== 'optional') return value;
  const present = r.builder.apply('present', [value]);
  return choose(r, initializer, present, () => r.plain(value), () => itemOf(r, initializer));
}

function itemOf(r: Reading, node: ts.Expression): Item {
  return evaluate(r, node) ?? r.refuse(node, 'GG2068', { text: short(node) });
}

/** `[a = e] = memory`: the default where the array is shorter, or the tuple has no such element. */
function elementOr(r: Reading, memory: Value, index: number, initializer: ts.Expression): Item {
  if (memory.type.kind === 'tuple') {
    if (index >= memory.type.elements.length) return itemOf(r, initializer);
    return orDefault(r, loadIndex(r, memory, r.literal(index), initializer), initializer);
  }
  if (memory.type.kind !== 'array') return loadIndex(r, memory, r.literal(index), initializer);
  const inside = r.builder.apply('lt', [r.literal(index), r.builder.length(memory)]);
  return choose(r, initializer, inside, () => loadIndex(r, memory, r.literal(index), initializer), () => itemOf(r, initializer));
}

function restOf(r: Reading, memory: Value, taken: ReadonlySet<string>, node: ts.Node): Value {
  if (memory.type.kind !== 'record') return r.refuse(node, 'GG2051', { text: short(node) });
  const fields = memory.type.fields.filter((field) => !taken.has(field.name));
  const values = fields.map((field) => loadField(r, memory, field.name, node));
  const type: RecordType = { kind: 'record', fields };
  return r.builder.alloc(type, { kind: 'fields', values });
}

/** `[a, b] = [b, a]` and the like: the right side is read first, then the targets from left to right. */
export function assignPattern(r: Reading, pattern: ts.ArrayLiteralExpression | ts.ObjectLiteralExpression, right: ts.Expression): void {
  if (
    ts.isArrayLiteralExpression(pattern) &&
    ts.isArrayLiteralExpression(right) &&
    pattern.elements.length <= right.elements.length &&
    [...pattern.elements, ...right.elements].every((element) => !ts.isSpreadElement(element)) &&
    pattern.elements.every((element) => !isAssignmentWithDefault(element))
  ) {
    const items = right.elements.map((element) => itemOf(r, element));
    pattern.elements.forEach((element, i) => {
      if (!ts.isOmittedExpression(element)) assignElement(r, element, items[i]!);
    });
    return;
  }
  assignElement(r, pattern, valueOf(r, right));
}

function isAssignmentWithDefault(node: ts.Node): node is ts.AssignmentExpression<ts.EqualsToken> {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

export function assignElement(r: Reading, target: ts.Expression, item: Item): void {
  if (!ts.isArrayLiteralExpression(target) && !ts.isObjectLiteralExpression(target)) {
    const spot: Place = place(r, target);
    spot.write(item);
    return;
  }
  if (isClosure(item)) return r.refuse(target, 'GG2059', { text: short(target) });
  const memory = r.plain(item);
  if (ts.isArrayLiteralExpression(target)) {
    target.elements.forEach((element, i) => {
      if (ts.isOmittedExpression(element)) return;
      if (ts.isSpreadElement(element)) assignElement(r, element.expression, spreadArray(r, memory, target, r.literal(i)));
      else if (ts.isBinaryExpression(element)) assignElement(r, element.left, elementOr(r, memory, i, element.right));
      else assignElement(r, element, loadIndex(r, memory, r.literal(i), element));
    });
    return;
  }
  for (const property of target.properties) {
    if (ts.isShorthandPropertyAssignment(property)) {
      const loaded = loadField(r, memory, property.name.text, property);
      const symbol = r.checker.getShorthandAssignmentValueSymbol(property);
      const cell = symbol && r.cellOf(symbol);
      if (cell === undefined) r.refuse(property, 'GG2056', { text: short(property) });
      r.assign(cell, property.objectAssignmentInitializer ? orDefault(r, loaded, property.objectAssignmentInitializer) : loaded);
    } else if (ts.isPropertyAssignment(property) && ts.isIdentifier(property.name)) {
      const loaded = loadField(r, memory, property.name.text, property);
      const { initializer } = property;
      if (isAssignmentWithDefault(initializer)) assignElement(r, initializer.left, orDefault(r, loaded, initializer.right));
      else assignElement(r, initializer, loaded);
    } else {
      r.refuse(property, 'GG2056', { text: short(property) });
    }
  }
}



