/** Runs TypeScript texts: types are erased, the files get a folder of their own, node loads them. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { ts } from 'ts-morph';

import { ownModules } from '../../src/project/own-modules.ts';
import type { Datum } from './data.ts';

export type Module = Readonly<Record<string, Datum>>;

/** A folder below the project's node_modules, so that the test runner leaves its modules to node. */
export class ModuleFolder {
  readonly path: string;

  constructor() {
    const parent = path.resolve('node_modules/.cache/gradgen-tests');
    mkdirSync(parent, { recursive: true });
    this.path = mkdtempSync(path.join(parent, 'run-'));
    for (const [name, index] of Object.entries(ownModules)) {
      const folder = path.dirname(index);
      for (const file of readdirSync(folder)) this.write(`gradgen/${name}/${file}`, readFileSync(path.join(folder, file), 'utf8'));
    }
  }

  /** `name` is relative, ends in `.ts`, and is what other files of the folder import. Generated files get `__poison`. */
  write(name: string, text: string): void {
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
    });
    const poison = poisonOf(text, 'export const __poison');
    const target = path.join(this.path, name.replace(/\.ts$/, '.mjs'));
    mkdirSync(path.dirname(target), { recursive: true });
    const own = path.relative(path.dirname(target), this.path).replaceAll('\\', '/') || '.';
    const resolved = outputText.replaceAll(/(from\s+['"]\.[^'"]*)\.ts(['"])/g, '$1.mjs$2').replaceAll(/(from\s+['"])gradgen\/(\w+)(['"])/g, `$1${own}/gradgen/$2/index.mjs$3`);
    writeFileSync(target, resolved + poison);
  }

  async load(name: string): Promise<Module> {
    const url = pathToFileURL(path.join(this.path, name.replace(/\.ts$/, '.mjs'))).href;
    return (await import(/* @vite-ignore */ url)) as Module;
  }
}

/** Fills the scratch of a generated file: no cell may be read that the call has not written. */
function poisonOf(text: string, name: string): string {
  const scratch = [...text.matchAll(/^(?:let (workspace|frames)|const (\w+_between))\b/gm)].map(([, grown, fixed]) => grown ?? fixed!);
  return scratch.length === 0 ? '' : `\n${name} = () => { ${scratch.map((array) => `${array}.fill(NaN);`).join(' ')} };\n`;
}

/** A text without imports, run in place. Much faster than a file where there are thousands. */
export function evaluate(text: string): Module {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.CommonJS },
  });
  const poison = poisonOf(text, 'exports.__poison');
  const module: Record<string, Datum> = {};
  new Function('exports', outputText + poison)(module);
  return module;
}
