/** Sources to companions in process, one function at a time: a function that is refused does not hide the others. */

import path from 'node:path';

import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { isError, messageOf } from '../../src/diagnostics/message.ts';
import { emitFile } from '../../src/emit/emit-file.ts';
import type { Companion, Primal, Request } from '../../src/graph/primal.ts';
import { derive } from '../../src/pipeline.ts';
import { compilerOptionsFor } from '../../src/project/compiler-options.ts';
import { derivativesFor } from '../../src/project/derivatives.ts';
import { createProgram, type Program } from '../../src/read/program.ts';
import { fixturesFolder } from './fixture-files.ts';

/** What the differentiated functions of a source became. */
export interface CompiledSource {
  readonly file: string;
  readonly functions: readonly CompiledFunction[];
  /** Of the whole file. */
  readonly diagnostics: readonly Diagnostic[];
  /** Companions of all functions that have one, unformatted. */
  readonly text: string;
}

export interface CompiledFunction {
  readonly name: string;
  /** Why there is no companion: refusals or a crash. */
  readonly problem?: string;
  readonly companion?: Companion;
}

/** Makes a companion of a tagged function; the tests replace it to look at variants of the pipeline. */
export type Deriver = (primal: Primal, request: Request) => Companion;

export const product: Deriver = (primal, request) => derive(primal, request, { verified: true });
export const withoutAnalyses: Deriver = (primal, request) =>
  derive(primal, request, { analyses: false, verified: true });

/** Every loop that can be is run again from checkpoints. */
export const withCheckpoints: Deriver = (primal, request) => derive(primal, request, { verified: true, checkpoints: { everywhere: true } });

/** What is kept lies on the stack, as beside calls that stay calls. */
export const onStack: Deriver = (primal, request) => derive(primal, request, { verified: true, isOnStack: true });

/** Functions are cut into sections although they are short. */
export const inSections: Deriver = (primal, request) => derive(primal, request, { verified: true, sections: { limit: 150, section: 100, smallest: 20 } });

export function openProgram(files: readonly string[]): Program {
  return createProgram({ compilerOptions: strictCompilerOptions(), files, derivatives: derivativesFor([]) });
}

export function strictCompilerOptions(): ReturnType<typeof compilerOptionsFor> {
  return compilerOptionsFor({ ...strictOptions });
}

const strictOptions = {
  target: 'es2023',
  lib: ['es2023'],
  types: [],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  moduleDetection: 'force',
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  allowImportingTsExtensions: true,
  noEmit: true,
};

/** All companions of one source of a program. */
export function compileSource(program: Program, file: string, deriver: Deriver): CompiledSource {
  const { primals, diagnostics } = program.read(file);
  const errors = diagnostics.filter(isError);
  const functions = primals
    .filter((primal) => primal.requests.length > 0)
    .map((primal): CompiledFunction => {
      const { name } = primal.signature;
      try {
        const companion = deriver(primal, primal.requests[0]!);
        printCompanions([companion], file);
        return { name, companion };
      } catch (error) {
        return { name, problem: textOf(error) };
      }
    });
  const companions = functions.flatMap(({ companion }) => companion ?? []);
  if (errors.length > 0) {
    const problem = errors.map((error) => `${error.code} at line ${error.line ?? '?'}: ${messageOf(error)}`).join('\n');
    return {
      file,
      functions: [...functions, { name: '(refused)', problem }],
      diagnostics,
      text: safely(companions, file),
    };
  }
  return { file, functions, diagnostics, text: safely(companions, file) };
}

function safely(companions: readonly Companion[], file: string): string {
  return companions.length === 0 ? '' : printCompanions(companions, file);
}

export function printCompanions(companions: readonly Companion[], file: string): string {
  return emitFile(companions, {
    sourceFile: file,
    relativeSource: path.relative(fixturesFolder, file),
    outputFile: file.replace(/\.ts$/, '.grad.ts'),
    command: 'npm run fixtures:update',
    comments: 'source',
    specifierStyle: '.ts',
    newLine: '\n',
  });
}

export function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 6).join('\n') : String(error);
}
