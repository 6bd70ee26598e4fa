/** One line a diagnostic, as `tsc --pretty false` prints them: `src/model.ts(12,5): error GG2004: …`. */

import type { Diagnostic } from '../diagnostic.ts';
import { entryOf } from '../catalog.ts';
import { hintOf, messageOf } from '../message.ts';
import { printedPath } from './paths.ts';
import type { Report, ReportOptions } from './report.ts';
import { fileLines, summaryLine } from './summary.ts';

export function plainReport(report: Report, options: ReportOptions): string {
  const lines = [
    ...report.diagnostics.flatMap((diagnostic) => plainLines(diagnostic, options.cwd)),
    ...fileLines(report, options),
    summaryLine(report, options),
  ].filter((line) => line !== '');
  return lines.map((line) => `${line}\n`).join('');
}

function plainLines(diagnostic: Diagnostic, cwd: string): string[] {
  const hint = hintOf(diagnostic);
  return [
    `${place(diagnostic, cwd)}${entryOf(diagnostic.code).severity} ${diagnostic.code}: ${messageOf(diagnostic)}`,
    ...(diagnostic.related ?? []).map(
      (related) => `  ${printedPath(related.file, cwd)}(${related.line},${related.column}): ${related.message}`,
    ),
    ...(hint === undefined ? [] : [`  hint: ${hint}`]),
  ];
}

function place(diagnostic: Diagnostic, cwd: string): string {
  if (diagnostic.file === undefined) return '';
  const at = diagnostic.line === undefined ? '' : `(${diagnostic.line},${diagnostic.column ?? 1})`;
  return `${printedPath(diagnostic.file, cwd)}${at}: `;
}
