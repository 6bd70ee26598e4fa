/** What a companion repeats of its primal: names, types as they are written, documentation. */

import { ts } from 'ts-morph';

import { newValue } from '../graph/build.ts';
import type { Parameter, Signature, TypeImport, TypeText } from '../graph/primal.ts';
import type { Type } from '../graph/types.ts';
import type { Reading } from './context.ts';
import { nameOf } from './inline.ts';
import { resolve } from './expressions/names.ts';
import { structureOf } from './structure.ts';
import type { Tagged } from './tags.ts';

/** Refuses parameters whose types have no place in a graph. */
export function signatureOf(r: Reading, tagged: Tagged): Signature {
  const { declaration, statement } = tagged;
  const exported = (ts.getCombinedModifierFlags(statement as ts.Declaration) & ts.ModifierFlags.Export) !== 0 || isExported(r, tagged);
  const name = tagged.name?.text ?? nameOf(declaration);
  const file = declaration.getSourceFile();
  const params = declaration.parameters.map((parameter, i): Parameter => {
    const isName = ts.isIdentifier(parameter.name);
    const parameterName = isName ? (parameter.name as ts.Identifier).text : `arg${i}`;
    const optional = parameter.questionToken !== undefined || parameter.initializer !== undefined;
    const declared = r.convert(r.checker.getTypeAtLocation(parameter), parameter);
    const type: Type = optional && declared.kind !== 'optional' ? { kind: 'optional', of: declared } : declared;
    return {
      name: parameterName,
      text: textOf(r, parameter, exported ? `Parameters<typeof ${name}>[${i}]` : undefined, tagged),
      type,
      optional,
      hasDefault: parameter.initializer !== undefined,
      rest: parameter.dotDotDotToken !== undefined,
      value: newValue(type, parameterName),
    };
  });
  const signature = r.checker.getSignatureFromDeclaration(declaration);
  const resultType = signature ? r.checker.getReturnTypeOfSignature(signature) : r.checker.getTypeAtLocation(declaration);
  const { typeParameters } = declaration;
  return {
    name,
    exported,
    file: file.fileName,
    documentation: documentationOf(statement),
    params,
    typeParameters: typeParameters === undefined ? '' : `<${typeParameters.map((other) => other.getText()).join(', ')}>`,
    result: r.convert(resultType, declaration.type ?? declaration),
    ...resultOf(r, tagged, resultType, exported ? `ReturnType<typeof ${name}>` : undefined),
  };
}

/** The result as a field of the companion's result. */
function resultOf(r: Reading, tagged: Tagged, type: ts.Type, fallback: string | undefined): Pick<Signature, 'resultText' | 'resultCanBeWritten'> {
  const { declaration, name } = tagged;
  const base = r.checker.getBaseTypeOfLiteralType(type);
  const structure = structureOf(r.checker, base);
  const resultCanBeWritten = !/\breadonly\b/.test(structure);
  const imports = new Map<string, TypeImport>();
  const isNumber = (base.flags & ts.TypeFlags.NumberLike) !== 0;
  if (isNumber || declaration.type === undefined) return { resultText: { text: structure, imports: [] }, resultCanBeWritten };
  if (isNameable(r, declaration.type, imports, tagged)) {
    return { resultText: { text: declaration.type.getText(), imports: [...imports.values()] }, resultCanBeWritten };
  }
  if (fallback === undefined || name === undefined) return { resultText: { text: structure, imports: [] }, resultCanBeWritten };
  const own = { name: name.text, exported: name.text, from: declaration.getSourceFile().fileName };
  return { resultText: { text: fallback, imports: [own] }, resultCanBeWritten };
}

function isExported(r: Reading, { name, declaration }: Tagged): boolean {
  if (name === undefined) return false;
  const symbol = r.checker.getSymbolAtLocation(name);
  const module = r.checker.getSymbolAtLocation(declaration.getSourceFile());
  return module !== undefined && r.checker.getExportsOfModule(module).some((other) => resolve(r, other) === symbol);
}

