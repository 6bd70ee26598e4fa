/** The rates of change of prey and predators. */
function rates(prey: number, predators: number, p: Float64Array): [number, number] {
  return [p[0]! * prey - p[1]! * prey * predators, p[2]! * prey * predators - p[3]! * predators];
}

/**
 * Squared distance to what was observed, along `observed.length / 2` steps of the classical Runge-Kutta method.
 * @grad p start
 * @jvp p start
 * @hvp p start
 */
export function lotkaVolterra(p: Float64Array, start: Float64Array, observed: Float64Array, dt: number): number {
  let u = start[0]!;
  let v = start[1]!;
  let loss = 0;
  for (let t = 0; t < observed.length / 2; t++) {
    const [u1, v1] = rates(u, v, p);
    const [u2, v2] = rates(u + (dt / 2) * u1, v + (dt / 2) * v1, p);
    const [u3, v3] = rates(u + (dt / 2) * u2, v + (dt / 2) * v2, p);
    const [u4, v4] = rates(u + dt * u3, v + dt * v3, p);
    u += (dt / 6) * (u1 + 2 * u2 + 2 * u3 + u4);
    v += (dt / 6) * (v1 + 2 * v2 + 2 * v3 + v4);
    const eu = u - observed[2 * t]!;
    const ev = v - observed[2 * t + 1]!;
    loss += eu * eu + ev * ev;
  }
  return loss;
}
