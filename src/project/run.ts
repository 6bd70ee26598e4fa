/** A run from paths to companions: what the command line and the programmatic entry share. */

import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { printedPath } from '../diagnostics/reporters/paths.ts';
import type { ReportedFile } from '../diagnostics/reporters/report.ts';
import { Cache } from './cache.ts';
import type { CompiledText } from './compile.ts';
import { formatCompanion, formattingFor, type Formatting } from './format.ts';
import { hasHeader, sourceInHeader } from './header.ts';
import { outputPathOf, possibleSourcesOf } from './output-path.ts';
import { packagePathOf, packageRootOf } from './packages.ts';
import { planJobs, type Comments, type Job } from './plan.ts';
import { selectSources, type Selection } from './selection.ts';
import { isCompanionName } from './source-names.ts';
import { namedTsconfig, TsconfigReader } from './tsconfig.ts';
import { typeScriptFilesBelow } from './walk-files.ts';
import { usageError } from './usage-error.ts';
import { buildStamp } from './version.ts';
import { writeAtomically } from './write.ts';

export interface RunOptions {
  /** Absolute; relative paths are meant from here. */
  readonly cwd: string;
  /** Files, folders and globs; none: what the tsconfig includes. */
  readonly inputs: readonly string[];
  /** As the user wrote it. */
  readonly project?: string;
  /** Absolute. */
  readonly outDir?: string;
  /** Absolute. */
  readonly outFile?: string;
  readonly comments: Comments;
  /** False: say what would be done. */
  readonly write: boolean;
  /** One source, whose companion goes to standard output: what stands in its place does not matter. */
  readonly printOnly?: boolean;
}

/** What became, or would become, of a companion. */
export interface GeneratedFile extends ReportedFile {
  /** The companion's text; absent where it is, or is to be, deleted. */
  readonly text?: string;
}

export interface RunResult {
  readonly files: readonly GeneratedFile[];
  readonly diagnostics: readonly Diagnostic[];
  /** What was searched, in the user's words. */
  readonly where: string;
}

/**
 * Generates what is not fresh. When a function of a file is refused, nothing of that file is touched.
 * @throws UsageError where paths or the configuration are wrong.
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const tsconfigs = new TsconfigReader();
  const project = options.project === undefined ? undefined : namedTsconfig(options.project, options.cwd);
  const selection = selectSources(options.inputs, options.cwd, project, tsconfigs);
  const isSingle = options.outFile !== undefined || options.printOnly === true;
  if (isSingle && selection.tagged.length !== 1) {
    throw usageError('GG1110', { count: String(selection.tagged.length) });
  }
  const { jobs, diagnostics } = planJobs(selection.tagged, options, project, tsconfigs);
  const cache = new Cache();
  const outcomes = await generateJobs(jobs, options, cache);
  const orphans = findOrphans(selection, options).map((orphan) => removeOrphan(orphan, options, cache));
  if (options.write) cache.save();
  return {
    files: [...outcomes.flatMap((outcome) => outcome.files), ...orphans].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    diagnostics: [...diagnostics, ...outcomes.flatMap((outcome) => outcome.diagnostics)],
    where: selection.where,
  };
}

interface Outcome {
  readonly files: readonly GeneratedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

interface PendingJob {
  readonly job: Job;
  readonly key: string;
  readonly formatting: Formatting;
}

async function generateJobs(jobs: readonly Job[], options: RunOptions, cache: Cache): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const pending: PendingJob[] = [];
  const stamp = jobs.length === 0 ? '' : buildStamp();
  for (const job of jobs) {
    const formatting = await formattingFor(job.output);
    const key = cacheKey(job, formatting, stamp);
    const entry = cache.fresh(job.output, job.source, key);
    if (entry === undefined) pending.push({ job, key, formatting });
    else outcomes.push({ files: entry.output === null ? [] : [unchanged(job)], diagnostics: entry.warnings });
  }
  if (pending.length === 0) return outcomes;
  const { compileAll } = await import('./compile.ts');
  const compiled = compileAll(pending.map(({ job }) => job));
  for (const [index, task] of pending.entries()) {
    const result = compiled[index]!;
    if (result.kind === 'refused') {
      outcomes.push({ files: [], diagnostics: result.diagnostics });
    } else if (result.kind === 'untagged') {
      outcomes.push(settleUntagged(task, result.reads, options, cache));
    } else {
      outcomes.push(await settleText(task, result, options, cache));
    }
  }
  return outcomes;
}

function unchanged(job: Job): GeneratedFile {
  return { path: job.output, source: job.source, status: 'unchanged', text: readFileSync(job.output, 'utf8') };
}

async function settleText(
  task: PendingJob,
  result: CompiledText,
  options: RunOptions,
  cache: Cache,
): Promise<Outcome> {
  const { job, key } = task;
  const { text, diagnostics } = await formatCompanion(result, job, task.formatting);
  if (text === undefined) return { files: [], diagnostics };
  const before = textOfFile(job.output);
  const file = { path: job.output, source: job.source, text };
  const isInTheWay = existsSync(job.output) && (before === undefined || !hasHeader(before));
  if (isInTheWay && options.printOnly !== true) {
    const words = { path: printedPath(job.output, options.cwd) };
    return { files: [], diagnostics: [...diagnostics, { code: 'GG1301', file: job.source, words }] };
  }
  if (before !== text && !options.write) {
    return { files: [{ ...file, status: before === undefined ? 'missing' : 'stale' }], diagnostics };
  }
  if (before !== text) {
    const problem = tryTo(() => writeAtomically(job.output, text));
    if (problem !== undefined) {
      const words = { path: printedPath(job.output, options.cwd), problem };
      return { files: [], diagnostics: [...diagnostics, { code: 'GG1303', file: job.source, words }] };
    }
  }
  cache.remember(job.output, job.source, key, watched(job, result.reads), text, diagnostics);
  return { files: [{ ...file, status: before === text ? 'unchanged' : 'written' }], diagnostics };
}

/** What looked like a tag was none: as a source without a tag. */
function settleUntagged({ job, key }: PendingJob, reads: readonly string[], options: RunOptions, cache: Cache): Outcome {
  const files = isOwnCompanion(job.output) ? [removeOrphan({ path: job.output, source: job.source }, options, cache)] : [];
  if (!existsSync(job.output)) cache.remember(job.output, job.source, key, watched(job, reads), null, []);
  return { files, diagnostics: [] };
}

