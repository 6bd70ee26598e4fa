#!/usr/bin/env node
/** The command line. The compiler is loaded by the commands that need it, and only when something has changed. */

import module from 'node:module';

import { helpText } from './commands/help.ts';
import { outputOptions, parseCommandLine, type Command, type Output } from './commands/command-line.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { exitCodeOf } from './diagnostics/catalog.ts';
import { renderReport, type Report } from './diagnostics/reporters/report.ts';
import { internalError } from './project/internal-error.ts';
import { UsageError } from './project/usage-error.ts';

interface Result {
  readonly report: Report;
  /** What was asked for as text on standard output; diagnostics then go to standard error. */
  readonly printed?: string;
}

// Node 22 and later keep what they have compiled, in the folder for temporary files: most of a short run compiles the compiler.
(module as { readonly enableCompileCache?: () => void }).enableCompileCache?.();

const cwd = process.cwd();
const words = process.argv.slice(2);
const output = outputOptions(words, process.env, process.stdout.isTTY === true);
const result = await perform(words);
await show(result, output);
process.exitCode = Math.max(0, ...result.report.diagnostics.map((diagnostic) => exitCodeOf(diagnostic.code)));

async function perform(given: readonly string[]): Promise<Result> {
  try {
    return await execute(parseCommandLine(given, cwd));
  } catch (error) {
    if (error instanceof UsageError) return failed(error.diagnostics);
    return failed([internalError(error)]);
  }
}

async function execute(command: Command): Promise<Result> {
  switch (command.kind) {
    case 'help':
      return text(helpText);
    case 'version': {
      const { gradgenVersion } = await import('./project/version.ts');
      return text(`${gradgenVersion()}\n`);
    }
    case 'explain': {
      const { explain } = await import('./commands/explain.ts');
      return text(explain(command.code));
    }
    case 'inspect': {
      const { inspectCommand } = await import('./commands/inspect.ts');
      const { printed, ...report } = inspectCommand(command, cwd);
      return { report, printed };
    }
    case 'generate': {
      const { checkCommand, generateCommand } = await import('./commands/generate.ts');
      if (command.check) return { report: await checkCommand(command.request, cwd) };
      const { printed, ...report } = await generateCommand(command.request, cwd, command.toStandardOutput);
      return { report, ...(command.toStandardOutput ? { printed: printed ?? '' } : {}) };
    }
  }
}

async function show(shown: Result, how: Output): Promise<void> {
  const { readText } = await import('./commands/read-text.ts');
  const rendered = renderReport(how.reporter, shown.report, { cwd, colour: how.colour, quiet: how.quiet, readText });
  if (shown.printed === undefined) {
    process.stdout.write(rendered);
    return;
  }
  process.stdout.write(shown.printed);
  if (shown.report.diagnostics.length > 0) process.stderr.write(rendered);
}

function text(printed: string): Result {
  return { report: { diagnostics: [], files: [] }, printed };
}

function failed(diagnostics: readonly Diagnostic[]): Result {
  return { report: { diagnostics, files: [] } };
}
