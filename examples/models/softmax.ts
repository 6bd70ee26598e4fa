/** Softmax regression: linear scores for each class, and how surprised they are by the labels. */

/** Scores of one row of features. `weights`: classes × features, row-major. */
export function scoresInto(
  scores: Float64Array,
  weights: Float64Array,
  bias: Float64Array,
  features: readonly number[],
): void {
  for (let c = 0; c < bias.length; c++) {
    let score = bias[c]!;
    for (let f = 0; f < features.length; f++) score += weights[c * features.length + f]! * features[f]!;
    scores[c] = score;
  }
}

/**
 * Mean cross entropy with weight decay.
 * @grad weights bias
 */
export function surprise(
  weights: Float64Array,
  bias: Float64Array,
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  decay: number,
): number {
  const scores = new Float64Array(bias.length);
  let loss = 0;
  for (let r = 0; r < rows.length; r++) {
    scoresInto(scores, weights, bias, rows[r]!);
    let largest = scores[0]!;
    for (let c = 1; c < scores.length; c++) largest = Math.max(largest, scores[c]!);
    let sum = 0;
    for (let c = 0; c < scores.length; c++) sum += Math.exp(scores[c]! - largest);
    loss += largest + Math.log(sum) - scores[labels[r]!]!;
  }
  let size = 0;
  for (const w of weights) size += w * w;
  return loss / rows.length + decay * size;
}
