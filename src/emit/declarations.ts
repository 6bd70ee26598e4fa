/** Companions without their bodies: what stands for a generated file in which a source looks its companions up. */

import type { Outline } from '../graph/primal.ts';
import { ModuleNames } from './module-names.ts';
import { reservedWords } from './names.ts';
import { gradientInterfaces } from './recursive.ts';
import { declarationText, typeImportsOf } from './signature.ts';

/** @param file absolute path of the generated file */
export function emitDeclarations(outlines: readonly Outline[], file: string): string {
  const own = outlines.flatMap(({ name, resultName }) => [name, resultName]);
  const modules = new ModuleNames({ outputFile: file, specifierStyle: '.ts' }, [...own, ...reservedWords]);
  for (const outline of outlines) typeImportsOf(outline).forEach((imported) => modules.importType(imported));
  const texts = outlines.map(declarationText);
  const types = gradientInterfaces(outlines, texts.join('\n'), new Set(modules.namesInFile()));
  return [modules.importLines().join('\n'), types, ...texts].filter((part) => part !== '').join('\n\n');
}
