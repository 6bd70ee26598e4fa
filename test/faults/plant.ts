/** Run as a process of its own: makes a mistake in the compiler while it is loaded, then looks for random programs that show it, then for fixtures. */

import { register } from 'node:module';

import { mistakes } from './mistakes.ts';

const [index, seeds] = process.argv.slice(2);
const mistake = mistakes[Number(index)]!;
register(new URL('plant-hook.js', import.meta.url), { data: mistake });

const { findFault } = await import('./search.ts');
const { generate } = await import('../random/generate.ts');
const { failingFixture } = await import('./fixtures.ts');

const outcome = findFault(seeds!.split(',').map(Number).map(generate));
const { verdict, program } = outcome ?? {};
const inPrograms = verdict && verdict.kind !== 'right' ? { test: `seed ${program!.seed}`, detail: verdict.detail } : undefined;
const inFixtures = inPrograms === undefined ? await failingFixture() : undefined;
console.log(JSON.stringify(inPrograms ?? (inFixtures ? { test: inFixtures.fixture, detail: inFixtures.detail } : null)));
