/**
 * Whether `a.pop()` certainly finds an element, as the text around it says:
 *
 *     while (a.length > 1) { const x = a.pop()!; const y = a.pop()!; … }
 *
 * An array that has no other name is followed through the statements: a local variable that is made by a literal, `new`
 * or a copy, that no other function knows, and of which nothing but elements, the length and methods are used. Of any
 * other array the test must come directly before: no call, and no assignment to the variable, lies between.
 */

import { ts } from 'ts-morph';

import type { Reading } from './context.ts';
import { isAssignment, isStep, withoutWrappers } from './facts.ts';

export function certainlyHasElement(r: Reading, call: ts.CallExpression): boolean {
  const callee = withoutWrappers(call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? withoutWrappers(callee.expression) : undefined;
  const symbol = name && ts.isIdentifier(name) ? r.checker.getSymbolAtLocation(name) : undefined;
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined) return false;
  const home = functionAround(declaration);
  if (home === undefined || functionAround(call) !== home) return false;
  const uses = usesOf(r, symbol, home).filter((use) => use.parent !== declaration);
  const isAlone = ts.isVariableDeclaration(declaration) && isFresh(declaration.initializer) && uses.every((use) => isPlainUse(use) && functionAround(use) === home);
  // What another name takes off is not counted, so nothing but the call itself may take anything.
  const taking = isAlone ? { uses: uses.filter(shrinks), most: Number.POSITIVE_INFINITY } : { uses: changesIn(home, symbol.name), most: 1 };
  return isProved(r, symbol, call, declaration, taking);
}

/** What `=`, `+=`, `++` and the like write to. */
function targetOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return isStep(node.operator) ? node.operand : undefined;
  return ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind) ? node.left : undefined;
}

interface Taking {
  readonly uses: readonly ts.Node[];
  readonly most: number;
}

/** Whatever may change some array's length, or which array the variable holds. */
function changesIn(home: ts.Node, name: string): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    const text = targetOf(node)?.getText() ?? '';
    const isLengthOrName = text.endsWith('.length') || text.split(/\W+/).includes(name);
    if (ts.isCallExpression(node) || ts.isNewExpression(node) || isLengthOrName) found.push(node);
    node.forEachChild(visit);
  };
  visit(home);
  return found;
}

/** Goes outwards from the call to what says how many elements there are at least, and counts what may have been taken since. */
function isProved(r: Reading, symbol: ts.Symbol, call: ts.Node, declaration: ts.Declaration, taking: Taking): boolean {
  const suffices = (atLeast: number, from: number): boolean => {
    const taken = taking.uses.filter((use) => use.pos >= from && use.end <= call.end);
    return taken.length <= Math.min(atLeast, taking.most) && !taken.some((use) => isRepeated(use, from));
  };
  for (let [inner, outer]: [ts.Node, ts.Node] = [call, call.parent]; !ts.isFunctionLike(outer); [inner, outer] = [outer, outer.parent]) {
    const test = testBefore(inner, outer);
    if (test !== undefined && suffices(leastLength(r, symbol, test, true), test.end)) return true;
    if (ts.isIterationStatement(outer, false)) return false;
    if (!ts.isBlock(outer)) continue;
    for (const statement of outer.statements.slice(0, outer.statements.indexOf(inner as ts.Statement))) {
      if (ts.isVariableDeclaration(declaration) && declaration.parent.parent === statement && suffices(lengthOfLiteral(declaration.initializer), statement.end)) return true;
      if (ts.isIfStatement(statement) && jumpsAway(statement.thenStatement) && suffices(leastLength(r, symbol, statement.expression, false), statement.end)) return true;
    }
  }
  return false;
}

/** What holds wherever `inner` is reached through `outer`. */
function testBefore(inner: ts.Node, outer: ts.Node): ts.Expression | undefined {
  if (ts.isWhileStatement(outer) && inner === outer.statement) return outer.expression;
  if (ts.isForStatement(outer) && inner === outer.statement) return outer.condition;
  if (ts.isIfStatement(outer) && inner === outer.thenStatement) return outer.expression;
  if (ts.isConditionalExpression(outer) && inner === outer.whenTrue) return outer.condition;
  const isAnd = ts.isBinaryExpression(outer) && outer.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
  return isAnd && inner === outer.right ? outer.left : undefined;
}

function jumpsAway(node: ts.Statement): boolean {
  const last = ts.isBlock(node) ? node.statements.at(-1) : node;
  return last !== undefined && (ts.isReturnStatement(last) || ts.isBreakOrContinueStatement(last) || ts.isThrowStatement(last));
}

