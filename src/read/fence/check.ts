/** The fence as the reader meets it: bodies are checked whole before they are read, so that all refusals are reported together. */

import { ts } from 'ts-morph';

import type { Closure, Reading } from '../context.ts';
import { short } from '../places.ts';
import { isGlobal } from '../expressions/names.ts';
import { ownerOf, rowOfGlobal, rowOfMember, type Owner } from './library.ts';
import { isRefused, type Refused, type Row } from './row.ts';
import { rowOfSyntax } from './syntax.ts';

/** Reports what the fence refuses in the parameters and the body of a function; each function once. */
export function checkFunction(r: Reading, { parameters, body }: Closure['declaration']): void {
  if (body === undefined || r.fenced.has(body)) return;
  r.fenced.add(body);
  for (const parameter of parameters) check(r, parameter);
  check(r, body);
}

/** The same for a class; its methods and getters are checked where they are called. */
export function checkClass(r: Reading, declaration: ts.ClassDeclaration): void {
  if (r.fenced.has(declaration)) return;
  r.fenced.add(declaration);
  for (const modifier of declaration.modifiers ?? []) if (ts.isDecorator(modifier)) check(r, modifier);
  for (const member of declaration.members) {
    if (!ts.isMethodDeclaration(member) && !ts.isGetAccessorDeclaration(member)) check(r, member);
    else member.modifiers?.filter(ts.isDecorator).forEach((decorator) => check(r, decorator));
  }
}

function check(r: Reading, node: ts.Node): void {
  const row = rowOfSyntax(node.kind);
  if (row === 'erased') return;
  if (row === undefined || row === 'module' || row === 'text') {
    r.report(node, 'GG2001', unlisted(node));
  } else if (isRefused(row)) {
    if (row.atUse === undefined) r.report(node, row.refused, wordsOf(row, node));
  } else if (ts.isVariableDeclarationList(node) && isUsing(node)) {
    r.report(node, 'GG2094', {});
  } else {
    ts.forEachChild(node, (child) => check(r, child));
  }
}

/** Refuses what a reader has no case for: as its row says, and what has none, or one that promises too much, all the same. */
export function refuseSyntax(r: Reading, node: ts.Node): never {
  const row = rowOfSyntax(node.kind);
  return row !== undefined && isRefused(row) ? r.refuse(node, row.refused, wordsOf(row, node)) : r.refuse(node, 'GG2001', unlisted(node));
}

/** Refuses a member of the library that the fence refuses or does not know. */
export function checkMember(r: Reading, node: ts.Node, owner: Owner, name: string): void {
  checkRow(r, node, rowOfMember(owner, name));
}

/** Refuses a global that the fence refuses or does not know; with a member, that member of it. */
export function checkGlobal(r: Reading, node: ts.Node, name: string, member?: string): void {
  const owner = member === undefined ? undefined : ownerOf(name);
  if (owner !== undefined && member !== undefined) checkMember(r, node, owner, member);
  else checkRow(r, node, rowOfGlobal(name));
}

/** Members that every function has: `f.call`, `f.name`. */
export function isOfFunction(r: Reading, { expression, name }: ts.PropertyAccessExpression): boolean {
  return rowOfMember('Function.prototype', name.text) !== undefined && r.checker.getTypeAtLocation(expression).getCallSignatures().length > 0;
}

/** Refuses a property of a function or of a global that the fence refuses. */
export function checkProperty(r: Reading, node: ts.PropertyAccessExpression): void {
  const { expression, name } = node;
  if (isOfFunction(r, node)) checkMember(r, node, 'Function.prototype', name.text);
  if (isStaticField(r, name)) r.refuse(node, 'GG2102', { text: short(node) });
  if (!ts.isIdentifier(expression) || rowOfGlobal(expression.text) === undefined || !isGlobal(r, expression)) return;
  checkGlobal(r, node, expression.text, name.text);
}

function isStaticField(r: Reading, name: ts.MemberName): boolean {
  const declaration = r.checker.getSymbolAtLocation(name)?.valueDeclaration;
  return declaration !== undefined && ts.isPropertyDeclaration(declaration) && (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Static) !== 0;
}

function checkRow(r: Reading, node: ts.Node, row: Row | undefined): void {
  if (row === undefined) r.refuse(node, 'GG2030', { text: short(node), instead: 'do it where the tagged function is called, and pass the value in' });
  if (isRefused(row)) r.refuse(node, row.refused, wordsOf(row, node));
}

function wordsOf(row: Refused, node: ts.Node) {
  const name = (node as Partial<ts.NamedDeclaration>).name?.getText();
  return { text: short(node), ...(name !== undefined && { name }), ...row.words };
}

function unlisted(node: ts.Node) {
  return { construct: `\`${short(node)}\``, hint: 'write it with loops, branches, arithmetic, calls, arrays and objects' };
}

/** `using` shares a bit with `const`: its flag is asked for alone. */
function isUsing(node: ts.VariableDeclarationList): boolean {
  return (node.flags & ts.NodeFlags.Using) !== 0;
}
