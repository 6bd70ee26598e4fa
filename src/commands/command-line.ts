/** The words after `gradgen`, checked. */

import path from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { reporterNames, type ReporterName } from '../diagnostics/reporters/report.ts';
import { suggestionFor } from '../diagnostics/suggestion.ts';
import type { Comments } from '../project/plan.ts';
import { UsageError, usageError } from '../project/usage-error.ts';

type OptionTable = NonNullable<ParseArgsConfig['options']>;

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'generate'; readonly check: boolean; readonly toStandardOutput: boolean; readonly request: GenerateRequest }
  | { readonly kind: 'explain'; readonly code: string }
  | { readonly kind: 'inspect'; readonly file: string; readonly function?: string; readonly graph: GraphFormat; readonly open: boolean; readonly project?: string };

export interface GenerateRequest {
  readonly inputs: readonly string[];
  readonly project?: string;
  readonly outDir?: string;
  readonly outFile?: string;
  readonly comments: Comments;
}

export const graphFormats = ['mermaid', 'dot', 'json'] as const;

export type GraphFormat = (typeof graphFormats)[number];

/** How the run talks, known even where the rest of the command line is wrong. */
export interface Output {
  readonly reporter: ReporterName;
  readonly colour: boolean;
  readonly quiet: boolean;
}

const commonOptions = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  project: { type: 'string', short: 'p' },
  reporter: { type: 'string' },
  quiet: { type: 'boolean', short: 'q' },
  'no-color': { type: 'boolean' },
} as const satisfies OptionTable;

const generateOptions = {
  ...commonOptions,
  'out-dir': { type: 'string', short: 'd' },
  'out-file': { type: 'string', short: 'o' },
  check: { type: 'boolean' },
  comments: { type: 'string' },
  watch: { type: 'boolean', short: 'w' },
} as const satisfies OptionTable;

const inspectOptions = {
  ...commonOptions,
  function: { type: 'string', short: 'f' },
  graph: { type: 'string' },
  open: { type: 'boolean' },
  at: { type: 'string' },
  'out-file': { type: 'string', short: 'o' },
} as const satisfies OptionTable;

const expectedValues: Readonly<Record<string, string>> = {
  project: 'a tsconfig file',
  reporter: 'one of pretty, plain, json, github',
  comments: 'one of source, lines, none',
  'out-dir': 'a folder',
  'out-file': 'a file, or `-` for standard output',
  function: 'the name of a function',
  graph: 'one of mermaid, dot, json',
  at: 'values of parameters',
};

/** @throws UsageError that lists everything that is wrong. */
export function parseCommandLine(words: readonly string[], cwd: string): Command {
  const [first, ...rest] = words;
  if (first === 'explain') return parseExplain(rest);
  if (first === 'inspect') return parseInspect(rest);
  if (first === 'verify') {
    throw usageError('GG1105', { feature: '`gradgen verify`', hint: 'it comes with a later one' });
  }
  return parseGenerate(words, cwd);
}

