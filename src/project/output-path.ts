/** Where a companion goes. */

import path from 'node:path';

import { packageRootOf } from './packages.ts';
import { companionName, sourceNamesOf } from './source-names.ts';

export interface OutputOptions {
  /** Absolute. */
  readonly outDir?: string;
  /** Absolute. */
  readonly outFile?: string;
  readonly cwd: string;
}

/** Beside its source, in `outFile`, or in `outDir` below the same folders as from the package's root. */
export function outputPathOf(source: string, options: OutputOptions): string {
  if (options.outFile !== undefined) return options.outFile;
  if (options.outDir === undefined) return companionName(source);
  return path.join(options.outDir, mirrored(path.relative(mirrorRoot(source, options.cwd), companionName(source))));
}

/** What a companion at this place would be generated from: the names that are possible, existing or not. */
export function possibleSourcesOf(companion: string, options: OutputOptions): readonly string[] {
  if (options.outDir === undefined) return sourceNamesOf(companion);
  const below = path.relative(options.outDir, companion);
  if (below.startsWith('..')) return [];
  const root = packageRootOf(options.outDir) ?? options.cwd;
  return sourceNamesOf(path.join(root, below));
}

function mirrorRoot(source: string, cwd: string): string {
  return packageRootOf(path.dirname(source)) ?? cwd;
}

/** A source outside of the working folder keeps the part of its path that is not `..`. */
function mirrored(relative: string): string {
  return relative.replace(/^(?:\.\.[\\/])+/, '');
}
