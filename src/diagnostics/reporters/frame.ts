/** The lines of source that a diagnostic is about, with its part underlined. */

import type { Colour, Paint } from './colours.ts';

export interface Span {
  readonly start: number;
  readonly length: number;
}

/**
 * At most `limit` lines from where the span begins; a longer span is cut with `…`. Tabs count as one column on both
 * lines, so that the underline stands below its text.
 */
export function codeFrame(text: string, span: Span, paint: Paint, colour: Colour, indent: string, limit = 4): string {
  const lines = linesOf(text, span, limit);
  const gutterWidth = String(lines.at(-1)!.number).length;
  const end = span.start + span.length;
  const printed = lines.flatMap((line) => {
    const from = Math.max(span.start, line.start + leadingSpace(line.text, line.start < span.start));
    const to = Math.min(end, line.start + line.text.length);
    const gutter = paint('inverse', String(line.number).padStart(gutterWidth));
    const shown = line.text.replaceAll('\t', ' ');
    const blank = ' '.repeat(Math.max(0, from - line.start));
    const mark = '~'.repeat(Math.max(1, to - from));
    return [
      `${indent}${gutter} ${shown}`,
      `${indent}${paint('inverse', ' '.repeat(gutterWidth))} ${blank}${paint(colour, mark)}`,
    ];
  });
  const last = lines.at(-1)!;
  if (last.start + last.text.length < end) printed.push(`${indent}${' '.repeat(gutterWidth)} ${paint('grey', '…')}`);
  return printed.join('\n');
}

interface Line {
  readonly number: number;
  readonly start: number;
  readonly text: string;
}

function linesOf(text: string, span: Span, limit: number): Line[] {
  const lines: Line[] = [];
  let start = 0;
  let number = 1;
  const end = span.start + Math.max(1, span.length);
  while (start <= text.length && lines.length < limit) {
    const newLine = text.indexOf('\n', start);
    const next = newLine === -1 ? text.length + 1 : newLine + 1;
    if (next > span.start && start < end) {
      lines.push({ number, start, text: text.slice(start, next - 1).replace(/\r$/, '') });
    }
    if (next >= end) break;
    start = next;
    number++;
  }
  return lines.length > 0 ? lines : [{ number, start: text.length, text: '' }];
}

/** White space before a continuation line's text is not underlined; on the first line the span says where it begins. */
function leadingSpace(text: string, isFirst: boolean): number {
  return isFirst ? 0 : text.length - text.trimStart().length;
}
