/** TypeScript's types as types of the graph. */

import { ts } from 'ts-morph';

import { boolean, integer, real } from '../graph/build.ts';
import { holdsInside } from '../graph/recursive-types.ts';
import { structureOf } from './structure.ts';
import type { Container, Field, RecordType, RecursiveType, Type } from '../graph/types.ts';
import { argumentFor } from './type-arguments.ts';

const containers: ReadonlySet<string> = new Set<Container>([
  'Array',
  'Float64Array',
  'Float32Array',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
]);

/** What a typed array holds. */
export function elementOf(container: Container): Type {
  return container.startsWith('Float') ? real : integer;
}

export type TypeProblem = 'any' | 'recursive' | 'union';

/** Records that were found inside of themselves, each with the name that generated code has for it. */
const recursiveRecords = new WeakMap<ts.Type, string>();

/** What a type is in the graph, or why it has no place there. */
export function typeOf(checker: ts.TypeChecker, type: ts.Type): Type | TypeProblem {
  return convert(checker, type, []);
}

function convert(checker: ts.TypeChecker, type: ts.Type, open: readonly ts.Type[]): Type | TypeProblem {
  if (type.flags & ts.TypeFlags.Any) return 'any';
  if (type.flags & ts.TypeFlags.TypeParameter) {
    const known = argumentFor(checker, type);
    if (known !== undefined && !open.includes(type)) return convert(checker, known, [...open, type]);
    const constraint = checker.getBaseConstraintOfType(type);
    return constraint === undefined || constraint === type ? opaque(checker, type) : convert(checker, constraint, open);
  }
  if (type.flags & ts.TypeFlags.EnumLike) return { kind: 'opaque', text: enumText(type) };
  if (type.flags & ts.TypeFlags.NumberLike) return real;
  if (type.flags & ts.TypeFlags.BooleanLike) return boolean;
  if (type.isUnion()) return convertUnion(checker, type, open);
  if (!(type.flags & ts.TypeFlags.Object)) {
    // A number with a brand: `number & { readonly __unit: 'm' }`.
    if (type.isIntersection() && type.types.some((part) => part.flags & ts.TypeFlags.NumberLike)) return real;
    return type.isIntersection() ? convertRecord(checker, type, open) : opaque(checker, type);
  }
  return convertObject(checker, type, open);
}

function convertUnion(checker: ts.TypeChecker, type: ts.UnionType, open: readonly ts.Type[]): Type | TypeProblem {
  const present = type.types.filter((part) => !isAbsent(part));
  const parts: Type[] = [];
  for (const part of present) {
    const converted = convert(checker, part, open);
    if (typeof converted === 'string') return converted;
    parts.push(converted);
  }
  const first = parts[0];
  if (first === undefined) return opaque(checker, type);
  let whole: Type | TypeProblem = first;
  if (parts.some((part) => part.kind !== first.kind)) {
    whole = parts.some(isNumeric) ? 'union' : opaque(checker, type);
  } else if (parts.length > 1 && first.kind !== 'real' && first.kind !== 'boolean') {
    const text = JSON.stringify(first);
    if (parts.some((part) => JSON.stringify(part) !== text)) whole = parts.some(isNumeric) ? 'union' : opaque(checker, type);
  }
  if (typeof whole === 'string') return whole;
  return present.length === type.types.length ? whole : { kind: 'optional', of: whole };
}

function convertObject(checker: ts.TypeChecker, type: ts.Type, open: readonly ts.Type[]): Type | TypeProblem {
  if (checker.isTupleType(type)) {
    const elements: Type[] = [];
    for (const argument of checker.getTypeArguments(type as ts.TypeReference)) {
      const element = convert(checker, argument, open);
      if (typeof element === 'string') return element;
      elements.push(element);
    }
    if (!(type as ts.TupleTypeReference).target.hasRestElement) return { kind: 'tuple', elements };
    // `[number, ...number[]]` is an array that is not empty.
    const [first] = elements;
    const alike = first !== undefined && elements.every((element) => JSON.stringify(element) === JSON.stringify(first));
    return alike ? { kind: 'array', container: 'Array', element: first } : opaque(checker, type);
  }
  const name = type.symbol?.name;
  if (open.includes(type) && checker.isArrayType(type)) return 'recursive';
  if (checker.isArrayType(type)) {
    const [argument] = checker.getTypeArguments(type as ts.TypeReference);
    if (argument === undefined) return opaque(checker, type);
    const element = convert(checker, argument, [...open, type]);
    return typeof element === 'string' ? element : { kind: 'array', container: 'Array', element };
  }
  if (name !== undefined && containers.has(name) && name !== 'Array') {
    return { kind: 'array', container: name as Container, element: elementOf(name as Container) };
  }
  if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) return opaque(checker, type);
  return convertRecord(checker, type, open);
}

