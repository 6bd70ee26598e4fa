/** Names: variables, functions, imports and constants of modules. */

import { ts } from 'ts-morph';

import type { ModuleReference, Value } from '../../graph/types.ts';
import { tableAt } from '../function-tables.ts';
import { copyOf } from '../module-literals.ts';
import { intrinsicFunction } from '../intrinsics.ts';
import { standardFunction, takenFromMath } from '../math.ts';
import { isWritten } from '../read-only.ts';
import type { Frame, Item, Reading } from '../context.ts';
import { short } from '../places.ts';
import { Refusal } from '../refusal.ts';

/** Of functions and classes at the top of a module. */
export const moduleFrame: Frame = { cells: new Map() };

export function readName(r: Reading, node: ts.Identifier): Item {
  if (node.text === 'undefined') return r.literal(undefined);
  if (node.text === 'NaN' || node.text === 'Infinity') {
    if (isGlobal(r, node)) return r.literal(Number(node.text));
  }
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? r.checker.getShorthandAssignmentValueSymbol(node.parent)
    : r.checker.getSymbolAtLocation(node);
  if (symbol === undefined && node.text === 'console') return r.refuse(node, 'GG2023', { text: 'console' });
  if (symbol === undefined) return r.refuse(node, 'GG2040', { name: node.text });
  if (node.text === 'arguments' && symbol.declarations === undefined) return r.refuse(node, 'GG2039');
  const cell = r.cellOf(symbol);
  if (cell !== undefined) {
    const item = r.lookup(cell);
    if (item !== undefined) return item;
    // Its declaration was refused, which has been said there.
    if (r.diagnostics.length > 0) throw new Refusal(node.text);
    return r.refuse(node, 'GG2038', { name: node.text });
  }
  const isLocal = symbol.valueDeclaration !== undefined && ts.findAncestor(symbol.valueDeclaration.parent, ts.isFunctionLike) !== undefined;
  if (isLocal) {
    const standard = takenFromMath(r, node, symbol.valueDeclaration!);
    if (standard !== undefined) return standard;
    if (r.diagnostics.length > 0) throw new Refusal(node.text);
    return r.refuse(node, 'GG2038', { name: node.text });
  }
  const untagged = r.companions?.missing(symbol);
  if (untagged !== undefined) return r.refuse(node, 'GG2114', { companion: untagged.companion, ...untagged.words });
  return readSymbol(r, node, resolve(r, symbol));
}

/** `vectors.unit` of `import * as vectors`; undefined where the object is no namespace. */
export function memberOfNamespace(r: Reading, node: ts.PropertyAccessExpression): Item | undefined {
  if (!isNamespace(r, node.expression) || isNamespace(r, node)) return undefined;
  const member = r.checker.getSymbolAtLocation(node.name);
  return member && readSymbol(r, node, resolve(r, member));
}

function isNamespace(r: Reading, node: ts.Expression): boolean {
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return false;
  const symbol = r.checker.getSymbolAtLocation(ts.isIdentifier(node) ? node : node.name);
  if (symbol === undefined || r.cellOf(symbol) !== undefined) return false;
  return (resolve(r, symbol).flags & (ts.SymbolFlags.ValueModule | ts.SymbolFlags.NamespaceModule)) !== 0;
}

export function resolve(r: Reading, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? r.checker.getAliasedSymbol(symbol) : symbol;
}

function readSymbol(r: Reading, node: ts.Identifier | ts.PropertyAccessExpression, symbol: ts.Symbol): Item {
  const declarations = symbol.declarations ?? [];
  const intrinsic = declarations[0] && intrinsicFunction(r, node, declarations[0]);
  if (intrinsic !== undefined) return intrinsic;
  const body = declarations.find((other) => ts.isFunctionDeclaration(other) && other.body !== undefined);
  if (body !== undefined) return { kind: 'function', declaration: body as ts.FunctionDeclaration, frame: moduleFrame };
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined) return r.refuse(node, 'GG2040', { name: short(node) });
  if (ts.isFunctionDeclaration(declaration)) return { kind: 'function', declaration, frame: moduleFrame };
  const standard = ts.isIdentifier(node) ? takenFromMath(r, node, declaration) : undefined;
  if (standard !== undefined) return standard;
  if (ts.isVariableDeclaration(declaration)) return readModuleVariable(r, node, symbol, declaration);
  return r.refuse(node, 'GG2040', { name: short(node) });
}

function readModuleVariable(r: Reading, node: ts.Expression, symbol: ts.Symbol, declaration: ts.VariableDeclaration): Item {
  const { initializer } = declaration;
  const isConst = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  const file = declaration.getSourceFile();
  if (initializer !== undefined && isConst && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))) {
    return { kind: 'function', declaration: initializer, frame: moduleFrame };
  }
  if (file.isDeclarationFile && (symbol.name === 'Boolean' || symbol.name === 'Number')) {
    const convert = symbol.name === 'Boolean' ? (value: Value): Value => r.truth(value) : (value: Value): Value => value;
    const standard = standardFunction(r, node, ([value]) => convert(value!));
    if (standard !== undefined) return standard;
  }
  if (file.isDeclarationFile) return r.refuse(node, 'GG2041', { name: short(node) });
  if (!isConst) return r.refuse(node, 'GG2013', { name: symbol.name });
  const table = tableAt(r, node);
  if (table !== undefined) return table;
  const known = r.constants.get(symbol);
  if (known !== undefined) return known;
  const type = r.convert(r.checker.getTypeOfSymbol(symbol), node);
  const value = r.prelude.carry([referenceTo(r, node, symbol, declaration)], type, { name: symbol.name });
  r.memory.mark(value, `module:${symbol.name}`);
  r.constants.set(symbol, value);
  return value;
}

/** How a constant or function of a module gets into the companion; refuses what is neither exported nor a literal. */
export function referenceTo(r: Reading, node: ts.Node, symbol: ts.Symbol, declaration: ts.Declaration): ModuleReference {
  const file = declaration.getSourceFile();
  const { name } = symbol;
  const module = r.checker.getSymbolAtLocation(file);
  const exports = module === undefined ? [] : r.checker.getExportsOfModule(module);
  const exported = exports.find((other) => resolve(r, other) === symbol);
  const copy = copyOf(r, symbol, declaration, exported !== undefined);
  if (copy !== undefined) return { kind: 'module', name, file: file.fileName, access: copy };
  if (exported !== undefined) {
    return { kind: 'module', name, file: file.fileName, access: { kind: 'import', exported: exported.name } };
  }
  if (isWritten(node)) return r.refuse(node, 'GG2012', { name });
  return r.refuse(node, 'GG2021', { name });
}

/** Whether the module that declares the symbol exports it. */
export function isImportable(r: Reading, symbol: ts.Symbol): boolean {
  const module = symbol.valueDeclaration && r.checker.getSymbolAtLocation(symbol.valueDeclaration.getSourceFile());
  return module !== undefined && r.checker.getExportsOfModule(module).some((other) => resolve(r, other) === symbol);
}

/** Declared by the language's own libraries. */
export function isGlobal(r: Reading, node: ts.Identifier): boolean {
  const symbol = r.checker.getSymbolAtLocation(node);
  const declarations = symbol?.declarations ?? [];
  return declarations.every((other) => other.getSourceFile().isDeclarationFile);
}

