/** What a source depends on: it and what it imports, through files of the project. */

import { readFileSync } from 'node:fs';
import { ts } from 'ts-morph';

import { companionFile } from '../read/companions.ts';

/**
 * Absolute paths. Packages are not entered: of them, the file that is imported counts. Of a companion that is imported, its source.
 * @param sourceOf the source of a companion, existing or not
 */
export function filesReadFor(source: string, text: string, options: ts.CompilerOptions, sourceOf: (companion: string) => string | undefined): readonly string[] {
  const cache = ts.createModuleResolutionCache('/', (name) => name, options);
  const found = new Set([source]);
  const visit = (file: string, content: string): void => {
    for (const imported of ts.preProcessFile(content).importedFiles) {
      const companion = companionFile(imported.fileName, file, options);
      const origin = companion === undefined ? undefined : sourceOf(companion);
      const resolved = origin ?? ts.resolveModuleName(imported.fileName, file, options, ts.sys, cache).resolvedModule?.resolvedFileName;
      if (resolved === undefined || found.has(resolved)) continue;
      found.add(resolved);
      if (!resolved.includes('/node_modules/')) visit(resolved, readFileSync(resolved, 'utf8'));
    }
  };
  visit(source, text);
  return [...found];
}
