import type { LseGrad } from '../problems/lse.grad.ts';

/** The exponentials are kept where the gradient is to be. */
export function lse(x: Float64Array, out: LseGrad = { value: 0, d_x: new Float64Array(x.length) }): LseGrad {
  const { d_x } = out;
  let largest = x[0]!;
  for (let i = 1; i < x.length; i++) {
    if (x[i]! > largest) largest = x[i]!;
  }
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const e = Math.exp(x[i]! - largest);
    d_x[i] = e;
    sum += e;
  }
  const scale = 1 / sum;
  for (let i = 0; i < x.length; i++) d_x[i]! *= scale;
  out.value = largest + Math.log(sum);
  return out;
}
