import type { Repeat } from './calls.ts';

export interface Timing {
  /** Nanoseconds of one call, in the best batch and in the middle one. */
  readonly least: number;
  readonly median: number;
}

/** Long enough for the clock, short enough to fall between two interruptions. */
const batchNanoseconds = 1e6;
const leastRounds = 12;
const mostRounds = 400;

/**
 * The times of one call of each function. Batches take turns, so that a slow phase of the machine meets all of them alike; the
 * order changes from round to round, so that nobody always runs in the wake of the same neighbour.
 */
export function timeInTurn(functions: readonly Repeat[], seconds: number): Timing[] {
  const counts = functions.map((repeat) => warmUp(repeat, seconds / (4 * functions.length)));
  const times = functions.map(() => [] as number[]);
  const end = process.hrtime.bigint() + BigInt(Math.round(seconds * 1e9));
  for (let round = 0; round < mostRounds; round++) {
    if (round >= leastRounds && process.hrtime.bigint() > end) break;
    for (let turn = 0; turn < functions.length; turn++) {
      const index = (round + turn) % functions.length;
      times[index]!.push(batch(functions[index]!, counts[index]!) / counts[index]!);
    }
  }
  return times.map((list) => {
    const sorted = list.toSorted((a, b) => a - b);
    return { least: sorted[0]!, median: sorted[sorted.length >> 1]! };
  });
}

/** Calls until the engine has had time to optimise; the number of calls that fill a batch. */
function warmUp(repeat: Repeat, seconds: number): number {
  const end = process.hrtime.bigint() + BigInt(Math.round(seconds * 1e9));
  let count = 1;
  let calls = 0;
  let nanoseconds = batch(repeat, count);
  while (process.hrtime.bigint() < end || calls < 30) {
    nanoseconds = batch(repeat, count);
    calls += count;
    if (nanoseconds < batchNanoseconds / 2) count *= 2;
    else if (nanoseconds > 2 * batchNanoseconds && count > 1) count = Math.ceil(count / 2);
  }
  return count;
}

/**
 * Nanoseconds of a batch: what passed or what the process used, whichever is less. On a shared machine others run in between;
 * what the process uses includes the threads that compile.
 */
function batch(repeat: Repeat, count: number): number {
  const used = process.cpuUsage();
  const start = process.hrtime.bigint();
  repeat(count);
  const passed = Number(process.hrtime.bigint() - start);
  const { user, system } = process.cpuUsage(used);
  return Math.min(passed, (user + system) * 1000 || passed);
}
