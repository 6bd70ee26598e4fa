/**
 * Mean cross entropy of a network with one hidden layer of tanh units. Weights are row-major, one row for each unit.
 * @grad w1 b1 w2 b2
 * @jvp w1 b1 w2 b2
 * @hvp w1 b1 w2 b2
 */
export function mlp(
  w1: Float64Array,
  b1: Float64Array,
  w2: Float64Array,
  b2: Float64Array,
  x: Float64Array,
  labels: Int32Array,
): number {
  const samples = labels.length;
  const inputs = x.length / samples;
  const hidden = b1.length;
  const classes = b2.length;
  const h = new Float64Array(hidden);
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
      largest = Math.max(largest, sum);
    }
    let total = 0;
    for (let c = 0; c < classes; c++) total += Math.exp(z[c]! - largest);
    loss += largest + Math.log(total) - z[labels[s]!]!;
  }
  return loss / samples;
}
