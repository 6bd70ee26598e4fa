/** Diagnostics as words: the catalogue's texts with their placeholders filled in. */

import { entryOf } from './catalog.ts';
import type { Diagnostic } from './diagnostic.ts';

export function messageOf(diagnostic: Diagnostic): string {
  return fill(entryOf(diagnostic.code).message, diagnostic.words);
}

/** Undefined where the entry has no hint, or one that a word of this diagnostic is missing for or leaves empty. */
export function hintOf(diagnostic: Diagnostic): string | undefined {
  const template = entryOf(diagnostic.code).hint;
  if (template === undefined) return undefined;
  const named = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
  if (named.some((name) => (diagnostic.words[name] ?? '') === '')) return undefined;
  return fill(template, diagnostic.words);
}

export function isError(diagnostic: Diagnostic): boolean {
  return entryOf(diagnostic.code).severity === 'error';
}

function fill(template: string, words: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => words[name] ?? whole);
}

/** By file, then place; diagnostics without a place come first. Equal ones are dropped. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics
    .filter((diagnostic) => {
      const key = JSON.stringify([diagnostic.code, diagnostic.file, diagnostic.start, messageOf(diagnostic)]);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .toSorted((a, b) => compareText(a.file ?? '', b.file ?? '') || (a.start ?? -1) - (b.start ?? -1));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
