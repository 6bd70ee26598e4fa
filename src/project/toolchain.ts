/** The reader as the project layer calls it, until it is built. */

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Primal } from '../graph/primal.ts';

export interface Program {
  read(file: string): { primals: readonly Primal[]; diagnostics: readonly Diagnostic[] };
}

export function createProgram(_options: { compilerOptions: object; files: readonly string[] }): Program {
  throw new Error('the reader is not built yet');
}

export { emitFile } from '../emit/emit-file.ts';
