/** GG11xx: the command line. These end with exit code 2. */

import type { CatalogEntry } from './diagnostic.ts';

export const commandLineDiagnostics = {
  GG1101: {
    severity: 'error',
    message: 'unknown option `{option}`',
    hint: '{hint}',
  },
  GG1102: {
    severity: 'error',
    message: 'option `{option}` needs a value: {expected}',
  },
  GG1103: {
    severity: 'error',
    message: '`{value}` is not a value of `{option}`',
    hint: 'one of {allowed}',
  },
  GG1104: {
    severity: 'error',
    message: '{first} and {second} exclude each other',
    hint: '{hint}',
  },
  GG1105: {
    severity: 'error',
    message: '{feature} is not available in this version',
    hint: '{hint}',
  },
  GG1106: {
    severity: 'error',
    message: '`{command}` needs {what}',
    hint: '{hint}',
  },
  GG1107: {
    severity: 'error',
    message: 'there is no file or folder `{path}`',
    hint: '{hint}',
  },
  GG1108: {
    severity: 'error',
    message: 'the pattern `{pattern}` matches no TypeScript source',
    hint: 'generated files, declaration files and `node_modules` are never searched',
  },
  GG1109: {
    severity: 'error',
    message: '`{path}` is not a TypeScript source',
    hint: 'name a `.ts`, `.mts`, `.cts` or `.tsx` file that is neither a declaration file nor generated',
  },
  GG1110: {
    severity: 'error',
    message: '`--out-file` takes one source with a tag, and {count} were found',
    hint: 'name one file, or use `--out-dir`',
  },
  GG1111: {
    severity: 'error',
    message: 'there is no diagnostic `{code}`',
    hint: '{hint}',
  },
  GG1112: {
    severity: 'error',
    message: 'no tagged function `{function}` in {path}',
    hint: '{hint}',
  },
  GG1113: {
    severity: 'error',
    message: 'option `{option}` does not take a value',
  },
} as const satisfies Record<string, CatalogEntry>;
