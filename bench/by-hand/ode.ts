import type { OdeGrad } from '../problems/ode.grad.ts';

/** Where the four stages of each step begin: four vectors a step. */
let stages = new Float64Array(0);

/** k = f(y), y at `from` in `kept`. */
function rightHandSide(x: Float64Array, kept: Float64Array, from: number, k: Float64Array): void {
  k[0] = x[0]!;
  for (let i = 1; i < x.length; i++) k[i] = x[i]! * kept[from + i - 1]!;
}

/** The next stage of `kept`, at `to`: y + h k, y at `from`. */
function advance(kept: Float64Array, from: number, h: number, k: Float64Array, to: number): void {
  for (let i = 0; i < k.length; i++) kept[to + i] = kept[from + i]! + h * k[i]!;
}

/** The mirror of rightHandSide: adds to d_x, writes the adjoint of the stage. */
function mirror(
  x: Float64Array,
  kept: Float64Array,
  from: number,
  d_k: Float64Array,
  d_x: Float64Array,
  d_stage: Float64Array,
): void {
  const n = x.length;
  d_x[0]! += d_k[0]!;
  for (let i = 1; i < n; i++) {
    d_x[i]! += d_k[i]! * kept[from + i - 1]!;
    d_stage[i - 1] = d_k[i]! * x[i]!;
  }
  d_stage[n - 1] = 0;
}

export function ode(
  x: Float64Array,
  steps: number,
  out: OdeGrad = { value: 0, d_x: new Float64Array(x.length) },
): OdeGrad {
  const n = x.length;
  const h = 2 / steps;
  const { d_x } = out;
  d_x.fill(0);
  if (stages.length < 4 * n * steps) stages = new Float64Array(4 * n * steps);
  const kept = stages;
  const y = new Float64Array(n);
  const k1 = new Float64Array(n);
  const k2 = new Float64Array(n);
  const k3 = new Float64Array(n);
  const k4 = new Float64Array(n);
  for (let s = 0; s < steps; s++) {
    const at = 4 * n * s;
    kept.set(y, at);
    rightHandSide(x, kept, at, k1);
    advance(kept, at, h / 2, k1, at + n);
    rightHandSide(x, kept, at + n, k2);
    advance(kept, at, h / 2, k2, at + 2 * n);
    rightHandSide(x, kept, at + 2 * n, k3);
    advance(kept, at, h, k3, at + 3 * n);
    rightHandSide(x, kept, at + 3 * n, k4);
    for (let i = 0; i < n; i++) y[i]! += (h / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!);
  }
  out.value = y[n - 1]!;

  const d_y = new Float64Array(n);
  const d_k = new Float64Array(n);
  const d_stage4 = new Float64Array(n);
  const d_stage3 = new Float64Array(n);
  const d_stage2 = new Float64Array(n);
  const d_stage1 = new Float64Array(n);
  d_y[n - 1] = 1;
  for (let s = steps - 1; s >= 0; s--) {
    const at = 4 * n * s;
    for (let i = 0; i < n; i++) d_k[i] = (h / 6) * d_y[i]!;
    mirror(x, kept, at + 3 * n, d_k, d_x, d_stage4);
    for (let i = 0; i < n; i++) d_k[i] = (h / 3) * d_y[i]! + h * d_stage4[i]!;
    mirror(x, kept, at + 2 * n, d_k, d_x, d_stage3);
    for (let i = 0; i < n; i++) d_k[i] = (h / 3) * d_y[i]! + (h / 2) * d_stage3[i]!;
    mirror(x, kept, at + n, d_k, d_x, d_stage2);
    for (let i = 0; i < n; i++) d_k[i] = (h / 6) * d_y[i]! + (h / 2) * d_stage2[i]!;
    mirror(x, kept, at, d_k, d_x, d_stage1);
    for (let i = 0; i < n; i++) d_y[i]! += d_stage1[i]! + d_stage2[i]! + d_stage3[i]! + d_stage4[i]!;
  }
  return out;
}
