/** TypeScript files below a folder. */

import { readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';

/** Every `.ts`, `.tsx`, `.mts` and `.cts` file, sorted; hidden folders and `node_modules` are not entered. */
export function typeScriptFilesBelow(folder: string): readonly string[] {
  const found: string[] = [];
  collect(folder, found);
  return found;
}

function collect(folder: string, found: string[]): void {
  for (const entry of entriesOf(folder)) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && !entry.name.startsWith('.')) collect(full, found);
    } else if (/\.(?:ts|tsx|mts|cts)$/.test(entry.name)) {
      found.push(full);
    }
  }
}

/** A folder that cannot be read has no files. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
