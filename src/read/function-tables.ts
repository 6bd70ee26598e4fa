/** Objects of functions at the top of a module: `const activations = { tanh: Math.tanh, relu: (v: number) => Math.max(0, v) };`. */

import { ts } from 'ts-morph';

import type { Value } from '../graph/types.ts';
import { isClosure, type Closure, type Reading } from './context.ts';
import { itemOf } from './expressions/expression.ts';
import { readObjectLiteral } from './expressions/literals.ts';
import { isImportable, moduleFrame, readName, resolve } from './expressions/names.ts';
import { withoutWrappers } from './facts.ts';
import { isLiteral } from './module-literals.ts';
import { short } from './places.ts';

/** `activations.tanh`; undefined where the object is no such table, or the member no function. Refused where it may be another one later. */
export function memberOfTable(r: Reading, node: ts.PropertyAccessExpression): Closure | undefined {
  const table = tableOf(r, node.expression);
  const property = table?.literal.properties.find((one) => one.name !== undefined && ts.isIdentifier(one.name) && one.name.text === node.name.text);
  const member = property && functionOf(r, property);
  if (member !== undefined && !table!.isSteady) return r.refuse(node, 'GG2105', { table: short(node.expression), member: short(node) });
  return member;
}

/** The table itself, as an object of the function that is read: its functions, and numbers beside them. */
export function tableAt(r: Reading, node: ts.Expression): Value | undefined {
  const table = tableOf(r, node);
  if (table === undefined || !table.isSteady) return undefined;
  const functions = table.literal.properties.filter((property) => functionOf(r, property) !== undefined);
  const isConstant = (property: ts.ObjectLiteralElementLike): boolean => ts.isPropertyAssignment(property) && !isReference(r, property.initializer) && isLiteral(r, property.initializer);
  if (functions.length === 0 || !table.literal.properties.every((property) => functions.includes(property) || isConstant(property))) return undefined;
  const { frame, self } = r;
  Object.assign(r, { frame: moduleFrame, self: undefined });
  const value = readObjectLiteral(r, table.literal);
  Object.assign(r, { frame, self });
  return value;
}

function isReference(r: Reading, node: ts.Expression): boolean {
  return (r.checker.getTypeAtLocation(node).flags & ts.TypeFlags.Object) !== 0;
}

function functionOf(r: Reading, property: ts.ObjectLiteralElementLike): Closure | undefined {
  if (ts.isMethodDeclaration(property)) return asksForThis(property) ? undefined : { kind: 'function', declaration: property, frame: moduleFrame };
  if (ts.isShorthandPropertyAssignment(property)) return isFunction(r, property.name) ? closureOf(readName(r, property.name)) : undefined;
  if (!ts.isPropertyAssignment(property)) return undefined;
  const value = withoutWrappers(property.initializer);
  if (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) return asksForThis(value) ? undefined : { kind: 'function', declaration: value, frame: moduleFrame };
  if (!ts.isIdentifier(value) && !ts.isPropertyAccessExpression(value)) return undefined;
  return isFunction(r, value) ? closureOf(itemOf(r, value)) : undefined;
}

function closureOf(item: ReturnType<typeof itemOf>): Closure | undefined {
  return isClosure(item) ? item : undefined;
}

function isFunction(r: Reading, node: ts.Node): boolean {
  return r.checker.getTypeAtLocation(node).getCallSignatures().length > 0;
}

function asksForThis(node: ts.Node): boolean {
  return node.kind === ts.SyntaxKind.ThisKeyword || (ts.forEachChild(node, (child) => asksForThis(child) || undefined) ?? false);
}

interface Table {
  readonly literal: ts.ObjectLiteralExpression;
  /** Whether its members are certainly those that it was made with. */
  readonly isSteady: boolean;
}

/** The literal that a constant of a module stands for. */
function tableOf(r: Reading, expression: ts.Expression): Table | undefined {
  const node = withoutWrappers(expression);
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  const found = ts.isIdentifier(name) ? r.checker.getSymbolAtLocation(name) : undefined;
  if (found === undefined || r.cellOf(found) !== undefined) return undefined;
  const symbol = resolve(r, found);
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || !ts.isSourceFile(declaration.parent.parent.parent)) return undefined;
  if ((ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) === 0 || declaration.initializer === undefined) return undefined;
  const { literal, isFixed } = literalOf(declaration.initializer);
  if (literal === undefined || !literal.properties.every(hasName)) return undefined;
  const isSteady = isFixed || (!isImportable(r, symbol) && isOnlyAsked(r, symbol, declaration.getSourceFile()) && !asksForThis(literal));
  return { literal, isSteady };
}

/** Without `as const`, `satisfies …` and `Object.freeze(…)`. `isFixed`: nobody can put another function there. */
function literalOf(initializer: ts.Expression): { readonly literal?: ts.ObjectLiteralExpression; readonly isFixed: boolean } {
  const isConst = /\bas const\b/.test(initializer.getText().slice(initializer.getText().lastIndexOf('}')));
  const node = withoutWrappers(initializer);
  if (ts.isObjectLiteralExpression(node)) return { literal: node, isFixed: isConst };
  const [frozen] = ts.isCallExpression(node) && node.expression.getText() === 'Object.freeze' ? node.arguments : [];
  const inner = frozen && withoutWrappers(frozen);
  return inner !== undefined && ts.isObjectLiteralExpression(inner) ? { literal: inner, isFixed: true } : { isFixed: false };
}

function hasName(property: ts.ObjectLiteralElementLike): boolean {
  return !ts.isSpreadAssignment(property) && !ts.isAccessor(property) && ts.isIdentifier(property.name);
}

/** Symbols belong to one program. */
const answers = new WeakMap<ts.Symbol, boolean>();

/** Whether the file names the table only to call what is in it, or to hand that on. */
function isOnlyAsked(r: Reading, symbol: ts.Symbol, file: ts.SourceFile): boolean {
  const known = answers.get(symbol);
  if (known !== undefined) return known;
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && r.checker.getSymbolAtLocation(node) === symbol && !isAsked(node)) return false;
    return ts.forEachChild(node, (child) => (visit(child) ? undefined : true)) === undefined;
  };
  const answer = visit(file);
  answers.set(symbol, answer);
  return answer;
}

function isAsked(node: ts.Identifier): boolean {
  const { parent: access } = node;
  if (ts.isTypeQueryNode(access)) return true;
  if (ts.isVariableDeclaration(access)) return access.name === node || ts.isObjectBindingPattern(access.name);
  if (!(ts.isPropertyAccessExpression(access) || ts.isElementAccessExpression(access)) || access.expression !== node) return false;
  const { parent: use } = access;
  if (ts.isVariableDeclaration(use)) return use.initializer === access;
  return ts.isCallExpression(use) || ts.isConditionalExpression(use) || ts.isReturnStatement(use);
}
