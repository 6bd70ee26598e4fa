/** What the companions of the bench keep for their backward sweeps: a value more is a line more in `storage.txt`. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

import type { Companion } from '../../src/graph/primal.ts';
import { derive } from '../../src/pipeline.ts';
import { openProgram } from '../harness/compile.ts';
import { updating } from '../harness/updating.ts';

const folder = path.resolve(import.meta.dirname, '../../bench/problems');
const golden = path.resolve(import.meta.dirname, 'storage.txt');

test('companions keep what the listing says', () => {
  const files = readdirSync(folder).filter((name) => /(?<!\.grad)\.ts$/.test(name)).toSorted();
  const program = openProgram(files.map((name) => path.join(folder, name)));
  const texts = files.flatMap((name) => {
    const { primals } = program.read(path.join(folder, name));
    return primals.flatMap((primal) => primal.requests.map((request) => listing(derive(primal, request))));
  });
  const text = texts.join('');
  if (updating) writeFileSync(golden, text);
  expect(text).toBe(existsSync(golden) ? readFileSync(golden, 'utf8') : '');
});

function listing({ name, stored }: Companion): string {
  if (stored.length === 0) return `${name}: nothing\n`;
  const loops = stored.map(({ of, within, place, each, bytes, values }) => {
    const names = values.map((value) => `    ${value.name}: ${value.why}\n`).join('');
    return `  ${[...within, of].map(cut).join(' > ')}: ${bytes} bytes ${each === 'iteration' ? 'an' : 'a'} ${each}, ${place}\n${names}`;
  });
  return `${name}\n${loops.join('')}`;
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
