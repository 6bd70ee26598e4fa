/** `{ ...from }`: the fields that it brings. A condition may say from which object, or whether at all. */

import { ts } from 'ts-morph';

import { boolean } from '../../graph/build.ts';
import type { Field, Value } from '../../graph/types.ts';
import { isClosure, type Cell, type Item, type Outcome, type Reading } from '../context.ts';
import { short } from '../places.ts';
import { branch, choose } from '../exits.ts';
import { withoutWrappers } from '../facts.ts';
import { loadField } from './access.ts';
import { valueOf } from './expression.ts';

/** The fields of a literal, as far as it is read. */
export interface Fields {
  get(name: string): Item | undefined;
  add(name: string, item: Item): void;
}

export function spreadInto(r: Reading, fields: Fields, expression: ts.Expression): void {
  const choice = choiceIn(expression);
  if (choice !== undefined && !bringsTheSame(r, choice)) return spreadChosen(r, fields, expression, choice);
  const from = r.plain(valueOf(r, expression));
  if (from.type.kind !== 'record') return r.refuse(expression, 'GG2051', { text: short(expression) });
  for (const field of from.type.fields) fields.add(field.name, fieldOf(r, from, field, fields.get(field.name), expression));
  for (const [name, own] of r.functions.get(from) ?? []) fields.add(name, own);
  return undefined;
}

/** Of what may be absent only as a key of its own, the value before is kept where nothing says otherwise. */
function fieldOf(r: Reading, from: Value, field: Field, before: Item | undefined, node: ts.Expression): Item {
  if (field.type.kind === 'optional' && before !== undefined) {
    const symbol = r.checker.getTypeAtLocation(node).getProperty(field.name);
    if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Optional) {
      const has = r.builder.carry([`'${field.name}' in `, from], boolean, { effect: true });
      return choose(r, node, has, () => loadField(r, from, field.name, node), () => before);
    }
  }
  return loadField(r, from, field.name, node);
}

/** `c ? a : b` and `c && a`; what is absent brings nothing. */
interface Choice {
  readonly condition: ts.Expression;
  readonly then: ts.Expression | undefined;
  readonly otherwise: ts.Expression | undefined;
}

function choiceIn(expression: ts.Expression): Choice | undefined {
  const inner = withoutWrappers(expression);
  if (ts.isConditionalExpression(inner)) {
    return { condition: inner.condition, then: unlessAbsent(inner.whenTrue), otherwise: unlessAbsent(inner.whenFalse) };
  }
  if (!ts.isBinaryExpression(inner) || inner.operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken) return undefined;
  return { condition: inner.left, then: inner.right, otherwise: undefined };
}

function unlessAbsent(arm: ts.Expression): ts.Expression | undefined {
  const inner = withoutWrappers(arm);
  const isAbsent = inner.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(inner) && inner.text === 'undefined');
  return isAbsent ? undefined : arm;
}

function namesIn(r: Reading, arm: ts.Expression | undefined): readonly string[] {
  return arm === undefined ? [] : r.checker.getPropertiesOfType(r.checker.getTypeAtLocation(arm)).map(({ name }) => name);
}

function bringsTheSame(r: Reading, { then, otherwise }: Choice): boolean {
  return namesIn(r, then).toSorted().join() === namesIn(r, otherwise).toSorted().join();
}

/** Each field becomes a variable that the arms assign. */
function spreadChosen(r: Reading, fields: Fields, node: ts.Expression, { condition, then, otherwise }: Choice): void {
  const cells = new Map<string, Cell>();
  for (const name of new Set([...namesIn(r, then), ...namesIn(r, otherwise)])) {
    const before = fields.get(name) ?? r.literal(undefined);
    if (isClosure(before)) return r.refuse(node, 'GG2004', { callee: name });
    const cell: Cell = { name, mutable: true, integer: false };
    cells.set(name, cell);
    r.bindings.set(cell, before);
  }
  const inArm: Fields = {
    get: (name) => r.bindings.get(cells.get(name)!),
    add: (name, item) => void r.bindings.set(cells.get(name)!, item),
  };
  const arm = (expression: ts.Expression | undefined) => (): Outcome => {
    if (expression !== undefined) spreadInto(r, inArm, expression);
    return 'next';
  };
  branch(r, node, r.truth(valueOf(r, condition)), arm(then), arm(otherwise));
  for (const [name, cell] of cells) {
    fields.add(name, r.bindings.get(cell)!);
    r.bindings.delete(cell);
  }
}
