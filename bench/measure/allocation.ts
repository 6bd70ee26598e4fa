import type { Repeat } from './calls.ts';

/** Less than the engine's young generation holds under the flags that main.ts gives: nothing is collected meanwhile. */
const mostBytes = 30e6;
const mostCalls = 2000;
const mostSeconds = 0.1;
const rounds = 15;

/**
 * Bytes that one warm call allocates, on the heap and in array buffers: the middle of the later rounds. What the engine
 * allocates to optimise is no part of a call.
 */
export function bytesPerCall(repeat: Repeat): number {
  const start = process.hrtime.bigint();
  let warm = 0;
  while (warm < 20 || (warm < 3000 && Number(process.hrtime.bigint() - start) < 5e8)) {
    repeat(1);
    warm++;
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9 / warm;
  const affordable = Math.min(mostCalls, mostSeconds / seconds, mostBytes / Math.max(1, allocatedBy(repeat, 1)));
  const calls = Math.max(1, Math.floor(affordable));
  const bytes = Array.from({ length: rounds }, () => allocatedBy(repeat, calls) / calls);
  const later = bytes.slice(rounds >> 1).toSorted((a, b) => a - b);
  return later[later.length >> 1]!;
}

function allocatedBy(repeat: Repeat, calls: number): number {
  globalThis.gc!();
  const before = process.memoryUsage();
  repeat(calls);
  const after = process.memoryUsage();
  return after.heapUsed - before.heapUsed + (after.arrayBuffers - before.arrayBuffers);
}
