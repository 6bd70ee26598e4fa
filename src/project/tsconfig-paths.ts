/** Compiler options that are paths, made absolute where they are declared, so that `extends` can merge them. */

import path from 'node:path';

import { isJsonObject, type Json, type JsonObject } from './json-with-comments.ts';

const pathOptions: ReadonlySet<string> = new Set(['baseUrl', 'rootDir', 'outDir', 'declarationDir', 'outFile', 'tsBuildInfoFile']);
const pathListOptions: ReadonlySet<string> = new Set(['rootDirs', 'typeRoots']);

export function makeAbsolute(options: JsonObject, folder: string): JsonObject {
  const baseUrl = options['baseUrl'];
  const pathsBase = typeof baseUrl === 'string' ? absolute(baseUrl, folder) : folder;
  return Object.fromEntries(
    Object.entries(options).map(([name, value]): [string, Json] => {
      if (pathOptions.has(name) && typeof value === 'string') return [name, absolute(value, folder)];
      if (pathListOptions.has(name) && Array.isArray(value)) return [name, value.map((item) => absoluteItem(item, folder))];
      if (name === 'paths' && isJsonObject(value)) return [name, absolutePaths(value, pathsBase)];
      return [name, value];
    }),
  );
}

function absolutePaths(paths: JsonObject, base: string): JsonObject {
  return Object.fromEntries(
    Object.entries(paths).map(([pattern, targets]): [string, Json] => [
      pattern,
      Array.isArray(targets) ? targets.map((target) => absoluteItem(target, base)) : targets,
    ]),
  );
}

function absoluteItem(item: Json, folder: string): Json {
  return typeof item === 'string' ? absolute(item, folder) : item;
}

function absolute(value: string, folder: string): string {
  return path.resolve(folder, withConfigDir(value, folder)).replaceAll('\\', '/');
}

/** `${configDir}` of TypeScript 5.5. */
export function withConfigDir(value: string, folder: string): string {
  return value.replace(/^\$\{configDir\}/, folder);
}
