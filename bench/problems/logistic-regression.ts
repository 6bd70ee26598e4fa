/**
 * Mean loss of logistic regression; the labels `y` are -1 and 1, the samples are rows of `x`.
 * @grad w b
 * @jvp w b
 * @hvp w b
 */
export function logisticRegression(w: Float64Array, b: number, x: Float64Array, y: Float64Array): number {
  const d = w.length;
  let loss = 0;
  for (let i = 0; i < y.length; i++) {
    let z = b;
    for (let j = 0; j < d; j++) z += w[j]! * x[i * d + j]!;
    loss += Math.log1p(Math.exp(-y[i]! * z));
  }
  return loss / y.length;
}
