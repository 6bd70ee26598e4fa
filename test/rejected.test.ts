/** What is refused, and in which words: each source beside the plain report that it gets. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { isError } from '../src/diagnostics/message.ts';
import { renderReport } from '../src/diagnostics/reporters/report.ts';
import { generate, type GenerateResult } from '../src/index.ts';
import { fixturesFolder } from './harness/fixture-files.ts';
import { updating } from './harness/updating.ts';

const folder = path.join(fixturesFolder, 'rejected');
const files = readdirSync(folder)
  .filter((name) => /(?<!\.d)\.tsx?$/.test(name))
  .toSorted()
  .map((name) => path.join(folder, name));
let result: GenerateResult;

beforeAll(async () => {
  result = await generate({ files, write: false, cwd: folder });
}, 120_000);

describe.each(files.map((file) => [path.basename(file), file] as const))('%s', (_name, file) => {
  it('is refused in the expected words', () => {
    const diagnostics = result.diagnostics.filter((diagnostic) => diagnostic.file === file);
    const text = renderReport(
      'plain',
      { diagnostics, files: [] },
      { cwd: folder, colour: false, quiet: true, readText: () => undefined },
    );
    const golden = file.replace(/\.tsx?$/, '.txt');
    expect(text).not.toBe('');
    expect(text).not.toContain('GG9');
    if (updating) writeFileSync(golden, text);
    expect(text).toBe(existsSync(golden) ? readFileSync(golden, 'utf8') : '');
  });

  it('has no companion where something is an error', () => {
    const companions = result.files.filter(({ source, text }) => source === file && text !== undefined);
    const errors = result.diagnostics.filter((diagnostic) => diagnostic.file === file && isError(diagnostic));
    expect(companions).toHaveLength(errors.length > 0 ? 0 : 1);
  });
});
