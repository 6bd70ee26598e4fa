/**
 * What companions were generated from, in `node_modules/.cache/gradgen` of the package: it tells without the compiler
 * that nothing has changed. A lost or broken cache costs time and nothing else.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { packageRootOf } from './packages.ts';
import { writeAtomically } from './write.ts';

export interface CacheEntry {
  /** Hash of options, configuration and versions. */
  readonly key: string;
  /** Every file that was read, relative to the package, with the hash of its bytes. */
  readonly reads: readonly (readonly [file: string, hash: string])[];
  /** Hash of the companion; null where the source had no tag after all. */
  readonly output: string | null;
  /** Warnings, which are said again each time. */
  readonly warnings: readonly Diagnostic[];
}

interface CacheFile {
  readonly format: 1;
  /** Diagnostics name absolute paths: a package that was moved starts anew. */
  readonly root: string;
  readonly entries: Record<string, CacheEntry>;
}

/** The caches of all packages that a run touches. */
export class Cache {
  readonly #files = new Map<string, CacheFile>();
  readonly #changed = new Set<string>();
  readonly #hashes = new Map<string, string | undefined>();

  /** The entry of a companion whose key fits and whose files have not changed since. */
  fresh(output: string, source: string, key: string): CacheEntry | undefined {
    const root = packageRootOf(path.dirname(source));
    if (root === undefined) return undefined;
    const entry = this.#load(root).entries[relativeTo(root, output)];
    if (entry === undefined || entry.key !== key) return undefined;
    if ((this.hashOf(output) ?? null) !== entry.output) return undefined;
    return entry.reads.every(([file, hash]) => this.hashOf(path.resolve(root, file)) === hash) ? entry : undefined;
  }

  /** Remembers how `output` was generated. `text` is what stands there now; null for no companion. */
  remember(
    output: string,
    source: string,
    key: string,
    reads: readonly string[],
    text: string | null,
    warnings: readonly Diagnostic[],
  ): void {
    const root = packageRootOf(path.dirname(source));
    if (root === undefined) return;
    const hashed = [...new Set(reads)].toSorted().flatMap((file): [string, string][] => {
      const hash = this.hashOf(file);
      return hash === undefined ? [] : [[relativeTo(root, file), hash]];
    });
    this.#load(root).entries[relativeTo(root, output)] = {
      key,
      reads: hashed,
      output: text === null ? null : hashText(text),
      warnings,
    };
    this.#changed.add(root);
  }

  forget(output: string, source: string): void {
    const root = packageRootOf(path.dirname(source));
    if (root === undefined) return;
    const { entries } = this.#load(root);
    const name = relativeTo(root, output);
    if (entries[name] === undefined) return;
    delete entries[name];
    this.#changed.add(root);
  }

  /** A cache that cannot be written is none. */
  save(): void {
    for (const root of this.#changed) {
      try {
        writeAtomically(cachePath(root), JSON.stringify(this.#load(root)));
      } catch {
        continue;
      }
    }
  }

  /** Undefined for a file that cannot be read. Each file is read once a run. */
  hashOf(file: string): string | undefined {
    if (!this.#hashes.has(file)) this.#hashes.set(file, hashFile(file));
    return this.#hashes.get(file);
  }

  #load(root: string): CacheFile {
    const known = this.#files.get(root);
    if (known !== undefined) return known;
    const loaded = readCache(root) ?? { format: 1, root, entries: {} };
    this.#files.set(root, loaded);
    return loaded;
  }
}

export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function hashFile(file: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('base64url');
  } catch {
    return undefined;
  }
}

function readCache(root: string): CacheFile | undefined {
  try {
    const parsed = JSON.parse(readFileSync(cachePath(root), 'utf8')) as Partial<CacheFile>;
    const isOurs = parsed.format === 1 && parsed.root === root && typeof parsed.entries === 'object';
    return isOurs ? (parsed as CacheFile) : undefined;
  } catch {
    return undefined;
  }
}

function cachePath(root: string): string {
  return path.join(root, 'node_modules', '.cache', 'gradgen', 'cache.json');
}

function relativeTo(root: string, file: string): string {
  return path.relative(root, file).replaceAll('\\', '/');
}
