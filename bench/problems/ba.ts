export type Vector = readonly [number, number, number];

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** `p` turned about the axis `r` by the length of `r` (Rodrigues). */
export function rotate(r: Vector, p: Vector): Vector {
  const squared = dot(r, r);
  if (squared === 0) {
    const turned = cross(r, p);
    return [p[0] + turned[0], p[1] + turned[1], p[2] + turned[2]];
  }
  const angle = Math.sqrt(squared);
  const axis: Vector = [r[0] / angle, r[1] / angle, r[2] / angle];
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const turned = cross(axis, p);
  const along = dot(axis, p) * (1 - cos);
  return [
    p[0] * cos + turned[0] * sin + axis[0] * along,
    p[1] * cos + turned[1] * sin + axis[1] * along,
    p[2] * cos + turned[2] * sin + axis[2] * along,
  ];
}

/**
 * Bundle adjustment as one number: the squares of all reprojection and weight errors. A camera is a row of eleven (rotation,
 * centre, focal length, principal point, two radial coefficients), a point a row of three; observation i sees point
 * i mod m with camera i mod n.
 * @grad cameras points weights
 * @jvp cameras points weights
 * @hvp cameras points weights
 */
export function ba(cameras: Float64Array, points: Float64Array, weights: Float64Array, features: Float64Array): number {
  const n = cameras.length / 11;
  const m = points.length / 3;
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const c = (i % n) * 11;
    const p = (i % m) * 3;
    const turned = rotate(
      [cameras[c]!, cameras[c + 1]!, cameras[c + 2]!],
      [points[p]! - cameras[c + 3]!, points[p + 1]! - cameras[c + 4]!, points[p + 2]! - cameras[c + 5]!],
    );
    const px = turned[0] / turned[2];
    const py = turned[1] / turned[2];
    const rho = px * px + py * py;
    const distortion = 1 + cameras[c + 9]! * rho + cameras[c + 10]! * rho * rho;
    const scale = cameras[c + 6]! * distortion;
    const w = weights[i]!;
    const ex = w * (scale * px + cameras[c + 7]! - features[2 * i]!);
    const ey = w * (scale * py + cameras[c + 8]! - features[2 * i + 1]!);
    const ew = 1 - w * w;
    sum += ex * ex + ey * ey + ew * ew;
  }
  return sum;
}
