import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Project, type ts } from 'ts-morph';
import { afterAll, describe, expect, it } from 'vitest';

import { compilerOptionsFor } from '../../src/project/compiler-options.ts';
import { missesNames, withoutEnvironment } from '../../src/read/environment-types.ts';
import { createProgram } from '../../src/read/program.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'gradgen-environment-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;

/** The paths of files with these texts, in a folder of their own. */
function files(texts: Readonly<Record<string, string>>): string[] {
  const own = path.join(folder, `case${count++}`);
  mkdirSync(own);
  return Object.entries(texts).map(([name, text]) => {
    writeFileSync(path.join(own, name), text);
    return path.join(own, name);
  });
}

const usual = { ...compilerOptionsFor(undefined), types: [] };

function isInNeed(texts: Readonly<Record<string, string>>): boolean {
  return missesNames(programOf(files(texts), withoutEnvironment(usual)!));
}

function programOf(sources: readonly string[], compilerOptions: ts.CompilerOptions): ts.Program {
  const project = new Project({ compilerOptions });
  project.addSourceFilesAtPaths(sources);
  return project.getProgram().compilerObject;
}

describe('libraries', () => {
  const libOf = (options: Parameters<typeof compilerOptionsFor>[0]) => withoutEnvironment(compilerOptionsFor(options))?.lib;

  it('are those of the language', () => {
    expect(withoutEnvironment(usual)?.lib).toEqual(['lib.esnext.d.ts']);
    expect(libOf({ target: 'es2015' })).toEqual(['lib.es2015.d.ts']);
    expect(libOf({ target: 'es2022' })).toEqual(['lib.es2022.d.ts']);
    expect(libOf({ target: 'es5' })).toEqual(['lib.es5.d.ts']);
    expect(libOf({ lib: ['es2022', 'dom', 'dom.iterable'] })).toEqual(['lib.es2022.d.ts']);
  });

  it('exist', () => {
    for (const target of ['es5', 'es2015', 'es2017', 'es2020', 'es2023', 'esnext']) {
      const options = withoutEnvironment({ ...compilerOptionsFor({ target }), types: [] })!;
      const program = programOf(files({ 'a.ts': 'export const root = Math.sqrt(2);' }), options);
      expect([...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()]).toEqual([]);
      expect(missesNames(program)).toBe(false);
      expect(program.getSourceFiles().filter((file) => file.fileName.includes('dom'))).toEqual([]);
    }
  });

  it('come without those of Node', () => {
    expect(withoutEnvironment({ ...compilerOptionsFor({ lib: ['es2023'] }), types: ['node', 'estree'] })?.types).toEqual(['estree']);
    const all = withoutEnvironment(compilerOptionsFor(undefined))?.types;
    expect(all).toContain('estree');
    expect(all).not.toContain('node');
  });

  it('stay what they are where none is of a browser', () => {
    expect(withoutEnvironment({ ...compilerOptionsFor({ lib: ['es2023'] }), types: [] })).toBeUndefined();
    expect(withoutEnvironment({ ...compilerOptionsFor({ noLib: true }), types: [] })).toBeUndefined();
  });
});

describe('a program without declarations of browsers and of Node', () => {
  it('is enough for what names none', () => {
    expect(isInNeed({ 'a.ts': 'export interface Node { value: number; next?: Node }\nexport const f = (x: Array<number>, n: Node): number => x.length * n.value;\nexport const sizes = [1, 2] as const;' })).toBe(false);
  });

  it('is not where a type is not found, wherever it is named', () => {
    expect(isInNeed({ 'a.ts': 'export interface Sample { at: DOMHighResTimeStamp; x: number }' })).toBe(true);
    expect(isInNeed({ 'a.ts': 'export interface Sample extends DOMPointInit {}' })).toBe(true);
    expect(isInNeed({ 'a.ts': 'export let pixels: typeof devicePixelRatio;' })).toBe(true);
    expect(isInNeed({ 'a.ts': 'import type { PathLike } from "node:fs";\nexport const f = (path: PathLike): number => String(path).length;' })).toBe(true);
    expect(isInNeed({ 'a.ts': 'import { readFileSync } from "node:fs";\nexport const text = readFileSync("a");' })).toBe(false);
    expect(isInNeed({ 'b.ts': 'import type { Time } from "./a.ts";\nexport const f = (t: Time): number => t;', 'a.ts': 'export type Time = DOMHighResTimeStamp;' })).toBe(true);
  });

  it('is not where what is mentioned is declared for all files', () => {
    const model = 'export const f = (p: DOMPointInit): number => p.weight;';
    expect(isInNeed({ 'a.ts': `${model}\ndeclare global { interface DOMPointInit { weight: number } }` })).toBe(true);
    expect(isInNeed({ 'a.ts': model, 'a.d.ts': 'interface DOMPointInit { weight: number }' })).toBe(true);
    expect(isInNeed({ 'a.ts': 'export const x = 1;', 'a.d.ts': 'interface DOMPointInit { weight: number }' })).toBe(false);
  });

  it('is not where what is imported needs a type of a browser, from declaration to declaration', () => {
    const types = 'export interface Sample { when: When }\ntype When = DOMHighResTimeStamp;\nexport interface Other { x: number }';
    expect(isInNeed({ 'a.ts': 'import type { Sample } from "./b.js";\nexport const f = (s: Sample): number => s.when;', 'b.d.ts': types })).toBe(true);
    expect(isInNeed({ 'a.ts': 'import type { Other } from "./b.js";\nexport const f = (s: Other): number => s.x;', 'b.d.ts': types })).toBe(false);
    expect(isInNeed({ 'a.ts': 'import { rate } from "./b.js";\nexport const f = (): number => rate();', 'b.d.ts': 'export declare function rate(): DOMHighResTimeStamp;' })).toBe(true);
    expect(isInNeed({ 'a.ts': 'import * as b from "./b.js";\nexport const f = (): number => b.rate();', 'b.d.ts': 'export declare function rate(): DOMHighResTimeStamp;' })).toBe(true);
  });
});

describe('a read function', () => {
  const read = (text: string) => {
    const [file] = files({ 'model.ts': text });
    return createProgram({ compilerOptions: usual, files: [file!] }).read(file!);
  };

  it('has the types that it has in a browser', () => {
    const { primals, diagnostics } = read('interface Sample { at: DOMHighResTimeStamp; x: number }\n/** @grad */ export function f(s: Sample): number { return s.at * s.x; }');
    expect(diagnostics).toEqual([]);
    const [sample] = primals[0]!.graph.params;
    expect(sample!.type).toMatchObject({ fields: [{ name: 'at', type: { kind: 'real' } }, { name: 'x', type: { kind: 'real' } }] });
  });

  it('is refused with the message that it has in a browser', () => {
    expect(read('/** @grad */ export function f(x: number): number { return x * performance.now(); }').diagnostics.map(({ code }) => code)).toEqual(['GG2023']);
    expect(read('/** @grad */ export function f(x: number): number { console.log(x); return x; }').diagnostics.map(({ code }) => code)).toEqual(['GG2023']);
  });
});
