/**
 * Times and memory of generated gradients, beside hand-written ones, their primals and central differences.
 *
 *   npm run bench [-- --only TEXT] [--growth | --directional] [--node PATH] [--seconds S] [--json FILE]
 *
 * Each case runs in a process of its own: what one has taught the engine does not reach the next. README.md explains the table.
 */

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { cases, growth } from './cases.ts';
import type { Directional } from './measure/directional.ts';
import type { Bytes, Times } from './measure/measure.ts';
import { directionalTable, growthTable, table, type Row } from './table.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    growth: { type: 'boolean', default: false },
    directional: { type: 'boolean', default: false },
    node: { type: 'string', default: process.execPath },
    seconds: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
});

const isWanted = (name: string) => options.only.length === 0 || options.only.some((text) => name.includes(text));

function run(what: 'times' | 'bytes' | 'directional', name: string): unknown {
  const script = fileURLToPath(new URL('one-case.js', import.meta.url));
  const flags = what === 'bytes' ? ['--expose-gc', '--max-semi-space-size=128', '--min-semi-space-size=64'] : [];
  const answer = execFileSync(options.node, [...flags, script, what, name, options.seconds], { encoding: 'utf8' });
  return JSON.parse(answer);
}

function rowOf(name: string, withBytes: boolean): Row {
  process.stderr.write(`${name} …\r`);
  const times = run('times', name) as Times;
  return withBytes ? { times, bytes: run('bytes', name) as Bytes } : { times };
}

const version = execFileSync(options.node, ['--version'], { encoding: 'utf8' }).trim();
if (options.directional) {
  const found = cases.filter(({ name, jvp }) => isWanted(name) && jvp !== undefined).map(({ name }) => run('directional', name) as Directional);
  console.log(`node ${version}\n\n${directionalTable(found)}`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ node: version, rows: found }, null, 2)}\n`);
  process.exit();
}
const rows = options.growth
  ? Object.fromEntries(
      Object.entries(growth)
        .filter(([name]) => isWanted(name))
        .map(([name, series]) => [name, series.map((given) => rowOf(given.name, false))]),
    )
  : cases.filter(({ name }) => isWanted(name)).map(({ name }) => rowOf(name, true));
console.log(`node ${version}\n`);
console.log(Array.isArray(rows) ? table(rows) : growthTable(rows));
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ node: version, rows }, null, 2)}\n`);
