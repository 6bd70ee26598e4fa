import { add, crossEntropy, matVec } from 'gradgen/linalg';

/**
 * The network of mlp.ts, written with the nodes of `gradgen/linalg`.
 * @grad w1 b1 w2 b2
 * @jvp w1 b1 w2 b2
 * @hvp w1 b1 w2 b2
 */
export function mlpLinalg(
  w1: Float64Array,
  b1: Float64Array,
  w2: Float64Array,
  b2: Float64Array,
  x: Float64Array,
  labels: Int32Array,
): number {
  const samples = labels.length;
  const inputs = (x.length / samples) | 0;
  const hidden = b1.length;
  const classes = b2.length;
  let loss = 0;
  for (let s = 0; s < samples; s++) {
    const h = add(matVec(w1, x.subarray(s * inputs, (s + 1) * inputs), hidden, inputs), b1);
    for (let u = 0; u < hidden; u++) h[u] = Math.tanh(h[u]!);
    const scores = add(matVec(w2, h, classes, hidden), b2);
    loss += crossEntropy(scores, labels[s]!);
  }
  return loss / samples;
}
