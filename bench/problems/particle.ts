import type { Point } from './descent.ts';
import { grad_potential, jvp_potential } from './particle.grad.ts';

/**
 * Of two charges, one of which `w` moves.
 * @grad x
 * @jvp x
 */
export function potential(x: Point, w: number): number {
  return 1 / Math.hypot(x[0] - 10, x[1] - (10 - w)) + 1 / Math.hypot(x[0] - 10, x[1]);
}

/** The square of where the particle crosses the axis, with accelerations from `force`. */
function crossing(force: (x: Point) => Point): number {
  const step = 0.1;
  let x: Point = [0, 8];
  let v: Point = [0.75, 0];
  for (;;) {
    const f = force(x);
    x = [x[0] + step * v[0], x[1] + step * v[1]];
    if (x[1] <= 0) {
      const time = -x[1] / v[1];
      const end = x[0] + time * v[0];
      return end * end;
    }
    v = [v[0] + step * f[0], v[1] + step * f[1]];
  }
}

/**
 * With the force in reverse mode.
 * @grad
 * @jvp
 */
export function crossingReverse(w: number): number {
  return crossing((x) => {
    const { d_x } = grad_potential(x, w);
    return [-d_x[0], -d_x[1]];
  });
}

/**
 * With the force in forward mode.
 * @grad
 * @jvp
 */
export function crossingForward(w: number): number {
  return crossing((x) => [-jvp_potential(x, w, [1, 0]).t_value, -jvp_potential(x, w, [0, 1]).t_value]);
}
