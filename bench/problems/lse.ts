/**
 * ln Σ exp(x), with the largest element taken out first (GradBench's lse).
 * @grad
 * @jvp
 * @hvp
 */
export function lse(x: Float64Array): number {
  let largest = x[0]!;
  for (let i = 1; i < x.length; i++) {
    if (x[i]! > largest) largest = x[i]!;
  }
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.exp(x[i]! - largest);
  return largest + Math.log(sum);
}
