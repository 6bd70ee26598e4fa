/** tsconfig files without the compiler: `extends`, `references` and the files that they include. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import type { Code } from '../diagnostics/catalog.ts';
import { isJsonObject, JsonError, parseJsonWithComments, type Json, type JsonObject } from './json-with-comments.ts';
import { ancestorsOf } from './packages.ts';
import { placeInText } from './text-place.ts';
import { makeAbsolute } from './tsconfig-paths.ts';
import { compileFileSet, type FileSet } from './tsconfig-files.ts';
import { UsageError, usageError } from './usage-error.ts';

export interface Tsconfig {
  /** Absolute. */
  readonly path: string;
  /** Every file that was read for it, itself first: what the cache must watch. */
  readonly chain: readonly string[];
  /** As written, `extends` applied, paths absolute. */
  readonly compilerOptions: JsonObject;
  readonly fileSet: FileSet;
  /** Absolute paths of the referenced configurations. */
  readonly references: readonly string[];
}

/** Reads tsconfig files once a run. */
export class TsconfigReader {
  readonly #loaded = new Map<string, Tsconfig>();

  /** @throws UsageError (GG12xx) that names file, line and problem. */
  load(configPath: string): Tsconfig {
    const known = this.#loaded.get(configPath);
    if (known !== undefined) return known;
    const layers = readChain(configPath, []);
    const own = layers.at(-1)!;
    const config: Tsconfig = {
      path: configPath,
      chain: layers.map((layer) => layer.path).toReversed(),
      compilerOptions: Object.assign({}, ...layers.map(optionsOf)) as JsonObject,
      fileSet: compileFileSet(layers),
      references: referencesOf(own),
    };
    this.#loaded.set(configPath, config);
    return config;
  }

  /** The configuration and everything that it references, each once, in the order of the references. */
  solution(configPath: string): readonly Tsconfig[] {
    const found = new Map<string, Tsconfig>();
    const collect = (current: string): void => {
      if (found.has(current)) return;
      const config = this.load(current);
      found.set(current, config);
      config.references.forEach(collect);
    };
    collect(configPath);
    return [...found.values()];
  }

  /**
   * The configuration that `file` is compiled with: the nearest tsconfig.json (or one that it references) that includes
   * the file; where none does, the nearest one. Undefined without any.
   */
  configFor(file: string): Tsconfig | undefined {
    let nearest: Tsconfig | undefined;
    for (const folder of ancestorsOf(path.dirname(file))) {
      const candidate = path.join(folder, 'tsconfig.json');
      if (!existsSync(candidate)) continue;
      const including = this.#including(candidate, file);
      if (including !== undefined) return including;
      nearest ??= this.load(candidate);
    }
    return nearest;
  }

  /** As `configFor`, but among the configurations of one solution; its root where none includes the file. */
  configWithin(root: string, file: string): Tsconfig {
    return this.#including(root, file) ?? this.load(root);
  }

  #including(root: string, file: string): Tsconfig | undefined {
    return this.solution(root).find((config) => config.fileSet.includes(file));
  }
}

/** The nearest tsconfig.json at or above the folder. */
export function nearestTsconfig(folder: string): string | undefined {
  return [...ancestorsOf(folder)].map((ancestor) => path.join(ancestor, 'tsconfig.json')).find((file) => existsSync(file));
}

/** What `--project` names: a file, or a folder with a tsconfig.json. @throws UsageError where there is none. */
export function namedTsconfig(named: string, cwd: string): string {
  const given = path.resolve(cwd, named);
  const file = existsSync(given) && statSync(given).isDirectory() ? path.join(given, 'tsconfig.json') : given;
  if (!existsSync(file)) throw usageError('GG1201', { path: named });
  return file;
}

/** One file of an `extends` chain. */
export interface Layer {
  readonly path: string;
  readonly text: string;
  readonly json: JsonObject;
}

