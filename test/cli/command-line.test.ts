import { describe, expect, it } from 'vitest';

import { outputOptions, parseCommandLine } from '../../src/commands/command-line.ts';
import { hintOf, messageOf } from '../../src/diagnostics/message.ts';
import { UsageError } from '../../src/project/usage-error.ts';

function problems(line: string): string[] {
  try {
    parseCommandLine(line.split(' '), '/p');
  } catch (error) {
    if (error instanceof UsageError) {
      return error.diagnostics.map((diagnostic) => [diagnostic.code, messageOf(diagnostic), hintOf(diagnostic)].join(' | '));
    }
    throw error;
  }
  return [];
}

describe('command line', () => {
  it('reads options in any order and form', () => {
    expect(parseCommandLine(['-d', 'gen', 'src', '--comments=lines', '-p', 'tsconfig.app.json', '--check'], '/p')).toEqual({
      kind: 'generate',
      check: true,
      toStandardOutput: false,
      request: { inputs: ['src'], outDir: '/p/gen', comments: 'lines', project: 'tsconfig.app.json' },
    });
    expect(parseCommandLine(['m.ts', '-o', '-'], '/p')).toMatchObject({ toStandardOutput: true, request: { inputs: ['m.ts'] } });
    expect(parseCommandLine(['inspect', 'm.ts', '-f', 'loss', '--graph', 'dot'], '/p')).toEqual({
      kind: 'inspect',
      file: 'm.ts',
      function: 'loss',
      graph: 'dot',
      open: false,
    });
    expect(parseCommandLine(['inspect', 'm.ts', '--graph', 'json', '--open'], '/p')).toMatchObject({ open: true });
  });

  it.each([
    ['--chek src', ['GG1101 | unknown option `--chek` | did you mean `--check`?']],
    ['--out-dri=x -z', ['GG1101 | unknown option `--out-dri` | did you mean `--out-dir`?', 'GG1101 | unknown option `-z` | `gradgen --help` lists the options']],
    ['-o --quiet', ['GG1102 | option `-o` needs a value: a file, or `-` for standard output | ']],
    ['--comments all', ['GG1103 | `all` is not a value of `--comments` | one of source, lines, none']],
    ['--reporter xml', ['GG1103 | `xml` is not a value of `--reporter` | one of pretty, plain, json, github']],
    ['--check=yes', ['GG1113 | option `--check` does not take a value | ']],
    ['-d a -o b', ['GG1104 | `--out-dir` and `--out-file` exclude each other | give the whole path with `--out-file`']],
  ])('%s', (line, expected) => {
    expect(problems(line)).toEqual(expected);
  });

  it.each(['-w', 'verify m.ts', 'inspect m.ts --graph dot --at x=1'])('says that `%s` is not there yet', (line) => {
    expect(problems(line)[0]).toMatch(/^GG1105 /);
  });

  it('chooses reporter and colours by where it runs', () => {
    expect(outputOptions([], {}, true)).toEqual({ reporter: 'pretty', colour: true, quiet: false });
    expect(outputOptions([], {}, false)).toEqual({ reporter: 'plain', colour: false, quiet: false });
    expect(outputOptions(['-q'], { GITHUB_ACTIONS: 'true' }, false)).toEqual({ reporter: 'github', colour: false, quiet: true });
    expect(outputOptions(['--reporter', 'json'], { NO_COLOR: '1' }, true)).toEqual({ reporter: 'json', colour: false, quiet: false });
  });
});
