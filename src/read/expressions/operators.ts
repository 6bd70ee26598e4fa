/** Unary, binary and logical operators, and assignments as values. */

import { ts } from 'ts-morph';

import { boolean } from '../../graph/build.ts';
import type { Primitive } from '../../graph/primitives.ts';
import type { Value } from '../../graph/types.ts';
import { isClosure, type Item, type Reading } from '../context.ts';
import { short } from '../places.ts';
import { choose } from '../exits.ts';
import { isAssignment, withoutWrappers } from '../facts.ts';
import { refuseSyntax } from '../fence/check.ts';
import { assignElement } from '../patterns.ts';
import { isEmptyText, isReference, typeOf } from '../types.ts';
import { place } from './access.ts';
import { condition, evaluate, itemOf, numberOf, valueOf } from './expression.ts';
import { elementIfThere, isAbsent, isPresent, mayBeAbsent } from './presence.ts';
import { concatenate, isBigint, isText } from './strings.ts';

const arithmetic = new Map<ts.SyntaxKind, Primitive>([
  [ts.SyntaxKind.PlusToken, 'add'],
  [ts.SyntaxKind.MinusToken, 'sub'],
  [ts.SyntaxKind.AsteriskToken, 'mul'],
  [ts.SyntaxKind.SlashToken, 'div'],
  [ts.SyntaxKind.PercentToken, 'rem'],
  [ts.SyntaxKind.AsteriskAsteriskToken, 'pow'],
  [ts.SyntaxKind.AmpersandToken, 'bitAnd'],
  [ts.SyntaxKind.BarToken, 'bitOr'],
  [ts.SyntaxKind.CaretToken, 'bitXor'],
  [ts.SyntaxKind.LessThanLessThanToken, 'shiftLeft'],
  [ts.SyntaxKind.GreaterThanGreaterThanToken, 'shiftRight'],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken, 'shiftRightUnsigned'],
]);

const compound = new Map<ts.SyntaxKind, Primitive>([
  [ts.SyntaxKind.PlusEqualsToken, 'add'],
  [ts.SyntaxKind.MinusEqualsToken, 'sub'],
  [ts.SyntaxKind.AsteriskEqualsToken, 'mul'],
  [ts.SyntaxKind.SlashEqualsToken, 'div'],
  [ts.SyntaxKind.PercentEqualsToken, 'rem'],
  [ts.SyntaxKind.AsteriskAsteriskEqualsToken, 'pow'],
  [ts.SyntaxKind.AmpersandEqualsToken, 'bitAnd'],
  [ts.SyntaxKind.BarEqualsToken, 'bitOr'],
  [ts.SyntaxKind.CaretEqualsToken, 'bitXor'],
  [ts.SyntaxKind.LessThanLessThanEqualsToken, 'shiftLeft'],
  [ts.SyntaxKind.GreaterThanGreaterThanEqualsToken, 'shiftRight'],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken, 'shiftRightUnsigned'],
]);

const comparisons = new Map<ts.SyntaxKind, Primitive>([
  [ts.SyntaxKind.LessThanToken, 'lt'],
  [ts.SyntaxKind.LessThanEqualsToken, 'le'],
  [ts.SyntaxKind.GreaterThanToken, 'gt'],
  [ts.SyntaxKind.GreaterThanEqualsToken, 'ge'],
]);

export function readPrefix(r: Reading, node: ts.PrefixUnaryExpression): Item {
  switch (node.operator) {
    case ts.SyntaxKind.PlusToken: {
      const value = r.plain(valueOf(r, node.operand));
      return isText(value) ? r.refuse(node, 'GG2018', { text: short(node) }) : r.number(value, node.operand);
    }
    case ts.SyntaxKind.MinusToken: {
      if (ts.isNumericLiteral(node.operand)) return r.literal(-Number(node.operand.text));
      return r.builder.apply('neg', [numberOf(r, node.operand)]);
    }
    case ts.SyntaxKind.ExclamationToken:
      return r.builder.apply('not', [r.truth(valueOf(r, node.operand))]);
    case ts.SyntaxKind.TildeToken:
      return r.builder.apply('bitNot', [numberOf(r, node.operand)]);
    default:
      return step(r, node.operand, node.operator).after;
  }
}

