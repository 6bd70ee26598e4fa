/** Sources to unformatted companions: the one place of the project layer that loads the compiler. */

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { isError } from '../diagnostics/message.ts';
import { emitFile } from '../emit/emit-file.ts';
import type { Companion, Primal } from '../graph/primal.ts';
import type { Origin } from '../graph/types.ts';
import { derive } from '../pipeline.ts';
import { createProgram, type Program } from '../read/program.ts';
import { derivativesFor } from './derivatives.ts';
import { compilerOptionsFor } from './compiler-options.ts';
import { filesReadFor } from './files-read.ts';
import { internalError } from './internal-error.ts';
import { packagePathOf } from './packages.ts';
import type { Job } from './plan.ts';
import { placeInText } from './text-place.ts';
import type { Tsconfig } from './tsconfig.ts';
import { typeScriptFilesBelow } from './walk-files.ts';

export interface CompiledText {
  readonly kind: 'text';
  readonly text: string;
  /** The functions that it has companions of. */
  readonly functions: readonly string[];
  /** Files whose change can change the text. */
  readonly reads: readonly string[];
  /** Warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

export type Compiled =
  /** The companion's text, valid and not yet formatted. */
  | CompiledText
  /** Something of the file is refused. */
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  /** What looked like a tag is none. */
  | { readonly kind: 'untagged'; readonly reads: readonly string[] };

/** A companion with the tag that asked for it. */
interface Requested {
  readonly companion: Companion;
  readonly request: Primal['requests'][number];
}

/** One result for each job, in order. Sources of one configuration share a program. */
export function compileAll(jobs: readonly Job[]): readonly Compiled[] {
  const programs = new Map<Tsconfig | undefined, OpenProgram>();
  for (const config of new Set(jobs.map((job) => job.config))) {
    programs.set(config, openProgram(config, jobs.filter((job) => job.config === config)));
  }
  return jobs.map((job) => compile(job, programs.get(job.config)!));
}

export interface OpenProgram {
  readonly program: Program;
  /** Absolute paths of the files whose change can change the job's companion. */
  filesRead(job: Pick<Job, 'source' | 'text'>): readonly string[];
}

/** With the declaration files that the configuration includes: they may declare globals. */
export function openProgram(config: Tsconfig | undefined, jobs: readonly Pick<Job, 'source' | 'text' | 'output'>[], areNodesWhole = false): OpenProgram {
  const fileSet = config?.fileSet;
  const declarations = (fileSet?.folders ?? [])
    .flatMap(typeScriptFilesBelow)
    .filter((file) => /\.d\.[mc]?ts$/.test(file) && fileSet!.includes(file));
  const compilerOptions = compilerOptionsFor(config?.compilerOptions);
  const derivatives = derivativesFor(jobs);
  const program = createProgram({
    compilerOptions,
    files: [...new Set(declarations)],
    texts: new Map(jobs.map((job) => [job.source, job.text])),
    derivatives,
    areNodesWhole,
  });
  return { program, filesRead: (job) => [...filesReadFor(job.source, job.text, compilerOptions, derivatives.sourceOf), ...declarations] };
}

function compile(job: Job, { program, filesRead }: OpenProgram): Compiled {
  const read = attempt(job.source, undefined, () => program.read(job.source));
  if ('failed' in read) return read.failed;
  const { primals, diagnostics } = read.value;
  if (diagnostics.some(isError)) return { kind: 'refused', diagnostics };
  const requested = primals.filter((primal) => primal.requests.length > 0);
  const reads = filesRead(job);
  if (requested.length === 0) return { kind: 'untagged', reads };

  const requests: Requested[] = [];
  const problems: Diagnostic[] = [...diagnostics];
  for (const primal of requested) {
    const derived = attempt(job.source, primal.signature.name, () => deriveAll(primal));
    if ('failed' in derived) {
      problems.push(...derived.failed.diagnostics);
      continue;
    }
    requests.push(...derived.value);
    problems.push(...derived.value.flatMap((requested) => requestProblems(requested, job)));
  }
  if (problems.some(isError)) return { kind: 'refused', diagnostics: problems };
  const functions = requested.map((primal) => primal.signature.name);
  const printed = attempt(job.source, functions.join('`, `'), () => print(requests.map(({ companion }) => companion), job));
  if ('failed' in printed) return printed.failed;
  return { kind: 'text', text: printed.value, functions, reads, diagnostics: problems };
}

function deriveAll(primal: Primal): Requested[] {
  return primal.requests.map((request) => ({ companion: derive(primal, request), request }));
}

/** A named parameter without influence has a zero gradient, and rounding has none, which is worth warnings; a function without any is an error. */
function requestProblems({ companion, request }: Requested, job: Job): Diagnostic[] {
  const { name } = companion.signature;
  if (companion.differentiated.length === 0) {
    return [{ code: 'GG1401', file: job.source, ...placed(request, job.text), words: { function: name, tag: request.kind } }];
  }
  const { rounded } = companion;
  const rounding: Diagnostic[] =
    rounded === undefined ? [] : [{ code: 'GG3002', file: job.source, ...placed(request, job.text), words: { function: name, place: quoted(rounded) } }];
  const unmoved = companion.withoutInfluence.map(({ parameter, stop }): Diagnostic => {
    const place = request.places?.[request.named?.indexOf(parameter) ?? -1] ?? request;
    return { code: 'GG3001', file: job.source, ...placed(place, job.text), words: { parameter, function: name, stop: stop.origin === undefined ? stop.what : `${stop.what}, in ${quoted(stop.origin)}` } };
  });
  const [refused] = companion.refusedCheckpoints;
  const checkpoint: Diagnostic[] =
    refused === undefined ? [] : [{ code: 'GG2117', file: job.source, ...placed(request, job.text), words: { statement: refused.origin?.text ?? 'the loop', what: refused.what } }];
  return [...unmoved, ...rounding, ...checkpoint];
}

/** `` `s += x[i]` (model.ts:7) ``. */
function quoted({ text, file, line }: Origin): string {
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return `\`${short}\` (${file.split('/').at(-1)}:${line})`;
}

function placed({ start, length }: { readonly start: number; readonly length: number }, text: string) {
  return { start, length, ...placeInText(text, start) };
}

function print(companions: readonly Companion[], job: Job): string {
  return emitFile(companions, {
    sourceFile: job.source,
    relativeSource: packagePathOf(job.source),
    outputFile: job.output,
    command: job.command,
    comments: job.comments,
    specifierStyle: job.specifierStyle,
    newLine: '\n',
  });
}

/** An exception is a mistake of ours; it refuses this file and leaves the others alone. */
function attempt<T>(
  file: string,
  name: string | undefined,
  action: () => T,
): { value: T } | { failed: Extract<Compiled, { kind: 'refused' }> } {
  try {
    return { value: action() };
  } catch (error) {
    const place = name === undefined ? { file } : { file, function: name };
    return { failed: { kind: 'refused', diagnostics: [internalError(error, place)] } };
  }
}
