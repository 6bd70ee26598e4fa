/** The package that a file belongs to. */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Folder of the nearest package.json at or above `folder`; undefined where there is none. */
export function packageRootOf(folder: string): string | undefined {
  for (const ancestor of ancestorsOf(folder)) {
    if (existsSync(path.join(ancestor, 'package.json'))) return ancestor;
  }
  return undefined;
}

/** `folder` itself, then its parents up to the root. */
export function* ancestorsOf(folder: string): Generator<string> {
  let current = path.resolve(folder);
  for (;;) {
    yield current;
    const parent = path.dirname(current);
    if (parent === current) return;
    current = parent;
  }
}

/** Whether plain `.ts` files of the folder are ES modules: `"type": "module"` in the nearest package.json. */
export function isModulePackage(folder: string): boolean {
  const root = packageRootOf(folder);
  if (root === undefined) return false;
  try {
    const parsed: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    return typeof parsed === 'object' && parsed !== null && 'type' in parsed && parsed.type === 'module';
  } catch {
    return false;
  }
}

/** Path relative to the nearest package.json (without one: to the file's own folder), with `/`. */
export function packagePathOf(file: string): string {
  const folder = path.dirname(file);
  return path.relative(packageRootOf(folder) ?? folder, file).replaceAll('\\', '/');
}
