/** The closing lines of `pretty` and `plain`: what happened to files, and how many errors and warnings there are. */

import { isError } from '../message.ts';
import { printedPath } from './paths.ts';
import type { Report, ReportedFile, ReportOptions } from './report.ts';

/** One line for each file that changed or needs attention. Missing, stale and orphaned ones are diagnostics. */
export function fileLines(report: Report, options: ReportOptions): string[] {
  if (options.quiet) return [];
  return report.files.flatMap((file) => {
    const shown = printedPath(file.path, options.cwd);
    if (file.status === 'written') return [`wrote ${shown}`];
    if (file.status === 'deleted') return [`deleted ${shown}: no function of ${printedPath(file.source, options.cwd)} has a tag`];
    return [];
  });
}

/** `2 errors and 1 warning.` or what was done; empty where there is nothing to say. */
export function summaryLine(report: Report, options: ReportOptions): string {
  const errors = report.diagnostics.filter(isError).length;
  const warnings = report.diagnostics.length - errors;
  const counted = [count(errors, 'error'), count(warnings, 'warning')].filter((part) => part !== '').join(' and ');
  if (counted !== '') return `${counted}.`;
  if (options.quiet || report.files.length === 0) return '';
  const unchanged = report.files.filter((file) => file.status === 'unchanged').length;
  return unchanged === report.files.length ? `${companions(report.files)} up to date.` : '';
}

function companions(files: readonly ReportedFile[]): string {
  return files.length === 1 ? '1 companion is' : `${files.length} companions are`;
}

function count(n: number, noun: string): string {
  return n === 0 ? '' : `${n} ${noun}${n === 1 ? '' : 's'}`;
}
