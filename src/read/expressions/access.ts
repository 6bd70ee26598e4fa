/** Properties, elements, and places that can be assigned to. */

import { ts } from 'ts-morph';

import { atField, atIndex, elementType, real } from '../../graph/build.ts';
import type { Key, Node, Type, Value } from '../../graph/types.ts';
import { isClosure, type Cell, type Item, type Reading } from '../context.ts';
import { short } from '../places.ts';
import { Refusal } from '../refusal.ts';
import { fieldInMaking, getterAt } from '../classes.ts';
import { choose } from '../exits.ts';
import { withoutWrappers } from '../facts.ts';
import { checkMember, checkProperty } from '../fence/check.ts';
import { rowOfMember } from '../fence/library.ts';
import { isEmptyText } from '../types.ts';
import { numberOf, valueOf } from './expression.ts';
import { keyPlace, readKey } from './keys.ts';
import { shorten } from '../array-resizing.ts';
import { inlineCall } from '../inline.ts';
import { memberOfTable } from '../function-tables.ts';
import { mathConstant, mathFunction } from '../math.ts';
import { memberOfNamespace, readName } from './names.ts';
import { elementIfThere, isDoubted, isPresent, mayBeAbsent } from './presence.ts';

/** Something that can be read and written; its operands are evaluated once. */
export interface Place {
  readonly read: () => Item;
  /** What the place holds afterwards, where that is another value than the one written. */
  readonly write: (item: Item) => Item | undefined;
}

export function place(r: Reading, expression: ts.Expression): Place {
  const node = withoutWrappers(expression);
  if (ts.isIdentifier(node)) return variablePlace(r, node);
  if (ts.isElementAccessExpression(node)) {
    const memory = memoryOf(r, node.expression);
    if (memory.type.kind === 'record') return keyPlace(r, memory, node);
    const index = numberOf(r, node.argumentExpression);
    return {
      read: () => loadIndex(r, memory, index, node),
      write: (item) => storeAt(r, memory, atIndex(index), item, node),
    };
  }
  if (ts.isPropertyAccessExpression(node)) {
    checkProperty(r, node);
    const making = fieldInMaking(r, node.expression, node.name.text);
    if (making !== undefined) return cellPlace(r, making, node);
    const memory = memoryOf(r, node.expression);
    if (memory.type.kind === 'array') return lengthPlace(r, memory, node);
    return fieldPlace(r, memory, node.name.text, node);
  }
  return r.refuse(node, 'GG2056', { text: short(node) });
}

/** `a.length`, of which something may be taken. */
function lengthPlace(r: Reading, memory: Value, node: ts.PropertyAccessExpression): Place {
  return {
    read: () => r.builder.length(memory),
    write: (item) => {
      shorten(r, memory, item, node);
      return undefined;
    },
  };
}

function variablePlace(r: Reading, node: ts.Identifier): Place {
  const symbol = r.checker.getSymbolAtLocation(node);
  const cell = symbol && r.cellOf(symbol);
  if (cell === undefined) {
    // Of a local variable, what it begins with was refused.
    if (symbol !== undefined && isLocal(symbol) && r.diagnostics.length > 0) throw new Refusal('GG2012');
    return r.refuse(node, 'GG2012', { name: node.text });
  }
  return {
    read: () => readName(r, node),
    write: (item) => {
      r.assign(cell, item);
      return r.bindings.get(cell);
    },
  };
}

function isLocal({ valueDeclaration }: ts.Symbol): boolean {
  return valueDeclaration !== undefined && ts.findAncestor(valueDeclaration, ts.isFunctionLike) !== undefined;
}

function cellPlace(r: Reading, cell: Cell, node: ts.Node): Place {
  return {
    read: () => r.bindings.get(cell) ?? r.refuse(node, 'GG2036'),
    write: (item) => {
      r.bindings.set(cell, item);
      return item;
    },
  };
}

function fieldPlace(r: Reading, memory: Value, name: string, node: ts.Node): Place {
  return {
    read: () => loadField(r, memory, name, node),
    write: (item) => storeAt(r, memory, atField(name), item, node),
  };
}

