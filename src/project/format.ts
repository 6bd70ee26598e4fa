/** prettier with the user's configuration. */

import path from 'node:path';
import * as prettier from 'prettier';

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CompiledText } from './compile.ts';
import { internalError } from './internal-error.ts';
import { withLineEnding } from './line-endings.ts';
import type { Job } from './plan.ts';

export interface Formatting {
  readonly options: prettier.Options;
  /** The same for the same configuration: part of the cache's key. */
  readonly key: string;
  readonly warnings: readonly Diagnostic[];
}

/** What holds for a file at this path, from prettier's own files, package.json and .editorconfig. */
export async function formattingFor(output: string): Promise<Formatting> {
  try {
    const config = (await prettier.resolveConfig(output, { editorconfig: true, useCache: false })) ?? {};
    return { options: config, key: JSON.stringify(config, nameFunctions), warnings: [] };
  } catch (error) {
    const problem = firstLine(error);
    const warning = unusable(problem, 'it is formatted with the defaults; correct the configuration');
    return { options: {}, key: `unusable: ${problem}`, warnings: [warning] };
  }
}

/** What the printer wrote, formatted and with the job's line ending; or why it cannot be. */
export async function formatCompanion(
  compiled: CompiledText,
  job: Job,
  formatting: Formatting,
): Promise<{ text?: string; diagnostics: readonly Diagnostic[] }> {
  try {
    const { text, warnings } = await format(compiled.text, job.output, formatting);
    return { text: withLineEnding(text, job.lineEnding), diagnostics: [...compiled.diagnostics, ...warnings] };
  } catch (error) {
    const place = { file: job.source, function: compiled.functions.join('`, `') };
    return { diagnostics: [...compiled.diagnostics, internalError(error, place)] };
  }
}

/**
 * `text` formatted, with `\n`. Plugins that cannot be loaded or fail are left out, with a warning.
 * @throws SyntaxError of prettier, when `text` is no TypeScript.
 */
async function format(
  text: string,
  output: string,
  formatting: Formatting,
): Promise<{ text: string; warnings: readonly Diagnostic[] }> {
  const options: prettier.Options = { ...formatting.options, parser: 'typescript', filepath: output, endOfLine: 'lf' };
  const { plugins = [], ...withoutPlugins } = options;
  // The same text in two thirds of the time; but plugins may know one parser only.
  const bare: prettier.Options = { ...withoutPlugins, parser: 'babel-ts' };
  if (plugins.length === 0) return { text: await prettier.format(text, bare), warnings: formatting.warnings };
  try {
    return { text: await prettier.format(text, options), warnings: formatting.warnings };
  } catch (error) {
    const formatted = await prettier.format(text, bare);
    const names = plugins.map((plugin) => (typeof plugin === 'string' ? path.basename(plugin) : 'a plugin')).join(', ');
    const warning = unusable(firstLine(error), `it is formatted without plugins (${names})`);
    return { text: formatted, warnings: [...formatting.warnings, warning] };
  }
}

function unusable(problem: string, hint: string): Diagnostic {
  return { code: 'GG3101', words: { problem, hint } };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
}

function nameFunctions(_key: string, value: unknown): unknown {
  return typeof value === 'function' ? `function ${value.name}` : value;
}
