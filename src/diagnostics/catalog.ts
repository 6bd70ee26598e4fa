/** Every code, message and hint. One family a file; each entry has a file in `fixtures/rejected/`. */

import { checkpointDiagnostics } from './checkpoints.ts';
import { commandLineDiagnostics } from './command-line.ts';
import { configurationDiagnostics } from './configuration.ts';
import { constructDiagnostics } from './constructs.ts';
import type { CatalogEntry } from './diagnostic.ts';
import { fileDiagnostics } from './files.ts';
import { internalDiagnostics } from './internal.ts';
import { languageDiagnostics } from './language.ts';
import { nestedDiagnostics } from './nested.ts';
import { ruleDiagnostics } from './rules.ts';
import { usageDiagnostics } from './usage.ts';
import { valueDiagnostics } from './values.ts';
import { warningDiagnostics } from './warnings.ts';

export const catalog = {
  ...nestedDiagnostics,
  ...checkpointDiagnostics,
  ...ruleDiagnostics,
  ...usageDiagnostics,
  ...commandLineDiagnostics,
  ...configurationDiagnostics,
  ...fileDiagnostics,
  ...languageDiagnostics,
  ...constructDiagnostics,
  ...valueDiagnostics,
  ...warningDiagnostics,
  ...internalDiagnostics,
} as const;

export type Code = keyof typeof catalog;

/** The entry of a code, in its general type. */
export function entryOf(code: Code): CatalogEntry {
  return catalog[code];
}

export function isCode(text: string): text is Code {
  return Object.hasOwn(catalog, text);
}

/** 2 for wrong usage, bad configuration and crashes, 1 for everything else that is an error. */
export function exitCodeOf(code: Code): 0 | 1 | 2 {
  if (entryOf(code).severity === 'warning') return 0;
  return /^GG(?:11|12|9)/.test(code) ? 2 : 1;
}
