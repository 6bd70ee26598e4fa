/** An exception that nobody expected, as a diagnostic. */

import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** Names the function whose companion was being made, where that is known. The stack is shown if GRADGEN_DEBUG is set. */
export function internalError(error: unknown, place: { function?: string; file?: string } = {}): Diagnostic {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  const detail = process.env['GRADGEN_DEBUG'] ? stack : message.split('\n', 1)[0]!;
  const inFunction = place.function === undefined ? '' : `in \`${place.function}\`: `;
  return {
    code: 'GG9001',
    ...(place.file === undefined ? {} : { file: place.file }),
    words: { detail: inFunction + detail },
  };
}
