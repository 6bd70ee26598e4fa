/** Every fixture: regenerated, compared with its golden, run, and held against differences. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { generate, messageOf } from '../src/index.ts';
import { checkSample, gradientAt, gradientDistance } from './harness/check-companion.ts';
import type { Callable, Sample, Subject } from './harness/check-companion.ts';
import { compileSource, openProgram, product, textOf, withoutAnalyses } from './harness/compile.ts';
import type { CompiledSource, Deriver } from './harness/compile.ts';
import type { Datum } from './harness/data.ts';
import { companionFiles, fixtureFiles, helperFiles, fixtureName, fixturesFolder } from './harness/fixture-files.ts';
import { ModuleFolder, type Module } from './harness/load.ts';
import { updating } from './harness/updating.ts';

const files = fixtureFiles();
const sources = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
const folder = new ModuleFolder();

interface Variant {
  readonly compiled: CompiledSource;
  readonly module?: Module;
  /** Why the companions do not load. */
  readonly problem?: string;
}

const primals = new Map<string, Module>();
const products = new Map<string, Variant>();
const unoptimised = new Map<string, Variant>();
const goldens = new Map<string, string>();
const refusals = new Map<string, string>();

beforeAll(async () => {
  for (const file of [...files, ...helperFiles(), ...companionFiles()]) {
    folder.write(fixtureName(file), sources.get(file) ?? readFileSync(file, 'utf8'));
  }
  const generated = await generate({ files: [...files, ...companionFiles()], write: false });
  for (const { source, text } of generated.files) goldens.set(source, text ?? '');
  // What functions of other files may call.
  for (const file of companionFiles()) folder.write(fixtureName(file).replace(/\.ts$/, '.grad.ts'), goldens.get(file) ?? '');
  const program = openProgram(files);
  const variant = async (file: string, deriver: Deriver, suffix: string): Promise<Variant> => {
    const name = fixtureName(file).replace(/\.ts$/, suffix);
    let compiled: CompiledSource;
    try {
      compiled = compileSource(program, file, deriver);
    } catch (error) {
      return { compiled: { file, functions: [], diagnostics: [], text: '' }, problem: textOf(error) };
    }
    try {
      folder.write(name, compiled.text);
      return { compiled, module: await folder.load(name) };
    } catch (error) {
      return { compiled, problem: textOf(error) };
    }
  };
  for (const file of files) {
    // First the companions: the primal may call them.
    products.set(file, await variant(file, product, '.grad.ts'));
    primals.set(file, await folder.load(fixtureName(file)));
    unoptimised.set(file, await variant(file, withoutAnalyses, '.plain.grad.ts'));
  }
  for (const diagnostic of generated.diagnostics) {
    const { file = '' } = diagnostic;
    refusals.set(
      file,
      `${refusals.get(file) ?? ''}${diagnostic.code} line ${diagnostic.line}: ${messageOf(diagnostic)}\n`,
    );
  }
}, 240_000);

describe.each(files.map((file) => [fixtureName(file), file] as const))('%s', (_name, file) => {
  it('is what the golden says', () => compareWithGolden(file));

  it.each(taggedFunctions(file))('%s', (name) => {
    const subject = subjectOf(products.get(file)!, name);
    const problems = samplesOf(name).flatMap((sample, i) =>
      checkSample(subject, sample).map((problem) => `sample ${i}: ${problem}`),
    );
    if (problems.length > 0) expect.fail(problems.join('\n'));
  });

  it.each(taggedFunctions(file))('%s without analyses', (name) => {
    const [subject, plain] = [products, unoptimised].map((variants) => subjectOf(variants.get(file)!, name));
    samplesOf(name).forEach(({ args }, i) => {
      const distance = gradientDistance(gradientAt(subject!, args), gradientAt(plain!, args));
      expect(distance, `sample ${i}`).toBeLessThan(1e-9);
    });
  });

  it('has twins with equal gradients', () => {
    const twins = (primals.get(file)!['twins'] ?? []) as [string, string][];
    for (const [left, right] of twins) {
      const pair = [left, right].map((name) => subjectOf(products.get(file)!, name));
      samplesOf(left).forEach(({ args }, i) => {
        const distance = gradientDistance(gradientAt(pair[0]!, args), gradientAt(pair[1]!, args));
        expect(distance, `${left} and ${right}, sample ${i}`).toBeLessThan(1e-12);
      });
    }
  });

  function samplesOf(name: string): readonly Sample[] {
    const module = primals.get(file)!;
    const samples = module[`${name}_samples`] as readonly (readonly Datum[])[] | undefined;
    if (samples === undefined) throw new Error(`${name}_samples is missing`);
    const expected = (module[`${name}_expected`] ?? []) as readonly (Readonly<Record<string, Datum>> | undefined)[];
    return samples.map((args, i) => ({ args, ...(expected[i] ? { expected: expected[i] } : {}) }));
  }

  function subjectOf({ compiled, module, problem }: Variant, name: string): Subject {
    const refusal = compiled.functions.find((entry) => entry.name === '(refused)')?.problem;
    const entry = compiled.functions.find((candidate) => candidate.name === name);
    const failure =
      problem ?? entry?.problem ?? (entry?.companion ? undefined : (refusal ?? 'not found by the reader'));
    if (failure !== undefined) throw new Error(failure);
    const poison = module!['__poison'] as (() => void) | undefined;
    return {
      companion: entry!.companion!,
      primal: primals.get(file)![name] as Callable,
      gradient: module![`grad_${name}`] as Callable,
      ...(poison ? { poison } : {}),
    };
  }
});

it.each(companionFiles().map((file) => [fixtureName(file), file] as const))('%s is what the golden says', (_name, file) => compareWithGolden(file));

it('all goldens type-check under every strict flag', () => {
  const tsc = path.resolve(fixturesFolder, '../node_modules/.bin/tsc');
  let output = '';
  try {
    execFileSync(tsc, ['-p', fixturesFolder], { encoding: 'utf8' });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  expect(output).toBe('');
});

function compareWithGolden(file: string): void {
  const golden = file.replace(/\.ts$/, '.grad.ts');
  const text = goldens.get(file);
  expect(text, refusals.get(file) ?? 'nothing was generated').toBeDefined();
  if (updating) writeFileSync(golden, text!);
  expect(text).toBe(existsSync(golden) ? readFileSync(golden, 'utf8') : '');
}

/** Read off the text, so that a function that is refused still has its tests. */
function taggedFunctions(file: string): readonly string[] {
  return [...sources.get(file)!.matchAll(/^export const (\w+)_samples\b/gm)].map((match) => match[1]!);
}
