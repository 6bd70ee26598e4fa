function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

/** W x + b, a row of W for each element of the result. */
function affine(weights: number[][], bias: number[], x: number[]): number[] {
  return weights.map((row, i) => dot(row, x) + bias[i]!);
}

function logSumExp(values: number[]): number {
  const largest = Math.max(...values);
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

function crossEntropy(scores: number[], label: number): number {
  return logSumExp(scores) - scores[label]!;
}

export interface Network {
  w1: number[][];
  b1: number[];
  w2: number[][];
  b2: number[];
}

/**
 * The network of mlp.ts, written with arrays of arrays, small helpers, `map` and `reduce`.
 * @grad network
 * @jvp network
 * @hvp network
 */
export function mlpRows(network: Network, x: number[][], labels: number[]): number {
  const losses = x.map((sample, s) => {
    const h = affine(network.w1, network.b1, sample).map((value) => Math.tanh(value));
    return crossEntropy(affine(network.w2, network.b2, h), labels[s]!);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / x.length;
}
