/** Whether a source is CommonJS where its companion, which is written with `import` and `export`, is no option. */

import path from 'node:path';

import type { JsonObject } from './json-with-comments.ts';
import { isModulePackage } from './packages.ts';

/** `verbatimModuleSyntax` forbids ES module syntax in files that are emitted as CommonJS. */
export function isRefusedCommonJs(source: string, options: JsonObject | undefined): boolean {
  if (options?.['verbatimModuleSyntax'] !== true || source.endsWith('.mts')) return false;
  const module = String(options['module'] ?? '').toLowerCase();
  if (module === 'preserve') return source.endsWith('.cts');
  if (source.endsWith('.cts') || module === 'commonjs') return true;
  return module.startsWith('node') && !isModulePackage(path.dirname(source));
}
