/** `npm run test:faults`: each planted fault must be found by the random programs or by the fixtures. `--only 'promote|hoist'` plants those with such a name. */

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { faults } from './faults.ts';
import { mistakes } from './mistakes.ts';
import { findFault, soundPrograms } from './search.ts';

interface Finding {
  /** The seed of a random program, or the name of a fixture. */
  readonly test: string;
  readonly detail: string;
}

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, count: { type: 'string', default: '50' } },
});
const programs = soundPrograms(1, Number(values.count));
console.log(`${programs.length} of ${values.count} random programs are right without a fault`);

const searches = [
  ...faults.map(({ name, deriver }) => ({ name, find: () => findingOf(findFault(programs, deriver)) })),
  ...mistakes.map(({ name }, i) => ({ name, find: () => inProcess(i) })),
].filter(({ name }) => new RegExp(values.only).test(name));
let missed = 0;
for (const { name, find } of searches) {
  const found = find();
  if (found === undefined) missed++;
  console.log(`${name}: ${found === undefined ? 'NOT FOUND' : `${found.test}, ${found.detail.split('\n')[0]!.slice(-120)}`}`);
}
console.log(missed === 0 ? `all ${searches.length} faults are found` : `${missed} of ${searches.length} faults are not found`);
process.exitCode = missed === 0 ? 0 : 1;

function findingOf(outcome: ReturnType<typeof findFault>): Finding | undefined {
  if (outcome === undefined || outcome.verdict.kind === 'right') return undefined;
  return { test: `seed ${outcome.program.seed}`, detail: outcome.verdict.detail };
}

/** The compiler is loaded once in a process, and a mistake is made while it is loaded. */
function inProcess(index: number): Finding | undefined {
  const plant = fileURLToPath(new URL('plant.js', import.meta.url));
  const seeds = programs.map(({ seed }) => seed).join();
  const output = execFileSync(process.execPath, [plant, String(index), seeds], { encoding: 'utf8' });
  return (JSON.parse(output) as Finding | null) ?? undefined;
}
