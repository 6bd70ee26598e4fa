/** A tsconfig's options for the compiler that gradgen brings along, which may be older than the project's. */

import { ts } from 'ts-morph';

import type { Json, JsonObject } from './json-with-comments.ts';
import { ownModulePaths } from './own-modules.ts';

/** What an unknown value becomes: never less than what the project has. Other options with unknown values are dropped. */
const fallback: Readonly<Record<string, (value: Json) => Json>> = {
  target: () => 'esnext',
  module: (value) => (/^node/i.test(String(value)) ? 'nodenext' : 'esnext'),
  moduleResolution: () => 'bundler',
  lib: (value) => (Array.isArray(value) ? [...new Set(value.map(knownLib))] : ['esnext']),
};

/** They ask for output or for files beside it; gradgen only reads. */
const withoutEffect: ReadonlySet<string> = new Set([
  'composite',
  'incremental',
  'tsBuildInfoFile',
  'declaration',
  'declarationDir',
  'declarationMap',
  'emitDeclarationOnly',
  'outDir',
  'outFile',
  'rootDir',
  'sourceMap',
  'inlineSourceMap',
  'inlineSources',
]);

/** They object to code whose meaning is certain: that is for the project's own compiler to say. */
const aboutStyle: ReadonlySet<string> = new Set([
  'allowUnreachableCode',
  'allowUnusedLabels',
  'erasableSyntaxOnly',
  'isolatedDeclarations',
  'noFallthroughCasesInSwitch',
  'noImplicitOverride',
  'noImplicitReturns',
  'noPropertyAccessFromIndexSignature',
  'noUnusedLocals',
  'noUnusedParameters',
]);

const always: ts.CompilerOptions = { noEmit: true, skipLibCheck: true, noErrorTruncation: true, ignoreDeprecations: '6.0' };

/** `options` as written in tsconfig files, paths absolute; undefined where there is no tsconfig. */
export function compilerOptionsFor(options: JsonObject | undefined): ts.CompilerOptions {
  const written = options ?? { target: 'esnext', module: 'nodenext', strict: true, allowImportingTsExtensions: true };
  const converted: ts.CompilerOptions = {};
  for (const [name, value] of Object.entries(written)) {
    if (!withoutEffect.has(name) && !aboutStyle.has(name)) Object.assign(converted, convertOption(name, value));
  }
  // TypeScript 6 loads no `@types` unless asked; projects of earlier versions count on them.
  if (converted.types === undefined) converted.types = ['*'];
  return { ...converted, ...always, paths: { ...converted.paths, ...ownModulePaths } };
}

function convertOption(name: string, value: Json): ts.CompilerOptions {
  const direct = ts.convertCompilerOptionsFromJson({ [name]: value }, '/');
  if (direct.errors.length === 0) return direct.options;
  const replaced = fallback[name];
  if (replaced === undefined) return {};
  const second = ts.convertCompilerOptionsFromJson({ [name]: replaced(value) }, '/');
  return second.errors.length === 0 ? second.options : {};
}

function knownLib(name: Json): Json {
  return ts.convertCompilerOptionsFromJson({ lib: [name] }, '/').errors.length === 0 ? name : 'esnext';
}
