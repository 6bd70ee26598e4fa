/**
 * What the type parameters of a generic function stand for in one call, found by laying its declared signature beside
 * the one that the compiler resolved:
 *
 *     function collect<T>(n: number, f: (i: number) => T): T[] { const out: T[] = []; … }   // T is `number` in collect(3, Math.sin)
 */

import { ts } from 'ts-morph';

import type { Closure } from './context.ts';

type Arguments = Map<ts.Type, ts.Type>;

const inForce = new WeakMap<ts.TypeChecker, Arguments>();

/** What the parameter stands for in the bodies that are being read. */
export function argumentFor(checker: ts.TypeChecker, parameter: ts.Type): ts.Type | undefined {
  const type = inForce.get(checker)?.get(parameter);
  return type === parameter ? undefined : type;
}

/** Reads the body of a generic function with the types of this call. */
export function withTypeArguments<T>(checker: ts.TypeChecker, call: ts.Node, declaration: Closure['declaration'], read: () => T): T {
  if (declaration.typeParameters === undefined || !(ts.isCallExpression(call) || ts.isNewExpression(call))) return read();
  const resolved = checker.getResolvedSignature(call);
  const declared = checker.getSignatureFromDeclaration(declaration);
  if (resolved?.declaration !== declaration || declared === undefined) return read();
  const found: Arguments = new Map();
  alongSignatures(checker, declared, resolved, found, 0);
  const before = inForce.get(checker);
  inForce.set(checker, new Map([...(before ?? []), ...found]));
  try {
    return read();
  } finally {
    if (before === undefined) inForce.delete(checker);
    else inForce.set(checker, before);
  }
}

function alongSignatures(checker: ts.TypeChecker, declared: ts.Signature, actual: ts.Signature, found: Arguments, depth: number): void {
  declared.parameters.forEach((parameter, i) => {
    const other = actual.parameters[i];
    if (other !== undefined) along(checker, checker.getTypeOfSymbol(parameter), checker.getTypeOfSymbol(other), found, depth + 1);
  });
  along(checker, checker.getReturnTypeOfSignature(declared), checker.getReturnTypeOfSignature(actual), found, depth + 1);
}

function along(checker: ts.TypeChecker, declared: ts.Type, actual: ts.Type, found: Arguments, depth: number): void {
  if (depth > 8 || declared === actual) return;
  if (declared.flags & ts.TypeFlags.TypeParameter) {
    if (!found.has(declared)) found.set(declared, actual);
    return;
  }
  if (declared.isUnion()) {
    // `T | undefined`: what is not absent is T.
    const parts = declared.types.filter((part) => !(part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)));
    if (parts.length === 1) along(checker, parts[0]!, checker.getNonNullableType(actual), found, depth + 1);
    return;
  }
  if (isReference(declared) && isReference(actual) && declared.target === actual.target) {
    const others = checker.getTypeArguments(actual);
    checker.getTypeArguments(declared).forEach((part, i) => others[i] && along(checker, part, others[i], found, depth + 1));
    return;
  }
  const [declaredCall, actualCall] = [declared.getCallSignatures()[0], actual.getCallSignatures()[0]];
  if (declaredCall !== undefined && actualCall !== undefined) return alongSignatures(checker, declaredCall, actualCall, found, depth + 1);
  for (const property of declared.getProperties()) {
    const other = actual.getProperty(property.name);
    if (other !== undefined) along(checker, checker.getTypeOfSymbol(property), checker.getTypeOfSymbol(other), found, depth + 1);
  }
}

function isReference(type: ts.Type): type is ts.TypeReference {
  return (type.flags & ts.TypeFlags.Object) !== 0 && ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0;
}
