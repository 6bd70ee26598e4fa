/** Derivatives by central differences, extrapolated until they stop changing. */

export interface Estimate {
  readonly slope: number;
  /** What the tableau says about the slope's error. */
  readonly error: number;
}

/**
 * The slope of `f` at `x` by Ridders' method (Ridders 1982; Numerical Recipes §5.7), begun with several step widths: the
 * estimate with the least error wins, so that a kink at some distance does no harm.
 */
export function slopeAt(f: (x: number) => number, x: number): Estimate {
  const scale = Math.max(Math.abs(x), 0.05);
  let best: Estimate = { slope: Number.NaN, error: Number.POSITIVE_INFINITY };
  for (const width of [0.05, 0.004, 2e-4]) {
    const estimate = ridders(f, x, scale * width);
    if (estimate.error < best.error) best = estimate;
  }
  return best;
}

const ratio = 1.6;
const rows = 7;

function ridders(f: (x: number) => number, x: number, width: number): Estimate {
  let best: Estimate = { slope: Number.NaN, error: Number.POSITIVE_INFINITY };
  let previous: number[] = [];
  let h = width;
  for (let i = 0; i < rows; i++) {
    const [right, left] = [x + h, x - h];
    const row = [(f(right) - f(left)) / (right - left)];
    let factor = ratio * ratio;
    for (let j = 1; j <= i; j++) {
      const slope = (row[j - 1]! * factor - previous[j - 1]!) / (factor - 1);
      row.push(slope);
      factor *= ratio * ratio;
      const error = Math.max(Math.abs(slope - row[j - 1]!), Math.abs(slope - previous[j - 1]!));
      if (error <= best.error) best = { slope, error };
    }
    previous = row;
    h /= ratio;
  }
  return best;
}

/** One-sided slopes by the same steps: they disagree at a kink. */
export function hasKinkAt(f: (x: number) => number, x: number): boolean {
  const h = Math.max(Math.abs(x), 0.05) * 1e-6;
  const middle = f(x);
  const [right, left] = [(f(x + h) - middle) / h, (middle - f(x - h)) / h];
  return !(Math.abs(right - left) <= 1e-3 * (1 + Math.abs(right) + Math.abs(left)));
}