export function readPostfix(r: Reading, node: ts.PostfixUnaryExpression): Item {
  return step(r, node.operand, node.operator).before;
}

function step(r: Reading, operand: ts.Expression, operator: ts.SyntaxKind): { before: Value; after: Value } {
  const spot = place(r, operand);
  const before = r.number(r.plain(asValue(r, spot.read(), operand)), operand);
  const after = r.builder.apply(operator === ts.SyntaxKind.PlusPlusToken ? 'add' : 'sub', [before, r.literal(1)]);
  return { before, after: (spot.write(after) ?? after) as Value };
}

function asValue(r: Reading, item: Item, node: ts.Node): Value {
  return isClosure(item) ? r.refuse(node, 'GG2004', { callee: short(node) }) : item;
}

export function readBinary(r: Reading, node: ts.BinaryExpression): Item | undefined {
  const { kind } = node.operatorToken;
  if (isAssignment(kind)) return readAssignment(r, node, kind);
  if (kind === ts.SyntaxKind.CommaToken) {
    evaluate(r, node.left);
    return evaluate(r, node.right);
  }
  const op = arithmetic.get(kind);
  if (op !== undefined) {
    const [left, right] = sides(r, node);
    if (isBigint(left) && isBigint(right)) return r.builder.carry([left, ` ${node.operatorToken.getText()} `, right], left.type);
    if (op === 'add' && (isText(left) || isText(right))) return concatenate(r, [left, right], node);
    return r.builder.apply(op, [r.number(left, node.left), r.number(right, node.right)]);
  }
  const comparison = comparisons.get(kind);
  if (comparison !== undefined) {
    const [left, right] = sides(r, node);
    return r.builder.apply(comparison, [left, right]);
  }
  switch (kind) {
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsToken:
      return equality(r, node, false, kind === ts.SyntaxKind.EqualsEqualsToken);
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
      return equality(r, node, true, kind === ts.SyntaxKind.ExclamationEqualsToken);
    case ts.SyntaxKind.QuestionQuestionToken: {
      const left = withoutWrappers(node.left);
      const memory = ts.isElementAccessExpression(left) && isArrayOfPresent(r, left) ? r.plain(valueOf(r, left.expression)) : undefined;
      if (memory !== undefined) {
        const index = numberOf(r, (left as ts.ElementAccessExpression).argumentExpression);
        return elementIfThere(r, memory, index, left, () => itemOf(r, node.right));
      }
      return shortCircuit(r, node, itemOf(r, node.left), kind, () => itemOf(r, node.right));
    }
    case ts.SyntaxKind.BarBarToken: {
      const left = withoutWrappers(node.left);
      const holds = ts.isBinaryExpression(left) && isGuarded(r, left) ? condition(r, left.left) : undefined;
      if (holds === undefined) return shortCircuit(r, node, itemOf(r, node.left), kind, () => itemOf(r, node.right));
      const guarded = (left as ts.BinaryExpression).right;
      return choose(r, node, holds, () => shortCircuit(r, node, itemOf(r, guarded), kind, () => itemOf(r, node.right)), () => itemOf(r, node.right));
    }
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return shortCircuit(r, node, itemOf(r, node.left), kind, () => itemOf(r, node.right));
    default:
      return refuseSyntax(r, node.operatorToken);
  }
}

function sides(r: Reading, { left, right }: ts.BinaryExpression): [Value, Value] {
  return r.each([left, right], (side) => r.plain(valueOf(r, side))) as [Value, Value];
}

