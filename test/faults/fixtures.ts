/** Looks for a fixture that shows a fault: its companion against its primal, as in `fixtures.test.ts`. */

import { readFileSync } from 'node:fs';

import { checkSample, type Callable, type Subject } from '../harness/check-companion.ts';
import { compileSource, openProgram, product, textOf } from '../harness/compile.ts';
import type { Datum } from '../harness/data.ts';
import { companionFiles, fixtureFiles, fixtureName, helperFiles } from '../harness/fixture-files.ts';
import { ModuleFolder, type Module } from '../harness/load.ts';

export interface FixtureFailure {
  /** `mutation/alias.ts`. */
  readonly fixture: string;
  readonly detail: string;
}

/** The first one that fails; undefined where all are right. */
export async function failingFixture(): Promise<FixtureFailure | undefined> {
  const files = fixtureFiles();
  const folder = new ModuleFolder();
  // What functions of other files may call is there without the fault.
  const companions = companionFiles().flatMap((file) => [file, file.replace(/\.ts$/, '.grad.ts')]);
  for (const file of [...files, ...helperFiles(), ...companions]) folder.write(fixtureName(file), readFileSync(file, 'utf8'));
  const program = openProgram(files);
  for (const file of files) {
    const detail = await problemIn(file, program, folder);
    if (detail !== undefined) return { fixture: fixtureName(file), detail };
  }
  return undefined;
}

async function problemIn(
  file: string,
  program: ReturnType<typeof openProgram>,
  folder: ModuleFolder,
): Promise<string | undefined> {
  try {
    const compiled = compileSource(program, file, product);
    const companions = fixtureName(file).replace(/\.ts$/, '.grad.ts');
    folder.write(companions, compiled.text);
    const [primals, module] = [await folder.load(fixtureName(file)), await folder.load(companions)];
    for (const { name, problem, companion } of compiled.functions) {
      if (companion === undefined) return `${name}: ${problem ?? 'no companion'}`;
      const subject: Subject = {
        companion,
        primal: primals[name] as Callable,
        gradient: module[`grad_${name}`] as Callable,
        poison: () => (module['__poison'] as (() => void) | undefined)?.(),
      };
      const [found] = samplesOf(primals, name).flatMap((sample) => checkSample(subject, sample));
      if (found !== undefined) return `${name}: ${found}`;
    }
    return undefined;
  } catch (error) {
    return textOf(error);
  }
}

function samplesOf(primals: Module, name: string): readonly Parameters<typeof checkSample>[1][] {
  const samples = (primals[`${name}_samples`] ?? []) as readonly (readonly Datum[])[];
  const expected = (primals[`${name}_expected`] ?? []) as readonly (Readonly<Record<string, Datum>> | undefined)[];
  return samples.map((args, i) => ({ args, ...(expected[i] ? { expected: expected[i] } : {}) }));
}
