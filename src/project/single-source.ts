/** One source, from a text in memory: for editors, bundlers and tests. */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { compileAll } from './compile.ts';
import { formatCompanion, formattingFor } from './format.ts';
import { planJobs, type Comments } from './plan.ts';
import { isSourceName } from './source-names.ts';
import { namedTsconfig, TsconfigReader } from './tsconfig.ts';
import { usageError } from './usage-error.ts';

export interface GeneratedSource {
  /** The companion, formatted. */
  readonly code?: string;
  /** Where the command line would write it. */
  readonly outputFile?: string;
  /** Files whose change can change the companion. */
  readonly reads?: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** @throws UsageError where the file or its configuration is wrong. */
export async function generateFromText(
  file: string,
  given: string | undefined,
  options: { readonly cwd: string; readonly project?: string; readonly comments: Comments },
): Promise<GeneratedSource> {
  if (!isSourceName(file)) throw usageError('GG1109', { path: path.relative(options.cwd, file) });
  if (given === undefined && !existsSync(file)) throw usageError('GG1107', { path: path.relative(options.cwd, file) });
  const tsconfigs = new TsconfigReader();
  const project = options.project === undefined ? undefined : namedTsconfig(options.project, options.cwd);
  const source = { path: file, text: given ?? readFileSync(file, 'utf8') };
  const planned = planJobs([source], { ...options, inputs: [file], write: false }, project, tsconfigs);
  const [job] = planned.jobs;
  if (job === undefined) return { diagnostics: planned.diagnostics };
  const result = compileAll([job])[0]!;
  if (result.kind !== 'text') return { diagnostics: result.kind === 'refused' ? result.diagnostics : [] };
  const { text, diagnostics } = await formatCompanion(result, job, await formattingFor(job.output));
  return { ...(text === undefined ? {} : { code: text }), outputFile: job.output, reads: result.reads, diagnostics };
}
