import { rotate, type Vector } from './ba.ts';

/**
 * How far a camera sees a point from where it was measured: a camera is eleven numbers (rotation, centre, focal length,
 * principal point, two radial coefficients).
 * @jacobian camera point weight
 */
export function reprojectionError(camera: Float64Array, point: Vector, weight: number, feature: readonly [number, number]): [number, number] {
  const [x, y, z] = rotate(
    [camera[0]!, camera[1]!, camera[2]!],
    [point[0] - camera[3]!, point[1] - camera[4]!, point[2] - camera[5]!],
  );
  const px = x / z;
  const py = y / z;
  const rho = px * px + py * py;
  const scale = camera[6]! * (1 + camera[9]! * rho + camera[10]! * rho * rho);
  return [weight * (scale * px + camera[7]! - feature[0]), weight * (scale * py + camera[8]! - feature[1])];
}

/** @grad */
export function weightError(weight: number): number {
  return 1 - weight * weight;
}
