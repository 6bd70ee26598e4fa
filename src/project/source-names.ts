/** Which files are sources, which are companions, and how their names correspond. */

import path from 'node:path';

const generatedExtension: Readonly<Record<string, string>> = {
  '.ts': '.grad.ts',
  '.tsx': '.grad.ts',
  '.mts': '.grad.mts',
  '.cts': '.grad.cts',
};

/** By its name: TypeScript, no declaration file, not generated. */
export function isSourceName(file: string): boolean {
  return /\.(?:ts|tsx|mts|cts)$/.test(file) && !/\.d(?:\.[^./\\]+)?\.(?:ts|mts|cts)$/.test(file) && !isCompanionName(file);
}

export function isCompanionName(file: string): boolean {
  return /\.grad\.(?:ts|mts|cts)$/.test(file);
}

/** `model.ts` → `model.grad.ts`, `.mts` → `.grad.mts`, `.cts` → `.grad.cts`, `.tsx` → `.grad.ts`. */
export function companionName(source: string): string {
  const extension = path.extname(source);
  return source.slice(0, -extension.length) + (generatedExtension[extension] ?? '.grad.ts');
}

/** What a companion of this name can have been generated from, most likely first. */
export function sourceNamesOf(companion: string): readonly string[] {
  const extension = path.extname(companion);
  const stem = companion.slice(0, -`.grad${extension}`.length);
  return extension === '.ts' ? [`${stem}.ts`, `${stem}.tsx`] : [stem + extension];
}
