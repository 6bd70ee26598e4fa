/** Calls: functions of `Math`, methods, functions whose body is read, and what stays a call. */

import { ts } from 'ts-morph';

import { boolean, real } from '../graph/build.ts';
import type { ArrayType, ModuleReference, TupleType, Type, Value } from '../graph/types.ts';
import { appendAll, arrayMethod } from './arrays.ts';
import { mayWrite } from './callback-changes.ts';
import { isClosure, type Closure, type Item, type Reading } from './context.ts';
import { short } from './places.ts';
import { fieldInMaking, methodAbove, methodAt, readSuper, staticMethod } from './classes.ts';
import { choose } from './exits.ts';
import { loadIndex } from './expressions/access.ts';
import { evaluate, itemOf, valueOf } from './expressions/expression.ts';
import { partsOf } from './expressions/literals.ts';
import { isGlobal, isImportable, memberOfNamespace, referenceTo } from './expressions/names.ts';
import { readStatic } from './expressions/new.ts';
import { isBigint } from './expressions/strings.ts';
import { withoutWrappers } from './facts.ts';
import { memberOfTable } from './function-tables.ts';
import { checkGlobal, checkMember, isOfFunction, refuseSyntax } from './fence/check.ts';
import { rowOfGlobal, rowOfMember } from './fence/library.ts';
import { inlineCall } from './inline.ts';
import { readMath } from './math.ts';
import { readsOnly } from './read-only.ts';
import { isReference, stored, typeOf } from './types.ts';

export function readCall(r: Reading, node: ts.CallExpression): Item | undefined {
  const math = readMath(r, node);
  if (math !== undefined) return math;
  const callee = withoutWrappers(node.expression);
  if (ts.isIdentifier(callee)) {
    const symbol = r.checker.getSymbolAtLocation(callee);
    if (symbol !== undefined && r.cellOf(symbol) === undefined && isGlobal(r, callee)) {
      if (isFromLibrary(symbol) || rowOfGlobal(callee.text) !== undefined) return readGlobal(r, node, callee.text);
      return r.refuse(node, 'GG2005', { callee: callee.text });
    }
    return readKnown(r, node, evaluate(r, callee), symbol);
  }
  if (callee.kind === ts.SyntaxKind.SuperKeyword) return readSuper(r, node, argumentsOf(r, node.arguments));
  if (ts.isPropertyAccessExpression(callee)) return readMethod(r, node, callee);
  if (ts.isArrowFunction(callee) || ts.isFunctionExpression(callee)) return readKnown(r, node, evaluate(r, callee), undefined);
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return refuseSyntax(r, callee);
  return r.refuse(node, 'GG2004', { callee: short(callee) });
}

function isFromLibrary(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).every((other) => /[\\/](?:lib\.[\w.]+\.d\.ts|@types[\\/]node[\\/].*)$/.test(other.getSourceFile().fileName));
}

function readKnown(r: Reading, node: ts.CallExpression, item: Item | undefined, symbol: ts.Symbol | undefined): Item | undefined {
  if (item === undefined || !isClosure(item)) return r.refuse(node, 'GG2004', { callee: short(node.expression) });
  if (item.declaration.body === undefined && item.standard === undefined && !r.companions?.declares(item.declaration)) return r.refuse(node, 'GG2005', { callee: short(node.expression) });
  const reference = symbol && staysCall(r, node, item, symbol);
  if (reference === undefined) {
    const index = spreadRest(r, node.arguments, item);
    if (index === undefined) return inlineCall(r, node, item, argumentsOf(r, node.arguments));
    const before = argumentsOf(r, node.arguments.slice(0, index));
    const rest = appendAll(r, node, partsOf(r, node.arguments.slice(index)), restElement(r, item, index));
    return inlineCall(r, node, item, before, rest);
  }
  const items = argumentsOf(r, node.arguments);
  return carried(r, node, reference, item, items);
}

/** Of `f(a, ...b, c)`, where a rest parameter takes what begins with the spread of an array: the parameter's index. */
function spreadRest(r: Reading, list: readonly ts.Expression[], { declaration }: Closure): number | undefined {
  const at = list.findIndex((argument) => ts.isSpreadElement(argument) && arrayTypeOf(r, argument.expression) !== undefined);
  const index = declaration.parameters.length - 1;
  if (at < index || at < 0 || declaration.parameters[index]?.dotDotDotToken === undefined) return undefined;
  return list.slice(0, index).some(ts.isSpreadElement) ? undefined : index;
}

function restElement(r: Reading, { declaration }: Closure, index: number): Type {
  const parameter = declaration.parameters[index]!;
  const type = r.convert(r.checker.getTypeAtLocation(parameter.name), parameter);
  return type.kind === 'array' ? type.element : r.refuse(parameter, 'GG2043', { text: short(parameter) });
}

function arrayTypeOf(r: Reading, node: ts.Expression): ArrayType | undefined {
  const type = typeOf(r.checker, r.checker.getTypeAtLocation(node));
  return typeof type !== 'string' && type.kind === 'array' ? type : undefined;
}

