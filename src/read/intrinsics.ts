/** Functions of `gradgen/intrinsics`: known by name, never read. */

import path from 'node:path';
import { ts } from 'ts-morph';

import { ownModules } from '../project/own-modules.ts';
import type { Closure, Reading } from './context.ts';
import { standardFunction } from './math.ts';

/** `stopGradient` as a value; undefined where the declaration is another function's. */
export function intrinsicFunction(r: Reading, node: ts.Expression, declaration: ts.Declaration): Closure | undefined {
  if (!ts.isFunctionDeclaration(declaration) || !isOwn(declaration.getSourceFile())) return undefined;
  if (declaration.name?.text !== 'stopGradient') return undefined;
  return standardFunction(r, node, ([x]) => r.builder.apply('stop', [x!]));
}

function isOwn(file: ts.SourceFile): boolean {
  return path.normalize(file.fileName) === ownModules.intrinsics;
}
