export type Point = readonly [number, number];

function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/** Where `f` is least, by descent from `start` with a step that grows while it succeeds (GradBench's). */
export function minimum(f: (at: Point) => number, gradient: (at: Point) => Point, start: Point): Point {
  let x = start;
  let value = f(x);
  let slope = gradient(x);
  let step = 1e-5;
  let successes = 0;
  for (;;) {
    if (length(slope[0], slope[1]) <= 1e-5) return x;
    if (successes === 10) {
      step *= 2;
      successes = 0;
    } else {
      const next: Point = [x[0] - step * slope[0], x[1] - step * slope[1]];
      if (length(x[0] - next[0], x[1] - next[1]) <= 1e-5) return x;
      const nextValue = f(next);
      if (nextValue < value) {
        x = next;
        value = nextValue;
        slope = gradient(x);
        successes++;
      } else {
        step /= 2;
        successes = 0;
      }
    }
  }
}
