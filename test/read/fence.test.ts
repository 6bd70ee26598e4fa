/** The fence has a row for everything, and each row is shown by a fixture: what is supported by one that is differentiated, what is refused by one that is rejected. */

import path from 'node:path';

import { Project, ts } from 'ts-morph';
import { beforeAll, describe, expect, it } from 'vitest';

import { globals, library, ownerOf, type Owner } from '../../src/read/fence/library.ts';
import { isRefused, type Row } from '../../src/read/fence/row.ts';
import { syntax, type SyntaxName } from '../../src/read/fence/syntax.ts';
import { fixtureFiles, fixturesFolder } from '../harness/fixture-files.ts';

const project = new Project({
  compilerOptions: { target: ts.ScriptTarget.ES2023, lib: ['lib.es2023.d.ts'], types: [], strict: true, jsx: ts.JsxEmit.Preserve, noEmit: true },
});
let checker: ts.TypeChecker;

/** What functions of the fixtures are written with: names of kinds, `Owner.member` and global names. */
interface Met {
  readonly kinds: Set<string>;
  readonly members: Set<string>;
}

const accepted: Met = { kinds: new Set(), members: new Set() };
const rejected: Met = { kinds: new Set(), members: new Set() };

const scope = project.createSourceFile('scope.ts', 'export {};').compilerNode;

beforeAll(() => {
  const good = project.addSourceFilesAtPaths([...fixtureFiles(), path.join(fixturesFolder, 'language/helpers/*.ts')]);
  const bad = project.addSourceFilesAtPaths(path.join(fixturesFolder, 'rejected/!(*.d).{ts,tsx}'));
  checker = project.getTypeChecker().compilerObject;
  for (const file of good) meet(file.compilerNode, accepted);
  for (const file of bad) meet(file.compilerNode, rejected);
}, 60_000);

/** No fixture can have it, since their types must be erasable: a cast in front is in `read.test.ts`. */
const elsewhere: ReadonlySet<string> = new Set(['TypeAssertionExpression']);

function meet(node: ts.Node, met: Met): void {
  met.kinds.add(nameOfKind.get(node.kind)!);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) met.kinds.add(nameOfKind.get(node.operator)!);
  if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Using) !== 0) met.kinds.add('UsingKeyword');
  if (ts.isPropertyAccessExpression(node)) for (const owner of ownersOf(node.expression)) met.members.add(`${owner}.${node.name.text}`);
  if (ts.isIdentifier(node)) met.members.add(node.text);
  ts.forEachChild(node, (child) => meet(child, met));
}

const nameOfKind: ReadonlyMap<ts.SyntaxKind, string> = new Map(Object.keys(syntax).map((name) => [ts.SyntaxKind[name as SyntaxName], name]));

function ownersOf(node: ts.Expression): Owner[] {
  const named = ts.isIdentifier(node) ? ownerOf(node.text) : undefined;
  if (named !== undefined) return [named];
  const type = checker.getNonNullableType(checker.getTypeAtLocation(node));
  const parts = type.isUnion() ? type.types : [type];
  return parts.map(ownerOfType);
}

function ownerOfType(type: ts.Type): Owner {
  if (type.flags & ts.TypeFlags.NumberLike) return 'Number.prototype';
  if (type.flags & ts.TypeFlags.StringLike) return 'String.prototype';
  if (type.flags & ts.TypeFlags.BooleanLike) return 'Boolean.prototype';
  if (checker.isArrayType(type) || checker.isTupleType(type)) return 'Array.prototype';
  if (ownerOf(type.symbol?.name ?? '') === 'TypedArray') return 'TypedArray.prototype';
  return type.getCallSignatures().length > 0 ? 'Function.prototype' : 'Object.prototype';
}

/** What TypeScript's library declares for an owner. */
function declaredMembers(owner: Owner): string[] {
  const [name = '', isPrototype] = owner.replace('TypedArray', 'Float64Array').split('.');
  const symbol = checker.resolveName(name, undefined, isPrototype ? ts.SymbolFlags.Type : ts.SymbolFlags.Value, false)!;
  const type = isPrototype ? checker.getDeclaredTypeOfSymbol(symbol) : checker.getTypeOfSymbol(symbol);
  return checker
    .getPropertiesOfType(type)
    .map((property) => property.name)
    .filter((member) => !member.startsWith('__@') && member !== 'prototype');
}

function isAllowed(row: Row): boolean {
  return row === 'supported' || row === 'carried';
}

describe('the syntax', () => {
  it('has a row for each kind that TypeScript knows, and for no other', () => {
    const names = Object.keys(ts.SyntaxKind).filter((name) => !/^(?:\d+|First.*|Last.*|JSDoc.*|.*Trivia|Count|Unknown)$/.test(name));
    expect(Object.keys(syntax).toSorted()).toEqual(names.toSorted());
  });

  it('is supported where a fixture has it', () => {
    const missing = Object.entries(syntax).filter(([name, row]) => isAllowed(row) && !accepted.kinds.has(name) && !elsewhere.has(name));
    expect(missing.map(([name]) => name)).toEqual([]);
  });

  it('is refused in a fixture', () => {
    const missing = Object.entries(syntax).filter(([name, row]) => isRefused(row) && !rejected.kinds.has(name));
    expect(missing.map(([name]) => name)).toEqual([]);
  });
});

describe('the library', () => {
  it('has a row for each global of the language', () => {
    const names = checker.getSymbolsInScope(scope, ts.SymbolFlags.Value).map((symbol) => symbol.name);
    expect(names.filter((name) => !Object.hasOwn(globals, name))).toEqual([]);
  });

  it.each(Object.keys(library) as Owner[])('has a row for each member of %s', (owner) => {
    expect(declaredMembers(owner).filter((name) => !Object.hasOwn(library[owner], name))).toEqual([]);
  });

  const rows = [
    ...Object.entries(library).flatMap(([owner, table]) => Object.entries<Row>(table).map(([name, row]) => [`${owner}.${name}`, row] as const)),
    ...Object.entries(globals),
  ];

  it('is supported where a fixture uses it', () => {
    const missing = rows.filter(([name, row]) => isAllowed(row) && !accepted.members.has(name));
    expect(missing.map(([name]) => name)).toEqual([]);
  });

  it('is refused in a fixture', () => {
    const missing = rows.filter(([name, row]) => isRefused(row) && !rejected.members.has(name));
    expect(missing.map(([name]) => name)).toEqual([]);
  });
});