function convertRecord(checker: ts.TypeChecker, type: ts.Type, open: readonly ts.Type[]): Type | TypeProblem {
  if (open.includes(type)) return recursiveType(checker, type);
  if (isFromLibrary(checker, type)) return opaque(checker, type);
  const fields: Field[] = [];
  const listed = checker.getPropertiesOfType(type);
  for (const property of isMapped(type) ? inOrder(listed) : listed) {
    if (property.flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Accessor)) continue;
    // An array that is met again inside of an object has an end.
    const around = open.filter((other) => !checker.isArrayType(other));
    const fieldType = convert(checker, checker.getTypeOfSymbol(property), [...around, type]);
    if (typeof fieldType === 'string') return fieldType;
    fields.push({ name: property.name, type: fieldType });
  }
  const known = recursiveRecords.get(type);
  if (known !== undefined && fields.some((field) => isEndless(field.type, known))) return 'recursive';
  if (known !== undefined) return { kind: 'record', name: known, recursive: known, constant: constantFields(checker, type), fields };
  if (hasMethods(checker, type)) return { kind: 'record', fields };
  const name = type.aliasSymbol?.name ?? (type.symbol?.flags & ts.SymbolFlags.TypeLiteral ? undefined : type.symbol?.name);
  return name === undefined || name.startsWith('__') ? { kind: 'record', fields } : { kind: 'record', name, fields };
}

/** `Pick<…>`, `Record<…>`, `{ [key in …]: … }`. */
function isMapped(type: ts.Type): boolean {
  return ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Mapped) !== 0;
}

/** As they are declared, which is not how the compiler lists those of `Pick` and `Omit`; those of `Record<'b' | 'a', number>` by their names. */
function inOrder(properties: readonly ts.Symbol[]): readonly ts.Symbol[] {
  const declared = properties.map((property) => property.declarations?.find((one) => ts.isPropertySignature(one) || ts.isPropertyDeclaration(one)));
  const [first] = declared;
  if (properties.every((property) => property.declarations === undefined)) return properties.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (first === undefined || declared.some((one) => one?.getSourceFile() !== first.getSourceFile())) return properties;
  const place = new Map(properties.map((property, i) => [property, declared[i]!.pos]));
  return properties.toSorted((a, b) => place.get(a)! - place.get(b)!);
}

/** The fields whose declaration says that nobody writes to their arrays. */
function constantFields(checker: ts.TypeChecker, type: ts.Type): readonly string[] {
  return checker.getPropertiesOfType(type).flatMap((property) => {
    return /\breadonly\b|\bReadonlyArray\b/.test(structureOf(checker, checker.getTypeOfSymbol(property))) ? [property.name] : [];
  });
}

/** Whether every value of the type contains one of `name`. */
function isEndless(type: Type, name: string): boolean {
  switch (type.kind) {
    case 'recursive':
      return type.name === name;
    case 'record':
      return type.fields.some((field) => isEndless(field.type, name));
    case 'tuple':
      return type.elements.some((element) => isEndless(element, name));
    default:
      return false;
  }
}

/** A record where it is met inside of itself. */
function recursiveType(checker: ts.TypeChecker, type: ts.Type): RecursiveType {
  const known = recursiveRecords.get(type);
  const name = known ?? nameOfRecursive(checker, type);
  if (known === undefined) recursiveRecords.set(type, name);
  let record: RecordType | undefined;
  const unfold = (): RecordType => {
    record ??= convertRecord(checker, type, []) as RecordType;
    return record;
  };
  return { kind: 'recursive', name, unfold };
}

/** `Tree`; `List_number` for `List<number>`. */
function nameOfRecursive(checker: ts.TypeChecker, type: ts.Type): string {
  const text = checker.typeToString(type);
  const name = text.replace(/[^\p{ID_Continue}$]+/gu, '_').replace(/_+$/, '');
  return /^[\p{ID_Start}$]/u.test(name) && name.length <= 40 ? name : 'Recursive';
}