export function storeAt(r: Reading, memory: Value, key: Key, item: Item, node: ts.Node): undefined {
  if (isClosure(item)) return r.refuse(node, 'GG2057', { text: short(node) });
  r.memory.write(memory, node);
  r.memory.hold(memory, item);
  if (key.kind === 'index' && isEnd(r, memory, key.index)) r.builder.push({ kind: 'resize', how: 'push', memory, value: item });
  else r.builder.store(memory, key, item);
}

/** `a[a.length] = …` is a `push`: the length was read in this block, and nothing has changed it since. */
function isEnd(r: Reading, memory: Value, index: Value): boolean {
  if (memory.type.kind !== 'array' || memory.type.container !== 'Array') return false;
  const { nodes } = r.builder;
  const at = nodes.findLastIndex((node) => node.kind === 'length' && node.result === index && node.memory === memory);
  const simple: ReadonlySet<Node['kind']> = new Set(['literal', 'apply', 'load', 'length', 'alloc', 'carry']);
  return at >= 0 && nodes.slice(at).every((node) => simple.has(node.kind));
}

function memoryOf(r: Reading, node: ts.Expression): Value {
  const memory = r.plain(valueOf(r, node));
  const { kind } = memory.type;
  if (kind === 'array' || kind === 'record' || kind === 'tuple') return memory;
  return r.refuse(node, 'GG2052', { text: short(node) });
}

export function loadIndex(r: Reading, memory: Value, index: Value, node: ts.Node): Value {
  const { type } = memory;
  if (type.kind !== 'array' && type.kind !== 'tuple') return r.refuse(node, 'GG2046', { text: short(node) });
  const literal = r.builder.literalOf(index);
  const element = elementType(type, atIndex(index), typeof literal === 'number' ? literal : undefined);
  if (type.kind === 'tuple' && typeof literal !== 'number' && type.elements.some((other) => other.kind !== element.kind)) {
    return r.refuse(node, 'GG2060', { text: short(node) });
  }
  const value = r.builder.load(memory, atIndex(index), element);
  r.memory.loaded(value, memory);
  return value;
}

export function loadField(r: Reading, memory: Value, name: string, node: ts.Node): Value {
  const { type } = memory;
  if (type.kind === 'array' && name === 'length') return r.builder.length(memory);
  if (type.kind === 'tuple' && name === 'length') {
    const isFixed = type.elements.every((element) => element.kind !== 'optional');
    return isFixed ? r.literal(type.elements.length) : r.refuse(node, 'GG2061', { text: short(node) });
  }
  if (type.kind === 'array') checkMember(r, node, type.container === 'Array' ? 'Array.prototype' : 'TypedArray.prototype', name);
  if (type.kind === 'opaque') return carriedMember(r, memory, name, node);
  if (type.kind === 'record' && isOfUnlikeObjects(r, node) && !type.fields.some((field) => field.name === name)) {
    return r.refuse(node, 'GG2088', { name });
  }
  if (type.kind !== 'record' || !type.fields.some((field) => field.name === name)) {
    if (rowOfMember('Object.prototype', name) !== undefined) checkMember(r, node, 'Object.prototype', name);
    return r.refuse(node, 'GG2062', { name });
  }
  const value = r.builder.load(memory, atField(name), elementType(type, atField(name)));
  r.memory.loaded(value, memory);
  return value;
}

/** `{ kind: 'circle'; radius: number } | { kind: 'square'; side: number }`. */
function isOfUnlikeObjects(r: Reading, node: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(node)) return false;
  const symbol = r.checker.getSymbolAtLocation(node.expression);
  const declared = symbol && r.checker.getNonNullableType(r.checker.getTypeOfSymbol(symbol));
  return declared !== undefined && declared.isUnion();
}

/** A property of a carried value: `name.length`. */
function carriedMember(r: Reading, memory: Value, name: string, node: ts.Node): Value {
  const type: Type = ts.isExpression(node) ? r.typeAt(node) : real;
  return r.builder.carry([memory, `.${name}`], type);
}

