import type { NeuronGrad } from '../problems/neuron.grad.ts';

export function neuron(
  x: number,
  theta: number,
  b: number,
  y: number,
  out: NeuronGrad = { value: 0, d_theta: 0, d_b: 0 },
): NeuronGrad {
  const f = Math.tanh(theta * x + b);
  const e = f - y;
  const d_z = 2 * e * (1 - f * f);
  out.value = e * e;
  out.d_theta = d_z * x;
  out.d_b = d_z;
  return out;
}
