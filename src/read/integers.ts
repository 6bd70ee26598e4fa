/** Which variables hold proved integers, by every assignment to them. */

import { ts } from 'ts-morph';

import { isClosure, type Reading } from './context.ts';
import { withoutWrappers } from './facts.ts';

/** Assumes the best of a variable whose proof is under way: `i = i + 1` is an integer if `i` begins as one. */
export function isIntegerVariable(r: Reading, symbol: ts.Symbol, open: ReadonlySet<ts.Symbol> = new Set()): boolean {
  if (open.has(symbol)) return true;
  const inner = new Set([...open, symbol]);
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return false;
  if (!isIntegerExpression(r, declaration.initializer, inner)) return false;
  return r.facts.assignmentsOf(symbol).every((assigned) => {
    if (assigned.kind !== 'expression') return assigned.kind === 'step';
    return operators.has(assigned.operator) && isIntegerExpression(r, assigned.expression, inner);
  });
}

const operators: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.PlusEqualsToken,
  ts.SyntaxKind.MinusEqualsToken,
]);

const closed: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
]);

const bitwise: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.BarToken,
  ts.SyntaxKind.AmpersandToken,
  ts.SyntaxKind.CaretToken,
  ts.SyntaxKind.LessThanLessThanToken,
  ts.SyntaxKind.GreaterThanGreaterThanToken,
  ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken,
]);

function isIntegerExpression(r: Reading, expression: ts.Expression, open: ReadonlySet<ts.Symbol>): boolean {
  const node = withoutWrappers(expression);
  if (ts.isNumericLiteral(node)) return Number.isSafeInteger(Number(node.text));
  if (ts.isPropertyAccessExpression(node)) {
    return node.name.text === 'length' && r.checker.isArrayLikeType(r.checker.getNonNullableType(r.checker.getTypeAtLocation(node.expression)));
  }
  if (ts.isIdentifier(node)) {
    const symbol = r.checker.getSymbolAtLocation(node);
    if (symbol === undefined) return false;
    const cell = r.cellOf(symbol);
    const item = cell && r.bindings.get(cell);
    if (cell !== undefined && !cell.mutable) return item !== undefined && !isClosure(item) && item.type.kind === 'integer';
    return isIntegerVariable(r, symbol, open);
  }
  if (ts.isConditionalExpression(node)) {
    return isIntegerExpression(r, node.whenTrue, open) && isIntegerExpression(r, node.whenFalse, open);
  }
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  if (bitwise.has(kind)) return true;
  return closed.has(kind) && isIntegerExpression(r, node.left, open) && isIntegerExpression(r, node.right, open);
}
