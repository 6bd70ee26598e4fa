/** Looks for random programs that show a fault. */

import type { Deriver } from '../harness/compile.ts';
import { checkPrograms, type Outcome } from '../random/check.ts';
import { generate } from '../random/generate.ts';
import type { RandomProgram } from '../random/program.ts';

/** Programs that the product gets right: what goes wrong with them under a fault is the fault's doing. */
export function soundPrograms(from: number, count: number): readonly RandomProgram[] {
  const seeds = Array.from({ length: count }, (_seed, i) => from + i);
  return checkPrograms(seeds.map(generate), { unoptimised: false, forward: false })
    .filter(({ verdict }) => verdict.kind === 'right')
    .map(({ program }) => program);
}

/** The first outcome that shows the fault, a wrong number rather than a crash; undefined where none of the programs does. */
export function findFault(programs: readonly RandomProgram[], deriver?: Deriver): Outcome | undefined {
  const batch = 10;
  let crash: Outcome | undefined;
  for (let first = 0; first < programs.length; first += batch) {
    const options = { ...(deriver ? { deriver } : {}), unoptimised: false, forward: false };
    const outcomes = checkPrograms(programs.slice(first, first + batch), options);
    const wrong = outcomes.find(({ verdict }) => verdict.kind === 'wrong');
    if (wrong) return wrong;
    crash ??= outcomes.find(({ verdict }) => verdict.kind === 'crashed');
  }
  return crash;
}
