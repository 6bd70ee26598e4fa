/** Reader and printer as the project layer calls them, until they are built. */

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Companion, Primal } from '../graph/primal.ts';

export interface Program {
  read(file: string): { primals: readonly Primal[]; diagnostics: readonly Diagnostic[] };
}

export function createProgram(_options: { compilerOptions: object; files: readonly string[] }): Program {
  throw new Error('the reader is not built yet');
}

export function emitFile(_companions: readonly Companion[], _options: object): string {
  throw new Error('the printer is not built yet');
}
