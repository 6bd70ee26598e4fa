import type { LlsqGrad } from '../problems/llsq.grad.ts';

/** Each residual is differentiated where it is computed; the powers are computed twice. */
export function llsq(
  x: Float64Array,
  n: number,
  out: LlsqGrad = { value: 0, d_x: new Float64Array(x.length) },
): LlsqGrad {
  const { d_x } = out;
  const m = x.length;
  d_x.fill(0);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const t = -1 + (2 * i) / (n - 1);
    let residual = Math.sign(t);
    let power = 1;
    for (let j = 0; j < m; j++) {
      residual -= x[j]! * power;
      power *= t;
    }
    sum += residual * residual;
    power = 1;
    for (let j = 0; j < m; j++) {
      d_x[j]! -= residual * power;
      power *= t;
    }
  }
  out.value = sum / 2;
  return out;
}
