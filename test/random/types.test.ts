/** What is written compiles: companions of random programs under the strict flags of the fixtures. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { compileSource, openProgram, product } from '../harness/compile.ts';
import { fixturesFolder } from '../harness/fixture-files.ts';
import { generateContainers } from './containers.ts';
import { generateErrands } from './errands.ts';
import { generate } from './generate.ts';
import { type RandomProgram, sourceOf } from './program.ts';

const project = path.resolve(fixturesFolder, '..');
const parent = path.join(project, 'dist/test');
mkdirSync(parent, { recursive: true });
const folder = mkdtempSync(path.join(parent, 'types-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Every second one with `@hvp` in place of `@grad`. */
function sourceAt(program: RandomProgram, i: number): string {
  const source = sourceOf(program);
  return i % 2 === 0 ? source : source.replaceAll('/** @grad ', '/** @hvp ');
}

it('60 of them compile', () => {
  const programs: readonly RandomProgram[] = [generate, generateContainers, generateErrands].flatMap((make) => Array.from({ length: 20 }, (_seed, i) => make(i + 701)));
  const files = programs.map((program, i) => {
    const file = path.join(folder, `${program.name}.ts`);
    writeFileSync(file, `${sourceAt(program, i)}\nexport {};\n`);
    return file;
  });
  const opened = openProgram(files);
  const companions = files.map((file) => compileSource(opened, file, product).text);
  expect(companions.filter((text) => /export function (?:grad|hvp)_/.test(text)).length).toBeGreaterThan(50);
  companions.forEach((text, i) => writeFileSync(files[i]!.replace(/\.ts$/, '.grad.ts'), text));
  const flags = JSON.parse(readFileSync(path.join(fixturesFolder, 'tsconfig.json'), 'utf8')) as { compilerOptions: Record<string, unknown> };
  // Programs that nobody wrote have variables that nobody reads, and what only some flags allow.
  const compilerOptions = { ...flags.compilerOptions, noUnusedLocals: false, noUnusedParameters: false, isolatedDeclarations: false, erasableSyntaxOnly: false };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }\n');
  expect(problemsOf(folder)).toEqual([]);
}, 240_000);

function problemsOf(at: string): readonly string[] {
  try {
    execFileSync(path.join(project, 'node_modules/.bin/tsc'), ['-p', at], { encoding: 'utf8' });
    return [];
  } catch (error) {
    const { stdout } = error as { stdout: string };
    if (!stdout.includes('error TS')) throw error;
    return stdout.split('\n').filter((line) => line.includes('.grad.ts'));
  }
}
