import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { messageOf } from '../../src/diagnostics/message.ts';
import { TsconfigReader } from '../../src/project/tsconfig.ts';
import type { UsageError } from '../../src/project/usage-error.ts';
import { folderWith } from './temporary-folder.ts';

function problemOf(action: () => unknown): { code: string; message: string; line?: number | undefined } {
  try {
    action();
  } catch (error) {
    const [diagnostic] = (error as UsageError).diagnostics;
    return { code: diagnostic!.code, message: messageOf(diagnostic!), line: diagnostic!.line };
  }
  throw new Error('no error');
}

describe('tsconfig', () => {
  it('merges chains of extends, by path and from packages, paths relative to where they stand', () => {
    const folder = folderWith({
      'node_modules/@tsconfig/base/package.json': '{"name":"@tsconfig/base"}',
      'node_modules/@tsconfig/base/tsconfig.json': '{"compilerOptions":{"strict":true,"target":"es2022"}}',
      'config/shared.json': '{"extends":"@tsconfig/base","compilerOptions":{"target":"es2026","typeRoots":["./types"]}}',
      'app/tsconfig.json': '{"extends":["../config/shared"],"compilerOptions":{"paths":{"~/*":["./src/*"]}}}',
    });
    const config = new TsconfigReader().load(path.join(folder, 'app/tsconfig.json'));
    expect(config.compilerOptions).toEqual({
      strict: true,
      target: 'es2026',
      typeRoots: [path.join(folder, 'config/types')],
      paths: { '~/*': [path.join(folder, 'app/src/*')] },
    });
    expect(config.chain).toHaveLength(3);
  });

  it('finds the configuration that includes a file, through references', () => {
    const folder = folderWith({
      'tsconfig.json': '{"files":[],"references":[{"path":"./tsconfig.app.json"},{"path":"./server"}]}',
      'tsconfig.app.json': '{"include":["src"],"exclude":["src/**/*.spec.ts"]}',
      'server/tsconfig.json': '{}',
    });
    const reader = new TsconfigReader();
    const nameFor = (file: string): string => path.relative(folder, reader.configFor(path.join(folder, file))!.path);
    expect(nameFor('src/deep/model.ts')).toBe('tsconfig.app.json');
    expect(nameFor('server/model.ts')).toBe(path.join('server', 'tsconfig.json'));
    expect(nameFor('src/model.spec.ts')).toBe('tsconfig.json');
  });

  it('knows files, include and exclude as tsc does', () => {
    const folder = folderWith({
      'tsconfig.json': '{"compilerOptions":{"outDir":"built"},"include":["**/*","lib/?.ts"],"files":["built/kept.ts"]}',
    });
    const { fileSet } = new TsconfigReader().load(path.join(folder, 'tsconfig.json'));
    const includes = (file: string): boolean => fileSet.includes(path.join(folder, file));
    expect(['a.ts', 'x/y/z.ts', 'built/kept.ts', 'lib/b.ts'].filter(includes)).toHaveLength(4);
    expect(['built/a.ts', 'node_modules/p/a.ts', 'x/node_modules/a.ts', '.hidden/a.ts'].filter(includes)).toEqual([]);
  });

  it('names file and line of what is wrong', () => {
    const folder = folderWith({
      'broken/tsconfig.json': '{\n  "compilerOptions": {\n    "strict" true\n  }\n}',
      'missing/tsconfig.json': '{\n  "extends": "@company/tsconfig"\n}',
      'circle/tsconfig.json': '{"extends":"./b.json"}',
      'circle/b.json': '{"extends":"./tsconfig.json"}',
      'shape/tsconfig.json': '{\n "include": "src" }',
      'references/tsconfig.json': '{ "references": [\n { "path": "../nowhere" }] }',
    });
    const load = (name: string) => problemOf(() => new TsconfigReader().load(path.join(folder, name, 'tsconfig.json')));
    expect(load('broken')).toEqual({ code: 'GG1202', line: 3, message: 'this is not valid JSON: `:` expected, not `t`' });
    expect(load('missing')).toMatchObject({ code: 'GG1203', line: 2 });
    expect(load('circle')).toMatchObject({ code: 'GG1204' });
    expect(load('shape')).toMatchObject({ code: 'GG1206', line: 2, message: '`include` must be an array' });
    expect(load('references')).toMatchObject({ code: 'GG1205', line: 2 });
  });
});
