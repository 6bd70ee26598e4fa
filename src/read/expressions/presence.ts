/** Whether a value is there: tests for `undefined` and `null`, and elements that may lie outside of their array. */

import { ts } from 'ts-morph';

import { boolean } from '../../graph/build.ts';
import type { Value } from '../../graph/types.ts';
import type { Item, Reading } from '../context.ts';
import { short } from '../places.ts';
import { choose } from '../exits.ts';
import { withoutWrappers } from '../facts.ts';
import { isEmptyText, isReference } from '../types.ts';
import { loadIndex } from './access.ts';

/** `value != null`. What the types call a number may be an element outside of its array. */
export function isPresent(r: Reading, value: Value, node: ts.Expression): Value {
  if (isEmptyText(value.type)) return r.literal(false);
  if (value.type.kind === 'optional') return r.builder.apply('present', [value]);
  if (!mayBeAbsent(node)) return r.literal(true);
  if (isUncheckedElement(r, withoutWrappers(node))) {
    return r.refuse(node, 'GG2072', { text: short(node) });
  }
  if (isReference(value.type)) return r.builder.apply('present', [value]);
  // Asked once, of the value as it was loaded: workspaces hold numbers only.
  return r.builder.carry([value, ' != null'], boolean, { effect: value.type.kind !== 'opaque' });
}

/** Whether tests for presence are of use: arithmetic and literals always give a value. */
export function mayBeAbsent(expression: ts.Expression): boolean {
  const node = withoutWrappers(expression);
  return ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isCallExpression(node);
}

/** `value === undefined` (or `null`), where the value may be the other of the two. */
export function isAbsent(r: Reading, value: Value, node: ts.Expression, which: 'undefined' | 'null'): Value {
  if (isEmptyText(value.type)) return r.literal((value.type.kind === 'opaque' && value.type.text) === which);
  if (value.type.kind === 'opaque') return r.builder.apply('eq', [value, r.literal(which === 'null' ? null : undefined)]);
  const other = which === 'null' ? ts.TypeFlags.Undefined | ts.TypeFlags.Void : ts.TypeFlags.Null;
  const isMeant = value.type.kind === 'optional' ? !includes(r, node, other) && includes(r, node, which === 'null' ? ts.TypeFlags.Null : ts.TypeFlags.Undefined | ts.TypeFlags.Void) : which === 'undefined';
  if (isMeant) return r.builder.apply('not', [isPresent(r, value, node)]);
  return r.builder.carry([value, ` === ${which}`], boolean, { effect: value.type.kind !== 'optional' });
}

/** A variable that was declared as an element whose type does not say that it may be absent: its adjoint has no place then. */
function isUncheckedElement(r: Reading, node: ts.Expression): boolean {
  const declaration = ts.isIdentifier(node) ? r.checker.getSymbolAtLocation(node)?.valueDeclaration : undefined;
  if (declaration === undefined) return false;
  if (ts.isBindingElement(declaration)) return ts.isArrayBindingPattern(declaration.parent);
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return false;
  return ts.isElementAccessExpression(withoutWrappers(declaration.initializer));
}

/** `a[i]` where the types say that it may be absent: loaded only where it is there. */
export function elementIfThere(r: Reading, memory: Value, index: Value, node: ts.Node, absent?: () => Item): Item {
  const otherwise = absent ?? (() => r.literal(undefined));
  const known = r.builder.literalOf(index);
  if (memory.type.kind === 'tuple' && typeof known === 'number') {
    if (memory.type.elements[known] === undefined) return otherwise();
    const element = loadIndex(r, memory, index, node);
    if (element.type.kind !== 'optional' || absent === undefined) return element;
    return choose(r, node, r.builder.apply('present', [element]), () => r.plain(element), absent);
  }
  const load = (): Item => {
    const value = loadIndex(r, memory, index, node);
    const { type } = memory;
    // Nobody has left out elements of a parameter; a local array may have holes.
    if (type.kind !== 'array' || type.container !== 'Array' || r.memory.isForeign(memory)) return value;
    const test = isReference(value.type) ? r.builder.apply('present', [value]) : r.builder.carry([value, ' !== undefined'], boolean, { effect: true });
    return choose(r, node, test, () => value, otherwise);
  };
  return choose(r, node, isInside(r, memory, index), load, otherwise);
}

function isInside(r: Reading, memory: Value, index: Value): Value {
  const b = r.builder;
  const below = b.apply('lt', [index, memory.type.kind === 'tuple' ? r.literal(memory.type.elements.length) : b.length(memory)]);
  const inside = isNatural(r, index) ? below : b.apply('and', [b.apply('ge', [index, r.literal(0)]), below]);
  return index.type.kind === 'integer' ? inside : b.apply('and', [inside, b.apply('eq', [b.apply('floor', [index]), index])]);
}

function isNatural(r: Reading, index: Value): boolean {
  const literal = r.builder.literalOf(index);
  if (typeof literal === 'number') return literal >= 0;
  if (r.natural.has(index)) return true;
  const node = r.builder.nodes.findLast((other) => other.kind === 'apply' && other.result === index);
  return node?.kind === 'apply' && node.op === 'add' && node.operands.every((operand) => isNatural(r, operand));
}

/** Whether the types say that the element at `node` may be absent, and nothing around it says otherwise. */
export function isDoubted(r: Reading, node: ts.Expression): boolean {
  if (!includes(r, node, ts.TypeFlags.Undefined)) return false;
  let outer = node.parent;
  while (ts.isParenthesizedExpression(outer) || ts.isSatisfiesExpression(outer)) outer = outer.parent;
  return !ts.isNonNullExpression(outer) && !ts.isAsExpression(outer);
}

function includes(r: Reading, node: ts.Expression, flags: ts.TypeFlags): boolean {
  const type = r.checker.getTypeAtLocation(node);
  return type.isUnion() ? type.types.some((part) => (part.flags & flags) !== 0) : (type.flags & flags) !== 0;
}