function equality(r: Reading, node: ts.BinaryExpression, negated: boolean, loose: boolean): Value {
  const b = r.builder;
  const opposite = (equal: Value): Value => (negated ? b.apply('not', [equal]) : equal);
  const typeTest = readTypeTest(r, node.left, node.right) ?? readTypeTest(r, node.right, node.left);
  if (typeTest !== undefined) return opposite(typeTest);
  const left = valueOf(r, node.left);
  const right = valueOf(r, node.right);
  if (isEmptyText(left.type) || isEmptyText(right.type)) {
    const [other, absent, source] = isEmptyText(right.type) ? [left, right, node.left] : [right, left, node.right];
    const equal = loose ? b.apply('not', [isPresent(r, other, source)]) : isAbsent(r, other, source, textOf(absent) === 'null' ? 'null' : 'undefined');
    return opposite(equal);
  }
  if (loose && !isStrictAnyway(r, node)) {
    return r.refuse(node, 'GG2071', { text: short(node), instead: negated ? '!==' : '===' });
  }
  if (left.type.kind === 'optional' || right.type.kind === 'optional') {
    return b.carry([left, negated ? ' !== ' : ' === ', right], boolean);
  }
  return b.apply(negated ? 'ne' : 'eq', [left, right]);
}

/** An element of an array whose elements are there, if they lie inside. */
function isArrayOfPresent(r: Reading, node: ts.ElementAccessExpression): boolean {
  if (node.questionDotToken !== undefined) return false;
  const type = typeOf(r.checker, r.checker.getTypeAtLocation(node.expression));
  return typeof type !== 'string' && type.kind === 'array' && type.element.kind !== 'optional' && type.element.kind !== 'opaque';
}

function textOf(value: Value): string {
  return value.type.kind === 'opaque' ? value.type.text : '';
}

/** `typeof v === 'number'`; undefined where it is no such test. */
function readTypeTest(r: Reading, test: ts.Expression, name: ts.Expression): Value | undefined {
  const left = withoutWrappers(test);
  if (!ts.isTypeOfExpression(left) || !ts.isStringLiteralLike(name)) return undefined;
  const item = itemOf(r, left.expression);
  if (isClosure(item)) return r.literal(name.text === 'function');
  return r.builder.carry(['typeof ', item, ` === '${name.text}'`], boolean, { effect: !isReference(item.type) && item.type.kind !== 'opaque' });
}

/** Numbers with numbers, strings with strings, booleans with booleans, and at most one of them may be absent. */
function isStrictAnyway(r: Reading, node: ts.BinaryExpression): boolean {
  const kinds = [ts.TypeFlags.NumberLike, ts.TypeFlags.StringLike, ts.TypeFlags.BooleanLike];
  const types = [node.left, node.right].map((side) => r.checker.getTypeAtLocation(side));
  const plain = types.map((type) => r.checker.getNonNullableType(type));
  const parts = plain.flatMap((type) => (type.isUnion() ? type.types : [type]));
  if (types.every((type, i) => type !== plain[i])) return false;
  return kinds.some((kind) => parts.every((part) => (part.flags & kind) !== 0));
}

/** `&&`, `||` and `??` as values: the right side is read in the arm where it runs. */
function shortCircuit(r: Reading, node: ts.BinaryExpression, left: Item, kind: ts.SyntaxKind, right: () => Item): Item {
  const value = asValue(r, left, node);
  const { left: source } = node;
  const b = r.builder;
  if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.QuestionQuestionEqualsToken) {
    if (isEmptyText(value.type)) return right();
    if (value.type.kind !== 'optional' && !mayBeAbsent(source)) return value;
    return choose(r, node, isPresent(r, value, source), () => r.plain(value), right);
  }
  const isAnd = kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.AmpersandAmpersandEqualsToken;
  const test = r.truth(value);
  if (value.type.kind === 'boolean') {
    const shortcut = pureRight(r, right);
    if (shortcut !== undefined) return b.apply(isAnd ? 'and' : 'or', [value, shortcut]);
  }
  const kept = (): Item => (isAnd ? value : r.plain(value));
  return isAnd ? choose(r, node, test, () => meant(r, node, value, right()), kept) : choose(r, node, test, kept, right);
}