/** Reporter, colour and quietness, as far as the words tell; the rest is `parseCommandLine`'s to complain about. */
export function outputOptions(words: readonly string[], environment: NodeJS.ProcessEnv, isTerminal: boolean): Output {
  const { values } = parseArgs({ args: [...words], options: generateOptions, strict: false, allowPositionals: true });
  const named = reporterNames.find((name) => name === values['reporter']);
  const usual = environment['GITHUB_ACTIONS'] === 'true' ? 'github' : isTerminal ? 'pretty' : 'plain';
  const noColour = values['no-color'] === true || (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  const forced = (environment['FORCE_COLOR'] ?? '0') !== '0';
  return { reporter: named ?? usual, colour: !noColour && (isTerminal || forced), quiet: values['quiet'] === true };
}

function parseGenerate(words: readonly string[], cwd: string): Command {
  const { values, positionals } = parse(words, generateOptions);
  if (values['help'] === true) return { kind: 'help' };
  if (values['version'] === true) return { kind: 'version' };
  if (values['watch'] === true) {
    throw usageError('GG1105', { feature: '`--watch`', hint: 'run `gradgen` again after a change: what is fresh is skipped' });
  }
  const outDir = text(values['out-dir']);
  const outFile = text(values['out-file']);
  if (outDir !== undefined && outFile !== undefined) {
    throw usageError('GG1104', { first: '`--out-dir`', second: '`--out-file`', hint: 'give the whole path with `--out-file`' });
  }
  const toStandardOutput = outFile === '-';
  if (toStandardOutput && values['check'] === true) {
    throw usageError('GG1104', { first: '`--check`', second: '`--out-file -`', hint: '`--check` writes nothing' });
  }
  const project = text(values['project']);
  const request: GenerateRequest = {
    inputs: positionals,
    comments: choice('--comments', text(values['comments']) ?? 'source', ['source', 'lines', 'none'] as const),
    ...(project === undefined ? {} : { project }),
    ...(outDir === undefined ? {} : { outDir: path.resolve(cwd, outDir) }),
    ...(outFile === undefined || toStandardOutput ? {} : { outFile: path.resolve(cwd, outFile) }),
  };
  checkReporter(values);
  return { kind: 'generate', check: values['check'] === true, toStandardOutput, request };
}

function parseExplain(words: readonly string[]): Command {
  const { values, positionals } = parse(words, commonOptions);
  if (values['help'] === true) return { kind: 'help' };
  const [code, ...more] = positionals;
  if (code === undefined || more.length > 0) {
    throw usageError('GG1106', { command: 'gradgen explain', what: 'one code', hint: 'for example `gradgen explain GG2001`' });
  }
  return { kind: 'explain', code };
}

function parseInspect(words: readonly string[]): Command {
  const { values, positionals } = parse(words, inspectOptions);
  if (values['help'] === true) return { kind: 'help' };
  for (const [option, name] of [['at', '`--at`'], ['out-file', '`--out-file`']] as const) {
    if (values[option] !== undefined) {
      throw usageError('GG1105', { feature: `${name} of \`gradgen inspect\``, hint: 'the graph is printed to standard output' });
    }
  }
  const [file, ...more] = positionals;
  const graph = text(values['graph']);
  if (file === undefined || more.length > 0 || graph === undefined) {
    const what = graph === undefined ? '`--graph mermaid`, `dot` or `json`' : 'one file';
    throw usageError('GG1106', { command: 'gradgen inspect', what, hint: 'for example `gradgen inspect src/model.ts --graph mermaid`' });
  }
  checkReporter(values);
  const named = text(values['function']);
  const project = text(values['project']);
  return {
    kind: 'inspect',
    file,
    graph: choice('--graph', graph, graphFormats),
    open: values['open'] === true,
    ...(named === undefined ? {} : { function: named }),
    ...(project === undefined ? {} : { project }),
  };
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** As `parseArgs`, but with every problem at once and a suggestion for what is misspelt. */
function parse(words: readonly string[], options: OptionTable): { values: Values; positionals: string[] } {
  const { values, positionals, tokens } = parseArgs({
    args: [...words],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const problems: Diagnostic[] = [];
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = options[token.name];
    if (option === undefined) {
      problems.push({ code: 'GG1101', words: { option: token.rawName, hint: similarOption(token.name, options) } });
    } else if (option.type === 'string' && (token.value === undefined || token.value === '' || isOption(token))) {
      problems.push({ code: 'GG1102', words: { option: token.rawName, expected: expectedValues[token.name] ?? 'a value' } });
    } else if (option.type === 'boolean' && token.value !== undefined) {
      problems.push({ code: 'GG1113', words: { option: token.rawName } });
    }
  }
  if (problems.length > 0) throw new UsageError(...problems);
  return { values, positionals };
}

/** `-o -d`: the next option was taken for the value. `-` alone is one, and so is anything after `=`. */
function isOption(token: { readonly value?: string | undefined; readonly inlineValue?: boolean | undefined }): boolean {
  return token.inlineValue !== true && (token.value ?? '').startsWith('-') && token.value !== '-';
}

function similarOption(name: string, options: OptionTable): string {
  const near = name.length === 1 ? undefined : suggestionFor(name, Object.keys(options));
  return near === undefined ? '`gradgen --help` lists the options' : `did you mean \`--${near}\`?`;
}

function choice<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw usageError('GG1103', { option, value, allowed: allowed.join(', ') });
  return found;
}

function checkReporter(values: Values): void {
  const reporter = text(values['reporter']);
  if (reporter !== undefined) choice('--reporter', reporter, reporterNames);
}

function text(value: Values[string]): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
