/** Names of companions that would stand for two things. Nothing is renamed in silence: both are named and refused. */

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Companion, Primal } from '../graph/primal.ts';
import { placeInText } from './text-place.ts';

/** A companion with the tag that asked for it. */
export interface Requested {
  readonly companion: Companion;
  readonly request: Primal['requests'][number];
}

/**
 * `grad_f` and `FGrad` of two functions (`loss` beside `Loss`), of a parameter, or of something that the source exports
 * itself; and parameters with a name that the companion needs (`out`).
 */
export function nameClashes(requested: readonly Requested[], file: string, text: string): readonly Diagnostic[] {
  const owners = new Map<string, string>();
  return requested.flatMap(({ companion, request }) => {
    const found: Diagnostic[] = [];
    const report = (name: string, first: string, second: string): void => {
      const place = { start: request.start, length: request.length, ...placeInText(text, request.start) };
      found.push({ code: 'GG1402', file, ...place, words: { name, first, second } });
    };
    const { name: primal, params } = companion.signature;
    for (const name of [companion.name, companion.resultName]) {
      const owner = owners.get(name);
      const what = name === companion.name ? `the companion of \`${primal}\`` : `the result of \`${companion.name}\``;
      if (owner !== undefined) report(name, owner, what);
      owners.set(name, what);
      if (params.some((parameter) => parameter.name === name)) report(name, `a parameter of \`${primal}\``, what);
    }
    if (params.some((parameter) => parameter.name === 'out')) {
      report('out', `a parameter of \`${primal}\``, `the last parameter of \`${companion.name}\``);
    }
    return found;
  });
}
