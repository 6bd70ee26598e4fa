/** How rows of library members are written. */

import type { Refused, Row } from './row.ts';

/** A row for each member that TypeScript's own library declares, so that none can be forgotten. */
export type Members<T> = Readonly<Record<Exclude<Extract<keyof T, string>, 'prototype'>, Row>>;

/** A member that has no derivative here, and what to write instead. */
export function none(instead: string) {
  return { refused: 'GG2030', words: { instead } } as const satisfies Refused;
}
