/** The programmatic entry: never prints, never exits. */

import path from 'node:path';

import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { internalError } from './project/internal-error.ts';
import type { Comments } from './project/plan.ts';
import { run, type GeneratedFile } from './project/run.ts';
import { generateFromText, type GeneratedSource } from './project/single-source.ts';
import { UsageError } from './project/usage-error.ts';

export { entryOf as catalogEntry } from './diagnostics/catalog.ts';
export { hintOf, messageOf } from './diagnostics/message.ts';
export type { Code } from './diagnostics/catalog.ts';
export type { CatalogEntry, Diagnostic, RelatedPlace } from './diagnostics/diagnostic.ts';
export type { GeneratedFile } from './project/run.ts';
export type { GeneratedSource } from './project/single-source.ts';
export type { Comments } from './project/plan.ts';

export interface SourceOptions {
  /** A tsconfig; default: the nearest one that includes the file. */
  readonly project?: string;
  /** What the backward statements say; default `'source'`. */
  readonly comments?: Comments;
  /** Relative paths are meant from here; default: the working folder. */
  readonly cwd?: string;
}

export interface GenerateOptions extends SourceOptions {
  /** Files, folders and globs; default: what the tsconfig includes. */
  readonly files?: readonly string[];
  /** Write there instead of beside the source, mirroring the folders. */
  readonly outDir?: string;
  /** One source only. */
  readonly outFile?: string;
  /** False: touch nothing; `status` says what would be done, `text` what would be written. Default true. */
  readonly write?: boolean;
}

export interface GenerateResult {
  readonly files: readonly GeneratedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** As the command line does it. Everything that is wrong is in `diagnostics`; it does not throw. */
export async function generate(options: GenerateOptions = {}): Promise<GenerateResult> {
  const cwd = path.resolve(options.cwd ?? '.');
  return withoutThrowing({ files: [] }, async () => {
    const { files, diagnostics } = await run({
      cwd,
      inputs: options.files ?? [],
      comments: options.comments ?? 'source',
      write: options.write ?? true,
      ...(options.project === undefined ? {} : { project: options.project }),
      ...(options.outDir === undefined ? {} : { outDir: path.resolve(cwd, options.outDir) }),
      ...(options.outFile === undefined ? {} : { outFile: path.resolve(cwd, options.outFile) }),
    });
    return { files, diagnostics };
  });
}

/**
 * The companion of one source, written nowhere. `text` stands for the content of the file, which need not exist. No
 * `code` where the source has no tag or something in it is refused. It does not throw.
 */
export async function generateSource(file: string, text?: string, options: SourceOptions = {}): Promise<GeneratedSource> {
  const cwd = path.resolve(options.cwd ?? '.');
  return withoutThrowing({}, () =>
    generateFromText(path.resolve(cwd, file), text, {
      cwd,
      comments: options.comments ?? 'source',
      ...(options.project === undefined ? {} : { project: options.project }),
    }),
  );
}

async function withoutThrowing<T extends { readonly diagnostics: readonly Diagnostic[] }>(
  nothing: Omit<T, 'diagnostics'>,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const diagnostics = error instanceof UsageError ? error.diagnostics : [internalError(error)];
    return { ...nothing, diagnostics } as T;
  }
}