/** `flag && x` as a condition: only whether both hold is of interest where the types differ. */
function meant(r: Reading, node: ts.BinaryExpression, left: Value, right: Item): Item {
  if (isClosure(right) || left.type.kind !== 'boolean' || right.type.kind === 'boolean') return right;
  if (isCondition(node)) return r.truth(right);
  return r.refuse(node, 'GG2097', { text: short(node) });
}

/** Nobody asks for more than whether it holds. */
function isCondition(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return isCondition(parent);
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent) || ts.isExpressionStatement(parent)) return true;
  if (ts.isForStatement(parent)) return true;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  if (ts.isCallExpression(parent)) return parent.expression.getText() === 'Boolean';
  if (!ts.isBinaryExpression(parent)) return false;
  const { kind } = parent.operatorToken;
  if (kind === ts.SyntaxKind.CommaToken && parent.left === node) return true;
  const isLogical = kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.CommaToken;
  return isLogical && isCondition(parent);
}

/** `flag && x`, where the two are unlike and more than a condition is asked for. */
function isGuarded(r: Reading, node: ts.BinaryExpression): boolean {
  if (node.operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken || isCondition(node)) return false;
  const [left, right] = [node.left, node.right].map((side) => typeOf(r.checker, r.checker.getTypeAtLocation(side)));
  return typeof left === 'object' && left.kind === 'boolean' && typeof right === 'object' && right.kind !== 'boolean';
}

/** The right side, where it only compares numbers that are there anyway; else nothing is left of reading it. */
function pureRight(r: Reading, right: () => Item): Value | undefined {
  const bindings = new Map(r.bindings);
  const arm = r.within(() => {
    const item = right();
    return { item, assigned: [...r.bindings].some(([cell, bound]) => bindings.has(cell) && bindings.get(cell) !== bound) };
  });
  const { item, assigned } = arm.value;
  if (assigned || isClosure(item) || item.type.kind !== 'boolean') return undefined;
  const isPure = arm.builder.nodes.every((other) => other.kind === 'literal' || (other.kind === 'apply' && other.op !== 'unwrap'));
  if (!isPure || arm.builder.nodes.length > 6) return undefined;
  for (const other of arm.builder.nodes) r.builder.push(other);
  return item;
}

function readAssignment(r: Reading, node: ts.BinaryExpression, kind: ts.SyntaxKind): Item | undefined {
  const left = withoutWrappers(node.left);
  if (kind === ts.SyntaxKind.EqualsToken) {
    if (ts.isArrayLiteralExpression(left) || ts.isObjectLiteralExpression(left)) {
      const value = valueOf(r, node.right);
      assignElement(r, left, value);
      return value;
    }
    const spot = place(r, left);
    const item = itemOf(r, node.right);
    return spot.write(item) ?? item;
  }
  const spot = place(r, left);
  const before = spot.read();
  const op = compound.get(kind);
  if (op !== undefined) {
    const a = r.plain(asValue(r, before, left));
    const b = r.plain(valueOf(r, node.right));
    const after =
      op === 'add' && (isText(a) || isText(b))
        ? concatenate(r, [a, b], node)
        : r.builder.apply(op, [r.number(a, left), r.number(b, node.right)]);
    return spot.write(after) ?? after;
  }
  const after = shortCircuit(r, node, before, kind, () => {
    const item = itemOf(r, node.right);
    return spot.write(item) ?? item;
  });
  // The variable keeps what it has in the other arm; only its type may be known better now.
  if (ts.isIdentifier(left)) spot.write(after);
  return after;
}

