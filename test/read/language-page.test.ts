/** `docs/language.md` is written from the fence. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { entryOf } from '../../src/diagnostics/catalog.ts';
import { globals, library } from '../../src/read/fence/library.ts';
import { isRefused, type Refused, type Row } from '../../src/read/fence/row.ts';
import { syntax } from '../../src/read/fence/syntax.ts';
import { updating } from '../harness/updating.ts';

const file = fileURLToPath(new URL('../../docs/language.md', import.meta.url));

const opening = `# The language that is differentiated

Written from the tables in \`src/read/fence\` by \`npm run fixtures:update\`; the reader asks the same tables.
*Supported* is differentiated where numbers go through it. *Carried* is kept as it is written and has no derivative.
*Refused* is an error with a hint; what is in no list is refused too. Each code has an entry in [diagnostics.md](diagnostics.md).
`;

type Table = Readonly<Record<string, Row>>;

function page(): string {
  const members = Object.entries<Table>(library).map(([owner, table]) => section(`\`${owner}\``, table));
  return [opening, '## Syntax', '', 'In functions that are differentiated, by the names of TypeScript\'s `SyntaxKind`.', '', lists(syntax), '## Globals', '', lists(globals), ...members].join('\n');
}

function section(title: string, table: Table): string {
  return `## ${title}\n\n${lists(table)}`;
}

function lists(table: Table): string {
  const of = (wanted: Row): string[] => Object.keys(table).filter((name) => table[name] === wanted);
  const parts = (['supported', 'carried'] as const).flatMap((row) => {
    const names = of(row);
    return names.length === 0 ? [] : [`${row === 'supported' ? 'Supported' : 'Carried'}: ${names.map(code).join(' ')}`, ''];
  });
  return [...parts, ...refusals(table)].join('\n');
}

/** A row for each hint, since several names may share one. */
function refusals(table: Table): string[] {
  const groups = new Map<string, string[]>();
  for (const [name, row] of Object.entries(table)) {
    if (!isRefused(row)) continue;
    const key = `[${row.refused}](diagnostics.md#${row.refused.toLowerCase()}-error) | ${insteadOf(row)}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  if (groups.size === 0) return [];
  const rows = [...groups].map(([key, names]) => `| ${names.map(code).join(' ')} | ${key} |`);
  return ['| refused | code | instead |', '| --- | --- | --- |', ...rows, ''];
}

function insteadOf({ refused, words }: Refused): string {
  const hint = entryOf(refused).hint ?? '';
  return hint.replace(/\{(\w+)\}/g, (_whole, word: string) => words?.[word] ?? `<${word}>`).replaceAll('|', '\\|');
}

function code(name: string): string {
  return `\`${name}\``;
}

it('is what the fence says', () => {
  const text = page();
  if (updating) writeFileSync(file, text);
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(text);
});
