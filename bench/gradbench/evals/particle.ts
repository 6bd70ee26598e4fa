import { minimum } from '../../problems/descent.ts';
import { grad_crossingForward, grad_crossingReverse, jvp_crossingForward, jvp_crossingReverse } from '../../problems/particle.grad.ts';
import { crossingForward, crossingReverse } from '../../problems/particle.ts';
import type { Answer } from '../protocol.ts';
import { timed, type Runs } from '../runs.ts';

interface Input extends Runs {
  readonly w: number;
}

/** Where the particle lands nearest to the origin; the descent is that of points, along one axis. */
function optimum(crossing: (w: number) => number, slope: (w: number) => number) {
  return (input: Input): Answer => {
    const { result, timings } = timed(
      () => minimum(([w]) => crossing(w), ([w]) => [slope(w), 0], [input.w, 0])[0],
      input,
    );
    return { output: result, timings };
  };
}

/** The first letter is the mode of the outer derivative, the second that of the inner one. */
export const particle = {
  rr: optimum(crossingReverse, (w) => grad_crossingReverse(w).d_w),
  rf: optimum(crossingForward, (w) => grad_crossingForward(w).d_w),
  fr: optimum(crossingReverse, (w) => jvp_crossingReverse(w, 1).t_value),
  ff: optimum(crossingForward, (w) => jvp_crossingForward(w, 1).t_value),
};
