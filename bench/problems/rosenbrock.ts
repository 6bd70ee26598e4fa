/**
 * The valley of Rosenbrock, in as many dimensions as `x` is long.
 * @grad
 * @jvp
 * @hvp
 * @hessian
 */
export function rosenbrock(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const a = 1 - x[i]!;
    const b = x[i + 1]! - x[i]! * x[i]!;
    sum += a * a + 100 * b * b;
  }
  return sum;
}
