/** Which `for` is counted: integer start and step, a bound that does not change, a counter that nobody else assigns. */

import { ts } from 'ts-morph';

import { integer, newValue } from '../../graph/build.ts';
import type { Counter, Node, Value } from '../../graph/types.ts';
import { isClosure, type Cell, type Reading } from '../context.ts';
import { Refusal } from '../refusal.ts';
import { isAccessor } from '../expressions/access.ts';
import { valueOf } from '../expressions/expression.ts';
import { withoutWrappers } from '../facts.ts';

export interface Counted {
  readonly cell: Cell;
  readonly counter: Counter;
  readonly outlives: boolean;
  /** Arrays whose length the bound is made of. */
  readonly measured: readonly Value[];
}

type Test = Counter['test'];

const tests = new Map<ts.SyntaxKind, { test: Test; flipped: Test }>([
  [ts.SyntaxKind.LessThanToken, { test: '<', flipped: '>' }],
  [ts.SyntaxKind.LessThanEqualsToken, { test: '<=', flipped: '>=' }],
  [ts.SyntaxKind.GreaterThanToken, { test: '>', flipped: '<' }],
  [ts.SyntaxKind.GreaterThanEqualsToken, { test: '>=', flipped: '<=' }],
]);

/** Expects the initializer to have been read. Places the bound before the loop. */
export function counterOf(r: Reading, node: ts.ForStatement): Counted | undefined {
  const { condition, incrementor } = node;
  if (condition === undefined || incrementor === undefined) return undefined;
  const step = stepOf(r, incrementor);
  if (step === undefined) return undefined;
  const cell = r.cellOf(step.symbol);
  const from = cell && r.bindings.get(cell);
  if (cell === undefined || from === undefined || isClosure(from) || from.type.kind !== 'integer') return undefined;
  const written = r.facts.assignedWithin(node);
  if (r.facts.assignedWithin(node.statement).has(step.symbol) || r.facts.assignedWithin(condition).size > 0) return undefined;
  if (isAssignedInClosure(r, step.symbol)) return undefined;
  const bound = boundOf(r, withoutWrappers(condition), step.symbol);
  if (bound === undefined || (bound.test.startsWith('<') ? step.by <= 0 : step.by >= 0)) return undefined;
  if (!isInvariant(r, bound.expression, written)) return undefined;

  const kept = r.builder.nodes.length;
  const to = place(r, bound.expression, bound.less);
  const added = r.builder.nodes.slice(kept);
  if (to === undefined || !added.every((added) => isSteady(r, added))) {
    r.builder.nodes.length = kept;
    return undefined;
  }
  const measured = added.flatMap((other) => (other.kind === 'length' ? [other.memory] : []));
  const { initializer } = node;
  // A `var` of the head is one of the function.
  const isLocal = initializer !== undefined && ts.isVariableDeclarationList(initializer) && (initializer.flags & ts.NodeFlags.BlockScoped) !== 0;
  const inHead = isLocal && step.symbol.valueDeclaration?.parent === initializer;
  const counter: Counter = { variable: newValue(integer, cell.name), from, to, test: bound.test, step: step.by };
  return { cell, counter, outlives: !inHead, measured };
}

