/** Thrown where a run cannot go on: the command line, the configuration or a path is wrong. */

import { messageOf } from '../diagnostics/message.ts';
import type { Code } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

export class UsageError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(...diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(messageOf).join('\n'));
    this.name = 'UsageError';
    this.diagnostics = diagnostics;
  }
}

export function usageError(code: Code, words: Readonly<Record<string, string>> = {}): UsageError {
  return new UsageError({ code, words });
}
