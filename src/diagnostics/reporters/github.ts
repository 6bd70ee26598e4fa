/** Workflow commands of GitHub Actions, which annotate the lines of a pull request. */

import { entryOf } from '../catalog.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { hintOf, messageOf } from '../message.ts';
import { printedPath } from './paths.ts';
import type { Report, ReportOptions } from './report.ts';
import { fileLines, summaryLine } from './summary.ts';

export function githubReport(report: Report, options: ReportOptions): string {
  const closing = [...fileLines(report, options), summaryLine(report, options)].filter((line) => line !== '');
  return [...report.diagnostics.map((diagnostic) => command(diagnostic, options.cwd)), ...closing]
    .map((line) => `${line}\n`)
    .join('');
}

function command(diagnostic: Diagnostic, cwd: string): string {
  const properties = [
    ...(diagnostic.file === undefined ? [] : [`file=${escapeProperty(printedPath(diagnostic.file, cwd))}`]),
    ...(diagnostic.line === undefined ? [] : [`line=${diagnostic.line}`, `col=${diagnostic.column ?? 1}`]),
    `title=${escapeProperty(diagnostic.code)}`,
  ];
  const hint = hintOf(diagnostic);
  const text = [
    messageOf(diagnostic),
    ...(diagnostic.related ?? []).map(
      (related) => `${related.message} ${printedPath(related.file, cwd)}:${related.line}:${related.column}`,
    ),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ].join('\n');
  return `::${entryOf(diagnostic.code).severity} ${properties.join(',')}::${escapeData(text)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
