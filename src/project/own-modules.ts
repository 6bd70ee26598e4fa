/**
 * What sources import of gradgen itself: `gradgen/intrinsics`, `gradgen/linalg`.
 *
 * The compiler resolves it to the TypeScript that ships with the package, wherever the importing file lies: a declaration file
 * would hide the bodies that are to be differentiated.
 */

import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { packageRootOf } from './packages.ts';

const root = packageRootOf(path.dirname(fileURLToPath(import.meta.url))) ?? '';

/** Absolute paths of their sources. */
export const ownModules = {
  intrinsics: path.join(root, 'src', 'intrinsics', 'index.ts'),
  linalg: path.join(root, 'src', 'linalg', 'index.ts'),
} as const;

/** As the compiler takes `paths`. */
export const ownModulePaths: Readonly<Record<string, string[]>> = Object.fromEntries(
  Object.entries(ownModules).map(([name, file]) => [`gradgen/${name}`, [file]]),
);
