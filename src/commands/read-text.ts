/** Text of a file for messages about it. */

import { readFileSync } from 'node:fs';

/** Undefined for a file that cannot be read. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
