/** Classes of the project: instances are objects of their fields, methods are functions that know their object. */

import { ts } from 'ts-morph';

import type { Value } from '../graph/types.ts';
import { isClosure, type Cell, type Closure, type Frame, type Item, type Reading, type Self } from './context.ts';
import { short } from './places.ts';
import { Refusal } from './refusal.ts';
import { itemOf } from './expressions/expression.ts';
import { moduleFrame, resolve } from './expressions/names.ts';
import { isOnlyReading } from './callback-changes.ts';
import { checkClass } from './fence/check.ts';
import { bindParameters } from './inline.ts';
import { isReturn } from './jumps.ts';
import { within } from './statements/statement.ts';

/** The class that an expression names, where its source is at hand. */
export function classOf(r: Reading, node: ts.Expression): ts.ClassDeclaration | undefined {
  const symbol = r.checker.getSymbolAtLocation(node);
  const declaration = symbol && resolve(r, symbol).valueDeclaration;
  if (declaration === undefined || !ts.isClassDeclaration(declaration) || declaration.getSourceFile().isDeclarationFile) return undefined;
  return declaration;
}

/** `new C(…)`: the constructor runs on variables, one for each field; the object is made of what they hold at its end. */
export function readInstance(r: Reading, node: ts.NewExpression, declaration: ts.ClassDeclaration, items: readonly Item[]): Value {
  const type = r.typeAt(node);
  if (type.kind !== 'record') return r.refuse(node, 'GG2029', { name: short(node.expression) });
  const fields = new Map<string, Cell>();
  const outer = r.self;
  const self: Self = { value: undefined, fields };
  r.self = self;
  // What one way through the constructor leaves out is absent, not forgotten.
  for (const field of type.fields) {
    if (field.type.kind !== 'optional') continue;
    const cell = cellInMaking(r, field.name);
    if (cell !== undefined) r.bindings.set(cell, r.builder.literal(undefined, field.type));
  }
  try {
    construct(r, node, declaration, items);
  } finally {
    r.self = outer;
  }
  const functions = new Map<string, Closure>();
  const own = type.fields.filter(({ name }) => {
    const cell = fields.get(name);
    const item = cell && r.bindings.get(cell);
    if (item !== undefined && isClosure(item)) functions.set(name, item);
    return item === undefined || !isClosure(item);
  });
  const values = own.map((field) => {
    const cell = fields.get(field.name);
    const item = cell && r.bindings.get(cell);
    if (item !== undefined && !isClosure(item)) return item;
    if (field.type.kind === 'optional') return r.builder.literal(undefined, field.type);
    if (r.diagnostics.length > 0) throw new Refusal('field');
    return r.refuse(node, 'GG2034', { field: field.name, name: short(node.expression) });
  });
  for (const cell of fields.values()) r.bindings.delete(cell);
  const result = r.builder.alloc({ kind: 'record', fields: own }, { kind: 'fields', values });
  for (const value of values) r.memory.hold(result, value);
  self.value = result;
  r.made.set(result, declaration);
  const home = frameOf(r, declaration);
  if (home !== undefined && home !== moduleFrame) r.homes.set(result, home);
  if (functions.size > 0) r.functions.set(result, functions);
  return result;
}

/** Declares a class of a function: its methods know the variables around it. */
export function declareClass(r: Reading, declaration: ts.ClassDeclaration): void {
  r.frame.classes ??= new Set();
  r.frame.classes.add(declaration);
}

/** The variables around a class; undefined where it is declared in a function that is not being read. */
function frameOf(r: Reading, declaration: ts.ClassDeclaration): Frame | undefined {
  if (ts.findAncestor(declaration.parent, ts.isFunctionLike) === undefined) return moduleFrame;
  for (let frame: Frame | undefined = r.frame; frame !== undefined; frame = frame.parent) {
    if (frame.classes?.has(declaration)) return frame;
  }
  return undefined;
}

