/** `gradgen` and `gradgen --check`. */

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { printedPath } from '../diagnostics/reporters/paths.ts';
import type { Report } from '../diagnostics/reporters/report.ts';
import { commandInHeader } from '../project/header.ts';
import { run, type GeneratedFile, type RunResult } from '../project/run.ts';
import type { GenerateRequest } from './command-line.ts';
import { readText } from './read-text.ts';

/** Writes companions, or with `toStandardOutput` only returns the one there is as `printed`. */
export async function generateCommand(
  request: GenerateRequest,
  cwd: string,
  toStandardOutput: boolean,
): Promise<Report & { printed?: string }> {
  const result = await run({ ...request, cwd, write: !toStandardOutput, printOnly: toStandardOutput });
  const diagnostics = [...result.diagnostics, ...nothingFound(result, 'GG1308')];
  if (!toStandardOutput) return { files: result.files, diagnostics };
  const text = result.files.find((file) => file.text !== undefined)?.text;
  return { files: [], diagnostics, ...(text === undefined ? {} : { printed: text }) };
}

/** Writes nothing; what is missing, stale or orphaned is an error. */
export async function checkCommand(request: GenerateRequest, cwd: string): Promise<Report> {
  const result = await run({ ...request, cwd, write: false });
  const attention = result.files.flatMap((file) => attentionTo(file, cwd));
  return { files: result.files, diagnostics: [...result.diagnostics, ...attention, ...nothingFound(result, 'GG1309')] };
}

/** A run that found neither tag nor companion has most likely been given the wrong path. */
function nothingFound(result: RunResult, code: 'GG1308' | 'GG1309'): Diagnostic[] {
  if (result.files.length > 0 || result.diagnostics.length > 0) return [];
  return [{ code, words: { where: result.where } }];
}

function attentionTo(file: GeneratedFile, cwd: string): Diagnostic[] {
  const path = printedPath(file.path, cwd);
  const source = printedPath(file.source, cwd);
  const command = commandInHeader(file.text ?? '') ?? `npx gradgen ${source}`;
  switch (file.status) {
    case 'missing':
      return [{ code: 'GG1305', file: file.source, words: { path, command } }];
    case 'stale':
      return [{ code: 'GG1306', file: file.source, words: { path, command } }];
    case 'orphaned': {
      const isGone = readText(file.source) === undefined;
      const reason = isGone ? 'does not exist' : 'has no function with a tag';
      const hint = isGone ? 'delete it' : `run \`${command}\`, which deletes it`;
      return [{ code: 'GG1307', file: file.path, words: { source, reason, hint } }];
    }
    default:
      return [];
  }
}
