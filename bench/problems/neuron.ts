/**
 * Squared error of one neuron: no loop, no array.
 * @grad theta b
 * @jvp theta b
 * @hvp theta b
 */
export function neuron(x: number, theta: number, b: number, y: number): number {
  const z = theta * x + b;
  const f = Math.tanh(z);
  const e = f - y;
  return e * e;
}