/** Runs the constructor of a class; without one, that of its base takes the arguments. */
function construct(r: Reading, node: ts.Node, declaration: ts.ClassDeclaration, items: readonly Item[]): void {
  const home = frameOf(r, declaration);
  if (home === undefined) return r.refuse(node, 'GG2077', { text: short(node) });
  checkClass(r, declaration);
  checkMembers(r, declaration);
  const constructor = declaration.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined) as
    | ts.ConstructorDeclaration
    | undefined;
  const base = baseOf(r, declaration);
  if (r.calls.some((call) => call.declaration === (constructor ?? declaration))) r.refuse(node, 'GG2006', { callee: declaration.name?.text ?? 'class' });
  r.spend(constructor ?? declaration);
  r.visited.add(declaration);
  const { frame, targets } = r;
  r.frame = { cells: new Map(), parent: home };
  r.targets = [];
  r.calls.push({ declaration: constructor ?? declaration, call: node });
  try {
    if (constructor !== undefined) bindParameters(r, constructor, items);
    if (base === undefined) initialise(r, declaration, constructor);
    else if (constructor === undefined) {
      construct(r, node, base, items);
      initialise(r, declaration, undefined);
    }
    const statements = constructor?.body?.statements ?? [];
    within(r, { kind: 'return', owner: constructor ?? declaration }, statements, isReturn, () => 'next');
  } finally {
    r.calls.pop();
    r.frame = frame;
    r.targets = targets;
  }
}

/** `super(…)` in a constructor. */
export function readSuper(r: Reading, node: ts.CallExpression, items: readonly Item[]): undefined {
  const declaration = ts.findAncestor(node, ts.isClassDeclaration);
  const base = declaration && baseOf(r, declaration);
  if (declaration === undefined || base === undefined) return r.refuse(node, 'GG2085');
  construct(r, node, base, items);
  initialise(r, declaration, ts.findAncestor(node, ts.isConstructorDeclaration));
  return undefined;
}

/** Fields that are parameters, then those with initialisers, in order. */
function initialise(r: Reading, declaration: ts.ClassDeclaration, constructor: ts.ConstructorDeclaration | undefined): void {
  for (const parameter of constructor?.parameters ?? []) {
    if (!ts.isParameterPropertyDeclaration(parameter, parameter.parent) || !ts.isIdentifier(parameter.name)) continue;
    const [symbol] = r.checker.getSymbolsOfParameterPropertyDeclaration(parameter, parameter.name.text);
    const cell = symbol && r.cellOf(symbol);
    const item = cell && r.bindings.get(cell);
    if (item !== undefined) assignField(r, parameter.name.text, item);
  }
  for (const member of declaration.members) {
    if (!ts.isPropertyDeclaration(member) || isStatic(member) || member.initializer === undefined) continue;
    assignField(r, member.name.getText(), itemOf(r, member.initializer));
  }
}

/** The variable behind `this.name` while the constructor runs; undefined where there is an object already. */
export function fieldInMaking(r: Reading, node: ts.Expression, name: string): Cell | undefined {
  return node.kind === ts.SyntaxKind.ThisKeyword ? cellInMaking(r, name) : undefined;
}

function cellInMaking(r: Reading, name: string): Cell | undefined {
  if (r.self === undefined || r.self.value !== undefined) return undefined;
  const { fields } = r.self;
  let cell = fields.get(name);
  if (cell === undefined) {
    cell = { name, mutable: true, integer: false };
    fields.set(name, cell);
  }
  return cell;
}

function assignField(r: Reading, name: string, item: Item): void {
  const cell = cellInMaking(r, name);
  if (cell !== undefined) r.bindings.set(cell, item);
}

function checkMembers(r: Reading, declaration: ts.ClassDeclaration): void {
  for (const member of declaration.members) {
    const isGetter = ts.isGetAccessorDeclaration(member) && !isStatic(member);
    if ((ts.isAccessor(member) && !isGetter) || ts.isAutoAccessorPropertyDeclaration(member)) r.refuse(member, 'GG2019', { name: member.name.getText() });
    if (member.name !== undefined && ts.isPrivateIdentifier(member.name)) {
      r.refuse(member, 'GG2035', { field: member.name.text, plain: member.name.text.slice(1) });
    }
  }
}

function baseOf(r: Reading, declaration: ts.ClassDeclaration): ts.ClassDeclaration | undefined {
  const clause = declaration.heritageClauses?.find((other) => other.token === ts.SyntaxKind.ExtendsKeyword);
  const [type] = clause?.types ?? [];
  if (type === undefined) return undefined;
  return classOf(r, type.expression) ?? r.refuse(type, 'GG2029', { name: short(type) });
}

