import type { MlpRowsGrad } from '../problems/mlp-rows.grad.ts';
import type { Network } from '../problems/mlp-rows.ts';

function zerosLike(rows: number[][]): number[][] {
  return rows.map((row) => new Array<number>(row.length).fill(0));
}

function fresh(network: Network): MlpRowsGrad {
  return {
    value: 0,
    d_network: {
      w1: zerosLike(network.w1),
      b1: new Array<number>(network.b1.length).fill(0),
      w2: zerosLike(network.w2),
      b2: new Array<number>(network.b2.length).fill(0),
    },
  };
}

/** Backpropagation sample by sample, on arrays of arrays. */
export function mlpRows(
  network: Network,
  x: number[][],
  labels: number[],
  out: MlpRowsGrad = fresh(network),
): MlpRowsGrad {
  const { w1, b1, w2, b2 } = network;
  const { w1: d_w1, b1: d_b1, w2: d_w2, b2: d_b2 } = out.d_network;
  const samples = x.length;
  const inputs = w1[0]!.length;
  const hidden = w1.length;
  const classes = w2.length;
  for (const row of d_w1) row.fill(0);
  for (const row of d_w2) row.fill(0);
  d_b1.fill(0);
  d_b2.fill(0);
  const h = new Float64Array(hidden);
  const d_h = new Float64Array(hidden);
  const z = new Float64Array(classes);
  let loss = 0;
  for (let s = 0; s < samples; s++) {
    const sample = x[s]!;
    for (let u = 0; u < hidden; u++) {
      const row = w1[u]!;
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += row[i]! * sample[i]!;
      h[u] = Math.tanh(sum + b1[u]!);
    }
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) {
      const row = w2[c]!;
      let sum = 0;
      for (let u = 0; u < hidden; u++) sum += row[u]! * h[u]!;
      sum += b2[c]!;
      z[c] = sum;
      if (sum > largest) largest = sum;
    }
    const label = labels[s]!;
    const score = z[label]!;
    let total = 0;
    for (let c = 0; c < classes; c++) {
      const e = Math.exp(z[c]! - largest);
      z[c] = e;
      total += e;
    }
    loss += largest + Math.log(total) - score;

    d_h.fill(0);
    for (let c = 0; c < classes; c++) {
      const row = w2[c]!;
      const d_row = d_w2[c]!;
      const d_z = (z[c]! / total - (c === label ? 1 : 0)) / samples;
      d_b2[c]! += d_z;
      for (let u = 0; u < hidden; u++) {
        d_row[u]! += d_z * h[u]!;
        d_h[u]! += d_z * row[u]!;
      }
    }
    for (let u = 0; u < hidden; u++) {
      const d_row = d_w1[u]!;
      const d_sum = d_h[u]! * (1 - h[u]! * h[u]!);
      d_b1[u]! += d_sum;
      for (let i = 0; i < inputs; i++) d_row[i]! += d_sum * sample[i]!;
    }
  }
  out.value = loss / samples;
  return out;
}
