/** Which jumps a statement contains, by its text alone. */

import { ts } from 'ts-morph';

/** Whether the jump `node` leads to the end of (or, `continue`, to the next round of) `owner`. */
export type JumpTest = (node: ts.Statement) => boolean;

export const isReturn: JumpTest = (node) => ts.isReturnStatement(node);

/** `continue` of the loop, wherever it is written. */
export function continueOf(loop: ts.Node): JumpTest {
  return (node) => ts.isContinueStatement(node) && ownerOf(node) === loop;
}

export function breakOf(owner: ts.Node): JumpTest {
  return (node) => ts.isBreakStatement(node) && ownerOf(node) === owner;
}

/** The loop, switch or labelled statement that a `break` or `continue` is about. */
export function ownerOf(jump: ts.BreakOrContinueStatement): ts.Node | undefined {
  for (let node = jump.parent; node !== undefined && !ts.isFunctionLike(node); node = node.parent) {
    if (jump.label === undefined) {
      if (isLoop(node) || (ts.isSwitchStatement(node) && ts.isBreakStatement(jump))) return node;
    } else if (ts.isLabeledStatement(node) && node.label.text === jump.label.text) {
      return isLoop(node.statement) ? node.statement : node;
    }
  }
  return undefined;
}

export function isLoop(node: ts.Node): node is ts.IterationStatement {
  return ts.isIterationStatement(node, false);
}

export function contains(node: ts.Node, isJump: JumpTest): boolean {
  if (ts.isFunctionLike(node)) return false;
  if (isJump(node as ts.Statement)) return true;
  return ts.forEachChild(node, (child) => contains(child, isJump) || undefined) ?? false;
}

/** Whether the end of the statement may be reached. */
export function completes(node: ts.Statement | undefined): boolean {
  if (node === undefined) return true;
  if (ts.isReturnStatement(node) || ts.isThrowStatement(node) || ts.isBreakOrContinueStatement(node)) return false;
  if (ts.isBlock(node)) return node.statements.every(completes);
  if (ts.isIfStatement(node)) return completes(node.thenStatement) || completes(node.elseStatement);
  return true;
}

/**
 * Whether what follows each jump can move into the `else` of the `if` that it stands in: no `if` with a jump has two
 * arms that complete. Jumps out of loops are tests behind the loop, so they are simple too.
 */
export function isSimple(statements: readonly ts.Statement[], isJump: JumpTest): boolean {
  return statements.every((statement) => {
    if (!contains(statement, isJump) || isJump(statement) || isLoop(statement)) return true;
    if (ts.isBlock(statement)) return isSimple(statement.statements, isJump);
    if (!ts.isIfStatement(statement)) return false;
    const { thenStatement, elseStatement } = statement;
    if (completes(thenStatement) && completes(elseStatement)) return false;
    return isSimple(elseStatement === undefined ? [thenStatement] : [thenStatement, elseStatement], isJump);
  });
}