function isStatic(member: ts.ClassElement): boolean {
  return (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0;
}

/** The method of a class or of the nearest class above that has it. */
function methodOf(r: Reading, declaration: ts.ClassDeclaration | undefined, name: string): ts.MethodDeclaration | undefined {
  return memberOf(r, declaration, name, ts.isMethodDeclaration);
}

function memberOf<M extends ts.MethodDeclaration | ts.GetAccessorDeclaration>(r: Reading, declaration: ts.ClassDeclaration | undefined, name: string, isMeant: (member: ts.Node) => member is M): M | undefined {
  for (let at = declaration; at !== undefined; at = baseOf(r, at)) {
    const found = at.members.find((member) => isMeant(member) && member.body !== undefined && !isStatic(member) && member.name.getText() === name);
    if (found !== undefined && isMeant(found)) return found;
  }
  return undefined;
}

/** What `object.name(…)` calls: a function that the object was made with, or the method of its class, which nobody overrides. */
export function methodAt(r: Reading, callee: ts.PropertyAccessExpression, object: Value): Closure | undefined {
  const name = callee.name.text;
  const own = r.functions.get(object)?.get(name);
  const self: Self = { value: object, fields: new Map() };
  // A copy of the object is what `this` means when it is called on the copy.
  if (own !== undefined) return ts.isArrowFunction(own.declaration) ? own : { ...own, self };
  const made = r.made.get(object);
  if (made !== undefined) return closureOf(methodOf(r, made, name), self, r.homes.get(object) ?? moduleFrame);
  return closureOf(declaredAt(r, callee, ts.isMethodDeclaration), self, moduleFrame);
}

/** The getter `object.name` of its class, which nobody overrides. It only reads: what asks twice gets the same. */
export function getterAt(r: Reading, node: ts.PropertyAccessExpression, object: Value): Closure | undefined {
  const self: Self = { value: object, fields: new Map() };
  const made = r.made.get(object);
  const getter =
    made === undefined
      ? closureOf(declaredAt(r, node, ts.isGetAccessorDeclaration), self, moduleFrame)
      : closureOf(memberOf(r, made, node.name.text, ts.isGetAccessorDeclaration), self, r.homes.get(object) ?? moduleFrame);
  return getter && isOnlyReading(r, getter.declaration) ? getter : undefined;
}

/** What a class at the top of a module declares under the name, where no other class can have been meant. */
function declaredAt<M extends ts.MethodDeclaration | ts.GetAccessorDeclaration>(r: Reading, { name }: ts.PropertyAccessExpression, isMeant: (member: ts.Node) => member is M): M | undefined {
  const declaration = r.checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (declaration === undefined || !isMeant(declaration) || !ts.isClassDeclaration(declaration.parent)) return undefined;
  const known = declaration.parent;
  const isOverridden = r.facts.classes().some((other) => {
    if (other === known || !isBelow(r, other, known)) return false;
    return other.members.some((member) => member.name?.getText() === name.text);
  });
  return isOverridden || frameOf(r, known) !== moduleFrame ? undefined : declaration;
}

function isBelow(r: Reading, declaration: ts.ClassLikeDeclaration, above: ts.ClassDeclaration): boolean {
  const clause = declaration.heritageClauses?.find((other) => other.token === ts.SyntaxKind.ExtendsKeyword);
  const [type] = clause?.types ?? [];
  const base = type && classOf(r, type.expression);
  return base !== undefined && (base === above || isBelow(r, base, above));
}

/** `super.name(…)`. */
export function methodAbove(r: Reading, callee: ts.PropertyAccessExpression): Closure | undefined {
  const declaration = ts.findAncestor(callee, ts.isClassDeclaration);
  const base = declaration && baseOf(r, declaration);
  return r.thisValue() === undefined ? undefined : closureOf(methodOf(r, base, callee.name.text), r.self, base && frameOf(r, base));
}

/** `C.name(…)`. */
export function staticMethod(r: Reading, callee: ts.PropertyAccessExpression): Closure | undefined {
  if (!ts.isIdentifier(callee.expression) || classOf(r, callee.expression) === undefined) return undefined;
  const declaration = r.checker.getSymbolAtLocation(callee.name)?.valueDeclaration;
  return declaration !== undefined && ts.isMethodDeclaration(declaration) ? closureOf(declaration, undefined, frameOf(r, declaration.parent as ts.ClassDeclaration)) : undefined;
}

function closureOf(declaration: ts.MethodDeclaration | ts.GetAccessorDeclaration | undefined, self: Self | undefined, frame: Frame | undefined): Closure | undefined {
  if (declaration?.body === undefined || frame === undefined) return undefined;
  return { kind: 'function', declaration, frame, ...(self && { self }) };
}
