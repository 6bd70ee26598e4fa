/** Everything that decides what a companion will be, found without the compiler. */

import { existsSync, readFileSync } from 'node:fs';
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
import { companionName, sourceNamesOf } from './source-names.ts';
import { specifierStyleOf, type SpecifierStyle } from './specifier-style.ts';
import { mayHoldTags } from './tag-search.ts';
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
    const rival = rivalOf(job, jobs);
    if (rival !== undefined) diagnostics.push(clash([job.source, rival].toSorted(), job.output, options.cwd));
    else if (isRefusedCommonJs(job.source, job.config?.compilerOptions)) diagnostics.push(commonJsRefusal(job, options.cwd));
    else return true;
    return false;
  });
  return { jobs: possible, diagnostics };
}

/** Another source with the same companion, in this run or beside it (`model.ts` and `model.tsx`). */
function rivalOf(job: Job, jobs: readonly Job[]): string | undefined {
  const other = jobs.find((candidate) => candidate !== job && candidate.output === job.output);
  if (other !== undefined) return other.source;
  return sourceNamesOf(companionName(job.source)).find(
    (file) => file !== job.source && existsSync(file) && mayHoldTags(readFileSync(file, 'utf8')),
  );
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

/** The same words from either side: the report says it once. */
function clash(sources: readonly string[], output: string, cwd: string): Diagnostic {
  const [first, second] = sources.map((file) => printedPath(file, cwd));
  return { code: 'GG1302', words: { first: first!, second: second!, output: printedPath(output, cwd) } };
}

function commonJsRefusal(job: Job, cwd: string): Diagnostic {
  const root = packageRootOf(path.dirname(job.source));
  const packageJson = root === undefined ? 'a package.json' : printedPath(path.join(root, 'package.json'), cwd);
  const isNamed = job.source.endsWith('.cts');
  const hint = isNamed ? 'name the file `.mts`' : `name the file \`.mts\`, or set \`"type": "module"\` in ${packageJson}`;
  return { code: 'GG1208', file: job.source, line: 1, column: 1, start: 0, length: 1, words: { hint } };
}
