/** GG13xx: the files that are written; GG14xx: requests that cannot be met. They end with exit code 1. */

import type { CatalogEntry } from './diagnostic.ts';

export const fileDiagnostics = {
  GG1301: {
    severity: 'error',
    message: '{path} is in the way: gradgen did not write it, and does not overwrite it',
    hint: 'move or delete it, or choose another place with `--out-dir` or `--out-file`',
  },
  GG1302: {
    severity: 'error',
    message: '{first} and {second} would both have the companion {output}',
    hint: 'rename one of them',
  },
  GG1303: {
    severity: 'error',
    message: '{path} cannot be written: {problem}',
  },
  GG1305: {
    severity: 'error',
    message: '{path} is missing',
    hint: 'run `{command}`',
  },
  GG1306: {
    severity: 'error',
    message: '{path} is stale: its source has changed since, or how it is generated',
    hint: 'run `{command}`',
  },
  GG1307: {
    severity: 'error',
    message: 'orphaned: {source} {reason}',
    hint: '{hint}',
  },
  GG1308: {
    severity: 'error',
    message: 'no function with a tag in {where}',
    hint: 'write `/** @grad */` before a function to ask for its gradient',
  },
  GG1309: {
    severity: 'error',
    message: '`--check` found no companion and no function with a tag in {where}',
    hint: 'name the files or folders that should have companions, or leave `--check` out',
  },
  GG1401: {
    severity: 'error',
    message: 'no parameter of `{function}` can influence its result through arithmetic, so `@{tag}` has nothing to compute',
    hint: 'sizes, indices, strings and what is only compared have no derivative; remove the tag, or let the result depend on a number',
  },
} as const satisfies Record<string, CatalogEntry>;
