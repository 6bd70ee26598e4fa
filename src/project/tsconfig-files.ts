/** Which files a tsconfig includes: `files`, `include` and `exclude` with tsc's wildcards. */

import path from 'node:path';

import { isJsonObject, type Json } from './json-with-comments.ts';
import type { Layer } from './tsconfig.ts';
import { withConfigDir } from './tsconfig-paths.ts';

export interface FileSet {
  /** Folder below which included files lie, for the search; `files` may name others. */
  readonly folders: readonly string[];
  readonly files: readonly string[];
  includes(file: string): boolean;
}

/** `files`, `include` and `exclude` each come from the last layer that has them, relative to that layer. */
export function compileFileSet(layers: readonly Layer[]): FileSet {
  const own = layers.at(-1)!;
  const folder = path.dirname(own.path);
  const files = listOf(layers, 'files');
  const include = listOf(layers, 'include') ?? (files === undefined ? [path.join(folder, '**/*')] : []);
  const exclude = listOf(layers, 'exclude') ?? defaultExclude(layers, folder);
  const included = include.map(patternOf);
  const excluded = exclude.map((pattern) => new RegExp(`^${wildcard(normal(pattern))}(?:$|/)`));
  const named = new Set((files ?? []).map(normal));
  return {
    folders: include.map((pattern) => fixedPart(normal(pattern))),
    files: files ?? [],
    includes(file) {
      const name = normal(file);
      if (named.has(name)) return true;
      return included.some((pattern) => pattern.test(name)) && !excluded.some((pattern) => pattern.test(name));
    },
  };
}

function listOf(layers: readonly Layer[], name: string): readonly string[] | undefined {
  const layer = layers.findLast((candidate) => candidate.json[name] !== undefined);
  if (layer === undefined) return undefined;
  const folder = path.dirname(layer.path);
  const own = path.dirname(layers.at(-1)!.path);
  return (layer.json[name] as readonly Json[])
    .filter((item) => typeof item === 'string')
    .map((item) => path.resolve(folder, withConfigDir(item, own)));
}

function defaultExclude(layers: readonly Layer[], folder: string): readonly string[] {
  const outDirs = layers.flatMap((layer) => {
    const options = layer.json['compilerOptions'];
    const outDir = isJsonObject(options) ? options['outDir'] : undefined;
    return typeof outDir === 'string' ? [path.resolve(path.dirname(layer.path), withConfigDir(outDir, folder))] : [];
  });
  return [...['node_modules', 'bower_components', 'jspm_packages'].map((name) => path.join(folder, name)), ...outDirs.slice(-1)];
}

/** A pattern without a wildcard or an extension in its last part names a folder: everything below it. */
function patternOf(pattern: string): RegExp {
  const name = normal(pattern);
  const last = name.slice(name.lastIndexOf('/') + 1);
  const whole = last === '**' ? `${name}/*` : /[*?.]/.test(last) ? name : `${name}/**/*`;
  return new RegExp(`^${wildcard(whole)}$`);
}

/** `**` any folders (neither hidden ones nor `node_modules`), `*` and `?` anything within one part. */
function wildcard(pattern: string): string {
  return pattern
    .split('/')
    .map((part, index, parts) => {
      const slash = index === parts.length - 1 ? '' : '/';
      if (part === '**') return slash === '' ? '.*' : '(?:(?!node_modules/|\\.)[^/]+/)*';
      return part.replace(/[\\^$.|+()[\]{}]/g, '\\$&').replaceAll('*', '[^/]*').replaceAll('?', '[^/]') + slash;
    })
    .join('');
}

function fixedPart(pattern: string): string {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => /[*?]/.test(part));
  const fixed = first === -1 ? parts : parts.slice(0, first);
  return fixed.join('/') || '/';
}

function normal(file: string): string {
  return file.replaceAll('\\', '/');
}
