import type { BaGrad } from '../problems/ba.grad.ts';

/** Each observation is differentiated where it is computed, all in scalars. */
export function ba(
  cameras: Float64Array,
  points: Float64Array,
  weights: Float64Array,
  features: Float64Array,
  out: BaGrad = {
    value: 0,
    d_cameras: new Float64Array(cameras.length),
    d_points: new Float64Array(points.length),
    d_weights: new Float64Array(weights.length),
  },
): BaGrad {
  const { d_cameras, d_points, d_weights } = out;
  d_cameras.fill(0);
  d_points.fill(0);
  const n = cameras.length / 11;
  const m = points.length / 3;
  let value = 0;
  for (let i = 0; i < weights.length; i++) {
    const c = (i % n) * 11;
    const p = (i % m) * 3;
    const r0 = cameras[c]!;
    const r1 = cameras[c + 1]!;
    const r2 = cameras[c + 2]!;
    const x0 = points[p]! - cameras[c + 3]!;
    const x1 = points[p + 1]! - cameras[c + 4]!;
    const x2 = points[p + 2]! - cameras[c + 5]!;

    // Rotation.
    const squared = r0 * r0 + r1 * r1 + r2 * r2;
    const angle = Math.sqrt(squared);
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const a0 = squared === 0 ? 0 : r0 / angle;
    const a1 = squared === 0 ? 0 : r1 / angle;
    const a2 = squared === 0 ? 0 : r2 / angle;
    const t0 = a1 * x2 - a2 * x1;
    const t1 = a2 * x0 - a0 * x2;
    const t2 = a0 * x1 - a1 * x0;
    const inner = a0 * x0 + a1 * x1 + a2 * x2;
    const along = inner * (1 - cos);
    const y0 = x0 * cos + t0 * sin + a0 * along;
    const y1 = x1 * cos + t1 * sin + a1 * along;
    const y2 = x2 * cos + t2 * sin + a2 * along;

    // Projection and distortion.
    const px = y0 / y2;
    const py = y1 / y2;
    const rho = px * px + py * py;
    const focal = cameras[c + 6]!;
    const k1 = cameras[c + 9]!;
    const k2 = cameras[c + 10]!;
    const distortion = 1 + k1 * rho + k2 * rho * rho;
    const scale = focal * distortion;
    const w = weights[i]!;
    const fx = scale * px + cameras[c + 7]! - features[2 * i]!;
    const fy = scale * py + cameras[c + 8]! - features[2 * i + 1]!;
    const ex = w * fx;
    const ey = w * fy;
    const ew = 1 - w * w;
    value += ex * ex + ey * ey + ew * ew;

    d_weights[i] = 2 * (ex * fx + ey * fy) - 4 * ew * w;
    const d_fx = 2 * ex * w;
    const d_fy = 2 * ey * w;
    const d_scale = d_fx * px + d_fy * py;
    const d_distortion = d_scale * focal;
    const d_rho = d_distortion * (k1 + 2 * k2 * rho);
    const d_px = d_fx * scale + 2 * d_rho * px;
    const d_py = d_fy * scale + 2 * d_rho * py;
    d_cameras[c + 6]! += d_scale * distortion;
    d_cameras[c + 7]! += d_fx;
    d_cameras[c + 8]! += d_fy;
    d_cameras[c + 9]! += d_distortion * rho;
    d_cameras[c + 10]! += d_distortion * rho * rho;

    const d_y0 = d_px / y2;
    const d_y1 = d_py / y2;
    const d_y2 = -(d_px * px + d_py * py) / y2;
    let d_x0: number;
    let d_x1: number;
    let d_x2: number;
    if (squared === 0) {
      // Y = X + r × X.
      d_cameras[c]! += d_y2 * x1 - d_y1 * x2;
      d_cameras[c + 1]! += d_y0 * x2 - d_y2 * x0;
      d_cameras[c + 2]! += d_y1 * x0 - d_y0 * x1;
      d_x0 = d_y0;
      d_x1 = d_y1;
      d_x2 = d_y2;
    } else {
      const d_along = d_y0 * a0 + d_y1 * a1 + d_y2 * a2;
      const d_inner = d_along * (1 - cos);
      const d_cos = d_y0 * x0 + d_y1 * x1 + d_y2 * x2 - d_along * inner;
      const d_sin = d_y0 * t0 + d_y1 * t1 + d_y2 * t2;
      const d_t0 = d_y0 * sin;
      const d_t1 = d_y1 * sin;
      const d_t2 = d_y2 * sin;
      const d_a0 = d_y0 * along + d_inner * x0 + d_t2 * x1 - d_t1 * x2;
      const d_a1 = d_y1 * along + d_inner * x1 + d_t0 * x2 - d_t2 * x0;
      const d_a2 = d_y2 * along + d_inner * x2 + d_t1 * x0 - d_t0 * x1;
      const d_angle = d_sin * cos - d_cos * sin - (d_a0 * a0 + d_a1 * a1 + d_a2 * a2) / angle;
      d_cameras[c]! += d_a0 / angle + d_angle * a0;
      d_cameras[c + 1]! += d_a1 / angle + d_angle * a1;
      d_cameras[c + 2]! += d_a2 / angle + d_angle * a2;
      d_x0 = d_y0 * cos + d_inner * a0 + d_t1 * a2 - d_t2 * a1;
      d_x1 = d_y1 * cos + d_inner * a1 + d_t2 * a0 - d_t0 * a2;
      d_x2 = d_y2 * cos + d_inner * a2 + d_t0 * a1 - d_t1 * a0;
    }
    d_points[p]! += d_x0;
    d_points[p + 1]! += d_x1;
    d_points[p + 2]! += d_x2;
    d_cameras[c + 3]! -= d_x0;
    d_cameras[c + 4]! -= d_x1;
    d_cameras[c + 5]! -= d_x2;
  }
  out.value = value;
  return out;
}
