import type { MlpGrad } from '../problems/mlp.grad.ts';

/** Backpropagation sample by sample: only the activations of one sample are kept. */
export function mlp(
  w1: Float64Array,
  b1: Float64Array,
  w2: Float64Array,
  b2: Float64Array,
  x: Float64Array,
  labels: Int32Array,
  out: MlpGrad = {
    value: 0,
    d_w1: new Float64Array(w1.length),
    d_b1: new Float64Array(b1.length),
    d_w2: new Float64Array(w2.length),
    d_b2: new Float64Array(b2.length),
  },
): MlpGrad {
  const samples = labels.length;
  const inputs = x.length / samples;
  const hidden = b1.length;
  const classes = b2.length;
  const { d_w1, d_b1, d_w2, d_b2 } = out;
  d_w1.fill(0);
  d_b1.fill(0);
  d_w2.fill(0);
  d_b2.fill(0);
  const h = new Float64Array(hidden);
  const d_h = new Float64Array(hidden);
  const z = new Float64Array(classes);
  let loss = 0;
  for (let s = 0; s < samples; s++) {
    for (let u = 0; u < hidden; u++) {
      let sum = b1[u]!;
      for (let i = 0; i < inputs; i++) sum += w1[u * inputs + i]! * x[s * inputs + i]!;
      h[u] = Math.tanh(sum);
    }
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) {
      let sum = b2[c]!;
      for (let u = 0; u < hidden; u++) sum += w2[c * hidden + u]! * h[u]!;
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
      const d_z = (z[c]! / total - (c === label ? 1 : 0)) / samples;
      d_b2[c]! += d_z;
      for (let u = 0; u < hidden; u++) {
        d_w2[c * hidden + u]! += d_z * h[u]!;
        d_h[u]! += d_z * w2[c * hidden + u]!;
      }
    }
    for (let u = 0; u < hidden; u++) {
      const d_sum = d_h[u]! * (1 - h[u]! * h[u]!);
      d_b1[u]! += d_sum;
      for (let i = 0; i < inputs; i++) d_w1[u * inputs + i]! += d_sum * x[s * inputs + i]!;
    }
  }
  out.value = loss / samples;
  return out;
}
