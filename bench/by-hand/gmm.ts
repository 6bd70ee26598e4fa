import type { GmmGrad } from '../problems/gmm.grad.ts';
import { wishartConstant } from '../problems/wishart.ts';

/** Replaces `values` by the softmax of them, the derivative of what it returns: the logarithm of the sum of exponentials. */
function logSumExp(values: Float64Array): number {
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

/** Each point is differentiated where it is computed, with the differences to the means and their images kept. */
export function gmm(
  alpha: Float64Array,
  mu: Float64Array,
  q: Float64Array,
  l: Float64Array,
  x: Float64Array,
  gamma: number,
  m: number,
  out: GmmGrad = {
    value: 0,
    d_alpha: new Float64Array(alpha.length),
    d_mu: new Float64Array(mu.length),
    d_q: new Float64Array(q.length),
    d_l: new Float64Array(l.length),
  },
): GmmGrad {
  const k = alpha.length;
  const d = mu.length / k;
  const n = x.length / d;
  const below = (d * (d - 1)) / 2;
  const { d_alpha, d_mu, d_q, d_l } = out;
  d_alpha.fill(0);
  d_mu.fill(0);
  d_q.fill(0);
  d_l.fill(0);

  const diagonal = new Float64Array(k * d);
  const logDeterminant = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    for (let j = 0; j < d; j++) {
      diagonal[c * d + j] = Math.exp(q[c * d + j]!);
      logDeterminant[c]! += q[c * d + j]!;
    }
  }

  const centred = new Float64Array(k * d);
  const scaled = new Float64Array(k * d);
  const beta = new Float64Array(k);
  let likelihood = 0;
  for (let p = 0; p < n; p++) {
    for (let c = 0; c < k; c++) {
      const row = c * d;
      for (let j = 0; j < d; j++) {
        const difference = x[p * d + j]! - mu[row + j]!;
        centred[row + j] = difference;
        scaled[row + j] = diagonal[row + j]! * difference;
      }
      let t = c * below;
      for (let j = 0; j < d; j++) {
        const difference = centred[row + j]!;
        for (let i = j + 1; i < d; i++) {
          scaled[row + i]! += l[t]! * difference;
          t++;
        }
      }
      let squared = 0;
      for (let j = 0; j < d; j++) squared += scaled[row + j]! * scaled[row + j]!;
      beta[c] = alpha[c]! + logDeterminant[c]! - 0.5 * squared;
    }
    likelihood += logSumExp(beta);

    for (let c = 0; c < k; c++) {
      const d_beta = beta[c]!;
      const row = c * d;
      d_alpha[c]! += d_beta;
      let t = c * below;
      for (let j = 0; j < d; j++) {
        const difference = centred[row + j]!;
        const d_scaled = -d_beta * scaled[row + j]!;
        let d_difference = d_scaled * diagonal[row + j]!;
        // The derivative in the diagonal, that of q but for a factor.
        d_q[row + j]! += d_scaled * difference;
        for (let i = j + 1; i < d; i++) {
          const d_other = -d_beta * scaled[row + i]!;
          d_l[t]! += d_other * difference;
          d_difference += d_other * l[t]!;
          t++;
        }
        d_mu[row + j]! -= d_difference;
      }
    }
  }

  const weights = alpha.slice();
  let value =
    -0.5 * n * d * Math.log(2 * Math.PI) + likelihood - n * logSumExp(weights) + k * wishartConstant(d, gamma, m);
  for (let c = 0; c < k; c++) {
    const d_logDeterminant = d_alpha[c]! + m;
    d_alpha[c]! -= n * weights[c]!;
    let squares = 0;
    for (let j = c * d; j < (c + 1) * d; j++) {
      const e = diagonal[j]!;
      squares += e * e;
      d_q[j] = (d_q[j]! - gamma * gamma * e) * e + d_logDeterminant;
    }
    for (let t = c * below; t < (c + 1) * below; t++) {
      squares += l[t]! * l[t]!;
      d_l[t]! -= gamma * gamma * l[t]!;
    }
    value -= 0.5 * gamma * gamma * squares - m * logDeterminant[c]!;
  }
  out.value = value;
  return out;
}
