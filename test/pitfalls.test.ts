/** The tables of `test/README.md` name fixtures and tests that exist, and leave out no row. */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, it } from 'vitest';

import { fixturesFolder } from './harness/fixture-files.ts';

const categories = 52;
const root = path.resolve(fixturesFolder, '..');
const text = readFileSync(path.join(root, 'test/README.md'), 'utf8');
const [, pitfalls = '', language = ''] = text.split(/^## /m);

it('names a test for every pitfall', () => {
  const numbers = rowsOf(pitfalls).map(([number]) => Number(number));
  expect(numbers).toEqual(Array.from({ length: categories }, (_, i) => i + 1));
});

it('names a fixture for every area of the language', () => {
  const areas = new Set(rowsOf(language).map(([area]) => area));
  expect([...areas]).toEqual(['statements', 'expressions', '`Math`', 'arrays', 'calls', 'data', 'state of modules', 'companions', 'long loops', 'rules', '`gradgen/linalg`', 'intrinsics']);
});

it.each([...rowsOf(pitfalls), ...rowsOf(language)].map((cells) => [cells.slice(0, 2).join(' '), cells.at(-1)!]))('%s', (_row, where) => {
  const references = [...where.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
  expect(references).not.toHaveLength(0);
  expect(references.filter((reference) => !isThere(reference))).toEqual([]);
});

function rowsOf(section: string): readonly string[][] {
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(2).map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()));
}

/** `trips/jumps.ts#forBreak` has samples, `test/….test.ts#title` has the title, `rejected/any.ts` has its report. */
function isThere(reference: string): boolean {
  const [file = '', name] = reference.split('#');
  const location = file.startsWith('test/') ? path.join(root, file) : path.join(fixturesFolder, file);
  if (!existsSync(location)) return false;
  if (name === undefined) return existsSync(location.replace(/\.ts$/, '.txt'));
  const source = readFileSync(location, 'utf8');
  return file.startsWith('test/') ? source.includes(`'${name}'`) : source.includes(`export const ${name}_samples`);
}
