/** For programs: one object with every diagnostic and every file. */

import { entryOf } from '../catalog.ts';
import { hintOf, messageOf } from '../message.ts';
import { printedPath } from './paths.ts';
import type { Report, ReportOptions } from './report.ts';

export function jsonReport(report: Report, options: ReportOptions): string {
  const diagnostics = report.diagnostics.map((diagnostic) => ({
    code: diagnostic.code,
    severity: entryOf(diagnostic.code).severity,
    message: messageOf(diagnostic),
    hint: hintOf(diagnostic),
    file: diagnostic.file === undefined ? undefined : printedPath(diagnostic.file, options.cwd),
    line: diagnostic.line,
    column: diagnostic.column,
    start: diagnostic.start,
    length: diagnostic.length,
    related: diagnostic.related?.map((related) => ({ ...related, file: printedPath(related.file, options.cwd) })),
  }));
  const files = report.files.map((file) => ({
    path: printedPath(file.path, options.cwd),
    source: printedPath(file.source, options.cwd),
    status: file.status,
  }));
  return `${JSON.stringify({ diagnostics, files }, undefined, 2)}\n`;
}
