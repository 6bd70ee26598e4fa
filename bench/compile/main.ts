/**
 * How long the command takes: whole runs of `gradgen`, each in a process of its own, in a package made for them.
 *
 *   npm run bench:compile [-- --only TEXT] [--runs N] [--json FILE]
 *
 * A figure is the median. `cold` runs find neither a companion nor a cache.
 */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { markdown } from '../table.ts';
import { manyElements, manyFunctions, manyLoops, manyStatements, one } from './programs.ts';

interface Measured {
  readonly name: string;
  /** Of functions or statements. */
  readonly count: number;
  readonly seconds: number;
}

const { values: options } = parseArgs({
  options: { only: { type: 'string', default: '' }, runs: { type: 'string', default: '10' }, json: { type: 'string' } },
});

const command = fileURLToPath(new URL('../../src/cli.js', import.meta.url));

const series: Readonly<Record<string, { readonly source: (count: number) => string; readonly counts: readonly number[] }>> = {
  functions: { source: manyFunctions, counts: [40, 80, 160] },
  statements: { source: manyStatements, counts: [200, 400, 800] },
  loops: { source: manyLoops, counts: [200, 400, 800] },
  elements: { source: manyElements, counts: [200, 400, 800] },
};

const found: Measured[] = [];
if ('one'.includes(options.only)) {
  found.push(measured('one function, cold', 1, one));
  found.push(measured('one function, nothing to do', 1, one, true));
}
for (const [name, { source, counts }] of Object.entries(series)) {
  if (name.includes(options.only)) found.push(...counts.map((count) => measured(name, count, source(count))));
}
const rows = found.map(({ name, count, seconds }, i) => {
  const before = found[i - 1];
  const exponent = before?.name === name ? Math.log(seconds / before.seconds) / Math.log(count / before.count) : '';
  return [name, count.toString(), seconds, exponent];
});
console.log(`node ${process.version}\n`);
console.log(markdown([['source', 'count', 'seconds', 'exponent of growth'], ...rows]));
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ node: process.version, rows: found }, null, 2)}\n`);

/** The median of so many runs. `isWarm`: with `--check`, behind a run that has done everything. */
function measured(name: string, count: number, source: string, isWarm = false): Measured {
  process.stderr.write(`${name} ${count} …\n`);
  const folder = mkdtempSync(path.join(tmpdir(), 'gradgen-'));
  try {
    writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }\n');
    writeFileSync(path.join(folder, 'model.ts'), source);
    mkdirSync(path.join(folder, 'node_modules'));
    if (isWarm) run(folder, ['model.ts']);
    const times = Array.from({ length: Number(options.runs) }, () => {
      if (isWarm) return run(folder, ['--check', 'model.ts']);
      for (const made of ['model.grad.ts', 'node_modules/.cache']) rmSync(path.join(folder, made), { recursive: true, force: true });
      return run(folder, ['model.ts']);
    });
    return { name, count, seconds: median(times) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds that passed. */
function run(folder: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`gradgen ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return (performance.now() - start) / 1000;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}
