/** GG12xx: tsconfig files. Errors among them end with exit code 2. */

import type { CatalogEntry } from './diagnostic.ts';

export const configurationDiagnostics = {
  GG1201: {
    severity: 'error',
    message: 'there is no tsconfig at `{path}`',
    hint: '`--project` takes a tsconfig file or the folder that holds a `tsconfig.json`',
  },
  GG1202: {
    severity: 'error',
    message: 'this is not valid JSON: {problem}',
    hint: 'comments and commas before a closing bracket are fine, everything else is as in JSON',
  },
  GG1203: {
    severity: 'error',
    message: '`extends` names `{name}`, which does not exist',
    hint: 'install the package that has it, or correct the path',
  },
  GG1204: {
    severity: 'error',
    message: '`extends` goes round in a circle: {chain}',
  },
  GG1205: {
    severity: 'error',
    message: '`references` names `{name}`, where there is no tsconfig',
  },
  GG1206: {
    severity: 'error',
    message: '`{option}` must be {expected}',
  },
  GG1207: {
    severity: 'error',
    message: 'there is no tsconfig.json in {folder} or above, and no file was named',
    hint: 'name files or folders: `npx gradgen src`',
  },
  GG1208: {
    severity: 'error',
    message: 'a CommonJS source cannot use `import` and `export` under `verbatimModuleSyntax`, and its companion needs both',
    hint: '{hint}',
  },
} as const satisfies Record<string, CatalogEntry>;
