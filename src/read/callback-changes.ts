/**
 * What a callback may do to the array that is walked through meanwhile: `a.find((e) => a.pop()! > e)`; and what stands behind a spread to
 * what is spread: `[...a, a.pop()!]`. Asked of the text, before it is read, and of all functions that it names.
 */

import { ts } from 'ts-morph';

import type { Value } from '../graph/types.ts';
import type { Closure, Reading } from './context.ts';
import { isAssignment, isStep } from './facts.ts';
import { reachedFrom } from './recursion.ts';

export interface Changes {
  /** Some element or field gets another value, or some array another length. */
  readonly writes: boolean;
  /** Some array becomes longer or shorter. */
  readonly resizes: boolean;
  /** Elements are taken off some array. */
  readonly shrinks: boolean;
}

const none: Changes = { writes: false, resizes: false, shrinks: false };
const shrinking = new Set(['pop', 'shift', 'splice']);
const resizing = new Set([...shrinking, 'push', 'unshift']);
const writing = new Set([...resizing, 'fill', 'set', 'copyWithin', 'reverse', 'sort']);

/** Nothing where the array is not to be written at all, as arguments of the differentiated function. */
export function changesBy(r: Reading, { declaration }: Closure, walked: Value): Changes {
  if (declaration.body === undefined || r.memory.isForeign(walked)) return none;
  return changesOf(r.checker, declaration);
}

/** Whether a function only reads, as do all that it names; constructors may write to what they make. */
export function isOnlyReading(r: Reading, declaration: ts.Node): boolean {
  const isQuiet = (part: ts.Node): boolean => !changesIn(r.checker, part).writes;
  return [declaration, ...reachedFrom(r.checker, declaration)].every((part) => (ts.isClassDeclaration(part) ? partsOfMaking(part) : [part]).every(isQuiet));
}

/** What the making of an object evaluates, without the assignments to its own fields. */
function partsOfMaking(declaration: ts.ClassDeclaration): readonly ts.Node[] {
  return declaration.members.flatMap((member): readonly ts.Node[] => {
    if (ts.isPropertyDeclaration(member)) return member.initializer ? [member.initializer] : [];
    return ts.isConstructorDeclaration(member) ? (member.body?.statements ?? []).map((statement) => assignedToField(statement) ?? statement) : [];
  });
}

/** `e` of `this.name = e;`. */
function assignedToField(statement: ts.Statement): ts.Expression | undefined {
  if (!ts.isExpressionStatement(statement)) return undefined;
  const { expression } = statement;
  if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  const { left, right } = expression;
  return ts.isPropertyAccessExpression(left) && left.expression.kind === ts.SyntaxKind.ThisKeyword ? right : undefined;
}

/** Whether what lies in `memory` may be another when the expressions have been evaluated. */
export function mayWrite(r: Reading, expressions: readonly ts.Expression[], memory: Value): boolean {
  if (r.memory.isForeign(memory)) return false;
  // A function that is only handed over is not called yet.
  const evaluated = expressions.filter((expression) => r.checker.getTypeAtLocation(expression).getCallSignatures().length === 0);
  return evaluated.some((expression) => changesOf(r.checker, expression).writes);
}

/** Of the code itself, and of all functions that it names. */
function changesOf(checker: ts.TypeChecker, node: ts.Node): Changes {
  const found = [node, ...reachedFrom(checker, node)].map((part) => changesIn(checker, part));
  return { writes: found.some(({ writes }) => writes), resizes: found.some(({ resizes }) => resizes), shrinks: found.some(({ shrinks }) => shrinks) };
}

const known = new WeakMap<ts.Node, Changes>();

function changesIn(checker: ts.TypeChecker, body: ts.Node): Changes {
  const before = known.get(body);
  if (before !== undefined) return before;
  let changes = none;
  const add = (shrinks: boolean, resizes = shrinks): void => void (changes = { writes: true, resizes: changes.resizes || resizes, shrinks: changes.shrinks || shrinks });
  const visit = (node: ts.Node): void => {
    const target = targetOf(node);
    if (target !== undefined && holdsPlace(target)) add(holdsLength(target));
    if (ts.isCallExpression(node)) {
      const { expression } = node;
      if (ts.isPropertyAccessExpression(expression) && writing.has(expression.name.text)) add(shrinking.has(expression.name.text), resizing.has(expression.name.text));
      if (isUnknown(checker, node)) add(true);
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  known.set(body, changes);
  return changes;
}

/** What an assignment or a step changes. */
function targetOf(node: ts.Node): ts.Node | undefined {
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) return node.left;
  if (ts.isPostfixUnaryExpression(node) || (ts.isPrefixUnaryExpression(node) && isStep(node.operator))) return node.operand;
  return undefined;
}

function holdsPlace(node: ts.Node): boolean {
  if (ts.isElementAccessExpression(node) || ts.isPropertyAccessExpression(node)) return true;
  return ts.forEachChild(node, (child) => holdsPlace(child) || undefined) ?? false;
}

function holdsLength(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'length') return true;
  return ts.forEachChild(node, (child) => holdsLength(child) || undefined) ?? false;
}

/** A function that came as an argument may be any. */
function isUnknown(checker: ts.TypeChecker, node: ts.CallExpression): boolean {
  if (!ts.isIdentifier(node.expression)) return false;
  const declaration = checker.getSymbolAtLocation(node.expression)?.valueDeclaration;
  return declaration !== undefined && (ts.isParameter(declaration) || ts.isBindingElement(declaration));
}
