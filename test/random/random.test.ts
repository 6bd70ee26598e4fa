/** A few random programs in every run; `npm run test:random` runs as many as one likes. */

import { expect, it } from 'vitest';

import { inSections, onStack, withCheckpoints } from '../harness/compile.ts';
import { generateBesideCalls } from './beside-calls.ts';
import { checkPrograms } from './check.ts';
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

it('60 random programs have the value and the gradient of their primal', () => {
  const summary = summarise(checkPrograms(Array.from({ length: 60 }, (_seed, i) => generate(i + 1)), { matrices: false }));
  console.log(summary.text);
  const [failure] = summary.failures;
  if (failure) {
    const { program, verdict } = shrink(failure, {});
    const detail = verdict.kind === 'right' ? '' : verdict.detail;
    expect.fail(`seed ${program.seed} ${verdict.kind}: ${detail}\n${sourceOf(program)}`);
  }
  expect(summary.accepted / summary.total).toBeGreaterThanOrEqual(0.9);
  expect(summary.medianStatements).toBeGreaterThanOrEqual(15);
  expect(summary.skipped / summary.compared).toBeLessThan(0.1);
}, 240_000);

it('10 more have pullbacks, Jacobians and Hessians that agree with their gradients and Hessian products', () => {
  const programs = Array.from({ length: 10 }, (_seed, i) => generate(i + 701));
  const { failures } = summarise(checkPrograms(programs, { unoptimised: false }));
  expect(failures.map(({ program, verdict }) => `seed ${program.seed} ${verdict.kind}`)).toEqual([]);
}, 240_000);

it.each([
  ['when every loop that can be is run again from checkpoints', withCheckpoints],
  ['when what is kept lies on the stack', onStack],
  ['when they are cut into sections', inSections],
])('20 more are right %s', (_how, deriver) => {
  const programs = Array.from({ length: 20 }, (_seed, i) => generate(i + 501));
  const { failures } = summarise(checkPrograms(programs, { deriver, second: false, forward: false, unoptimised: false }));
  expect(failures.map(({ program, verdict }) => `seed ${program.seed} ${verdict.kind}`)).toEqual([]);
}, 240_000);

it.each([
  ['loops over rows', generateRows],
  ['functions that call themselves', generateDescent],
  ['loops beside calls of functions that call themselves', generateBesideCalls],
  ['functions that write over arrays', generateOverwrites],
  ['functions with memory in memory', generateContainers],
  ['functions that discard infinities', generatePoles],
  ['functions that go from loop to loop', generateStages],
  ['functions that call themselves and change what they share', generateErrands],
  ['functions that run over the ends of arrays', generateGaps],
  ['functions that write to rows beside rows that they read', generateEliminations],
])('30 %s are right', (_what, make) => {
  const programs = Array.from({ length: 30 }, (_seed, i) => make(i + 1));
  const { failures, accepted } = summarise(checkPrograms(programs, { second: false }));
  expect(failures.map(({ program, verdict }) => `seed ${program.seed} ${verdict.kind === 'right' ? '' : verdict.detail}`)).toEqual([]);
  expect(accepted).toBe(30);
}, 240_000);

it('25 more are right inside of a function that makes a number of their gradients', async () => {
  const outcomes = await checkNested(Array.from({ length: 25 }, (_seed, i) => generate(i + 301)));
  expect(outcomes.filter(({ problem }) => problem !== undefined)).toEqual([]);
  expect(outcomes.filter(({ compared }) => compared !== undefined).length).toBeGreaterThanOrEqual(20);
}, 240_000);
