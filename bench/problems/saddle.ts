import { minimum, type Point } from './descent.ts';
import { grad_height, jvp_height } from './saddle.grad.ts';

/**
 * @grad q
 * @jvp q
 */
export function height(p: Point, q: Point): number {
  return p[0] * p[0] + p[1] * p[1] - (q[0] * q[0] + q[1] * q[1]);
}

/** Where `height(p, ·)` is greatest, with derivatives in reverse mode. */
export function summitReverse(p: Point, start: Point): Point {
  const below = (q: Point): Point => {
    const { d_q } = grad_height(p, q);
    return [-d_q[0], -d_q[1]];
  };
  return minimum((q) => -height(p, q), below, start);
}

/** The same in forward mode. */
export function summitForward(p: Point, start: Point): Point {
  const below = (q: Point): Point => [-jvp_height(p, q, [1, 0]).t_value, -jvp_height(p, q, [0, 1]).t_value];
  return minimum((q) => -height(p, q), below, start);
}

/**
 * The greatest height over all `q`; its derivative goes through the descent.
 * @grad p
 * @jvp p
 */
export function greatestReverse(p: Point, start: Point): number {
  return height(p, summitReverse(p, start));
}

/**
 * @grad p
 * @jvp p
 */
export function greatestForward(p: Point, start: Point): number {
  return height(p, summitForward(p, start));
}
