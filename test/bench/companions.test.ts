import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { cases } from '../../bench/cases.ts';
import { checkCase } from '../../bench/measure/measure.ts';
import { generate } from '../../src/index.ts';

const root = path.resolve(import.meta.dirname, '../..');

test('the companions of the bench are what gradgen writes', async () => {
  const { files, diagnostics } = await generate({ cwd: root, files: ['bench/problems'], write: false });
  expect(diagnostics).toEqual([]);
  expect(files.length).toBeGreaterThan(15);
  expect(files.filter(({ status }) => status !== 'unchanged').map((file) => file.path)).toEqual([]);
});

/** Each problem at its smallest size; `npm run bench` checks all sizes before it times them. */
const smallest = cases.filter((given, i) => given.primal !== cases[i - 1]?.primal);

describe('generated and hand-written gradients agree, and with differences', () => {
  test.each(smallest.map((given) => [given.name, given] as const))('%s', (_, given) => {
    checkCase(given);
  });
});