/** Bases first, the file itself last. `open` are the files whose bases are being read. */
function readChain(configPath: string, open: readonly string[]): Layer[] {
  if (open.includes(configPath)) {
    const chain = [...open.slice(open.indexOf(configPath)), configPath].map((file) => path.basename(file)).join(' → ');
    throw new UsageError({ code: 'GG1204', file: open.at(-1)!, line: 1, column: 1, words: { chain } });
  }
  const layer = readLayer(configPath);
  const bases = layer.json['extends'] ?? [];
  const names = typeof bases === 'string' ? [bases] : bases;
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string')) {
    throw wrongShape(layer, 'extends', 'a name or an array of names');
  }
  return [...(names as string[]).flatMap((name) => readChain(resolveBase(name, layer), [...open, configPath])), layer];
}

function readLayer(configPath: string): Layer {
  const text = readConfigText(configPath);
  const json = parseConfig(configPath, text);
  const layer = { path: configPath, text, json };
  const options = json['compilerOptions'];
  if (options !== undefined && !isJsonObject(options)) throw wrongShape(layer, 'compilerOptions', 'an object');
  for (const list of ['files', 'include', 'exclude', 'references']) {
    const value = json[list];
    if (value !== undefined && !Array.isArray(value)) throw wrongShape(layer, list, 'an array');
  }
  return layer;
}

function readConfigText(configPath: string): string {
  try {
    return readFileSync(configPath, 'utf8');
  } catch (error) {
    throw usageError('GG1201', { path: `${configPath} (${(error as NodeJS.ErrnoException).code ?? 'unreadable'})` });
  }
}

function parseConfig(configPath: string, text: string): JsonObject {
  try {
    const json = parseJsonWithComments(text);
    if (isJsonObject(json)) return json;
    throw new JsonError('an object `{ … }` expected', 0);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new UsageError(at(configPath, text, error.start, 1, 'GG1202', { problem: error.message }));
  }
}

/** Relative paths, absolute ones, and names of packages, found as `tsc` finds them. */
function resolveBase(name: string, layer: Layer): string {
  const folder = path.dirname(layer.path);
  if (/^\.{1,2}(?:\/|\\|$)/.test(name) || path.isAbsolute(name)) {
    const base = path.resolve(folder, name);
    const found = [base, `${base}.json`].find(isFile);
    if (found !== undefined) return found;
  } else {
    const require = createRequire(layer.path);
    for (const ancestor of ancestorsOf(folder)) {
      const base = path.join(ancestor, 'node_modules', name);
      const found = [base, `${base}.json`, path.join(base, 'tsconfig.json')].find(isFile);
      if (found !== undefined) return found;
    }
    for (const request of [name, `${name}.json`, `${name}/tsconfig.json`]) {
      try {
        const resolved = require.resolve(request);
        if (resolved.endsWith('.json')) return resolved;
      } catch {
        // The next form of the name may be the one that the package exports.
      }
    }
  }
  throw new UsageError(atWord(layer, name, 'GG1203', { name }));
}

function referencesOf(layer: Layer): readonly string[] {
  const references = (layer.json['references'] ?? []) as readonly Json[];
  return references.map((reference) => {
    const named = isJsonObject(reference) ? reference['path'] : undefined;
    if (typeof named !== 'string') throw wrongShape(layer, 'references', 'an array of `{ "path": … }`');
    const target = path.resolve(path.dirname(layer.path), named);
    const found = [path.join(target, 'tsconfig.json'), target, `${target}.json`].find(isFile);
    if (found === undefined) throw new UsageError(atWord(layer, named, 'GG1205', { name: named }));
    return found;
  });
}

function optionsOf(layer: Layer): JsonObject {
  const options = layer.json['compilerOptions'];
  return isJsonObject(options) ? makeAbsolute(options, path.dirname(layer.path)) : {};
}

function isFile(file: string): boolean {
  return existsSync(file) && statSync(file).isFile();
}

function wrongShape(layer: Layer, option: string, expected: string): UsageError {
  return new UsageError(atWord(layer, option, 'GG1206', { option, expected }));
}

function atWord(layer: Layer, word: string, code: Code, words: Record<string, string>): UsageError['diagnostics'][number] {
  const quoted = JSON.stringify(word);
  const start = Math.max(0, layer.text.indexOf(quoted));
  return at(layer.path, layer.text, start, quoted.length, code, words);
}

function at(
  file: string,
  text: string,
  start: number,
  length: number,
  code: Code,
  words: Record<string, string>,
): UsageError['diagnostics'][number] {
  return { code, file, start, length, ...placeInText(text, start), words };
}
