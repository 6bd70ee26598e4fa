/** A message about the user's code. Catalogue entries give severity, message and hint; a diagnostic gives place and words. */

import type { Code } from './catalog.ts';

export interface Diagnostic {
  readonly code: Code;
  /** Absolute path; undefined for usage errors that have no place. */
  readonly file?: string;
  /** Offset and length in UTF-16 units. */
  readonly start?: number;
  readonly length?: number;
  /** 1-based, of `start`. */
  readonly line?: number;
  readonly column?: number;
  /** Words for the `{placeholders}` of the catalogue's message and hint. */
  readonly words: Readonly<Record<string, string>>;
  /** Where an inlined function was called from, outermost last, and the like. */
  readonly related?: readonly RelatedPlace[];
}

export interface RelatedPlace {
  readonly message: string;
  readonly file: string;
  readonly start: number;
  readonly length: number;
  readonly line: number;
  readonly column: number;
}

export interface CatalogEntry {
  readonly severity: 'error' | 'warning';
  /** Names the construct; `{word}` is filled in. */
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string;
}
