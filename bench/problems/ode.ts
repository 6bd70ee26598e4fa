/** The right-hand side: z_0 = x_0, z_i = x_i y_(i-1). */
function rightHandSide(x: Float64Array, y: Float64Array, z: Float64Array): void {
  z[0] = x[0]!;
  for (let i = 1; i < x.length; i++) z[i] = x[i]! * y[i - 1]!;
}

/** out = y + h k */
function advance(y: Float64Array, h: number, k: Float64Array, out: Float64Array): void {
  for (let i = 0; i < y.length; i++) out[i] = y[i]! + h * k[i]!;
}

/** y after `steps` steps of the classical Runge-Kutta method from y = 0 to time 2. */
export function solve(x: Float64Array, steps: number): Float64Array {
  const n = x.length;
  const h = 2 / steps;
  const y = new Float64Array(n);
  const stage = new Float64Array(n);
  const k1 = new Float64Array(n);
  const k2 = new Float64Array(n);
  const k3 = new Float64Array(n);
  const k4 = new Float64Array(n);
  for (let s = 0; s < steps; s++) {
    rightHandSide(x, y, k1);
    advance(y, h / 2, k1, stage);
    rightHandSide(x, stage, k2);
    advance(y, h / 2, k2, stage);
    rightHandSide(x, stage, k3);
    advance(y, h, k3, stage);
    rightHandSide(x, stage, k4);
    for (let i = 0; i < n; i++) y[i]! += (h / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!);
  }
  return y;
}

/**
 * The last component of the solution (GradBench's ode).
 * @grad x
 * @jvp x
 * @hvp x
 */
export function ode(x: Float64Array, steps: number): number {
  return solve(x, steps)[x.length - 1]!;
}