function watched(job: Job, reads: readonly string[]): readonly string[] {
  const root = packageRootOf(path.dirname(job.source));
  const packageJson = root === undefined ? [] : [path.join(root, 'package.json')];
  return [job.source, ...reads, ...(job.config?.chain ?? []), ...packageJson];
}

function cacheKey(job: Job, formatting: Formatting, stamp: string): string {
  return JSON.stringify([stamp, formatting.key, job.config?.path ?? null, job.specifierStyle, job.lineEnding, job.command, job.comments]);
}

interface Orphan {
  readonly path: string;
  readonly source: string;
}

/** Companions of sources without a tag, and, where a folder was searched, of sources that are gone. */
function findOrphans(selection: Selection, options: RunOptions): readonly Orphan[] {
  if (options.outFile !== undefined || options.printOnly === true) return [];
  const ofUntagged = selection.untagged.map((source) => ({ path: outputPathOf(source, options), source }));
  const tagged = new Set(selection.tagged.map((source) => outputPathOf(source.path, options)));
  const { outDir } = options;
  const lying = outDir === undefined ? selection.companions : typeScriptFilesBelow(outDir).filter(isCompanionName);
  const ofMissing = lying.flatMap((companion) => {
    const [source, ...others] = possibleSourcesOf(companion, options);
    if (source === undefined || [source, ...others].some((file) => existsSync(file))) return [];
    const wasSearched = outDir === undefined || selection.folders.some((folder) => isBelow(source, folder));
    return wasSearched ? [{ path: companion, source }] : [];
  });
  const orphans = new Map([...ofUntagged, ...ofMissing].map((orphan) => [orphan.path, orphan]));
  return [...orphans.values()].filter((orphan) => !tagged.has(orphan.path) && isOwnCompanion(orphan.path, orphan.source));
}

function isBelow(file: string, folder: string): boolean {
  return !path.relative(folder, file).startsWith('..');
}

/** Written by gradgen; with `source`: from that file. What other options put elsewhere is for them to judge. */
function isOwnCompanion(file: string, source?: string): boolean {
  const text = textOfFile(file);
  if (text === undefined || !hasHeader(text)) return false;
  if (source === undefined) return true;
  const named = sourceInHeader(text);
  return named !== undefined && withoutExtension(named) === withoutExtension(packagePathOf(source));
}

function withoutExtension(file: string): string {
  return file.slice(0, file.length - path.extname(file).length);
}

/** Undefined where there is no file. */
function textOfFile(file: string): string | undefined {
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined;
}

function removeOrphan(orphan: Orphan, options: RunOptions, cache: Cache): GeneratedFile {
  if (!options.write) return { ...orphan, status: 'orphaned' };
  rmSync(orphan.path, { force: true });
  cache.forget(orphan.path, orphan.source);
  return { ...orphan, status: 'deleted' };
}

/** What went wrong, in the system's words; undefined when nothing did. */
function tryTo(action: () => void): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
