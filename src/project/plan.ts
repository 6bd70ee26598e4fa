/** Everything that decides what a companion will be, found without the compiler. */

import path from 'node:path';

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { printedPath } from '../diagnostics/reporters/paths.ts';
import { isRefusedCommonJs } from './commonjs.ts';
import { regenerateCommand } from './header.ts';
import { lineEndingOf, type LineEnding } from './line-endings.ts';
import { outputPathOf } from './output-path.ts';
import { packagePathOf, packageRootOf } from './packages.ts';
import type { RunOptions } from './run.ts';
import type { SourceText } from './selection.ts';
import { specifierStyleOf, type SpecifierStyle } from './specifier-style.ts';
import type { Tsconfig, TsconfigReader } from './tsconfig.ts';

export type Comments = 'source' | 'lines' | 'none';

/** One source and its companion. */
export interface Job {
  readonly source: string;
  readonly text: string;
  readonly output: string;
  readonly config: Tsconfig | undefined;
  readonly specifierStyle: SpecifierStyle;
  readonly lineEnding: LineEnding;
  /** How to regenerate, for the header. */
  readonly command: string;
  readonly comments: Comments;
}

/** One job for each source that can have a companion; a diagnostic for each that cannot. */
export function planJobs(
  sources: readonly SourceText[],
  options: RunOptions,
  project: string | undefined,
  tsconfigs: TsconfigReader,
): { jobs: readonly Job[]; diagnostics: readonly Diagnostic[] } {
  const jobs = sources.map((source) => planJob(source, options, project, tsconfigs));
  const diagnostics: Diagnostic[] = [];
  const possible = jobs.filter((job) => {
    const rivals = jobs.filter((rival) => rival.output === job.output);
    if (rivals.length > 1) {
      if (rivals[0] === job) diagnostics.push(clash(rivals[0], rivals[1]!, options.cwd));
      return false;
    }
    if (!isRefusedCommonJs(job.source, job.config?.compilerOptions)) return true;
    diagnostics.push(commonJsRefusal(job, options.cwd));
    return false;
  });
  return { jobs: possible, diagnostics };
}

function planJob({ path: source, text }: SourceText, options: RunOptions, project: string | undefined, tsconfigs: TsconfigReader): Job {
  const config = project === undefined ? tsconfigs.configFor(source) : tsconfigs.configWithin(project, source);
  const output = outputPathOf(source, options);
  return {
    source,
    text,
    output,
    config,
    specifierStyle: specifierStyleOf(text, source, config?.compilerOptions),
    lineEnding: lineEndingOf(text),
    command: commandFor(source, options, project),
    comments: options.comments,
  };
}

function commandFor(source: string, options: RunOptions, project: string | undefined): string {
  const root = packageRootOf(path.dirname(source)) ?? path.dirname(source);
  const fromRoot = (file: string): string => path.relative(root, file).replaceAll('\\', '/') || '.';
  return regenerateCommand({
    source: packagePathOf(source),
    ...(options.outDir === undefined ? {} : { outDir: fromRoot(options.outDir) }),
    ...(options.outFile === undefined ? {} : { outFile: fromRoot(options.outFile) }),
    ...(project === undefined ? {} : { project: fromRoot(project) }),
    comments: options.comments,
  });
}

function clash(first: Job, second: Job, cwd: string): Diagnostic {
  const [a, b, output] = [first.source, second.source, first.output].map((file) => printedPath(file, cwd));
  return { code: 'GG1302', words: { first: a!, second: b!, output: output! } };
}

function commonJsRefusal(job: Job, cwd: string): Diagnostic {
  const root = packageRootOf(path.dirname(job.source));
  const packageJson = root === undefined ? 'a package.json' : printedPath(path.join(root, 'package.json'), cwd);
  return { code: 'GG1208', file: job.source, line: 1, column: 1, start: 0, length: 1, words: { packageJson } };
}
