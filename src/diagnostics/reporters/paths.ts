/** Paths as they are printed: relative to the working folder where they lie in it, always with `/`. */

import path from 'node:path';

export function printedPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  const shown = relative === '' || relative.startsWith('..') ? file : relative;
  return shown.replaceAll('\\', '/');
}
