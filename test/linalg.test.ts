/** The rules of `gradgen/linalg` against its loops, differentiated: the same sources with the rules taken away. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import type { Companion, CompanionKind } from '../src/graph/primal.ts';
import { derive } from '../src/pipeline.ts';
import { ownModules } from '../src/project/own-modules.ts';
import { createProgram } from '../src/read/program.ts';
import { printCompanions, strictCompilerOptions } from './harness/compile.ts';
import type { Datum } from './harness/data.ts';
import { fixtureFiles, fixtureName } from './harness/fixture-files.ts';
import { ModuleFolder, type Module } from './harness/load.ts';

const files = fixtureFiles().filter((file) => fixtureName(file).startsWith('linalg/'));
const folder = new ModuleFolder();
const kinds: readonly CompanionKind[] = ['grad', 'hessian'];

/** Where the loops have no derivative and the rule says what is meant. */
const withoutTwin = new Set(['lengthAtZero']);

interface Variants {
  readonly samples: Module;
  readonly ruled: Module;
  readonly looped: Module;
}

const variants = new Map<string, Variants>();
const names: [string, string][] = files.flatMap((file) => {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^export const (\w+)_samples/gm)].map(([, name]): [string, string] => [fixtureName(file), name!]);
});

beforeAll(async () => {
  const source = path.dirname(ownModules.linalg);
  const withoutRules = new Map(
    readdirSync(source).map((file): [string, string] => [path.join(source, file), readFileSync(path.join(source, file), 'utf8').replaceAll(/@(gradOf|jvpOf)/g, '$1')]),
  );
  const load = async (file: string, suffix: string, texts: ReadonlyMap<string, string>): Promise<Module> => {
    const { primals, diagnostics } = createProgram({ compilerOptions: strictCompilerOptions(), files, texts }).read(file);
    expect(diagnostics).toEqual([]);
    const companions = primals.flatMap((primal) => kinds.map((kind): Companion => derive(primal, { ...primal.requests[0]!, kind }, { verified: true })));
    const name = fixtureName(file).replace(/\.ts$/, suffix);
    folder.write(name, printCompanions(companions, file));
    return folder.load(name);
  };
  for (const file of files) {
    folder.write(fixtureName(file), readFileSync(file, 'utf8'));
    variants.set(fixtureName(file), {
      samples: await folder.load(fixtureName(file)),
      ruled: await load(file, '.ruled.ts', new Map()),
      looped: await load(file, '.looped.ts', withoutRules),
    });
  }
}, 120_000);

describe('rules and loops agree', () => it.each(names.filter(([, name]) => !withoutTwin.has(name)))('%s %s', (file, name) => {
  const { samples, ruled, looped } = variants.get(file)!;
  for (const sample of samples[`${name}_samples`] as readonly (readonly Datum[])[]) {
    for (const kind of kinds) {
      const call = (module: Module): readonly number[] => numbersOf((module[`${kind}_${name}`] as unknown as (...args: readonly Datum[]) => Datum)(...sample));
      const [expected, got] = [call(looped), call(ruled)];
      const size = Math.max(1, ...expected.map(Math.abs));
      expect(got).toHaveLength(expected.length);
      got.forEach((value, i) => expect(Math.abs(value - expected[i]!), `${kind} ${i}: ${value} and ${expected[i]}`).toBeLessThanOrEqual(1e-11 * size));
    }
  }
}));

function numbersOf(datum: Datum): readonly number[] {
  if (typeof datum === 'number') return [datum];
  if (typeof datum !== 'object' || datum === null) return [];
  return Object.values(datum as Readonly<Record<string, Datum>>).flatMap(numbersOf);
}
