/** `const`, `let` and `var`. */

import { ts } from 'ts-morph';

import type { Type } from '../../graph/types.ts';
import { isClosure, type Item, type Reading } from '../context.ts';
import { short } from '../places.ts';
import { evaluate } from '../expressions/expression.ts';
import { isIntegerVariable } from '../integers.ts';
import { bindPattern } from '../patterns.ts';
import { isEmptyText, joinTypes, typeOf } from '../types.ts';

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
    const type = node.type === undefined && isVariable(node) ? evolvedType(r, node, symbol) : r.convert(r.checker.getTypeAtLocation(name), node);
    r.declare(symbol, type.kind === 'optional' ? r.builder.literal(undefined, type) : r.builder.unassigned(type, name.text));
    return;
  }
  if (r.checker.getTypeAtLocation(name).flags & ts.TypeFlags.Any) r.refuse(name, 'GG2016', { text: name.text });
  const item = evaluate(r, initializer);
  if (item === undefined) r.refuse(initializer, 'GG2068', { text: short(initializer) });
  bindName(r, name, symbol, item);
}

/** The head of `for…of` binds its variable itself. */
function isVariable(node: ts.VariableDeclaration): boolean {
  return ts.isVariableStatement(node.parent.parent) || ts.isForStatement(node.parent.parent);
}

/** `let a;`: where it is used, the compiler knows what was assigned. */
function evolvedType(r: Reading, declaration: ts.VariableDeclaration, symbol: ts.Symbol): Type {
  const scope = ts.findAncestor(declaration, ts.isFunctionLike) ?? declaration.getSourceFile();
  let whole: Type | undefined;
  const visit = (part: ts.Node): void => {
    if (ts.isIdentifier(part) && part !== declaration.name && r.checker.getSymbolAtLocation(part) === symbol) {
      const type = r.checker.getTypeAtLocation(part);
      const converted = type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Undefined) ? 'any' : typeOf(r.checker, type);
      if (typeof converted !== 'string') {
        whole = whole === undefined ? converted : (joinTypes(whole, converted) ?? r.refuse(declaration, 'GG2076', { name: symbol.name }));
      }
    }
    part.forEachChild(visit);
  };
  visit(scope);
  return whole ?? r.refuse(declaration, 'GG2016', { text: symbol.name });
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