/** The type as written, if the companion can name all that it mentions; else `fallback`, else by its structure. */
function textOf(r: Reading, parameter: ts.ParameterDeclaration, fallback: string | undefined, tagged: Tagged): TypeText {
  const type = r.checker.getTypeAtLocation(parameter.name);
  const node = parameter.type;
  if (node === undefined) return { text: structureOf(r.checker, r.checker.getBaseTypeOfLiteralType(type)), imports: [] };
  const imports = new Map<string, TypeImport>();
  if (isNameable(r, node, imports, tagged)) return { text: node.getText(), imports: [...imports.values()] };
  if (fallback !== undefined) {
    const { name } = tagged;
    const file = parameter.getSourceFile().fileName;
    const own: TypeImport[] = name === undefined ? [] : [{ name: name.text, exported: name.text, from: file }];
    return { text: parameter.questionToken || parameter.initializer ? `NonNullable<${fallback}>` : fallback, imports: own };
  }
  return { text: structureOf(r.checker, type), imports: [] };
}

/** Collects what must be imported for the names in a type; false where one of them cannot be. */
function isNameable(r: Reading, node: ts.Node, imports: Map<string, TypeImport>, tagged: Tagged): boolean {
  if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node) || ts.isTypeQueryNode(node)) {
    const first = leftmost(ts.isTypeReferenceNode(node) ? node.typeName : ts.isTypeQueryNode(node) ? node.exprName : node.expression);
    const symbol = r.checker.getSymbolAtLocation(first);
    if (symbol === undefined || !isReachable(r, first, symbol, imports, tagged)) return false;
    return (node.typeArguments ?? []).every((argument) => isNameable(r, argument, imports, tagged));
  }
  return ts.forEachChild(node, (child) => (isNameable(r, child, imports, tagged) ? undefined : true)) === undefined;
}

function leftmost(node: ts.Node): ts.Node {
  if (ts.isQualifiedName(node)) return leftmost(node.left);
  return ts.isPropertyAccessExpression(node) ? leftmost(node.expression) : node;
}

function isReachable(r: Reading, node: ts.Node, symbol: ts.Symbol, imports: Map<string, TypeImport>, tagged: Tagged): boolean {
  const declaration = symbol.declarations?.[0];
  if (declaration === undefined) return false;
  if (ts.isTypeParameterDeclaration(declaration)) return true;
  const name = node.getText();
  if (ts.isImportSpecifier(declaration) || ts.isImportClause(declaration)) {
    const statement = ts.findAncestor(declaration, ts.isImportDeclaration);
    if (statement === undefined || !ts.isStringLiteral(statement.moduleSpecifier)) return false;
    const exported = ts.isImportSpecifier(declaration) ? (declaration.propertyName ?? declaration.name).text : 'default';
    const specifier = statement.moduleSpecifier.text;
    const module = r.checker.getSymbolAtLocation(statement.moduleSpecifier);
    const from = specifier.startsWith('.') ? module?.declarations?.[0]?.getSourceFile().fileName : specifier;
    if (from === undefined) return false;
    imports.set(name, { name, exported, from });
    return true;
  }
  const file = declaration.getSourceFile();
  if (file.isDeclarationFile) return true;
  if (file !== tagged.declaration.getSourceFile()) return false;
  const module = r.checker.getSymbolAtLocation(file);
  const exported = module && r.checker.getExportsOfModule(module).find((other) => resolve(r, other) === symbol);
  if (exported === undefined) return false;
  imports.set(name, { name, exported: exported.name, from: file.fileName });
  return true;
}

/** The lines of the doc comment without the tags of gradgen. */
function documentationOf(statement: ts.Node): readonly string[] {
  const file = statement.getSourceFile();
  const comment = (ts.getLeadingCommentRanges(file.text, statement.getFullStart()) ?? []).at(-1);
  const text = comment === undefined ? '' : file.text.slice(comment.pos, comment.end);
  if (!text.startsWith('/**')) return [];
  const lines = text
    .slice(3, -2)
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .filter((line) => !/^@(?:grad|vjp|jvp|jacobian|hvp|hessian|gradOf|jvpOf)\b/.test(line));
  while (lines[0] === '') lines.shift();
  while (lines.at(-1) === '') lines.pop();
  return lines;
}
