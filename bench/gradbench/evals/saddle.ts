import { minimum, type Point } from '../../problems/descent.ts';
import { grad_greatestForward, grad_greatestReverse, jvp_greatestForward, jvp_greatestReverse } from '../../problems/saddle.grad.ts';
import { greatestForward, greatestReverse, summitForward, summitReverse } from '../../problems/saddle.ts';
import type { Answer } from '../protocol.ts';
import { timed, type Runs } from '../runs.ts';

interface Input extends Runs {
  readonly start: readonly [number, number];
}

type Greatest = (p: Point, start: Point) => number;
type Slope = (p: Point, start: Point) => Point;
type Summit = (p: Point, start: Point) => Point;

/** The point whose greatest height is least, and where that height is. */
function saddlePoint(greatest: Greatest, slope: Slope, summit: Summit) {
  return (input: Input): Answer => {
    const start: Point = [input.start[0], input.start[1]];
    const { result, timings } = timed(() => {
      const p = minimum(
        (at) => greatest(at, start),
        (at) => slope(at, start),
        start,
      );
      return [...p, ...summit(p, start)];
    }, input);
    return { output: result, timings };
  };
}

/** The first letter is the mode of the outer derivative, the second that of the inner one. */
export const saddle = {
  rr: saddlePoint(greatestReverse, (p, start) => grad_greatestReverse(p, start).d_p, summitReverse),
  rf: saddlePoint(greatestForward, (p, start) => grad_greatestForward(p, start).d_p, summitForward),
  fr: saddlePoint(
    greatestReverse,
    (p, start) => [jvp_greatestReverse(p, start, [1, 0]).t_value, jvp_greatestReverse(p, start, [0, 1]).t_value],
    summitReverse,
  ),
  ff: saddlePoint(
    greatestForward,
    (p, start) => [jvp_greatestForward(p, start, [1, 0]).t_value, jvp_greatestForward(p, start, [0, 1]).t_value],
    summitForward,
  ),
};
