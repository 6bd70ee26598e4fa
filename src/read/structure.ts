/** Types written out, without names that only their own module knows. */

import { ts } from 'ts-morph';

/** The type as text that means the same in any module. */
export function structureOf(checker: ts.TypeChecker, type: ts.Type): string {
  return written(checker, type, []);
}

/** The type as messages name it. */
export function typeName(checker: ts.TypeChecker, type: ts.Type): string {
  return withoutBuffers(checker.typeToString(type));
}

function written(checker: ts.TypeChecker, type: ts.Type, open: readonly ts.Type[]): string {
  const asNamed = (): string => withoutBuffers(checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation));
  // What contains itself cannot be written out.
  if (open.includes(type) || type.flags & (ts.TypeFlags.TypeParameter | ts.TypeFlags.EnumLike | ts.TypeFlags.Boolean)) return asNamed();
  const inner = (other: ts.Type): string => written(checker, other, [...open, type]);
  if (type.isUnionOrIntersection()) {
    const parts = type.types.toSorted((a, b) => Number(isAbsent(a)) - Number(isAbsent(b)));
    return parts.map((part) => enclosed(inner(part))).join(type.isUnion() ? ' | ' : ' & ');
  }
  if (!(type.flags & ts.TypeFlags.Object)) return asNamed();
  if (checker.isTupleType(type)) return tuple(checker, type as ts.TupleTypeReference, inner);
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type as ts.TypeReference);
    const readonly = type.symbol.name === 'ReadonlyArray' ? 'readonly ' : '';
    return `${readonly}${enclosed(inner(element!))}[]`;
  }
  if (isFromLibrary(type)) return asNamed();
  const [call] = type.getCallSignatures();
  return call === undefined ? record(checker, type, inner) : signature(checker, call, inner);
}

function isAbsent(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) !== 0;
}

/** `Float64Array` of TypeScript before 5.7 takes no type argument. */
function withoutBuffers(text: string): string {
  return text.replaceAll('<ArrayBufferLike>', '');
}

function enclosed(text: string): string {
  return /[|&]|=>|^readonly /.test(text) ? `(${text})` : text;
}

function tuple(checker: ts.TypeChecker, type: ts.TupleTypeReference, inner: (type: ts.Type) => string): string {
  const { elementFlags, readonly } = type.target;
  const elements = checker.getTypeArguments(type).map((element, i) => {
    const flags = elementFlags[i]!;
    if (flags & ts.ElementFlags.Variadic) return `...${enclosed(inner(element))}`;
    if (flags & ts.ElementFlags.Rest) return `...${enclosed(inner(element))}[]`;
    return flags & ts.ElementFlags.Optional ? `${enclosed(inner(element))}?` : inner(element);
  });
  return `${readonly ? 'readonly ' : ''}[${elements.join(', ')}]`;
}

function signature(checker: ts.TypeChecker, call: ts.Signature, inner: (type: ts.Type) => string): string {
  const parameters = call.parameters.map((parameter) => {
    const { valueDeclaration } = parameter;
    const declared = valueDeclaration !== undefined && ts.isParameter(valueDeclaration) ? valueDeclaration : undefined;
    const rest = declared?.dotDotDotToken === undefined ? '' : '...';
    const optional = declared?.questionToken === undefined && declared?.initializer === undefined ? '' : '?';
    return `${rest}${parameter.name}${optional}: ${inner(checker.getTypeOfSymbol(parameter))}`;
  });
  return `(${parameters.join(', ')}) => ${inner(call.getReturnType())}`;
}

function record(checker: ts.TypeChecker, type: ts.Type, inner: (type: ts.Type) => string): string {
  const members = checker.getIndexInfosOfType(type).map(({ keyType, type: value, isReadonly }) => {
    return `${isReadonly ? 'readonly ' : ''}[key: ${checker.typeToString(keyType)}]: ${inner(value)}`;
  });
  for (const property of checker.getPropertiesOfType(type)) {
    const { declarations = [], flags } = property;
    const isReadonly = declarations.some((other) => (ts.getCombinedModifierFlags(other) & ts.ModifierFlags.Readonly) !== 0);
    const name = /^[A-Za-z_$][\w$]*$/.test(property.name) ? property.name : JSON.stringify(property.name);
    const text = inner(checker.getTypeOfSymbol(property));
    members.push(`${isReadonly ? 'readonly ' : ''}${name}${flags & ts.SymbolFlags.Optional ? '?' : ''}: ${text}`);
  }
  return members.length === 0 ? '{}' : `{ ${members.join('; ')} }`;
}

/** Declared by the language's own libraries, whoever adds to it: every module knows it. */
function isFromLibrary(type: ts.Type): boolean {
  const declarations = type.symbol?.declarations ?? [];
  return declarations.some((other) => /[\\/]lib\.[\w.]+\.d\.ts$/.test(other.getSourceFile().fileName));
}
