import { grad_gmm } from '../../problems/gmm.grad.ts';
import { gmm as logPosterior } from '../../problems/gmm.ts';
import type { Answer } from '../protocol.ts';
import { flat, rows } from '../rows.ts';
import { timed, type Runs } from '../runs.ts';

interface Input extends Runs {
  readonly d: number;
  readonly k: number;
  readonly n: number;
  readonly m: number;
  readonly gamma: number;
  readonly x: readonly (readonly number[])[];
  readonly alpha: readonly number[];
  readonly mu: readonly (readonly number[])[];
  readonly q: readonly (readonly number[])[];
  readonly l: readonly (readonly number[])[];
}

function prepared(input: Input): Parameters<typeof logPosterior> {
  const { alpha, mu, q, l, x, gamma, m } = input;
  return [Float64Array.from(alpha), flat(mu), flat(q), flat(l), flat(x), gamma, m];
}

export const gmm = {
  objective(input: Input): Answer {
    const args = prepared(input);
    const { result, timings } = timed(() => logPosterior(...args), input);
    return { output: result, timings };
  },

  jacobian(input: Input): Answer {
    const args = prepared(input);
    const { result, timings } = timed(() => grad_gmm(...args), input);
    const { d_alpha, d_mu, d_q, d_l } = result;
    const output = {
      alpha: Array.from(d_alpha),
      mu: rows(d_mu, input.k),
      q: rows(d_q, input.k),
      l: rows(d_l, input.k),
    };
    return { output, timings };
  },
};