/** Of a class whose objects are more than their fields: an object literal is none of them. */
function hasMethods(checker: ts.TypeChecker, type: ts.Type): boolean {
  if (type.symbol === undefined || !(type.symbol.flags & ts.SymbolFlags.Class)) return false;
  return checker.getPropertiesOfType(type).some((property) => (property.flags & ts.SymbolFlags.Method) !== 0);
}

/** `Map`, `Date`, `Promise`: declared by a library, and no record; not `Partial<Model>`, whose fields are the model's. */
function isFromLibrary(checker: ts.TypeChecker, type: ts.Type): boolean {
  if (isMapped(type) && checker.getIndexInfosOfType(type).length === 0) return false;
  const declarations = type.symbol?.declarations ?? [];
  return (
    declarations.length > 0 &&
    declarations.every((declaration) => /[\\/]lib\.[\w.]+\.d\.ts$/.test(declaration.getSourceFile().fileName))
  );
}

function isAbsent(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Void)) !== 0;
}

function opaque(checker: ts.TypeChecker, type: ts.Type): Type {
  return { kind: 'opaque', text: structureOf(checker, type) };
}

/** What an enum's members are; its name may be known to its module alone. */
function enumText(type: ts.Type): string {
  const parts = type.isUnion() ? type.types : [type];
  const texts = new Set(parts.map((part) => (part.flags & ts.TypeFlags.StringLike ? 'string' : 'number')));
  return [...texts].join(' | ');
}

/** Whether a number is inside: what can be differentiated, where no integer container is on the way. */
export function isNumeric(type: Type): boolean {
  switch (type.kind) {
    case 'real':
      return true;
    case 'optional':
      return isNumeric(type.of);
    case 'array':
      return /^(?:Array|Float)/.test(type.container) && isNumeric(type.element);
    case 'tuple':
      return type.elements.some(isNumeric);
    case 'record':
      return type.fields.some((field) => isNumeric(field.type));
    case 'recursive':
      return holdsInside(type, isNumeric);
    default:
      return false;
  }
}

/** Numbers may be absent from it, or lie in a tree: there is no saying beforehand which ones there are. */
export function hasUnknownShape(type: Type): boolean {
  switch (type.kind) {
    case 'optional':
      return isNumeric(type);
    case 'recursive':
      return true;
    case 'array':
      return hasUnknownShape(type.element);
    case 'tuple':
      return type.elements.some(hasUnknownShape);
    case 'record':
      return type.recursive !== undefined || type.fields.some((field) => hasUnknownShape(field.type));
    default:
      return false;
  }
}

export function isReference(type: Type): boolean {
  return type.kind === 'array' || type.kind === 'record' || type.kind === 'tuple' || type.kind === 'recursive' || (type.kind === 'optional' && isReference(type.of));
}

/** Elements and fields may hold any number, whatever they begin with. */
export function stored(type: Type): Type {
  return type.kind === 'integer' ? real : type;
}

/** The type of a value that is one of two; undefined where they have none in common. */
export function joinTypes(a: Type, b: Type): Type | undefined {
  if (a.kind === b.kind) {
    if (a.kind === 'optional' && b.kind === 'optional') {
      const of = joinTypes(a.of, b.of);
      return of && { kind: 'optional', of };
    }
    if (a.kind === 'record' && b.kind === 'record' && fieldNames(a) !== fieldNames(b)) return undefined;
    return isEmptyText(a) ? b : a;
  }
  if (isNumber(a) && isNumber(b)) return real;
  if (isEmptyText(a)) return b.kind === 'optional' ? b : { kind: 'optional', of: stored(b) };
  if (isEmptyText(b)) return joinTypes(b, a);
  if (a.kind === 'optional') {
    const of = joinTypes(a.of, b);
    return of && { kind: 'optional', of };
  }
  return b.kind === 'optional' ? joinTypes(b, a) : undefined;
}

function fieldNames({ fields }: RecordType): string {
  return fields.map(({ name }) => name).toSorted().join();
}

function isNumber(type: Type): boolean {
  return type.kind === 'real' || type.kind === 'integer';
}

/** The type of the literals `undefined` and `null`. */
export function isEmptyText(type: Type): boolean {
  return type.kind === 'opaque' && (type.text === 'undefined' || type.text === 'null');
}
