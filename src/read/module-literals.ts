/** Module constants that a companion can have a copy of. */

import { ts } from 'ts-morph';

import type { Reading } from './context.ts';
import { isGlobal } from './expressions/names.ts';
import { isNumberOfLanguage } from './math.ts';
import { isReference, typeOf } from './types.ts';
import { isOnlyRead } from './read-only.ts';
import { structureOf } from './structure.ts';

type Copy = { readonly kind: 'copy'; readonly text: string; readonly type?: string };

/**
 * A copy that always has the value of the constant: it is a literal, and nothing writes to it. Of an exported array or
 * object only its type can tell that, because other modules have it too.
 */
export function copyOf(r: Reading, symbol: ts.Symbol, declaration: ts.Declaration, exported: boolean): Copy | undefined {
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined || !isLiteral(r, declaration.initializer)) return undefined;
  const { initializer } = declaration;
  const type = r.checker.getTypeOfSymbol(symbol);
  const converted = typeOf(r.checker, type);
  const text = textOf(initializer);
  if (typeof converted !== 'string' && !isReference(converted) && converted.kind !== 'opaque') return { kind: 'copy', text };
  if (ts.isStringLiteralLike(initializer)) return { kind: 'copy', text };
  if (!isOnlyRead(r, symbol, declaration.getSourceFile())) return undefined;
  if (exported && !isConstant(initializer) && !(declaration.type !== undefined && isReadonlyType(declaration.type))) return undefined;
  const hasOwnType = declaration.type !== undefined || text !== initializer.getText();
  return { kind: 'copy', text, ...(hasOwnType ? { type: structureOf(r.checker, type) } : {}) };
}

/** Of literals alone, of what the language calls by a name (`Infinity`, `Math.PI`), and of arithmetic on them. */
export function isLiteral(r: Reading, node: ts.Expression): boolean {
  if (ts.isNumericLiteral(node) || ts.isStringLiteralLike(node) || ts.isBigIntLiteral(node)) return true;
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword || node.kind === ts.SyntaxKind.NullKeyword) return true;
  if (ts.isIdentifier(node)) return /^(?:Infinity|NaN|undefined)$/.test(node.text) && isGlobal(r, node);
  if (ts.isPropertyAccessExpression(node)) return isNumberOfLanguage(r, node);
  if (ts.isPrefixUnaryExpression(node)) return isLiteral(r, node.operand);
  if (ts.isBinaryExpression(node)) return isArithmetic(node.operatorToken.kind) && isLiteral(r, node.left) && isLiteral(r, node.right);
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node)) return isLiteral(r, node.expression);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every((element) => isLiteral(r, element));
  if (!ts.isObjectLiteralExpression(node)) return false;
  return node.properties.every(
    (property) => ts.isPropertyAssignment(property) && !ts.isComputedPropertyName(property.name) && isLiteral(r, property.initializer),
  );
}

function isArithmetic(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.PlusToken ||
    kind === ts.SyntaxKind.MinusToken ||
    kind === ts.SyntaxKind.AsteriskToken ||
    kind === ts.SyntaxKind.SlashToken ||
    kind === ts.SyntaxKind.AsteriskAsteriskToken
  );
}

/** Without the types that it is said to have, whose names only its own module knows. */
function textOf(node: ts.Expression): string {
  const start = node.getStart();
  let text = node.getText();
  const visit = (part: ts.Node): void => {
    const isSaid = ts.isSatisfiesExpression(part) || (ts.isAsExpression(part) && !isConstant(part));
    if (isSaid) text = text.slice(0, part.expression.end - start) + text.slice(part.end - start);
    // From the end: what is cut off must not move what comes before.
    const children: ts.Node[] = [];
    part.forEachChild((child) => void children.push(child));
    for (const child of children.toReversed()) visit(child);
  };
  visit(node);
  return text;
}

/** `… as const`. */
function isConstant(node: ts.Expression): boolean {
  return ts.isAsExpression(node) && ts.isTypeReferenceNode(node.type) && node.type.getText() === 'const';
}

/** `readonly number[]`, with elements that nobody can write to either. */
function isReadonlyType(node: ts.TypeNode): boolean {
  if (ts.isParenthesizedTypeNode(node)) return isReadonlyType(node.type);
  if (!ts.isTypeOperatorNode(node)) return /^(?:number|string|boolean)$/.test(node.getText());
  if (node.operator !== ts.SyntaxKind.ReadonlyKeyword) return false;
  if (ts.isArrayTypeNode(node.type)) return isReadonlyType(node.type.elementType);
  return ts.isTupleTypeNode(node.type) && node.type.elements.every((element) => !ts.isNamedTupleMember(element) && isReadonlyType(element));
}
