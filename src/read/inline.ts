/** A call of a known function: its body is read again, in the scope that it captured. */

import { ts } from 'ts-morph';

import type { Value } from '../graph/types.ts';
import { readCompanionCall } from './companion-calls.ts';
import { isClosure, type Cell, type Closure, type Item, type Reading } from './context.ts';
import { short } from './places.ts';
import { evaluate, itemOf } from './expressions/expression.ts';
import { checkFunction } from './fence/check.ts';
import { contains, isReturn } from './jumps.ts';
import { bindTo, orDefault } from './patterns.ts';
import { callProcedure } from './procedures.ts';
import { isRecursive } from './recursion.ts';
import { readRuleCall } from './rule-calls.ts';
import { within } from './statements/statement.ts';
import { withTypeArguments } from './type-arguments.ts';

/** Undefined where the function returns nothing. What calls itself or exceeds the budget stays a call; what is not visible is refused. */
export function inlineCall(r: Reading, call: ts.Node, closure: Closure, items: readonly Item[], rest?: Value): Item | undefined {
  const { declaration } = closure;
  if (closure.standard !== undefined) return closure.standard(items, call);
  const companion = readCompanionCall(r, call, closure, items);
  if (companion !== undefined) return companion;
  const ruled = readRuleCall(r, call, closure, items);
  if (ruled !== undefined) return ruled;
  const name = nameOf(declaration);
  checkKind(r, call, closure, name);
  if (isRecursive(r.checker, declaration) || !r.canInline(declaration)) return callProcedure(r, call, closure, items, rest);
  r.spend(declaration);
  r.visited.add(declaration);
  const { frame, targets, self } = r;
  r.frame = { cells: new Map(), parent: closure.frame };
  r.targets = [];
  r.self = closure.self;
  r.calls.push({ declaration, call });
  try {
    bindParameters(r, declaration, items, rest);
    return withTypeArguments(r.checker, call, declaration, () => readFunctionBody(r, declaration));
  } finally {
    r.calls.pop();
    r.frame = frame;
    r.targets = targets;
    r.self = self;
  }
}

/** How often a function that does not call itself may be called inside of itself, by functions that it is handed. */
const deepestNesting = 8;

function checkKind(r: Reading, call: ts.Node, { declaration }: Closure, name: string): void {
  if (declaration.body === undefined) r.refuse(call, 'GG2005', { callee: name });
  // A callback may call what it was handed to: `apply((v) => apply(square, v), x)`.
  const open = r.calls.filter((other) => other.declaration === declaration).length;
  if (open >= deepestNesting && !isRecursive(r.checker, declaration)) r.refuse(call, 'GG2006', { callee: name });
  if (ts.getCombinedModifierFlags(declaration as unknown as ts.Declaration) & ts.ModifierFlags.Async) {
    r.refuse(call, 'GG2002', { function: `\`${name}\`` });
  }
  if ('asteriskToken' in declaration && declaration.asteriskToken !== undefined) {
    r.refuse(call, 'GG2003', { function: `\`${name}\`` });
  }
}

/** Reads the body of the function whose parameters are bound. */
export function readFunctionBody(r: Reading, declaration: Closure['declaration']): Item | undefined {
  const { body } = declaration;
  if (body === undefined) return undefined;
  checkFunction(r, declaration);
  if (!ts.isBlock(body)) {
    r.at(body);
    return isVoid(r, declaration) ? void evaluate(r, body as ts.Expression) : evaluate(r, body as ts.Expression);
  }
  const result: Cell = { name: undefined, mutable: false, integer: false };
  const outcome = within(r, { kind: 'return', owner: declaration, result }, body.statements, isReturn, () => 'next');
  const item = r.bindings.get(result);
  r.bindings.delete(result);
  if (outcome === 'dead') return r.refuse(declaration, 'GG2086', { function: nameOf(declaration) });
  if (item === undefined && contains(body, (node) => ts.isReturnStatement(node) && node.expression !== undefined)) {
    if (r.diagnostics.length === 0) r.refuse(declaration, 'GG2087', { function: nameOf(declaration) });
  }
  return item;
}

function isVoid(r: Reading, declaration: Closure['declaration']): boolean {
  const signature = r.checker.getSignatureFromDeclaration(declaration);
  return signature !== undefined && (r.checker.getReturnTypeOfSignature(signature).flags & ts.TypeFlags.Void) !== 0;
}

/** Binds the parameters to arguments, absent ones to their defaults. */
export function bindParameters(r: Reading, declaration: Closure['declaration'], items: readonly Item[], rest?: Value): void {
  declaration.parameters.forEach((parameter, i) => {
    if (parameter.dotDotDotToken !== undefined) {
      bindTo(r, parameter.name, rest ?? restItems(r, parameter, items.slice(i)));
      return;
    }
    const item = items[i];
    if (item === undefined) {
      bindTo(r, parameter.name, parameter.initializer === undefined ? r.literal(undefined) : itemOf(r, parameter.initializer));
    } else if (parameter.initializer !== undefined && !isClosure(item)) {
      bindTo(r, parameter.name, orDefault(r, item, parameter.initializer));
    } else {
      bindTo(r, parameter.name, item);
    }
  });
}

function restItems(r: Reading, parameter: ts.ParameterDeclaration, items: readonly Item[]): Item {
  const type = r.convert(r.checker.getTypeAtLocation(parameter.name), parameter);
  if (type.kind !== 'array' || items.some(isClosure)) return r.refuse(parameter, 'GG2043', { text: short(parameter) });
  const values = items.filter((item): item is Value => !isClosure(item));
  const result = r.builder.alloc(type, { kind: 'elements', values });
  for (const value of values) r.memory.hold(result, value);
  return result;
}

export function nameOf(declaration: Closure['declaration']): string {
  if (declaration.name !== undefined && ts.isIdentifier(declaration.name)) return declaration.name.text;
  const { parent } = declaration;
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name.text : 'function';
}
