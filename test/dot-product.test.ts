/** Every fixture at each of its samples: forward and reverse mode agree on random directions. */

import { readFileSync } from 'node:fs';

import { beforeAll, describe, expect, it } from 'vitest';

import type { Companion } from '../src/graph/primal.ts';
import { argumentsOf } from './harness/check-companion.ts';
import { compileSource, openProgram, product, type Deriver } from './harness/compile.ts';
import { leavesOf, type Datum } from './harness/data.ts';
import { directionsOf, dotProduct, dotProductProblem, type Directions } from './harness/dot-product.ts';
import { fixtureFiles, fixtureName } from './harness/fixture-files.ts';
import { forwardCompanion, secondOrderCompanion, type Forward, type SecondOrder } from './harness/forward-companion.ts';
import { writeFixtures } from './harness/fixture-modules.ts';
import { ModuleFolder, type Module } from './harness/load.ts';
import { Randomness } from './random/randomness.ts';

const files = fixtureFiles();
const folder = new ModuleFolder();

interface Compiled {
  readonly module: Module;
  readonly companions: ReadonlyMap<string, Companion>;
}

const primals = new Map<string, Module>();
const reverse = new Map<string, Compiled>();
const forward = new Map<string, Compiled>();
const forwardWithoutAnalyses = new Map<string, Compiled>();
const secondOrder = new Map<string, Compiled>();

beforeAll(async () => {
  writeFixtures(folder);
  const program = openProgram(files);
  const compile = async (file: string, deriver: Deriver, suffix: string): Promise<Compiled> => {
    const { functions, text } = compileSource(program, file, deriver);
    const problems = functions.flatMap(({ name, problem }) => (problem ? [`${name}: ${problem}`] : []));
    if (problems.length > 0) throw new Error(problems.join('\n'));
    const name = fixtureName(file).replace(/\.ts$/, suffix);
    folder.write(name, text);
    return {
      module: await folder.load(name),
      companions: new Map(functions.map((entry) => [entry.name, entry.companion!])),
    };
  };
  for (const file of files) {
    primals.set(file, await folder.load(fixtureName(file)));
    reverse.set(file, await compile(file, product, '.grad.ts'));
    forward.set(file, await compile(file, forwardCompanion, '.jvp.ts'));
    secondOrder.set(file, await compile(file, secondOrderCompanion, '.hvp.ts'));
    forwardWithoutAnalyses.set(file, await compile(file, plainForward, '.plain.jvp.ts'));
  }
}, 240_000);

const plainForward: Deriver = (primal, request) => forwardCompanion(primal, request, { analyses: false });

describe.each(files.map((file) => [fixtureName(file), file] as const))('%s', (_name, file) => {
  it.each(taggedFunctions(file))('%s', (name) => {
    const { module, companions } = reverse.get(file)!;
    const companion = companions.get(name)!;
    const gradient = module[`grad_${name}`] as (...args: readonly Datum[]) => Record<string, Datum>;
    const samples = primals.get(file)![`${name}_samples`] as readonly (readonly Datum[])[];
    samples.forEach((sample, i) => {
      const args = argumentsOf(companion, sample);
      const { value, ...gradients } = gradient(...args);
      for (const variant of [forward, forwardWithoutAnalyses]) {
        const push = variant.get(file)!.module[`jvp_${name}`] as Forward;
        const directions = directionsOf(companion, args, new Randomness(i + 1));
        const pushed = push(...args, ...Object.values(directions));
        const label = `sample ${i}${variant === forward ? '' : ', without analyses'}`;
        expect(pushed.value, label).toBe(value);
        expect(dotProductProblem(gradients, directions, pushed.t_value), label).toBeUndefined();
      }
    });
  });
});

describe.each(files.map((file) => [fixtureName(file), file] as const))('Hessians of %s', (_name, file) => {
  it.each(taggedFunctions(file))('%s', (name) => {
    const companion = reverse.get(file)!.companions.get(name)!;
    const multiply = secondOrder.get(file)!.module[`hvp_${name}`] as SecondOrder;
    const samples = primals.get(file)![`${name}_samples`] as readonly (readonly Datum[])[];
    samples.forEach((sample, i) => {
      const args = argumentsOf(companion, sample);
      const [u, v] = [1, 2].map((seed) => directionsOf(companion, args, new Randomness(10 * i + seed))) as [Directions, Directions];
      const [alongU, alongV] = [u, v].map((directions) => multiply(...args, ...Object.values(directions))) as [Directions, Directions];
      const gradients = partsOf(companion, (parameter) => alongU[`d_${parameter}`]);
      const slope = (forward.get(file)!.module[`jvp_${name}`] as Forward)(...args, ...Object.values(u)).t_value;
      if (isSingular(file, name, i) && !leavesOf([alongU, alongV]).every(({ value }) => Number.isFinite(value))) return;
      expect(dotProductProblem(gradients, u, slope), `sample ${i}`).toBeUndefined();
      const [hu, hv] = [alongU, alongV].map((result) => partsOf(companion, (parameter) => result[`h_${parameter}`]));
      // Second derivatives may cancel to nothing: they are known as well as the first ones.
      const size = leavesOf(gradients).reduce((sum, { value }) => sum + Math.abs(value), 0);
      expect(dotProductProblem(hu, v, dotProduct(hv, u), size, isSingle(companion) ? 1e-6 : 1e-12), `sample ${i}: not symmetric`).toBeUndefined();
    });
  });
});

function partsOf(companion: Companion, partOf: (parameter: string) => Datum): Directions {
  return Object.fromEntries(companion.differentiated.map(({ name }) => [`d_${name}`, partOf(name)]));
}

/** Its gradients are rounded to single precision at the end. */
function isSingle({ differentiated }: Companion): boolean {
  return differentiated.some(({ type }) => type.kind === 'array' && type.container === 'Float32Array');
}

/** Samples at poles and where something overflows say which gradient is expected: there is no slope to compare with. */
function isSingular(file: string, name: string, sample: number): boolean {
  const expected = (primals.get(file)![`${name}_expected`] ?? []) as readonly (Datum | undefined)[];
  return expected[sample] !== undefined;
}

/** Read off the text, as in `fixtures.test.ts`. */
function taggedFunctions(file: string): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^export const (\w+)_samples\b/gm)].map((match) => match[1]!);
}