function place(r: Reading, expression: ts.Expression, less: number): Value | undefined {
  try {
    const value = r.plain(valueOf(r, expression));
    if (value.type.kind !== 'integer' && value.type.kind !== 'real') return undefined;
    if (less === 0) return value;
    if (value.type.kind !== 'integer') return undefined;
    return r.builder.apply(less > 0 ? 'sub' : 'add', [value, r.literal(Math.abs(less))]);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** The same whenever it is computed: no load from memory that the body may write. */
function isSteady(r: Reading, node: Node): boolean {
  if (node.kind === 'load') return r.memory.isForeign(node.memory);
  return node.kind === 'literal' || node.kind === 'apply' || node.kind === 'length' || (node.kind === 'carry' && !node.effect);
}

function isInvariant(r: Reading, expression: ts.Expression, written: ReadonlySet<ts.Symbol>): boolean {
  const node = withoutWrappers(expression);
  if (ts.isNumericLiteral(node)) return true;
  if (ts.isIdentifier(node)) {
    const symbol = r.checker.getSymbolAtLocation(node);
    return symbol !== undefined && !written.has(symbol) && !isAssignedInClosure(r, symbol);
  }
  if (ts.isPropertyAccessExpression(node)) return !isAccessor(r, node) && isInvariant(r, node.expression, written);
  if (ts.isElementAccessExpression(node)) {
    return isInvariant(r, node.expression, written) && isInvariant(r, node.argumentExpression, written);
  }
  if (ts.isPrefixUnaryExpression(node)) return isInvariant(r, node.operand, written);
  if (ts.isBinaryExpression(node)) return isInvariant(r, node.left, written) && isInvariant(r, node.right, written);
  if (ts.isCallExpression(node) && node.expression.getText().startsWith('Math.')) {
    return node.arguments.every((argument) => isInvariant(r, argument, written));
  }
  return false;
}

/** Assigned by another function than the one that declares it: a call in the body may do so. */
function isAssignedInClosure(r: Reading, symbol: ts.Symbol): boolean {
  const home = symbol.valueDeclaration && functionOf(symbol.valueDeclaration);
  return r.facts.sitesOf(symbol).some((site) => functionOf(site) !== home);
}

function functionOf(node: ts.Node): ts.Node | undefined {
  return ts.findAncestor(node.parent, (ancestor) => ts.isFunctionLike(ancestor));
}

/** `i++`, `i -= 2`, `i = i + 1`. */
function stepOf(r: Reading, expression: ts.Expression): { symbol: ts.Symbol; by: number } | undefined {
  const node = withoutWrappers(expression);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const by = node.operator === ts.SyntaxKind.PlusPlusToken ? 1 : node.operator === ts.SyntaxKind.MinusMinusToken ? -1 : 0;
    const symbol = ts.isIdentifier(node.operand) ? r.checker.getSymbolAtLocation(node.operand) : undefined;
    return by === 0 || symbol === undefined ? undefined : { symbol, by };
  }
  if (!ts.isBinaryExpression(node) || !ts.isIdentifier(node.left)) return undefined;
  const symbol = r.checker.getSymbolAtLocation(node.left);
  if (symbol === undefined) return undefined;
  const { right } = node;
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.PlusEqualsToken:
      return signed(symbol, right, 1);
    case ts.SyntaxKind.MinusEqualsToken:
      return signed(symbol, right, -1);
    case ts.SyntaxKind.EqualsToken: {
      if (!ts.isBinaryExpression(right) || !isNamed(r, right.left, symbol)) return undefined;
      if (right.operatorToken.kind === ts.SyntaxKind.PlusToken) return signed(symbol, right.right, 1);
      return right.operatorToken.kind === ts.SyntaxKind.MinusToken ? signed(symbol, right.right, -1) : undefined;
    }
    default:
      return undefined;
  }
}

function signed(symbol: ts.Symbol, node: ts.Expression, sign: number): { symbol: ts.Symbol; by: number } | undefined {
  if (!ts.isNumericLiteral(node)) return undefined;
  const by = Number(node.text) * sign;
  return Number.isSafeInteger(by) && by !== 0 ? { symbol, by } : undefined;
}

function isNamed(r: Reading, node: ts.Expression, symbol: ts.Symbol): boolean {
  return ts.isIdentifier(node) && r.checker.getSymbolAtLocation(node) === symbol;
}

/** `i < n`, `n > i`, `i + 1 < n` (as `i < n - 1`). */
function boundOf(r: Reading, node: ts.Expression, symbol: ts.Symbol): { test: Test; expression: ts.Expression; less: number } | undefined {
  if (!ts.isBinaryExpression(node)) return undefined;
  const forms = tests.get(node.operatorToken.kind);
  if (forms === undefined) return undefined;
  const left = offsetOf(r, node.left, symbol);
  if (left !== undefined) return { test: forms.test, expression: node.right, less: left };
  const right = offsetOf(r, node.right, symbol);
  return right === undefined ? undefined : { test: forms.flipped, expression: node.left, less: right };
}

/** `c` of `i + c`; undefined where the expression is no such sum. */
function offsetOf(r: Reading, expression: ts.Expression, symbol: ts.Symbol): number | undefined {
  const node = withoutWrappers(expression);
  if (isNamed(r, node, symbol)) return 0;
  if (!ts.isBinaryExpression(node) || !isNamed(r, node.left, symbol) || !ts.isNumericLiteral(node.right)) return undefined;
  const offset = Number(node.right.text);
  if (!Number.isSafeInteger(offset)) return undefined;
  if (node.operatorToken.kind === ts.SyntaxKind.PlusToken) return offset;
  return node.operatorToken.kind === ts.SyntaxKind.MinusToken ? -offset : undefined;
}
