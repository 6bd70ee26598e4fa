import { grad_det } from '../../problems/det.grad.ts';
import { det as determinant } from '../../problems/det.ts';
import type { Answer } from '../protocol.ts';
import { timed, type Runs } from '../runs.ts';

interface Input extends Runs {
  readonly A: readonly number[];
  readonly ell: number;
}

export const det = {
  primal(input: Input): Answer {
    const a = Float64Array.from(input.A);
    const { result, timings } = timed(() => determinant(a, input.ell), input);
    return { output: result, timings };
  },

  gradient(input: Input): Answer {
    const a = Float64Array.from(input.A);
    const { result, timings } = timed(() => grad_det(a, input.ell), input);
    return { output: Array.from(result.d_a), timings };
  },
};
