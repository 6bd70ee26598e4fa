/**
 * `npm run test:random -- --from 1 --count 1000`: prints a summary, and each failure made as small as it gets. `--kind rows`,
 * `descents`, `beside-calls`, `overwrites`, `containers`, `poles`, `stages`, `errands`, `gaps` and `eliminations` for loops over rows, for functions that call themselves, for loops beside calls
 * of these, for arrays that are written over, for memory that lies in memory, for infinities that are discarded, for arrays that go from
 * loop to loop, for functions that call themselves and change what they share, for elements that are missing, and for rows that are
 * written beside rows that are read.
 * `--nested`: their gradients are part of another function, which is differentiated.
 */

import { parseArgs } from 'node:util';

import { inSections, onStack, withCheckpoints } from '../harness/compile.ts';
import { generateBesideCalls } from './beside-calls.ts';
import { checkPrograms, type CheckOptions, type Outcome } from './check.ts';
import { generateContainers } from './containers.ts';
import { generateDescent } from './descents.ts';
import { generateEliminations } from './eliminations.ts';
import { generateErrands } from './errands.ts';
import { generateGaps } from './gaps.ts';
import { generate } from './generate.ts';
import { checkNested } from './nested.ts';
import { generateOverwrites } from './overwrites.ts';
import { generatePoles } from './poles.ts';
import { sourceOf } from './program.ts';
import { generateRows } from './rows.ts';
import { shrink } from './shrink.ts';
import { generateStages } from './stages.ts';
import { summarise } from './summary.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '200' },
    shrink: { type: 'string', default: '3' },
    'first-order': { type: 'boolean', default: false },
    checkpoints: { type: 'boolean', default: false },
    sections: { type: 'boolean', default: false },
    'on-stack': { type: 'boolean', default: false },
    nested: { type: 'boolean', default: false },
    kind: { type: 'string', default: 'any' },
    print: { type: 'boolean', default: false },
  },
});
const [from, count] = [Number(values.from), Number(values.count)];
/** With `--checkpoints`, every loop that can be is run again from checkpoints; with `--on-stack`, nothing is kept in the workspace; with `--sections`, functions are cut. */
const options: CheckOptions = { second: !values['first-order'], ...(values.checkpoints && { deriver: withCheckpoints }), ...(values['on-stack'] && { deriver: onStack }), ...(values.sections && { deriver: inSections }) };
const make = { rows: generateRows, descents: generateDescent, 'beside-calls': generateBesideCalls, overwrites: generateOverwrites, containers: generateContainers, poles: generatePoles, stages: generateStages, errands: generateErrands, gaps: generateGaps, eliminations: generateEliminations, any: generate }[values.kind];
if (make === undefined) throw new Error('--kind is any, rows, descents, beside-calls, overwrites, containers, poles, stages, errands, gaps or eliminations');
if (values.nested) {
  const nested = await checkNested(Array.from({ length: count }, (_seed, i) => make(from + i)));
  const refused = nested.filter((one) => one.compared === undefined && one.problem === undefined).length;
  const compared = nested.reduce((sum, one) => sum + (one.compared ?? 0), 0);
  for (const { seed, problem } of nested) if (problem !== undefined) console.log(`seed ${seed} wrong: ${problem}`);
  console.log(`${count} programs in another, ${refused} refused, ${compared} derivatives compared`);
  process.exit(nested.some(({ problem }) => problem !== undefined) ? 1 : 0);
}
const outcomes: Outcome[] = [];
const batch = 50;
for (let first = from; first < from + count; first += batch) {
  const seeds = Array.from({ length: Math.min(batch, from + count - first) }, (_seed, i) => first + i);
  const programs = seeds.map(make);
  if (values.print) programs.forEach((program) => console.log(sourceOf(program)));
  else outcomes.push(...checkPrograms(programs, options));
}
const summary = summarise(outcomes);
if (!values.print) console.log(summary.text);
for (const { program, verdict } of outcomes) {
  if (verdict.kind !== 'right') console.log(`seed ${program.seed} ${verdict.kind}: ${verdict.detail.split('\n')[0]}`);
}
for (const failure of summary.failures.slice(0, Number(values.shrink))) {
  const smallest = shrink(failure, options);
  if (smallest.verdict.kind === 'right') continue;
  console.log(
    `\nseed ${failure.program.seed} ${smallest.verdict.kind}: ${smallest.verdict.detail}\n${sourceOf(smallest.program)}`,
  );
}
process.exitCode = summary.failures.length > 0 ? 1 : 0;
