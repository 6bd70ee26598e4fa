/** What the README shows of rules is what runs as fixtures. */

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, it } from 'vitest';

import { fixturesFolder } from '../harness/fixture-files.ts';

const readme = readFileSync(path.resolve(fixturesFolder, '../README.md'), 'utf8');
const fixture = readFileSync(path.join(fixturesFolder, 'rules/own.ts'), 'utf8');
const section = readme.split(/^### /m).find((part) => part.startsWith('Your own rules')) ?? '';
const examples = [...section.matchAll(/```ts\n([^]*?)```/g)].map((match) => match[1]!.trim());

it('shows five rules', () => expect(examples).toHaveLength(5));

it.each(examples)('%s', (example) => expect(fixture).toContain(example));
