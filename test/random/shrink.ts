/** Makes a failing program smaller for as long as it still fails in the same way. */

import { checkPrograms, type CheckOptions, type Outcome } from './check.ts';
import { countStatements, sourceOf, type RandomProgram, type Statement } from './program.ts';

/** Larger steps are tried first; a few candidates at a time, of which the smallest that still fails is gone on with. */
export function shrink(outcome: Outcome, options: CheckOptions, rounds = 40): Outcome {
  const says = (words: string): boolean => outcome.verdict.kind !== 'right' && outcome.verdict.detail.includes(words);
  const chosen: CheckOptions = {
    ...options,
    ...(says('without analyses') ? {} : { unoptimised: false }),
    ...(says('forward') ? {} : { forward: false }),
  };
  let best = outcome;
  for (let round = 0; round < rounds; round++) {
    const smaller = firstSmaller(best, outcome, chosen);
    if (smaller === undefined) return best;
    best = smaller;
  }
  return best;
}

function firstSmaller(best: Outcome, original: Outcome, options: CheckOptions): Outcome | undefined {
  const candidates = [...halves(best.program), ...variants(best.program)]
    .map((program) => ({ program, size: sourceOf(program).length + 1000 * program.samples.length }))
    .toSorted((a, b) => a.size - b.size);
  const batch = 12;
  for (let first = 0; first < candidates.length; first += batch) {
    const programs = candidates.slice(first, first + batch).map(({ program }) => program);
    const failing = checkPrograms(programs, options).find(
      (candidate) => candidate.verdict.kind === original.verdict.kind && sameFailure(candidate, original),
    );
    if (failing) return failing;
  }
  return undefined;
}

/** Crashes are compared by their words, so that shrinking does not wander off to another one. */
function sameFailure(a: Outcome, b: Outcome): boolean {
  if (a.verdict.kind !== 'crashed' || b.verdict.kind !== 'crashed') return true;
  const words = (outcome: Extract<Outcome['verdict'], { detail: string }>): string =>
    outcome.detail.split('\n')[0]!.replaceAll(/\d+/g, '');
  return words(a.verdict) === words(b.verdict);
}

function halves(program: RandomProgram): RandomProgram[] {
  const { body } = program;
  if (countStatements(body) < 12) return [];
  const middle = body.length >> 1;
  const last = body[body.length - 1]!;
  return [[...body.slice(0, middle), last], body.slice(middle), body.slice(middle >> 1)].map((part) => ({
    ...program,
    body: part,
  }));
}

function variants(program: RandomProgram): RandomProgram[] {
  const bodies = smallerLists(program.body).map((body) => ({ ...program, body }));
  const samples = program.samples.length > 1 ? program.samples.map((only) => ({ ...program, samples: [only] })) : [];
  const helpers = smallerLists(program.helpers).map((list) => ({ ...program, helpers: list }));
  return [...samples, ...bodies, ...helpers];
}

/** Every list with one statement less, or with a statement replaced by its body. */
function smallerLists(statements: readonly Statement[]): Statement[][] {
  return statements.flatMap((statement, i) => {
    const replace = (...others: Statement[]): Statement[] => statements.toSpliced(i, 1, ...others);
    const { body, otherwise } = statement;
    if (body === undefined) return [replace()];
    const { otherwise: _arm, ...single } = statement;
    return [
      replace(),
      ...(/^(?:if|\w+: \{)/.test(statement.head) ? [replace(...body)] : []),
      ...(otherwise ? [replace(single)] : []),
      ...smallerLists(body).map((less) => replace({ ...statement, body: less })),
      ...smallerLists(otherwise ?? []).map((less) => replace({ ...statement, otherwise: less })),
    ];
  });
}
