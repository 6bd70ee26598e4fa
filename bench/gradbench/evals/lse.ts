import { grad_lse } from '../../problems/lse.grad.ts';
import { lse as logSumExp } from '../../problems/lse.ts';
import type { Answer } from '../protocol.ts';
import { timed, type Runs } from '../runs.ts';

interface Input extends Runs {
  readonly x: readonly number[];
}

export const lse = {
  primal(input: Input): Answer {
    const x = Float64Array.from(input.x);
    const { result, timings } = timed(() => logSumExp(x), input);
    return { output: result, timings };
  },

  gradient(input: Input): Answer {
    const x = Float64Array.from(input.x);
    const { result, timings } = timed(() => grad_lse(x), input);
    return { output: Array.from(result.d_x), timings };
  },
};
