import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { generate, generateSource } from '../../src/index.ts';
import { folderWith } from './temporary-folder.ts';

const files = {
  'package.json': '{"type":"module"}',
  'tsconfig.json': '{"compilerOptions":{"target":"es2031","lib":["es2031"],"module":"node30","strict":true,"tomorrow":true}}',
  'helper.ts': 'export function square(x: number): number {\n  return x * x;\n}\n',
};
const source = "import { square } from './helper.js';\n/** @grad */\nexport function f(x: number): number {\n  return square(x - 1);\n}\n";

describe('generateSource', () => {
  it('reads a text in memory, under the options of a compiler of the future', async () => {
    const cwd = folderWith(files);
    const { code, outputFile, reads, diagnostics } = await generateSource('model.ts', source, { cwd });
    expect(diagnostics).toEqual([]);
    expect(code).toContain('export function grad_f(x: number, out?: FGrad): FGrad {');
    expect(outputFile).toBe(path.join(cwd, 'model.grad.ts'));
    expect(reads).toEqual([path.join(cwd, 'model.ts'), path.join(cwd, 'helper.ts')]);
  });

  it('gives the bytes that a run writes', async () => {
    const cwd = folderWith({ ...files, 'model.ts': source, '.prettierrc': '{"semi":false}' });
    const { files: written, diagnostics } = await generate({ cwd, files: ['model.ts'] });
    expect(diagnostics).toEqual([]);
    expect((await generateSource('model.ts', undefined, { cwd })).code).toBe(written[0]!.text);
    expect(readFileSync(path.join(cwd, 'model.grad.ts'), 'utf8')).toBe(written[0]!.text);
  });

  it('returns what is wrong, and does not throw', async () => {
    const cwd = folderWith(files);
    const codes = async (name: string, text?: string): Promise<string[]> =>
      (await generateSource(name, text, { cwd })).diagnostics.map((diagnostic) => diagnostic.code);
    expect(await codes('nowhere.ts')).toEqual(['GG1107']);
    expect(await codes('model.d.ts', source)).toEqual(['GG1109']);
    expect(await codes('model.ts', source.replace('/** @grad */', '/** @grad y */'))).toEqual(['GG1001']);
  });
});
