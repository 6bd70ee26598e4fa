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
  /** Files with a companion's name in what was searched. */
  readonly companions: readonly string[];
  /** Folders that were searched whole. */
  readonly folders: readonly string[];
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
  const found = inputs.length === 0 ? projectFiles(cwd, project, tsconfigs) : namedFiles(inputs, cwd);
  const files = [...new Set(found.files)].toSorted();
  const tagged: SourceText[] = [];
  const untagged: string[] = [];
  for (const file of files.filter(isSourceName)) {
    const text = readFileSync(file, 'utf8');
    if (mayHoldTags(text)) tagged.push({ path: file, text });
    else untagged.push(file);
  }
  const where = inputs.length === 0 ? 'the project' : inputs.map((input) => `\`${input}\``).join(', ');
  return { tagged, untagged, companions: files.filter(isCompanionName), folders: found.folders, where };
}

interface Found {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Sources that the tsconfig and its references include, and all companions in their folders. */
function projectFiles(cwd: string, project: string | undefined, tsconfigs: TsconfigReader): Found {
  const root = project ?? nearestTsconfig(cwd);
  if (root === undefined) throw usageError('GG1207', { folder: cwd });
  const fileSets = tsconfigs.solution(root).map((config) => config.fileSet);
  const files = fileSets.flatMap((fileSet) => [
    ...fileSet.files.filter((file) => existsSync(file)),
    ...fileSet.folders.flatMap(typeScriptFilesBelow).filter((file) => isCompanionName(file) || fileSet.includes(file)),
  ]);
  return { files, folders: fileSets.flatMap((fileSet) => fileSet.folders) };
}

function namedFiles(inputs: readonly string[], cwd: string): Found {
  const found = inputs.map((input) => filesOf(input, cwd));
  const problems = found.filter((result) => 'code' in result);
  if (problems.length > 0) throw new UsageError(...problems);
  const all = found.filter((result) => 'files' in result);
  return { files: all.flatMap((result) => result.files), folders: all.flatMap((result) => result.folders) };
}

function filesOf(input: string, cwd: string): Found | Diagnostic {
  const full = path.resolve(cwd, input);
  if (existsSync(full)) {
    if (statSync(full).isDirectory()) return { files: typeScriptFilesBelow(full), folders: [full] };
    return isSourceName(full) ? { files: [full], folders: [] } : { code: 'GG1109', words: { path: input } };
  }
  const pattern = input.replaceAll('\\', '/');
  if (!isDynamicPattern(pattern)) return { code: 'GG1107', words: { path: input, hint: nearName(full) } };
  const matches = globSync(pattern, { cwd, absolute: true, ignore: ['**/node_modules/**'], expandDirectories: false });
  const files = matches.filter((file) => isSourceName(file) || isCompanionName(file)).map((file) => path.normalize(file));
  return files.some(isSourceName) ? { files, folders: [] } : { code: 'GG1108', words: { pattern: input } };
}

function nearName(missing: string): string {
  const folder = path.dirname(missing);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const near = suggestionFor(path.basename(missing), names);
  return near === undefined ? '' : `did you mean \`${near}\`?`;
}
