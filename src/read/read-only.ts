/** Whether the text of a program only reads what a name refers to. */

import { ts } from 'ts-morph';

import type { Reading } from './context.ts';
import { isAssignment, isStep, withoutWrappers } from './facts.ts';
import { isReference, typeOf } from './types.ts';

type Body = ts.SignatureDeclaration & { readonly body?: ts.Node | undefined };

/** Nothing in `scope` writes to what the variable holds, passes it on to who may, or gives it another name. */
export function isOnlyRead(r: Reading, symbol: ts.Symbol, scope: ts.Node, open: readonly ts.Symbol[] = [symbol]): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && node !== nameOf(symbol) && symbolAt(r, node) === symbol && !isRead(r, node, open)) return false;
    return ts.forEachChild(node, (child) => (visit(child) ? undefined : true)) === undefined;
  };
  return visit(scope);
}

/** Whether a call of the function leaves the memory of the argument as it is, and keeps no reference to it. */
export function readsOnly(r: Reading, declaration: Body, index: number, open: readonly ts.Symbol[] = []): boolean {
  const parameter = declaration.parameters[index];
  if (declaration.body === undefined || parameter === undefined || !ts.isIdentifier(parameter.name)) return false;
  const symbol = r.checker.getSymbolAtLocation(parameter.name);
  if (symbol === undefined) return false;
  return open.includes(symbol) || isOnlyRead(r, symbol, declaration.body, [...open, symbol]);
}

function symbolAt(r: Reading, node: ts.Identifier): ts.Symbol | undefined {
  if (ts.isShorthandPropertyAssignment(node.parent)) return r.checker.getShorthandAssignmentValueSymbol(node.parent);
  return r.checker.getSymbolAtLocation(node);
}

function nameOf(symbol: ts.Symbol): ts.Node | undefined {
  const declaration = symbol.valueDeclaration;
  return declaration !== undefined && ts.isVariableDeclaration(declaration) ? declaration.name : undefined;
}

/** `name.length`, `name[i]`, `…of name`, `typeof name` in a type, and any use of a number or string inside. */
function isRead(r: Reading, node: ts.Expression, open: readonly ts.Symbol[]): boolean {
  const { parent } = node;
  const type = typeOf(r.checker, r.checker.getTypeAtLocation(node));
  const isFunction = r.checker.getTypeAtLocation(node).getCallSignatures().length > 0;
  if (typeof type !== 'string' && !isReference(type) && !isFunction) return !isTarget(node);
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) return isRead(r, parent, open);
  if (ts.isElementAccessExpression(parent) && parent.expression === node) return isRead(r, parent, open);
  if (ts.isNonNullExpression(parent) || ts.isParenthesizedExpression(parent)) return isRead(r, parent, open);
  if (ts.isCallExpression(parent)) {
    if (parent.expression === node) return ts.isPropertyAccessExpression(node) && readingMethods.has(node.name.text);
    return isReadByCallee(r, parent, node, open);
  }
  if (ts.isForOfStatement(parent)) return parent.expression === node && yieldsNumbers(type);
  return ts.isSpreadElement(parent) ? yieldsNumbers(type) : ts.isTypeQueryNode(parent);
}

/** Elements that are references would go on under another name. */
function yieldsNumbers(type: ReturnType<typeof typeOf>): boolean {
  return typeof type !== 'string' && type.kind === 'array' && !isReference(type.element);
}

function isReadByCallee(r: Reading, call: ts.CallExpression, argument: ts.Node, open: readonly ts.Symbol[]): boolean {
  const callee = withoutWrappers(call.expression);
  const symbol = ts.isIdentifier(callee) ? r.checker.getSymbolAtLocation(callee) : undefined;
  if (symbol === undefined || call.arguments.some(ts.isSpreadElement)) return false;
  const target = symbol.flags & ts.SymbolFlags.Alias ? r.checker.getAliasedSymbol(symbol) : symbol;
  const declaration = target.valueDeclaration;
  if (declaration === undefined || !ts.isFunctionDeclaration(declaration)) return false;
  return readsOnly(r, declaration, call.arguments.findIndex((other) => other === argument), open);
}

/** Whether the expression, or an element or field of it, is assigned to or changed by a method of its own. */
export function isWritten(node: ts.Node): boolean {
  const { parent } = node;
  if (!ts.isPropertyAccessExpression(parent) && !ts.isElementAccessExpression(parent) && !ts.isNonNullExpression(parent)) return false;
  if (parent.expression !== node) return false;
  if (isTarget(parent) || isWritten(parent)) return true;
  return ts.isPropertyAccessExpression(parent) && ts.isCallExpression(parent.parent) && writingMethods.has(parent.name.text);
}

const writingMethods: ReadonlySet<string> = new Set(['copyWithin', 'fill', 'pop', 'push', 'reverse', 'set', 'shift', 'sort', 'splice', 'unshift']);

const readingMethods: ReadonlySet<string> = new Set(['at', 'concat', 'every', 'filter', 'forEach', 'includes', 'indexOf', 'map', 'reduce', 'slice', 'some']);

function isTarget(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return parent.left === node && isAssignment(parent.operatorToken.kind);
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) return isStep(parent.operator);
  return ts.isNonNullExpression(parent) && isTarget(parent);
}