/** Inside of a loop that began behind `from`. */
function isRepeated(use: ts.Node, from: number): boolean {
  for (let node = use.parent; node.pos >= from; node = node.parent) {
    if (ts.isIterationStatement(node, false)) return true;
  }
  return false;
}

/** How many elements there are at least where the test holds, or where it does not. */
function leastLength(r: Reading, symbol: ts.Symbol, test: ts.Expression, holds: boolean): number {
  const node = withoutWrappers(test);
  if (isLength(r, symbol, node)) return holds ? 1 : 0;
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) return leastLength(r, symbol, node.operand, !holds);
  if (!ts.isBinaryExpression(node)) return 0;
  const { left, right, operatorToken } = node;
  const both = holds ? ts.SyntaxKind.AmpersandAmpersandToken : ts.SyntaxKind.BarBarToken;
  if (operatorToken.kind === both) return Math.max(leastLength(r, symbol, left, holds), leastLength(r, symbol, right, holds));
  const flipped = isLength(r, symbol, withoutWrappers(right));
  const bound = withoutWrappers(flipped ? left : right);
  if (!ts.isNumericLiteral(bound) || (!flipped && !isLength(r, symbol, withoutWrappers(left)))) return 0;
  const n = Number(bound.text);
  switch (operatorToken.kind) {
    case flipped ? ts.SyntaxKind.LessThanToken : ts.SyntaxKind.GreaterThanToken:
      return holds ? Math.floor(n) + 1 : 0;
    case flipped ? ts.SyntaxKind.LessThanEqualsToken : ts.SyntaxKind.GreaterThanEqualsToken:
      return holds ? Math.ceil(n) : 0;
    case flipped ? ts.SyntaxKind.GreaterThanToken : ts.SyntaxKind.LessThanToken:
      return holds ? 0 : Math.ceil(n);
    case flipped ? ts.SyntaxKind.GreaterThanEqualsToken : ts.SyntaxKind.LessThanEqualsToken:
      return holds ? 0 : Math.floor(n) + 1;
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
      return holds ? n : n === 0 ? 1 : 0;
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return holds ? (n === 0 ? 1 : 0) : n;
    default:
      return 0;
  }
}

function isLength(r: Reading, symbol: ts.Symbol, node: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(node) && node.name.text === 'length' && r.checker.getSymbolAtLocation(node.expression) === symbol;
}

function lengthOfLiteral(node: ts.Expression | undefined): number {
  return node !== undefined && ts.isArrayLiteralExpression(node) ? node.elements.filter((element) => !ts.isSpreadElement(element)).length : 0;
}

/** Nobody else has the array that the expression makes. */
function isFresh(initializer: ts.Expression | undefined): boolean {
  const node = initializer && withoutWrappers(initializer);
  if (node === undefined) return false;
  if (ts.isArrayLiteralExpression(node) || ts.isNewExpression(node)) return true;
  return ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && /^(?:slice|map|filter|from|of|concat|flat|flatMap)$/.test(node.expression.name.text);
}

function usesOf(r: Reading, symbol: ts.Symbol, scope: ts.Node): readonly ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && r.checker.getSymbolAtLocation(node) === symbol) found.push(node);
    if (ts.isShorthandPropertyAssignment(node) && r.checker.getShorthandAssignmentValueSymbol(node) === symbol) found.push(node.name);
    node.forEachChild(visit);
  };
  visit(scope);
  return found;
}

/** `a[i]`, `a.length`, `a.push(…)`, `for (… of a)`: nothing by which the array gets another name. */
function isPlainUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isElementAccessExpression(parent)) return parent.expression === node;
  if (ts.isForOfStatement(parent)) return parent.expression === node;
  if (ts.isSpreadElement(parent)) return true;
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== node) return false;
  const { text } = parent.name;
  if (/^(?:fill|reverse|copyWithin)$/.test(text)) return ts.isExpressionStatement(parent.parent.parent);
  if (!ts.isCallExpression(parent.parent)) return true;
  // A callback gets the array as its last argument.
  return parent.parent.arguments.every((argument) => !isFunction(argument) || argument.parameters.length < 3);
}

function isFunction(node: ts.Expression): node is ts.ArrowFunction {
  return ts.isArrowFunction(node);
}

function shrinks(node: ts.Identifier): boolean {
  const { parent } = node;
  if (!ts.isPropertyAccessExpression(parent)) return false;
  const { text } = parent.name;
  if (text === 'length') return targetOf(parent.parent) === parent;
  return text === 'pop' || text === 'shift' || text === 'splice';
}

function functionAround(node: ts.Node): ts.Node | undefined {
  return ts.findAncestor(node.parent, ts.isFunctionLike);
}
