import { grad_llsq } from '../../problems/llsq.grad.ts';
import { llsq as leastSquares } from '../../problems/llsq.ts';
import type { Answer } from '../protocol.ts';
import { timed, type Runs } from '../runs.ts';

interface Input extends Runs {
  readonly x: readonly number[];
  readonly n: number;
}

export const llsq = {
  primal(input: Input): Answer {
    const x = Float64Array.from(input.x);
    const { result, timings } = timed(() => leastSquares(x, input.n), input);
    return { output: result, timings };
  },

  gradient(input: Input): Answer {
    const x = Float64Array.from(input.x);
    const { result, timings } = timed(() => grad_llsq(x, input.n), input);
    return { output: Array.from(result.d_x), timings };
  },
};
