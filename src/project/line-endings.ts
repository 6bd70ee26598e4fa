/** Line endings of a companion are those of its source. */

export type LineEnding = '\n' | '\r\n';

/** What most lines end with. */
export function lineEndingOf(text: string): LineEnding {
  const all = text.split('\n').length - 1;
  const windows = text.split('\r\n').length - 1;
  return windows > all - windows ? '\r\n' : '\n';
}

export function withLineEnding(text: string, ending: LineEnding): string {
  const unix = text.replaceAll('\r\n', '\n');
  return ending === '\n' ? unix : unix.replaceAll('\n', '\r\n');
}
