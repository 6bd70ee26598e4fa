import { grad_ode } from '../../problems/ode.grad.ts';
import { solve } from '../../problems/ode.ts';
import type { Answer } from '../protocol.ts';
import { timed, type Runs } from '../runs.ts';

interface Input extends Runs {
  readonly x: readonly number[];
  readonly s: number;
}

/** `primal` is the whole solution, `gradient` that of its last component. */
export const ode = {
  primal(input: Input): Answer {
    const x = Float64Array.from(input.x);
    const { result, timings } = timed(() => solve(x, input.s), input);
    return { output: Array.from(result), timings };
  },

  gradient(input: Input): Answer {
    const x = Float64Array.from(input.x);
    const { result, timings } = timed(() => grad_ode(x, input.s), input);
    return { output: Array.from(result.d_x), timings };
  },
};
