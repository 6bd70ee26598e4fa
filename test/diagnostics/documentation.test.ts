/** `docs/diagnostics.md` is written from the catalogue, with the rejected fixtures as examples. */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

import { allPages, families, type Page } from '../../src/diagnostics/pages.ts';
import { fixturesFolder } from '../harness/fixture-files.ts';
import { updating } from '../harness/updating.ts';

const file = fileURLToPath(new URL('../../docs/diagnostics.md', import.meta.url));
const rejected = path.join(fixturesFolder, 'rejected');
const reports = readdirSync(rejected)
  .filter((name) => name.endsWith('.txt'))
  .toSorted()
  .map((name) => ({ source: name.replace(/\.txt$/, '.ts'), text: readFileSync(path.join(rejected, name), 'utf8') }));

const opening = `# Diagnostics

Written from the catalogue in \`src/diagnostics\` by \`npm run fixtures:update\`. Words in angle brackets stand for words of your program.
GG11xx, GG12xx and GG9xxx end with exit code 2, other errors with 1, warnings with 0.
`;

function documentation(): string {
  const sections = families.map(({ prefix, title }) => {
    const pages = allPages().filter(({ code }) => code.startsWith(prefix));
    return `## ${prefix}xxx: ${title}\n\n${pages.map(entry).join('\n')}`;
  });
  return [opening, ...sections].join('\n');
}

function entry({ code, severity, message, hint }: Page): string {
  const lines = [`### ${code} (${severity})`, '', escaped(message)];
  if (hint !== undefined) lines.push('', `Hint: ${escaped(hint)}`);
  const example = reports.find(({ text }) => text.includes(` ${severity} ${code}: `));
  if (example !== undefined) lines.push('', `Example: [${example.source}](../fixtures/rejected/${example.source})`);
  return `${lines.join('\n')}\n`;
}

/** Angle brackets outside of code would be taken for markup. */
function escaped(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '\\<')))
    .join('');
}

it('is what the catalogue says', () => {
  const text = documentation();
  if (updating) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(text);
});
