/** Each code of the catalogue is produced somewhere: those of the language by a rejected source, all others by one or in a test. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, it } from 'vitest';

import { catalog } from '../../src/diagnostics/catalog.ts';
import { fixturesFolder } from '../harness/fixture-files.ts';

const codes = Object.keys(catalog);
const rejected = textOf(path.join(fixturesFolder, 'rejected'), '.txt');
const tests = textOf(path.join(import.meta.dirname, '..'), '.test.ts');

function textOf(folder: string, ending: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .join('\n');
}

it('refusals of the language have a rejected source', () => {
  expect(codes.filter((code) => code.startsWith('GG2') && !rejected.includes(` ${code}: `))).toEqual([]);
});

it('all others are produced by one, or in a test', () => {
  expect(codes.filter((code) => !rejected.includes(` ${code}: `) && !tests.includes(code))).toEqual([]);
});

it('messages of rejected sources have all of their words', () => {
  expect(rejected.match(/(?<![$`\w])\{[a-z]+\}(?!`)/g) ?? []).toEqual([]);
});
