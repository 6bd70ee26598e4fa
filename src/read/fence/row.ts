/** What a row of the fence says about a construct. */

import type { Code } from '../../diagnostics/catalog.ts';

export type Row =
  /** Read, and differentiated where numbers go through it. */
  | 'supported'
  /** Kept as it is written, never differentiated. */
  | 'carried'
  /** Types and what belongs to them: nothing is left of it at run time. */
  | 'erased'
  /** Stands at the top of a module, never in a function. */
  | 'module'
  /** Part of the text of what it belongs to: no node that could be met. */
  | 'text'
  | Refused;

export interface Refused {
  readonly refused: Code;
  /** Words of the message; `{text}` is always the source text. */
  readonly words?: Readonly<Record<string, string>>;
  /** Harmless where it stands: the reader refuses it where it is used. */
  readonly atUse?: true;
}

export function isRefused(row: Row): row is Refused {
  return typeof row !== 'string';
}

/** The same row for several names. */
export function all<const Names extends readonly string[]>(row: Row, names: Names): Record<Names[number], Row> {
  return Object.fromEntries(names.map((name) => [name, row])) as Record<Names[number], Row>;
}
