/** How relative imports are written in a project: with `.ts`, with `.js`, or without an extension. */

import type { Json, JsonObject } from './json-with-comments.ts';

export type SpecifierStyle = '.ts' | '.js' | '';

/** As the source's first relative import has it; of a source without one, as its tsconfig wants it. */
export function specifierStyleOf(text: string, source: string, options: JsonObject | undefined): SpecifierStyle {
  for (const [, specifier] of text.matchAll(/(?:\bfrom|\bimport)\s*['"](\.{1,2}\/[^'"\n]*)['"]/g)) {
    if (/\.[mc]?tsx?$/.test(specifier!)) return '.ts';
    if (/\.[mc]?jsx?$/.test(specifier!)) return '.js';
    if (!/\.(?:json|css|wasm|svg)$/.test(specifier!)) return '';
  }
  return styleOfOptions(source, options);
}

function styleOfOptions(source: string, options: JsonObject | undefined): SpecifierStyle {
  if (options === undefined) return '.ts';
  if (options['allowImportingTsExtensions'] === true || options['rewriteRelativeImportExtensions'] === true) return '.ts';
  if (isNode(options['moduleResolution'] ?? options['module']) || /\.[mc]ts$/.test(source)) return '.js';
  return '';
}

/** `node16` and its successors ask for extensions; the old `node` and `node10` do not. */
function isNode(value: Json | undefined): boolean {
  return typeof value === 'string' && /^node(?:next|1[6-9]|[2-9]\d)$/i.test(value);
}
