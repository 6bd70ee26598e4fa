/** For people at a terminal: place, message, code frame, related places and the hint. */

import type { Diagnostic } from '../diagnostic.ts';
import { entryOf } from '../catalog.ts';
import { hintOf, messageOf } from '../message.ts';
import { painter, type Paint } from './colours.ts';
import { codeFrame } from './frame.ts';
import { printedPath } from './paths.ts';
import type { Report, ReportOptions } from './report.ts';
import { fileLines, summaryLine } from './summary.ts';

export function prettyReport(report: Report, options: ReportOptions): string {
  const paint = painter(options.colour);
  const diagnostics = report.diagnostics.map((diagnostic) => `${prettyDiagnostic(diagnostic, options, paint)}\n\n`);
  const closing = [...fileLines(report, options), summaryLine(report, options)].filter((line) => line !== '');
  return diagnostics.join('') + closing.map((line) => `${line}\n`).join('');
}

function prettyDiagnostic(diagnostic: Diagnostic, options: ReportOptions, paint: Paint): string {
  const { severity } = entryOf(diagnostic.code);
  const colour = severity === 'error' ? 'red' : 'yellow';
  const hint = hintOf(diagnostic);
  const parts = [
    `${place(diagnostic, options.cwd, paint)}${paint(colour, severity)} ${paint('grey', `${diagnostic.code}:`)} ${messageOf(diagnostic)}`,
  ];
  const text = diagnostic.file === undefined || diagnostic.start === undefined ? undefined : options.readText(diagnostic.file);
  if (text !== undefined) {
    const span = { start: diagnostic.start!, length: diagnostic.length ?? 1 };
    parts.push('', codeFrame(text, span, paint, colour, ''));
  }
  for (const related of diagnostic.related ?? []) {
    const where = `${paint('cyan', printedPath(related.file, options.cwd))}:${paint('yellow', String(related.line))}:${paint('yellow', String(related.column))}`;
    parts.push('', `  ${where} - ${related.message}`);
    const relatedText = options.readText(related.file);
    if (relatedText !== undefined) parts.push(codeFrame(relatedText, related, paint, 'cyan', '    ', 1));
  }
  if (hint !== undefined) parts.push(...(parts.length > 1 ? [''] : []), `  ${paint('bold', 'hint:')} ${hint}`);
  return parts.join('\n');
}

function place(diagnostic: Diagnostic, cwd: string, paint: Paint): string {
  if (diagnostic.file === undefined) return '';
  const file = paint('cyan', printedPath(diagnostic.file, cwd));
  if (diagnostic.line === undefined) return `${file} - `;
  return `${file}:${paint('yellow', String(diagnostic.line))}:${paint('yellow', String(diagnostic.column ?? 1))} - `;
}
