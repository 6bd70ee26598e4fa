/** Which gradgen this is. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { packageRootOf } from './packages.ts';

const here = path.dirname(fileURLToPath(import.meta.url));

export function gradgenVersion(): string {
  return versionIn(path.join(packageRootOf(here) ?? here, 'package.json'));
}

/** Changes with every version of gradgen and of what it depends on, and with every build of gradgen itself. */
export function buildStamp(): string {
  const require = createRequire(import.meta.url);
  const dependencies = ['ts-morph', 'prettier'].map((name) => `${name}@${versionIn(require.resolve(`${name}/package.json`))}`);
  return [`gradgen@${gradgenVersion()}`, ...dependencies, ...ownFiles()].join(' ');
}

/** Sizes and times of gradgen's own files: someone who works on gradgen must not get yesterday's results. */
function ownFiles(): readonly string[] {
  const root = path.resolve(here, '..', '..');
  return ['src', 'transforms'].flatMap((folder) => {
    const names = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
    return names
      .filter((name) => /\.[jt]s$/.test(name) && !name.endsWith('.d.ts'))
      .toSorted()
      .map((name) => {
        const { size, mtimeMs } = statSync(path.join(root, folder, name));
        return `${name}:${size}:${Math.round(mtimeMs)}`;
      });
  });
}

function versionIn(packageJson: string): string {
  const parsed: unknown = JSON.parse(readFileSync(packageJson, 'utf8'));
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed) return String(parsed.version);
  return 'unknown';
}
