/** Every code, message and hint. One family a file; each entry has a file in `fixtures/rejected/`. */

import { internalDiagnostics } from './internal.ts';
import { languageDiagnostics } from './language.ts';
import { usageDiagnostics } from './usage.ts';
import { warningDiagnostics } from './warnings.ts';

export const catalog = {
  ...usageDiagnostics,
  ...languageDiagnostics,
  ...warningDiagnostics,
  ...internalDiagnostics,
} as const;

export type Code = keyof typeof catalog;
