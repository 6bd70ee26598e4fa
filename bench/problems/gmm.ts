import { wishartConstant } from './wishart.ts';

function logSumExp(values: Float64Array): number {
  let largest = values[0]!;
  for (let i = 1; i < values.length; i++) largest = Math.max(largest, values[i]!);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - largest);
  return largest + Math.log(sum);
}

/** out = Q v; Q is lower triangular, its strictly lower part is the c-th row of `l`, column by column. */
function timesLower(diagonal: Float64Array, l: Float64Array, c: number, v: Float64Array, out: Float64Array): void {
  const d = v.length;
  for (let j = 0; j < d; j++) out[j] = diagonal[c * d + j]! * v[j]!;
  let t = (c * d * (d - 1)) / 2;
  for (let j = 0; j < d; j++) {
    for (let i = j + 1; i < d; i++) {
      out[i]! += l[t]! * v[j]!;
      t++;
    }
  }
}

/**
 * Log posterior of a Gaussian mixture with a Wishart prior (GradBench's gmm). Rows for components and for points.
 * @grad alpha mu q l
 * @jvp alpha mu q l
 * @hvp alpha mu q l
 */
export function gmm(
  alpha: Float64Array,
  mu: Float64Array,
  q: Float64Array,
  l: Float64Array,
  x: Float64Array,
  gamma: number,
  m: number,
): number {
  const k = alpha.length;
  const d = mu.length / k;
  const n = x.length / d;

  const diagonal = new Float64Array(k * d);
  const logDeterminant = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    for (let j = 0; j < d; j++) {
      diagonal[c * d + j] = Math.exp(q[c * d + j]!);
      logDeterminant[c]! += q[c * d + j]!;
    }
  }

  const centred = new Float64Array(d);
  const scaled = new Float64Array(d);
  const beta = new Float64Array(k);
  let likelihood = 0;
  for (let p = 0; p < n; p++) {
    for (let c = 0; c < k; c++) {
      for (let j = 0; j < d; j++) centred[j] = x[p * d + j]! - mu[c * d + j]!;
      timesLower(diagonal, l, c, centred, scaled);
      let squared = 0;
      for (let j = 0; j < d; j++) squared += scaled[j]! * scaled[j]!;
      beta[c] = alpha[c]! + logDeterminant[c]! - 0.5 * squared;
    }
    likelihood += logSumExp(beta);
  }

  let prior = k * wishartConstant(d, gamma, m);
  for (let c = 0; c < k; c++) {
    let squares = 0;
    for (let j = 0; j < d; j++) squares += diagonal[c * d + j]! * diagonal[c * d + j]!;
    const below = (d * (d - 1)) / 2;
    for (let t = 0; t < below; t++) squares += l[c * below + t]! * l[c * below + t]!;
    prior -= 0.5 * gamma * gamma * squares - m * logDeterminant[c]!;
  }
  return -0.5 * n * d * Math.log(2 * Math.PI) + likelihood - n * logSumExp(alpha) + prior;
}