export function readProperty(r: Reading, node: ts.PropertyAccessExpression): Item {
  const member = enumMember(r, node);
  if (member !== undefined) return member;
  const making = fieldInMaking(r, node.expression, node.name.text);
  if (making !== undefined) return r.bindings.get(making) ?? r.refuse(node, 'GG2036');
  const math = mathConstant(r, node);
  if (math !== undefined) return math;
  const standard = mathFunction(r, node);
  if (standard !== undefined) return standard;
  const exported = memberOfNamespace(r, node) ?? memberOfTable(r, node);
  if (exported !== undefined) return exported;
  checkProperty(r, node);
  return throughOptional(r, node, (memory) => {
    const own = r.functions.get(memory)?.get(node.name.text);
    if (own !== undefined) return own;
    checkReachable(r, node, memory);
    const getter = getterAt(r, node, memory);
    if (getter !== undefined) return inlineCall(r, node, getter, []) ?? r.refuse(node, 'GG2068', { text: short(node) });
    if (isAccessor(r, node)) r.refuse(node, 'GG2019', { name: node.name.text });
    return loadField(r, memory, node.name.text, node);
  });
}

/** `Mode.Fast`: the value itself, which is a constant of the language. */
function enumMember(r: Reading, node: ts.PropertyAccessExpression): Value | undefined {
  const declaration = r.checker.getSymbolAtLocation(node)?.valueDeclaration;
  if (declaration === undefined || !ts.isEnumMember(declaration)) return undefined;
  const constant = r.checker.getConstantValue(declaration);
  if (constant === undefined) return r.refuse(node, 'GG2096', { text: short(node) });
  if (typeof constant === 'number') return r.literal(constant);
  // A member is told from a plain string, which it is never compared with.
  return r.builder.carry([`(${JSON.stringify(constant)} as string)`], { kind: 'opaque', text: 'string' });
}

export function readElement(r: Reading, node: ts.ElementAccessExpression): Item {
  return throughOptional(r, node, (memory) => {
    if (memory.type.kind === 'record') return readKey(r, memory, node);
    if (memory.type.kind === 'opaque' && isText(r, node.argumentExpression)) r.refuse(node, 'GG2051', { text: short(node.expression) });
    const index = numberOf(r, node.argumentExpression);
    if (memory.type.kind === 'opaque') return r.builder.carry([memory, '[', index, ']'], r.typeAt(node));
    return isDoubted(r, node) ? elementIfThere(r, memory, index, node) : loadIndex(r, memory, index, node);
  });
}

/** A key of an object whose type says only of what kind its keys are. */
function isText(r: Reading, key: ts.Expression): boolean {
  return (r.checker.getTypeAtLocation(key).flags & ts.TypeFlags.StringLike) !== 0;
}

/** `a.b`, and `a?.b` where `a` may be absent: then nothing of the rest is read. */
function throughOptional(r: Reading, node: ts.PropertyAccessExpression | ts.ElementAccessExpression, load: (memory: Value) => Item): Item {
  const object = valueOf(r, node.expression);
  if (isEmptyText(object.type)) return object;
  // Of `a?.b.c`, nothing is read either where `a` is absent.
  const isChained = node.questionDotToken !== undefined || (ts.isOptionalChain(node) && object.type.kind === 'optional');
  if (!isChained || (object.type.kind !== 'optional' && !mayBeAbsent(node.expression))) return load(r.plain(object));
  return choose(r, node, isPresent(r, object, node.expression), () => load(r.plain(object)), () => r.literal(undefined));
}

/** Refuses what the generated file must not name: fields that are private, of objects that come from outside. */
function checkReachable(r: Reading, { name }: ts.PropertyAccessExpression, memory: Value): void {
  if (ts.isPrivateIdentifier(name)) r.refuse(name, 'GG2035', { field: name.text, plain: name.text.slice(1) });
  const declaration = r.memory.isForeign(memory) ? r.checker.getSymbolAtLocation(name)?.valueDeclaration : undefined;
  if (declaration === undefined) return;
  if (ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) {
    r.refuse(name, 'GG2037', { field: name.text });
  }
}

export function isAccessor(r: Reading, node: ts.PropertyAccessExpression): boolean {
  const symbol = r.checker.getSymbolAtLocation(node.name);
  const declaration = symbol?.declarations?.[0];
  return declaration !== undefined && ts.isGetAccessorDeclaration(declaration) && !declaration.getSourceFile().isDeclarationFile;
}

