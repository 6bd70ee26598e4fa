/** An exception that nobody expected, as a diagnostic. */

import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** Names the function whose companion was being made, where that is known. The stack stays away: GRADGEN_DEBUG shows it. */
export function internalError(error: unknown, place: { function?: string; file?: string } = {}): Diagnostic {
  const problem = error instanceof Error ? error.message : String(error);
  const inFunction = place.function === undefined ? '' : `in \`${place.function}\`: `;
  return {
    code: 'GG9001',
    ...(place.file === undefined ? {} : { file: place.file }),
    words: { detail: `${inFunction}${problem.split('\n', 1)[0]}` },
  };
}
