import { wishartConstant } from './wishart.ts';

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const squaredNorm = (values: number[]) => values.reduce((total, value) => total + value * value, 0);
const minus = (a: number[], b: number[]) => a.map((value, i) => value - b[i]!);

function logSumExp(values: number[]): number {
  const largest = Math.max(...values);
  return largest + Math.log(sum(values.map((value) => Math.exp(value - largest))));
}

/** Q v; Q is lower triangular, `lower` holds what is below its diagonal, column by column. */
function timesLower(diagonal: number[], lower: number[], v: number[]): number[] {
  const result = diagonal.map((value, i) => value * v[i]!);
  let t = 0;
  for (let j = 0; j < v.length; j++) {
    for (let i = j + 1; i < v.length; i++) result[i]! += lower[t++]! * v[j]!;
  }
  return result;
}

/**
 * The mixture of gmm.ts, written with arrays of arrays, small helpers, `map` and `reduce`.
 * @grad alpha mu q l
 * @jvp alpha mu q l
 * @hvp alpha mu q l
 */
export function gmmRows(
  alpha: number[],
  mu: number[][],
  q: number[][],
  l: number[][],
  x: number[][],
  gamma: number,
  m: number,
): number {
  const n = x.length;
  const d = mu[0]!.length;
  const diagonals = q.map((row) => row.map((value) => Math.exp(value)));
  const logDeterminants = q.map(sum);

  const likelihoods = x.map((point) => {
    const beta = alpha.map((weight, c) => {
      const scaled = timesLower(diagonals[c]!, l[c]!, minus(point, mu[c]!));
      return weight + logDeterminants[c]! - 0.5 * squaredNorm(scaled);
    });
    return logSumExp(beta);
  });
  const priors = alpha.map((_, c) => {
    const squares = squaredNorm(diagonals[c]!) + squaredNorm(l[c]!);
    return wishartConstant(d, gamma, m) - 0.5 * gamma * gamma * squares + m * logDeterminants[c]!;
  });
  return -0.5 * n * d * Math.log(2 * Math.PI) + sum(likelihoods) - n * logSumExp(alpha) + sum(priors);
}
