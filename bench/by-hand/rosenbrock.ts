import type { RosenbrockGrad } from '../problems/rosenbrock.grad.ts';

/** Each term is differentiated where it is computed. */
export function rosenbrock(
  x: Float64Array,
  out: RosenbrockGrad = { value: 0, d_x: new Float64Array(x.length) },
): RosenbrockGrad {
  const { d_x } = out;
  d_x.fill(0);
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const a = 1 - x[i]!;
    const b = x[i + 1]! - x[i]! * x[i]!;
    sum += a * a + 100 * b * b;
    d_x[i]! -= 2 * a + 400 * b * x[i]!;
    d_x[i + 1] = 200 * b;
  }
  out.value = sum;
  return out;
}
