/** Trailing comments: the forward statement that a backward one reverses. */

import type { Origin } from '../graph/types.ts';

export type Comments = 'source' | 'lines' | 'none';

const longest = 60;

export function commentText(origin: Origin, comments: 'source' | 'lines'): string {
  const text = origin.text.length > longest ? `${origin.text.slice(0, longest - 1).trimEnd()}…` : origin.text;
  if (comments === 'source') return text;
  return `${text} (${origin.file.slice(origin.file.lastIndexOf('/') + 1)}:${origin.line})`;
}

/** Gives each statement the origins that the statement before it has not named: the first of a run carries the comment. */
export class CommentRun {
  private last: string | undefined;
  private readonly comments: Comments;

  private readonly whole: Origin | undefined;

  /** `whole`: the function itself, which is no statement. */
  constructor(comments: Comments, whole: Origin | undefined) {
    this.comments = comments;
    this.whole = whole;
  }

  /** The comment of the next statement, without `//`; empty where it has none. */
  next(origins: readonly Origin[]): string {
    if (this.comments === 'none') return '';
    const { comments, whole } = this;
    const statements = origins.filter((origin) => origin.line !== whole?.line || origin.text !== whole.text);
    const texts = [...new Set(statements.map((origin) => commentText(origin, comments)))];
    const text = texts.join('; ');
    if (text === '' || text === this.last) return '';
    this.last = text;
    return text;
  }
}
