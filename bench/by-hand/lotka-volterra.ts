import type { LotkaVolterraGrad } from '../problems/lotka-volterra.grad.ts';

/** Where the four stages of each step begin: eight numbers a step. */
let stages = new Float64Array(0);

export function lotkaVolterra(
  p: Float64Array,
  start: Float64Array,
  observed: Float64Array,
  dt: number,
  out: LotkaVolterraGrad = { value: 0, d_p: new Float64Array(4), d_start: new Float64Array(2) },
): LotkaVolterraGrad {
  const steps = observed.length / 2;
  if (stages.length < 8 * steps) stages = new Float64Array(8 * steps);
  const kept = stages;
  const p0 = p[0]!;
  const p1 = p[1]!;
  const p2 = p[2]!;
  const p3 = p[3]!;
  let u = start[0]!;
  let v = start[1]!;
  let loss = 0;
  for (let t = 0; t < steps; t++) {
    const ka = p0 * u - p1 * u * v;
    const la = p2 * u * v - p3 * v;
    const ub = u + (dt / 2) * ka;
    const vb = v + (dt / 2) * la;
    const kb = p0 * ub - p1 * ub * vb;
    const lb = p2 * ub * vb - p3 * vb;
    const uc = u + (dt / 2) * kb;
    const vc = v + (dt / 2) * lb;
    const kc = p0 * uc - p1 * uc * vc;
    const lc = p2 * uc * vc - p3 * vc;
    const ud = u + dt * kc;
    const vd = v + dt * lc;
    const kd = p0 * ud - p1 * ud * vd;
    const ld = p2 * ud * vd - p3 * vd;
    const at = 8 * t;
    kept[at] = u;
    kept[at + 1] = v;
    kept[at + 2] = ub;
    kept[at + 3] = vb;
    kept[at + 4] = uc;
    kept[at + 5] = vc;
    kept[at + 6] = ud;
    kept[at + 7] = vd;
    u += (dt / 6) * (ka + 2 * kb + 2 * kc + kd);
    v += (dt / 6) * (la + 2 * lb + 2 * lc + ld);
    const eu = u - observed[2 * t]!;
    const ev = v - observed[2 * t + 1]!;
    loss += eu * eu + ev * ev;
  }

  let d_p0 = 0;
  let d_p1 = 0;
  let d_p2 = 0;
  let d_p3 = 0;
  let d_u = 0;
  let d_v = 0;
  for (let t = steps - 1; t >= 0; t--) {
    d_u += 2 * (u - observed[2 * t]!);
    d_v += 2 * (v - observed[2 * t + 1]!);
    const at = 8 * t;
    const ud = kept[at + 6]!;
    const vd = kept[at + 7]!;
    const d_kd = (dt / 6) * d_u;
    const d_ld = (dt / 6) * d_v;
    const d_ud = d_kd * (p0 - p1 * vd) + d_ld * p2 * vd;
    const d_vd = d_ld * (p2 * ud - p3) - d_kd * p1 * ud;
    const uc = kept[at + 4]!;
    const vc = kept[at + 5]!;
    const d_kc = (dt / 3) * d_u + dt * d_ud;
    const d_lc = (dt / 3) * d_v + dt * d_vd;
    const d_uc = d_kc * (p0 - p1 * vc) + d_lc * p2 * vc;
    const d_vc = d_lc * (p2 * uc - p3) - d_kc * p1 * uc;
    const ub = kept[at + 2]!;
    const vb = kept[at + 3]!;
    const d_kb = (dt / 3) * d_u + (dt / 2) * d_uc;
    const d_lb = (dt / 3) * d_v + (dt / 2) * d_vc;
    const d_ub = d_kb * (p0 - p1 * vb) + d_lb * p2 * vb;
    const d_vb = d_lb * (p2 * ub - p3) - d_kb * p1 * ub;
    u = kept[at]!;
    v = kept[at + 1]!;
    const d_ka = (dt / 6) * d_u + (dt / 2) * d_ub;
    const d_la = (dt / 6) * d_v + (dt / 2) * d_vb;
    d_p0 += d_ka * u + d_kb * ub + d_kc * uc + d_kd * ud;
    d_p1 -= d_ka * u * v + d_kb * ub * vb + d_kc * uc * vc + d_kd * ud * vd;
    d_p2 += d_la * u * v + d_lb * ub * vb + d_lc * uc * vc + d_ld * ud * vd;
    d_p3 -= d_la * v + d_lb * vb + d_lc * vc + d_ld * vd;
    d_u += d_ub + d_uc + d_ud + d_ka * (p0 - p1 * v) + d_la * p2 * v;
    d_v += d_vb + d_vc + d_vd + d_la * (p2 * u - p3) - d_ka * p1 * u;
  }
  out.value = loss;
  out.d_p[0] = d_p0;
  out.d_p[1] = d_p1;
  out.d_p[2] = d_p2;
  out.d_p[3] = d_p3;
  out.d_start[0] = d_u;
  out.d_start[1] = d_v;
  return out;
}
