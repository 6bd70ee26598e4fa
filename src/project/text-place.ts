/** Offsets of a text as 1-based lines and columns. */

export function placeInText(text: string, start: number): { line: number; column: number } {
  const before = text.slice(0, start);
  return { line: before.split('\n').length, column: start - (before.lastIndexOf('\n') + 1) + 1 };
}
