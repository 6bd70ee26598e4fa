/** What a run has to say, and the four ways to say it. */

import type { Diagnostic } from '../diagnostic.ts';
import { sortDiagnostics } from '../message.ts';
import { githubReport } from './github.ts';
import { jsonReport } from './json.ts';
import { plainReport } from './plain.ts';
import { prettyReport } from './pretty.ts';

export const reporterNames = ['pretty', 'plain', 'json', 'github'] as const;

export type ReporterName = (typeof reporterNames)[number];

export interface Report {
  readonly diagnostics: readonly Diagnostic[];
  /** What became of the companions, in the order of their paths. */
  readonly files: readonly ReportedFile[];
}

export interface ReportedFile {
  /** Absolute. */
  readonly path: string;
  readonly source: string;
  readonly status: 'written' | 'unchanged' | 'deleted' | 'missing' | 'stale' | 'orphaned';
}

export interface ReportOptions {
  /** Paths are printed relative to it. */
  readonly cwd: string;
  readonly colour: boolean;
  /** Only what needs attention: no lines about files and no summary of a run that went well. */
  readonly quiet: boolean;
  /** Text of a source for the code frame; undefined where it cannot be read. */
  readonly readText: (path: string) => string | undefined;
}

/** The report as text that ends in a new line, or is empty. */
export function renderReport(name: ReporterName, report: Report, options: ReportOptions): string {
  const sorted: Report = { ...report, diagnostics: sortDiagnostics(report.diagnostics) };
  switch (name) {
    case 'pretty':
      return prettyReport(sorted, options);
    case 'plain':
      return plainReport(sorted, options);
    case 'json':
      return jsonReport(sorted, options);
    case 'github':
      return githubReport(sorted, options);
  }
}
