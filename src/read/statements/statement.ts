/** Statements in order. `rest` reads what follows, so that an arm which goes on alone can take it along. */

import { ts } from 'ts-morph';

import { isClosure, type Outcome, type Reading, type Target } from '../context.ts';
import { short } from '../places.ts';
import { Refusal } from '../refusal.ts';
import { assignPattern } from '../patterns.ts';
import { declareClass } from '../classes.ts';
import { branch, end, jump, once } from '../exits.ts';
import { refuseSyntax } from '../fence/check.ts';
import { breakOf, contains, isSimple, ownerOf } from '../jumps.ts';
import { condition, evaluate, valueOf } from '../expressions/expression.ts';
import { readDo, readFor, readForIn, readForOf, readWhile } from './loops.ts';
import { readSwitch } from './switch.ts';
import { declareVariables } from './variables.ts';

export function readStatements(r: Reading, list: readonly ts.Statement[], rest: () => Outcome): Outcome {
  for (const statement of list) {
    if (!ts.isFunctionDeclaration(statement) || statement.name === undefined) continue;
    const symbol = r.checker.getSymbolAtLocation(statement.name);
    if (symbol !== undefined) r.declare(symbol, { kind: 'function', declaration: statement, frame: r.frame });
  }
  const from = (index: number): Outcome => {
    const statement = list[index];
    return statement === undefined ? rest() : readStatement(r, statement, () => from(index + 1));
  };
  return from(0);
}

/** A refused statement is reported and left out; what follows is read all the same. */
export function readStatement(r: Reading, node: ts.Statement, rest: () => Outcome): Outcome {
  const back = r.comeback();
  let reached = false;
  const onwards = (): Outcome => {
    reached = true;
    return rest();
  };
  try {
    r.at(node, headEnd(node));
    return read(r, node, onwards);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (reached) throw error;
    back();
    return rest();
  }
}

/** Comments quote the head of a compound statement. */
function headEnd(node: ts.Statement): number {
  if (ts.isIfStatement(node)) return node.thenStatement.getFullStart();
  if (ts.isForStatement(node) || ts.isForOfStatement(node) || ts.isForInStatement(node) || ts.isWhileStatement(node)) return node.statement.getFullStart();
  if (ts.isDoStatement(node)) return node.getStart() + 2;
  if (ts.isSwitchStatement(node)) return node.caseBlock.getFullStart();
  return node.end;
}

function read(r: Reading, node: ts.Statement, rest: () => Outcome): Outcome {
  switch (node.kind) {
    case ts.SyntaxKind.VariableStatement:
      declareVariables(r, (node as ts.VariableStatement).declarationList);
      return rest();
    case ts.SyntaxKind.ExpressionStatement:
      readEffect(r, (node as ts.ExpressionStatement).expression);
      return rest();
    case ts.SyntaxKind.Block:
      return readStatements(r, (node as ts.Block).statements, rest);
    case ts.SyntaxKind.IfStatement:
      return readIf(r, node as ts.IfStatement, rest);
    case ts.SyntaxKind.ForStatement:
      return readFor(r, node as ts.ForStatement, rest);
    case ts.SyntaxKind.ForOfStatement:
      return readForOf(r, node as ts.ForOfStatement, rest);
    case ts.SyntaxKind.ForInStatement:
      return readForIn(r, node as ts.ForInStatement, rest);
    case ts.SyntaxKind.WhileStatement:
      return readWhile(r, node as ts.WhileStatement, rest);
    case ts.SyntaxKind.DoStatement:
      return readDo(r, node as ts.DoStatement, rest);
    case ts.SyntaxKind.SwitchStatement:
      return readSwitch(r, node as ts.SwitchStatement, rest);
    case ts.SyntaxKind.ReturnStatement:
      return readReturn(r, node as ts.ReturnStatement);
    case ts.SyntaxKind.ThrowStatement:
      return end(r, { kind: 'throw', error: thrown(r, (node as ts.ThrowStatement).expression) });
    case ts.SyntaxKind.BreakStatement:
    case ts.SyntaxKind.ContinueStatement:
      return readJump(r, node as ts.BreakOrContinueStatement);
    case ts.SyntaxKind.LabeledStatement:
      return readLabeled(r, node as ts.LabeledStatement, rest);
    case ts.SyntaxKind.EmptyStatement:
    case ts.SyntaxKind.FunctionDeclaration:
    case ts.SyntaxKind.InterfaceDeclaration:
    case ts.SyntaxKind.TypeAliasDeclaration:
      return rest();
    case ts.SyntaxKind.ClassDeclaration:
      declareClass(r, node as ts.ClassDeclaration);
      return rest();
    case ts.SyntaxKind.TryStatement:
      return r.refuse(node, 'GG2008');
    case ts.SyntaxKind.WithStatement:
      return r.refuse(node, 'GG2011');
    default:
      return refuseSyntax(r, node);
  }
}

