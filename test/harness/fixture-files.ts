/** Where the fixtures lie, and which of them there are. */

import { readdirSync } from 'node:fs';
import path from 'node:path';

export const fixturesFolder = path.resolve('fixtures');

/** Every source of gradients, sorted; absolute paths. */
export function fixtureFiles(): readonly string[] {
  return sourceFiles().filter((file) => !file.includes('/helpers/') && !file.includes('/companions/'));
}

/** Sources of companions other than the gradient alone. */
export function companionFiles(): readonly string[] {
  return sourceFiles().filter((file) => file.includes('/companions/'));
}

/** What fixtures import. */
export function helperFiles(): readonly string[] {
  return sourceFiles().filter((file) => file.includes('/helpers/'));
}

function sourceFiles(): readonly string[] {
  return readdirSync(fixturesFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.grad.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('/rejected/'))
    .toSorted();
}

/** `control-flow/switch.ts`. */
export function fixtureName(file: string): string {
  return path.relative(fixturesFolder, file).replaceAll('\\', '/');
}
