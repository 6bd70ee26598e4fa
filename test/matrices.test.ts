/** Every fixture has all companions: pullbacks, Jacobians and Hessians say what gradients and Hessians times vectors say. */

import { readFileSync } from 'node:fs';

import { beforeAll, describe, expect, it } from 'vitest';

import type { Companion } from '../src/graph/primal.ts';
import { argumentsOf } from './harness/check-companion.ts';
import { openProgram, printCompanions } from './harness/compile.ts';
import { leavesOf, type Datum } from './harness/data.ts';
import { directionsOf } from './harness/dot-product.ts';
import { fixtureFiles, fixtureName } from './harness/fixture-files.ts';
import { companionsOf } from './harness/matrices.ts';
import { writeFixtures } from './harness/fixture-modules.ts';
import { ModuleFolder, type Module } from './harness/load.ts';
import { Randomness } from './random/randomness.ts';

const files = fixtureFiles();
const folder = new ModuleFolder();

type Result = Readonly<Record<string, Datum>>;

interface Compiled {
  readonly primals: Module;
  readonly module: Module;
  readonly functions: ReadonlyMap<string, readonly Companion[]>;
}

const compiled = new Map<string, Compiled>();

beforeAll(async () => {
  writeFixtures(folder);
  const program = openProgram(files);
  for (const file of files) {
    const functions = new Map<string, readonly Companion[]>();
    for (const primal of program.read(file).primals) {
      if (primal.requests.length > 0) functions.set(primal.signature.name, companionsOf(primal));
    }
    const name = fixtureName(file).replace(/\.ts$/, '.all.ts');
    folder.write(name, printCompanions([...functions.values()].flat(), file));
    compiled.set(file, { primals: await folder.load(fixtureName(file)), module: await folder.load(name), functions });
  }
}, 240_000);

describe.each(files.map((file) => [fixtureName(file), file] as const))('%s', (_name, file) => {
  it.each(taggedFunctions(file))('%s', (name) => {
    const { primals, module, functions } = compiled.get(file)!;
    const [gradientOf] = functions.get(name)!;
    const samples = primals[`${name}_samples`] as readonly (readonly Datum[])[];
    const expected = (primals[`${name}_expected`] ?? []) as readonly Datum[];
    const { differentiated } = gradientOf!;
    samples.forEach((sample, i) => {
      const args = argumentsOf(gradientOf!, sample);
      const call = (kind: string, ...further: readonly Datum[]): Result | undefined => {
        const companion = module[`${kind}_${name}`] as ((...all: readonly Datum[]) => Result) | undefined;
        return companion?.(...args, ...further);
      };
      const flat = (result: Result, prefix: string): number[] =>
        differentiated.flatMap((parameter) => leavesOf(result[`${prefix}_${parameter.name}`]).map(({ value }) => value));
      const gradient = flat(call('grad')!, 'd');
      expectClose(flat(call('vjp', -1.5)!, 'd'), gradient.map((value) => -1.5 * value), `sample ${i}: vjp`, isRounded(gradientOf!) ? 1e-6 : 1e-12);
      for (const kind of ['jacobian', 'columns']) {
        const matrix = call(kind);
        if (matrix) expectClose(flat(matrix, 'J'), gradient, `sample ${i}: ${kind}`, isRounded(gradientOf!) ? 1e-6 : 1e-12);
      }
      const second = call('hessian');
      if (second === undefined || expected[i] !== undefined) return;
      expectClose(flat(second, 'd'), gradient, `sample ${i}: gradient of hessian`);
      const directions = directionsOf(gradientOf!, args, new Randomness(i + 1));
      const direction = differentiated.flatMap((parameter) => leavesOf(directions[`d_${parameter.name}`]).map(({ value }) => value));
      const product = flat(call('hvp', ...Object.values(directions))!, 'h');
      const h = second['H'] as Float64Array;
      expect(h).toHaveLength(direction.length ** 2);
      const rows = direction.map((_, row) => Array.from(h.subarray(row * direction.length, (row + 1) * direction.length)));
      const size = Math.max(1, ...rows.flat().map(Math.abs), ...gradient.map(Math.abs));
      const tolerance = isRounded(gradientOf!) ? 1e-5 : 1e-10;
      expectClose(rows.map((row) => row.reduce((sum, value, k) => sum + value * direction[k]!, 0)), product, `sample ${i}: H t`, tolerance, size);
      rows.forEach((row, k) => expectClose(row, rows.map((other) => other[k]!), `sample ${i}: row and column ${k}`, tolerance, size));
    });
  });
});

/** Its gradients are rounded to single precision. */
function isRounded({ differentiated }: Companion): boolean {
  return differentiated.some(({ type }) => JSON.stringify(type).includes('Float32Array'));
}

function expectClose(got: readonly number[], wanted: readonly number[], label: string, tolerance = 1e-12, size = 1): void {
  expect(got.length, label).toBe(wanted.length);
  got.forEach((value, i) => {
    const isSame = Object.is(value, wanted[i]) || Math.abs(value - wanted[i]!) <= tolerance * Math.max(size, Math.abs(value));
    expect(isSame, `${label}: ${value} and ${wanted[i]} at ${i}`).toBe(true);
  });
}

/** Read off the text, as in `fixtures.test.ts`. */
function taggedFunctions(file: string): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^export const (\w+)_samples\b/gm)].map((match) => match[1]!);
}
