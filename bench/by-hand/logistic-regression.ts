import type { LogisticRegressionGrad } from '../problems/logistic-regression.grad.ts';

/** Each sample is differentiated where it is computed. */
export function logisticRegression(
  w: Float64Array,
  b: number,
  x: Float64Array,
  y: Float64Array,
  out: LogisticRegressionGrad = { value: 0, d_w: new Float64Array(w.length), d_b: 0 },
): LogisticRegressionGrad {
  const d = w.length;
  const n = y.length;
  const { d_w } = out;
  d_w.fill(0);
  let loss = 0;
  let d_b = 0;
  for (let i = 0; i < n; i++) {
    let z = b;
    for (let j = 0; j < d; j++) z += w[j]! * x[i * d + j]!;
    const e = Math.exp(-y[i]! * z);
    loss += Math.log1p(e);
    const d_z = (-y[i]! * e) / (1 + e) / n;
    d_b += d_z;
    for (let j = 0; j < d; j++) d_w[j]! += d_z * x[i * d + j]!;
  }
  out.value = loss / n;
  out.d_b = d_b;
  return out;
}
