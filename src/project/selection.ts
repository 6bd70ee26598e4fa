/** What the user named, as files: sources with their text, and companions that lie around. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { globSync, isDynamicPattern } from 'tinyglobby';

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { suggestionFor } from '../diagnostics/suggestion.ts';
import { isCompanionName, isSourceName } from './source-names.ts';
import { mayHoldTags } from './tag-search.ts';
import { nearestTsconfig, type TsconfigReader } from './tsconfig.ts';
import { UsageError, usageError } from './usage-error.ts';
import { typeScriptFilesBelow } from './walk-files.ts';

export interface Selection {
  /** By path; those with something like a tag in their text. */
  readonly tagged: readonly SourceText[];
  /** The others: a companion that they still have is an orphan. */
  readonly untagged: readonly string[];
  /** Files with a companion's name in the folders that were searched. */
  readonly companions: readonly string[];
  /** What was searched, in the user's words. */
  readonly where: string;
}

export interface SourceText {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** @throws UsageError that lists everything that names no file. */
export function selectSources(
  inputs: readonly string[],
  cwd: string,
  project: string | undefined,
  tsconfigs: TsconfigReader,
): Selection {
  const files = inputs.length === 0 ? projectFiles(cwd, project, tsconfigs) : namedFiles(inputs, cwd);
  const unique = [...new Set(files)].toSorted();
  const tagged: SourceText[] = [];
  const untagged: string[] = [];
  for (const file of unique.filter(isSourceName)) {
    const text = readFileSync(file, 'utf8');
    if (mayHoldTags(text)) tagged.push({ path: file, text });
    else untagged.push(file);
  }
  const where = inputs.length === 0 ? 'the project' : inputs.map((input) => `\`${input}\``).join(', ');
  return { tagged, untagged, companions: unique.filter(isCompanionName), where };
}

/** Sources that the tsconfig and its references include, and all companions in their folders. */
function projectFiles(cwd: string, project: string | undefined, tsconfigs: TsconfigReader): readonly string[] {
  const root = project ?? nearestTsconfig(cwd);
  if (root === undefined) throw usageError('GG1207', { folder: cwd });
  return tsconfigs.solution(root).flatMap(({ fileSet }) => [
    ...fileSet.files.filter((file) => existsSync(file)),
    ...fileSet.folders
      .flatMap(typeScriptFilesBelow)
      .filter((file) => isCompanionName(file) || fileSet.includes(file)),
  ]);
}

function namedFiles(inputs: readonly string[], cwd: string): readonly string[] {
  const problems: Diagnostic[] = [];
  const files = inputs.flatMap((input) => {
    const found = filesOf(input, cwd);
    if (Array.isArray(found)) return found as readonly string[];
    problems.push(found as Diagnostic);
    return [];
  });
  if (problems.length > 0) throw new UsageError(...problems);
  return files;
}

function filesOf(input: string, cwd: string): readonly string[] | Diagnostic {
  const full = path.resolve(cwd, input);
  if (existsSync(full)) {
    if (statSync(full).isDirectory()) return typeScriptFilesBelow(full);
    return isSourceName(full) ? [full] : { code: 'GG1109', words: { path: input } };
  }
  const pattern = input.replaceAll('\\', '/');
  if (!isDynamicPattern(pattern)) return { code: 'GG1107', words: { path: input, hint: nearName(full) } };
  const found = globSync(pattern, { cwd, absolute: true, ignore: ['**/node_modules/**'], expandDirectories: false });
  const sources = found.filter((file) => isSourceName(file) || isCompanionName(file)).map((file) => path.normalize(file));
  return sources.some(isSourceName) ? sources : { code: 'GG1108', words: { pattern: input } };
}

function nearName(missing: string): string {
  const folder = path.dirname(missing);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const near = suggestionFor(path.basename(missing), names);
  return near === undefined ? '' : `did you mean \`${near}\`?`;
}
