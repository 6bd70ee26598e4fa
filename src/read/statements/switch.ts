/** `switch`: which clause is entered is found first, lazily and in order; each clause runs where it is entered or fallen into. */

import { ts } from 'ts-morph';

import type { Value } from '../../graph/types.ts';
import type { Outcome, Reading } from '../context.ts';
import { branch, choose, once } from '../exits.ts';
import { valueOf } from '../expressions/expression.ts';
import { breakOf, completes, contains } from '../jumps.ts';
import { readStatements } from './statement.ts';

export function readSwitch(r: Reading, node: ts.SwitchStatement, rest: () => Outcome): Outcome {
  const { clauses } = node.caseBlock;
  const value = valueOf(r, node.expression);
  const groups = groupsOf(clauses);
  if (groups !== undefined && !contains(node.caseBlock, (inner) => ts.isReturnStatement(inner) || ts.isContinueStatement(inner))) {
    return chain(r, node, value, groups, rest);
  }
  const entry = entryOf(r, node, value, clauses, 0);
  return once(
    r,
    node,
    (region) => {
      const { targets } = r;
      r.targets = [...targets, { kind: 'break', owner: node, region, around: region }];
      try {
        return guarded(r, node, entry, clauses, 0);
      } finally {
        r.targets = targets;
      }
    },
    rest,
  );
}

interface Group {
  readonly tests: readonly ts.Expression[];
  readonly isDefault: boolean;
  readonly statements: readonly ts.Statement[];
}

/** Clauses where none falls through and `break` only ends them; undefined otherwise. */
function groupsOf(clauses: readonly ts.CaseOrDefaultClause[]): Group[] | undefined {
  const groups: Group[] = [];
  let tests: ts.Expression[] = [];
  let isDefault = false;
  for (const [i, clause] of clauses.entries()) {
    if (ts.isCaseClause(clause)) tests.push(clause.expression);
    else isDefault = true;
    const isLast = i === clauses.length - 1;
    if (clause.statements.length === 0 && !isLast) continue;
    const list = flat(clause.statements);
    if (list.every(completes) && !isLast) return undefined;
    const ending = list.at(-1);
    const statements = ending !== undefined && ts.isBreakStatement(ending) && ending.label === undefined ? list.slice(0, -1) : list;
    if (statements.some((statement) => contains(statement, breakOf(clause.parent.parent)))) return undefined;
    groups.push({ tests, isDefault, statements });
    tests = [];
    isDefault = false;
  }
  return groups;
}

function flat(statements: readonly ts.Statement[]): readonly ts.Statement[] {
  const [only] = statements;
  return statements.length === 1 && only !== undefined && ts.isBlock(only) ? only.statements : statements;
}

function chain(r: Reading, node: ts.Node, value: Value, groups: readonly Group[], rest: () => Outcome): Outcome {
  const fallback = groups.find((group) => group.isDefault);
  const last = (): Outcome => (fallback === undefined ? 'next' : readStatements(r, fallback.statements, () => 'next'));
  const from = (index: number): Outcome => {
    const group = groups[index];
    if (group === undefined) return last();
    if (group.isDefault) return from(index + 1);
    const test = matches(r, node, value, group.tests);
    return branch(r, node, test, () => readStatements(r, group.statements, () => 'next'), () => from(index + 1));
  };
  return from(0) === 'dead' ? 'dead' : rest();
}

function matches(r: Reading, node: ts.Node, value: Value, tests: readonly ts.Expression[]): Value {
  const [first, ...others] = tests;
  if (first === undefined) return r.literal(false);
  const test = r.builder.apply('eq', [value, valueOf(r, first)]);
  if (others.length === 0) return test;
  return choose(r, node, test, () => r.literal(true), () => matches(r, node, value, others)) as Value;
}

/** The index of the clause that is entered; behind the last one where none is. */
function entryOf(r: Reading, node: ts.SwitchStatement, value: Value, clauses: readonly ts.CaseOrDefaultClause[], index: number): Value {
  const clause = clauses[index];
  if (clause === undefined) {
    const fallback = clauses.findIndex(ts.isDefaultClause);
    return r.literal(fallback < 0 ? clauses.length : fallback);
  }
  if (!ts.isCaseClause(clause)) return entryOf(r, node, value, clauses, index + 1);
  const test = r.builder.apply('eq', [value, valueOf(r, clause.expression)]);
  return choose(r, node, test, () => r.literal(index), () => entryOf(r, node, value, clauses, index + 1)) as Value;
}

function guarded(r: Reading, node: ts.Node, entry: Value, clauses: readonly ts.CaseOrDefaultClause[], index: number): Outcome {
  const clause = clauses[index];
  if (clause === undefined) return 'next';
  const entered = r.builder.apply('le', [entry, r.literal(index)]);
  const outcome = branch(r, node, entered, () => readStatements(r, clause.statements, () => 'next'), () => 'next');
  return outcome === 'dead' ? 'dead' : guarded(r, node, entry, clauses, index + 1);
}
