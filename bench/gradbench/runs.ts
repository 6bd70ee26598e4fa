import type { Timing } from './protocol.ts';

/** How often a function is to be evaluated: at least so many times, and for at least so long. */
export interface Runs {
  readonly min_runs: number;
  readonly min_seconds: number;
}

/** Evaluates `f` as often as asked. Only `f` itself is timed: its arguments and its result are in the tool's own form. */
export function timed<T>(f: () => T, { min_runs, min_seconds }: Runs): { result: T; timings: Timing[] } {
  const timings: Timing[] = [];
  let elapsed = 0;
  for (;;) {
    const start = process.hrtime.bigint();
    const result = f();
    const nanoseconds = Number(process.hrtime.bigint() - start);
    timings.push({ name: 'evaluate', nanoseconds });
    elapsed += nanoseconds;
    if (timings.length >= min_runs && elapsed >= min_seconds * 1e9) return { result, timings };
  }
}
