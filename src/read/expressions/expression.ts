/** Expressions, one function for each kind; operands are read from left to right into values. */

import { ts } from 'ts-morph';

import type { Value } from '../../graph/types.ts';
import { isClosure, type Item, type Reading } from '../context.ts';
import { short } from '../places.ts';
import { choose } from '../exits.ts';
import { readCall } from '../calls.ts';
import { refuseSyntax } from '../fence/check.ts';
import { Refusal } from '../refusal.ts';
import { readElement, readProperty } from './access.ts';
import { readCast } from './casts.ts';
import { readArrayLiteral, readObjectLiteral } from './literals.ts';
import { readName } from './names.ts';
import { readNew } from './new.ts';
import { readBinary, readPostfix, readPrefix } from './operators.ts';
import { readPattern, readTemplate } from './strings.ts';

/** Undefined for calls of functions that return nothing. */
export function evaluate(r: Reading, node: ts.Expression): Item | undefined {
  switch (node.kind) {
    case ts.SyntaxKind.NumericLiteral:
      return r.literal(Number((node as ts.NumericLiteral).text));
    case ts.SyntaxKind.StringLiteral:
    case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
      return r.literal((node as ts.StringLiteral).text);
    case ts.SyntaxKind.TrueKeyword:
      return r.literal(true);
    case ts.SyntaxKind.FalseKeyword:
      return r.literal(false);
    case ts.SyntaxKind.NullKeyword:
      return r.literal(null);
    case ts.SyntaxKind.Identifier:
      return readName(r, node as ts.Identifier);
    case ts.SyntaxKind.ParenthesizedExpression:
    case ts.SyntaxKind.SatisfiesExpression:
      return evaluate(r, (node as ts.ParenthesizedExpression).expression);
    case ts.SyntaxKind.AsExpression:
    case ts.SyntaxKind.TypeAssertionExpression:
      return readCast(r, node as ts.AsExpression);
    case ts.SyntaxKind.NonNullExpression: {
      const item = evaluate(r, (node as ts.NonNullExpression).expression);
      return item === undefined || isClosure(item) ? item : r.plain(item);
    }
    case ts.SyntaxKind.PrefixUnaryExpression:
      return readPrefix(r, node as ts.PrefixUnaryExpression);
    case ts.SyntaxKind.PostfixUnaryExpression:
      return readPostfix(r, node as ts.PostfixUnaryExpression);
    case ts.SyntaxKind.BinaryExpression:
      return readBinary(r, node as ts.BinaryExpression);
    case ts.SyntaxKind.ConditionalExpression:
      return readConditional(r, node as ts.ConditionalExpression);
    case ts.SyntaxKind.PropertyAccessExpression:
      return readProperty(r, node as ts.PropertyAccessExpression);
    case ts.SyntaxKind.ElementAccessExpression:
      return readElement(r, node as ts.ElementAccessExpression);
    case ts.SyntaxKind.ArrayLiteralExpression:
      return readArrayLiteral(r, node as ts.ArrayLiteralExpression);
    case ts.SyntaxKind.ObjectLiteralExpression:
      return readObjectLiteral(r, node as ts.ObjectLiteralExpression);
    case ts.SyntaxKind.CallExpression:
      return readCall(r, node as ts.CallExpression);
    case ts.SyntaxKind.NewExpression:
      return readNew(r, node as ts.NewExpression);
    case ts.SyntaxKind.TemplateExpression:
      return readTemplate(r, node as ts.TemplateExpression);
    case ts.SyntaxKind.ArrowFunction:
    case ts.SyntaxKind.FunctionExpression:
      return { kind: 'function', declaration: node as ts.ArrowFunction, frame: r.frame, ...(ts.isArrowFunction(node) && r.self && { self: r.self }) };
    case ts.SyntaxKind.VoidExpression:
      evaluate(r, (node as ts.VoidExpression).expression);
      return r.literal(undefined);
    case ts.SyntaxKind.ThisKeyword:
      return r.thisValue() ?? r.refuse(node, r.self === undefined ? 'GG2025' : 'GG2036');
    case ts.SyntaxKind.BigIntLiteral:
      return r.builder.carry([(node as ts.BigIntLiteral).text], { kind: 'opaque', text: 'bigint' });
    case ts.SyntaxKind.SuperKeyword:
      return r.refuse(node, 'GG2085');
    case ts.SyntaxKind.SpreadElement:
      return r.refuse(node, 'GG2063', { text: short(node) });
    case ts.SyntaxKind.OmittedExpression:
      return r.refuse(node.parent, 'GG2095');
    case ts.SyntaxKind.RegularExpressionLiteral:
      return readPattern(r, node as ts.RegularExpressionLiteral);
    case ts.SyntaxKind.TypeOfExpression:
      return r.refuse(node, 'GG2065', { text: short(node) });
    default:
      return refuseSyntax(r, node);
  }
}

/** The value of an expression that is no function. */
export function valueOf(r: Reading, node: ts.Expression): Value {
  const item = evaluate(r, node);
  if (item === undefined) return withoutValue(r, node);
  if (isClosure(item)) return r.refuse(node, 'GG2004', { callee: short(node) });
  return item;
}

/** Read as a number: of an optional its value, of a boolean 0 or 1. */
export function numberOf(r: Reading, node: ts.Expression): Value {
  return r.number(valueOf(r, node), node);
}

export function condition(r: Reading, node: ts.Expression): Value {
  return r.truth(valueOf(r, node));
}

function readConditional(r: Reading, node: ts.ConditionalExpression): Item {
  const test = condition(r, node.condition);
  return choose(r, node, test, () => itemOf(r, node.whenTrue), () => itemOf(r, node.whenFalse));
}

export function itemOf(r: Reading, node: ts.Expression): Item {
  return evaluate(r, node) ?? withoutValue(r, node);
}

/** The function may have a value that could not be read, which has been said there. */
function withoutValue(r: Reading, node: ts.Expression): never {
  if (r.diagnostics.length > 0) throw new Refusal('value');
  return r.refuse(node, 'GG2068', { text: short(node) });
}