/** An expression for what it does. */
function readEffect(r: Reading, node: ts.Expression): void {
  const inner = ts.isParenthesizedExpression(node) ? node.expression : node;
  if (
    ts.isBinaryExpression(inner) &&
    inner.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    (ts.isArrayLiteralExpression(inner.left) || ts.isObjectLiteralExpression(inner.left))
  ) {
    assignPattern(r, inner.left, inner.right);
  } else {
    evaluate(r, inner);
  }
}

function readIf(r: Reading, node: ts.IfStatement, rest: () => Outcome): Outcome {
  const test = condition(r, node.expression);
  const around = r.regions.at(-1);
  const jumps = r.targets.some((target) => target.region === undefined && target.around === around && contains(node, jumpTo(target)));
  // Without jumps to a place that is no loop of the graph the arms meet, and the rest follows.
  const after = jumps ? rest : (): Outcome => 'next';
  const outcome = branch(
    r,
    node,
    test,
    () => readStatement(r, node.thenStatement, after),
    () => (node.elseStatement === undefined ? after() : readStatement(r, node.elseStatement, after)),
  );
  return jumps || outcome === 'dead' ? outcome : rest();
}

function jumpTo(target: Target) {
  return (node: ts.Node): boolean => {
    if (target.kind === 'return') return ts.isReturnStatement(node);
    const kind = target.kind === 'break' ? ts.SyntaxKind.BreakStatement : ts.SyntaxKind.ContinueStatement;
    return node.kind === kind && ownerOf(node as ts.BreakOrContinueStatement) === target.owner;
  };
}

function readReturn(r: Reading, node: ts.ReturnStatement): Outcome {
  const target = r.targets.find((candidate) => candidate.kind === 'return');
  if (target === undefined) return refuseSyntax(r, node);
  if (node.expression !== undefined) {
    const item = evaluate(r, node.expression);
    if (item !== undefined && target.result !== undefined) r.bindings.set(target.result, item);
  }
  return jump(r, target);
}

function readJump(r: Reading, node: ts.BreakOrContinueStatement): Outcome {
  const owner = ownerOf(node);
  const kind = ts.isBreakStatement(node) ? 'break' : 'continue';
  const target = r.targets.findLast((candidate) => candidate.kind === kind && candidate.owner === owner);
  return target === undefined ? refuseSyntax(r, node) : jump(r, target);
}

function readLabeled(r: Reading, node: ts.LabeledStatement, rest: () => Outcome): Outcome {
  const { statement } = node;
  if (ts.isIterationStatement(statement, false)) return read(r, statement, rest);
  if (!contains(statement, breakOf(node))) return readStatement(r, statement, rest);
  return within(r, { kind: 'break', owner: node }, [statement], breakOf(node), rest);
}

/** Reads statements whose end may be jumped to: as they are where the jumps are simple, else in a block that runs once. */
export function within(
  r: Reading,
  target: Pick<Target, 'kind' | 'owner' | 'result'>,
  statements: readonly ts.Statement[],
  isJump: (node: ts.Statement) => boolean,
  rest: () => Outcome,
): Outcome {
  const around = r.regions.at(-1);
  const { targets } = r;
  const others = targets.filter((other) => other.region === undefined && other.around === around);
  const simple =
    isSimple(statements, isJump) &&
    !others.some((other) => statements.some((statement) => contains(statement, jumpTo(other))));
  const body = (region: Target['region']): Outcome => {
    r.targets = [...targets, { ...target, region, around }];
    try {
      return readStatements(r, statements, () => 'next');
    } finally {
      r.targets = targets;
    }
  };
  if (!simple) return once(r, target.owner, body, rest, target.result);
  return body(undefined) === 'dead' ? 'dead' : rest();
}

function thrown(r: Reading, node: ts.Expression) {
  if (!ts.isNewExpression(node) || !ts.isIdentifier(node.expression)) return valueOf(r, node);
  const name = node.expression.text;
  const symbol = r.checker.getSymbolAtLocation(node.expression);
  if (symbol === undefined || !/[\\/]lib\.[\w.]+\.d\.ts$/.test(symbol.declarations?.[0]?.getSourceFile().fileName ?? '')) {
    return r.refuse(node, 'GG2083', { name });
  }
  const pieces: Parameters<typeof r.builder.carry>[0][number][] = [`new ${name}(`];
  (node.arguments ?? []).forEach((argument, i) => {
    if (i > 0) pieces.push(', ');
    const item = evaluate(r, argument);
    if (item === undefined || isClosure(item)) r.refuse(argument, 'GG2084', { text: short(argument) });
    else pieces.push(item);
  });
  return r.builder.carry([...pieces, ')'], { kind: 'opaque', text: name });
}