/** Arguments in order; a tuple may be spread. */
export function argumentsOf(r: Reading, list: readonly ts.Expression[]): Item[] {
  const items = r.each(list, (argument): Item[] => {
    if (!ts.isSpreadElement(argument)) return [itemOf(r, argument)];
    const { expression } = argument;
    if (ts.isArrayLiteralExpression(expression)) return expression.elements.map((element) => itemOf(r, element));
    const memory = r.plain(valueOf(r, expression));
    if (memory.type.kind === 'tuple') return memory.type.elements.map((_element, i) => loadIndex(r, memory, r.literal(i), argument));
    return r.refuse(argument, 'GG2044', { text: short(argument) });
  });
  return items.flat();
}

/** A function of a module that gives a boolean or a string and calls others: it stays, and is imported. */
function staysCall(r: Reading, node: ts.CallExpression, { declaration, frame }: Closure, symbol: ts.Symbol): ModuleReference | undefined {
  if (frame.parent !== undefined || frame.cells.size > 0 || declaration.body === undefined) return undefined;
  const signature = r.checker.getSignatureFromDeclaration(declaration);
  const result = signature && r.checker.getReturnTypeOfSignature(signature);
  if (result === undefined || !(result.flags & (ts.TypeFlags.BooleanLike | ts.TypeFlags.StringLike | ts.TypeFlags.Boolean))) return undefined;
  if (!callsOthers(declaration.body)) return undefined;
  const target = symbol.flags & ts.SymbolFlags.Alias ? r.checker.getAliasedSymbol(symbol) : symbol;
  // What the generated file cannot import is read like any other function.
  return isImportable(r, target) ? referenceTo(r, node, target, target.valueDeclaration!) : undefined;
}

function callsOthers(node: ts.Node): boolean {
  if (ts.isCallExpression(node) && !node.expression.getText().startsWith('Math.')) return true;
  return ts.forEachChild(node, (child) => callsOthers(child) || undefined) ?? false;
}

function carried(r: Reading, node: ts.CallExpression, reference: ModuleReference, { declaration }: Closure, items: readonly Item[]): Value {
  const pieces: (string | Value | ModuleReference)[] = [reference, '('];
  items.forEach((item, i) => {
    if (isClosure(item)) return r.refuse(node, 'GG2004', { callee: short(node) });
    if (isReference(item.type) && !readsOnly(r, declaration, i)) {
      r.refuse(node, 'GG2045', { callee: reference.name });
    }
    if (i > 0) pieces.push(', ');
    pieces.push(item);
    return undefined;
  });
  return r.builder.carry([...pieces, ')'], r.typeAt(node), { effect: true });
}

function readGlobal(r: Reading, node: ts.CallExpression, name: string): Item | undefined {
  checkGlobal(r, node, name);
  const [first] = node.arguments;
  switch (name) {
    case 'isNaN':
    case 'isFinite':
      return test(r, name, r.number(valueOf(r, first!), node));
    case 'Number': {
      const value = valueOf(r, first!);
      if (isBigint(value)) return r.builder.carry(['Number(', value, ')'], real);
      if (value.type.kind === 'opaque') return r.refuse(node, 'GG2018', { text: short(node) });
      return r.number(value, node);
    }
    case 'Boolean':
      return r.truth(valueOf(r, first!));
    case 'String':
      return r.builder.carry(['String(', valueOf(r, first!), ')'], { kind: 'opaque', text: 'string' });
    case 'Array':
      return readStatic(r, node, 'Array', 'new');
    default:
      return r.refuse(node, 'GG2005', { callee: name });
  }
}

function test(r: Reading, name: string, value: Value): Value {
  if (name === 'isNaN') return r.builder.apply('isNaN', [value]);
  return r.builder.carry([`Number.${name}(`, value, ')'], boolean);
}

function readMethod(r: Reading, node: ts.CallExpression, callee: ts.PropertyAccessExpression): Item | undefined {
  const name = callee.name.text;
  const object = withoutWrappers(callee.expression);
  if (ts.isIdentifier(object)) {
    const symbol = r.checker.getSymbolAtLocation(object);
    if (symbol !== undefined && r.cellOf(symbol) === undefined && isGlobal(r, object) && (isFromLibrary(symbol) || rowOfGlobal(object.text) !== undefined)) {
      return readGlobalMethod(r, node, object.text, name);
    }
  }
  const member = memberOfNamespace(r, callee);
  if (member !== undefined) return readKnown(r, node, member, r.checker.getSymbolAtLocation(callee.name));
  const known = callee.expression.kind === ts.SyntaxKind.SuperKeyword ? methodAbove(r, callee) : (memberOfTable(r, callee) ?? staticMethod(r, callee) ?? functionInMaking(r, callee));
  if (known !== undefined) return readKnown(r, node, known, undefined);
  if (isOfFunction(r, callee)) checkMember(r, node, 'Function.prototype', name);
  const receiver = valueOf(r, callee.expression);
  if (ts.isOptionalChain(callee) && receiver.type.kind === 'optional') {
    const present = r.builder.apply('present', [receiver]);
    return choose(
      r,
      node,
      present,
      () => methodOn(r, node, callee, r.plain(receiver)) ?? r.literal(undefined),
      () => r.literal(undefined),
    );
  }
  return methodOn(r, node, callee, r.plain(receiver));
}

