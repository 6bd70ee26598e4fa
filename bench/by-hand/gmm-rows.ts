import type { GmmRowsGrad } from '../problems/gmm-rows.grad.ts';
import { wishartConstant } from '../problems/wishart.ts';

/** Replaces `values` by the softmax of them, the derivative of what it returns: the logarithm of the sum of exponentials. */
function logSumExp(values: number[]): number {
  let largest = values[0]!;
  for (let i = 1; i < values.length; i++) largest = Math.max(largest, values[i]!);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const e = Math.exp(values[i]! - largest);
    values[i] = e;
    sum += e;
  }
  for (let i = 0; i < values.length; i++) values[i]! /= sum;
  return largest + Math.log(sum);
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}

function zerosLike(rows: number[][]): number[][] {
  return rows.map((row) => zeros(row.length));
}

/** Each point is differentiated where it is computed, on arrays of arrays. */
export function gmmRows(
  alpha: number[],
  mu: number[][],
  q: number[][],
  l: number[][],
  x: number[][],
  gamma: number,
  m: number,
  out: GmmRowsGrad = {
    value: 0,
    d_alpha: zeros(alpha.length),
    d_mu: zerosLike(mu),
    d_q: zerosLike(q),
    d_l: zerosLike(l),
  },
): GmmRowsGrad {
  const k = alpha.length;
  const d = mu[0]!.length;
  const n = x.length;
  const { d_alpha, d_mu, d_q, d_l } = out;
  d_alpha.fill(0);
  for (const row of d_mu) row.fill(0);
  for (const row of d_q) row.fill(0);
  for (const row of d_l) row.fill(0);

  const diagonals = q.map((row) => row.map(Math.exp));
  const logDeterminants = q.map((row) => row.reduce((total, value) => total + value, 0));
  const centred = zerosLike(mu);
  const scaled = zerosLike(mu);
  const beta = zeros(k);
  let likelihood = 0;
  for (const point of x) {
    for (let c = 0; c < k; c++) {
      const mean = mu[c]!;
      const diagonal = diagonals[c]!;
      const lower = l[c]!;
      const difference = centred[c]!;
      const image = scaled[c]!;
      for (let j = 0; j < d; j++) {
        difference[j] = point[j]! - mean[j]!;
        image[j] = diagonal[j]! * difference[j]!;
      }
      let t = 0;
      for (let j = 0; j < d; j++) {
        const factor = difference[j]!;
        for (let i = j + 1; i < d; i++) {
          image[i]! += lower[t]! * factor;
          t++;
        }
      }
      let squared = 0;
      for (let j = 0; j < d; j++) squared += image[j]! * image[j]!;
      beta[c] = alpha[c]! + logDeterminants[c]! - 0.5 * squared;
    }
    likelihood += logSumExp(beta);

    for (let c = 0; c < k; c++) {
      const d_beta = beta[c]!;
      const diagonal = diagonals[c]!;
      const lower = l[c]!;
      const difference = centred[c]!;
      const image = scaled[c]!;
      const d_mean = d_mu[c]!;
      const d_diagonal = d_q[c]!;
      const d_lower = d_l[c]!;
      d_alpha[c]! += d_beta;
      let t = 0;
      for (let j = 0; j < d; j++) {
        const factor = difference[j]!;
        const d_scaled = -d_beta * image[j]!;
        let d_difference = d_scaled * diagonal[j]!;
        d_diagonal[j]! += d_scaled * factor;
        for (let i = j + 1; i < d; i++) {
          const d_other = -d_beta * image[i]!;
          d_lower[t]! += d_other * factor;
          d_difference += d_other * lower[t]!;
          t++;
        }
        d_mean[j]! -= d_difference;
      }
    }
  }

  const weights = alpha.slice();
  let value =
    -0.5 * n * d * Math.log(2 * Math.PI) + likelihood - n * logSumExp(weights) + k * wishartConstant(d, gamma, m);
  for (let c = 0; c < k; c++) {
    const d_logDeterminant = d_alpha[c]! + m;
    d_alpha[c]! -= n * weights[c]!;
    const diagonal = diagonals[c]!;
    const d_row = d_q[c]!;
    const lower = l[c]!;
    const d_lower = d_l[c]!;
    let squares = 0;
    for (let j = 0; j < d; j++) {
      const e = diagonal[j]!;
      squares += e * e;
      d_row[j] = (d_row[j]! - gamma * gamma * e) * e + d_logDeterminant;
    }
    for (let t = 0; t < lower.length; t++) {
      squares += lower[t]! * lower[t]!;
      d_lower[t]! -= gamma * gamma * lower[t]!;
    }
    value -= 0.5 * gamma * gamma * squares - m * logDeterminants[c]!;
  }
  out.value = value;
  return out;
}
