/** `const`, `let` and `var`. */

import { ts } from 'ts-morph';

import { isClosure, type Item, type Reading } from '../context.ts';
import { evaluate } from '../expressions/expression.ts';
import { isIntegerVariable } from '../integers.ts';
import { bindPattern } from '../patterns.ts';
import { isEmptyText } from '../types.ts';

export function declareVariables(r: Reading, list: ts.VariableDeclarationList): void {
  for (const declaration of list.declarations) declareVariable(r, declaration);
}

function declareVariable(r: Reading, node: ts.VariableDeclaration): void {
  const { name, initializer } = node;
  if (!ts.isIdentifier(name)) {
    if (initializer === undefined) return;
    bindPattern(r, name, initializer);
    return;
  }
  const symbol = r.checker.getSymbolAtLocation(name);
  if (symbol === undefined) return;
  if (initializer === undefined) {
    const type = r.convert(r.checker.getTypeAtLocation(name), node);
    r.declare(symbol, type.kind === 'optional' ? r.builder.literal(undefined, type) : r.builder.unassigned(type, name.text));
    return;
  }
  if (r.checker.getTypeAtLocation(name).flags & ts.TypeFlags.Any) r.refuse(name, 'GG2016', { text: name.text });
  const item = evaluate(r, initializer);
  if (item === undefined) r.unsupported(initializer, 'a value that does not exist', 'let the function return a value on every path');
  bindName(r, name, symbol, item);
}

/** Declares `name`; a variable that may be `undefined` later keeps that possibility in its type. */
export function bindName(r: Reading, name: ts.Identifier, symbol: ts.Symbol, item: Item): void {
  const integer = r.facts.isAssigned(symbol) && isIntegerVariable(r, symbol);
  let bound = item;
  if (!isClosure(bound) && isEmptyText(bound.type)) {
    const type = r.convert(r.checker.getTypeAtLocation(name), name);
    if (type.kind === 'optional') bound = r.builder.literal(undefined, type);
  }
  r.declare(symbol, bound, integer);
}