/** What no tuple has: methods that move elements or change the length. */
const movingMethods: ReadonlySet<string> = new Set(['push', 'pop', 'shift', 'unshift', 'splice', 'reverse', 'copyWithin', 'subarray', 'set']);

/** `this.f(…)` of a function that the constructor has just assigned. */
function functionInMaking(r: Reading, callee: ts.PropertyAccessExpression): Closure | undefined {
  const cell = fieldInMaking(r, callee.expression, callee.name.text);
  const item = cell && r.bindings.get(cell);
  return item !== undefined && isClosure(item) ? item : undefined;
}

/** Methods that look at their array when all arguments have been evaluated, as JavaScript does. */
const argumentsFirst = new Set(['push', 'unshift', 'splice', 'concat', 'indexOf', 'lastIndexOf', 'includes', 'reduce', 'reduceRight', 'with', 'fill', 'set']);

function methodOn(r: Reading, node: ts.CallExpression, callee: ts.PropertyAccessExpression, receiver: Value): Item | undefined {
  const name = callee.name.text;
  const { type } = receiver;
  if (type.kind === 'array' || type.kind === 'tuple') {
    const memory = receiver;
    checkMember(r, node, type.kind === 'tuple' || type.container === 'Array' ? 'Array.prototype' : 'TypedArray.prototype', name);
    const method = arrayMethod(name);
    if (method === undefined || (type.kind === 'tuple' && movingMethods.has(name))) {
      return r.refuse(node, 'GG2030', { text: short(node), instead: 'copy the tuple into an array by `slice()` first' });
    }
    if (!argumentsFirst.has(name) && mayWrite(r, node.arguments, memory)) return r.refuse(node, 'GG2104', { text: short(node) });
    return method(r, node, memory, type.kind === 'array' ? type : arrayOf(type));
  }
  if (type.kind === 'opaque') return methodOfText(r, node, name, receiver);
  if (type.kind === 'real' || type.kind === 'integer') {
    checkMember(r, node, 'Number.prototype', name);
    return carriedMethod(r, node, name, receiver, { kind: 'opaque', text: 'string' });
  }
  if (type.kind === 'boolean') checkMember(r, node, 'Boolean.prototype', name);
  if (type.kind === 'record') {
    const known = methodAt(r, callee, receiver);
    if (known !== undefined) return readKnown(r, node, known, undefined);
    if (rowOfMember('Object.prototype', name) !== undefined) checkMember(r, node, 'Object.prototype', name);
  }
  return r.refuse(node, 'GG2004', { callee: short(callee) });
}

/** A tuple as the array that its methods see. */
function arrayOf(type: TupleType): ArrayType {
  const [first = real, ...others] = type.elements;
  const isUniform = others.every((other) => other.kind === first.kind);
  return { kind: 'array', container: 'Array', element: isUniform ? stored(first) : { kind: 'opaque', text: 'unknown' } };
}

/** Methods of strings, which have no effect. */
function methodOfText(r: Reading, node: ts.CallExpression, name: string, receiver: Value): Value {
  const type = r.checker.getTypeAtLocation((node.expression as ts.PropertyAccessExpression).expression);
  if (type.flags & ts.TypeFlags.StringLike) {
    checkMember(r, node, 'String.prototype', name);
    return carriedMethod(r, node, name, receiver, r.typeAt(node));
  }
  if (type.symbol?.name === 'RegExp' && name === 'test') return carriedMethod(r, node, name, receiver, boolean);
  return r.refuse(node, 'GG2017', { text: short(node) });
}

function carriedMethod(r: Reading, node: ts.CallExpression, name: string, receiver: Value, type: Type): Value {
  const pieces: (string | Value)[] = [receiver, `.${name}(`];
  node.arguments.forEach((argument, i) => {
    if (i > 0) pieces.push(', ');
    pieces.push(valueOf(r, argument));
  });
  return r.builder.carry([...pieces, ')'], type);
}

function readGlobalMethod(r: Reading, node: ts.CallExpression, object: string, name: string): Item | undefined {
  checkGlobal(r, node, object, name);
  const [first] = node.arguments;
  if (object === 'Number' && first !== undefined) {
    if (name === 'isNaN' || name === 'isFinite') return test(r, name, r.number(valueOf(r, first), node));
    return r.builder.carry([`Number.${name}(`, valueOf(r, first), ')'], boolean);
  }
  if (object === 'Array' && name === 'isArray' && first !== undefined) {
    const value = valueOf(r, first);
    return r.literal(value.type.kind === 'array' || value.type.kind === 'tuple');
  }
  return readStatic(r, node, object, name);
}
