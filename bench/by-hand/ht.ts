import type { HtGrad } from '../problems/ht.grad.ts';
import type { Hand } from '../problems/ht.ts';

/** out = a b, for 4 × 4 matrices at these offsets. */
function multiply(a: Float64Array, atA: number, b: Float64Array, atB: number, out: Float64Array, at: number): void {
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[atA + 4 * i + k]! * b[atB + 4 * k + j]!;
      out[at + 4 * i + j] = sum;
    }
  }
}

/** out += aᵀ b */
function addTransposedTimes(
  a: Float64Array,
  atA: number,
  b: Float64Array,
  atB: number,
  out: Float64Array,
  at: number,
): void {
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[atA + 4 * k + i]! * b[atB + 4 * k + j]!;
      out[at + 4 * i + j]! += sum;
    }
  }
}

/** out += a bᵀ */
function addTimesTransposed(
  a: Float64Array,
  atA: number,
  b: Float64Array,
  atB: number,
  out: Float64Array,
  at: number,
): void {
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[atA + 4 * i + k]! * b[atB + 4 * j + k]!;
      out[at + 4 * i + j]! += sum;
    }
  }
}

/** Angles of each bone, in threes: about x, z and y. */
function anglesOf(theta: Float64Array, bones: number): Float64Array {
  const angles = new Float64Array(3 * bones);
  for (let f = 0; f < 5; f++) {
    const bone = 3 * (2 + 4 * f);
    angles[bone] = theta[6 + 4 * f]!;
    angles[bone + 1] = theta[7 + 4 * f]!;
    angles[bone + 3] = theta[8 + 4 * f]!;
    angles[bone + 6] = theta[9 + 4 * f]!;
  }
  return angles;
}

/** Rz · Ry · Rx as the upper left of an identity. */
function bend(angles: Float64Array, b: number, out: Float64Array): void {
  const cx = Math.cos(angles[3 * b]!);
  const sx = Math.sin(angles[3 * b]!);
  const cz = Math.cos(angles[3 * b + 1]!);
  const sz = Math.sin(angles[3 * b + 1]!);
  const cy = Math.cos(angles[3 * b + 2]!);
  const sy = Math.sin(angles[3 * b + 2]!);
  const at = 16 * b;
  out[at] = cz * cy;
  out[at + 1] = cz * sy * sx - sz * cx;
  out[at + 2] = cz * sy * cx + sz * sx;
  out[at + 4] = sz * cy;
  out[at + 5] = sz * sy * sx + cz * cx;
  out[at + 6] = sz * sy * cx - cz * sx;
  out[at + 8] = -sy;
  out[at + 9] = cy * sx;
  out[at + 10] = cy * cx;
  out[at + 15] = 1;
}

/** Adjoints of the angles of bone b, from the adjoint of its bend. Only x and z ever come from theta. */
function mirrorBend(angles: Float64Array, b: number, d: Float64Array, d_angles: Float64Array): void {
  const cx = Math.cos(angles[3 * b]!);
  const sx = Math.sin(angles[3 * b]!);
  const cz = Math.cos(angles[3 * b + 1]!);
  const sz = Math.sin(angles[3 * b + 1]!);
  const cy = Math.cos(angles[3 * b + 2]!);
  const sy = Math.sin(angles[3 * b + 2]!);
  d_angles[3 * b] =
    d[1]! * (cz * sy * cx + sz * sx) +
    d[2]! * (sz * cx - cz * sy * sx) +
    d[5]! * (sz * sy * cx - cz * sx) -
    d[6]! * (sz * sy * sx + cz * cx) +
    d[9]! * cy * cx -
    d[10]! * cy * sx;
  d_angles[3 * b + 1] =
    -d[0]! * sz * cy -
    d[1]! * (sz * sy * sx + cz * cx) +
    d[2]! * (cz * sx - sz * sy * cx) +
    d[4]! * cz * cy +
    d[5]! * (cz * sy * sx - sz * cx) +
    d[6]! * (cz * sy * cx + sz * sx);
}

/** Adjoint of the axis-angle vector r from that of its rotation matrix, added to d_theta. */
function mirrorRotation(r: Float64Array, d: Float64Array, d_theta: Float64Array): void {
  const angle = Math.sqrt(r[0]! * r[0]! + r[1]! * r[1]! + r[2]! * r[2]!);
  if (angle < 1e-4) return;
  const x = r[0]! / angle;
  const y = r[1]! / angle;
  const z = r[2]! / angle;
  const s = Math.sin(angle);
  const c = Math.cos(angle);
  const u = 1 - c;
  const xy = d[1]! + d[3]!;
  const xz = d[2]! + d[6]!;
  const yz = d[5]! + d[7]!;
  const d_u = d[0]! * x * x + d[4]! * y * y + d[8]! * z * z + xy * x * y + xz * x * z + yz * y * z;
  const d_s = (d[7]! - d[5]!) * x + (d[2]! - d[6]!) * y + (d[3]! - d[1]!) * z;
  const d_c = d[0]! + d[4]! + d[8]! - d_u;
  const d_x = u * (2 * d[0]! * x + xy * y + xz * z) + s * (d[7]! - d[5]!);
  const d_y = u * (2 * d[4]! * y + xy * x + yz * z) + s * (d[2]! - d[6]!);
  const d_z = u * (2 * d[8]! * z + xz * x + yz * y) + s * (d[3]! - d[1]!);
  const d_angle = d_s * c - d_c * s - (d_x * x + d_y * y + d_z * z) / angle;
  d_theta[0]! += d_x / angle + d_angle * x;
  d_theta[1]! += d_y / angle + d_angle * y;
  d_theta[2]! += d_z / angle + d_angle * z;
}

function rotationOf(r: Float64Array): Float64Array {
  const angle = Math.sqrt(r[0]! * r[0]! + r[1]! * r[1]! + r[2]! * r[2]!);
  if (angle < 1e-4) return Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  const x = r[0]! / angle;
  const y = r[1]! / angle;
  const z = r[2]! / angle;
  const s = Math.sin(angle);
  const c = Math.cos(angle);
  const u = 1 - c;
  return Float64Array.of(
    x * x * u + c,
    x * y * u - z * s,
    x * z * u + y * s,
    x * y * u + z * s,
    y * y * u + c,
    y * z * u - x * s,
    x * z * u - y * s,
    y * z * u + x * s,
    z * z * u + c,
  );
}

/** Forward through bones, vertices and errors, then back; the matrices of all bones lie one behind the other. */
export function ht(
  theta: Float64Array,
  us: Float64Array,
  hand: Hand,
  correspondences: Int32Array,
  points: Float64Array,
  out: HtGrad = { value: 0, d_theta: new Float64Array(theta.length), d_us: new Float64Array(us.length) },
): HtGrad {
  const { d_theta, d_us } = out;
  d_theta.fill(0);
  const bones = hand.parents.length;
  const count = hand.basePositions.length / 4;
  const mirror = hand.isMirrored ? -1 : 1;

  const angles = anglesOf(theta, bones);
  const bends = new Float64Array(16 * bones);
  const relatives = new Float64Array(16 * bones);
  const absolutes = new Float64Array(16 * bones);
  const matrices = new Float64Array(16 * bones);
  for (let b = 0; b < bones; b++) {
    bend(angles, b, bends);
    multiply(hand.baseRelatives[b]!, 0, bends, 16 * b, relatives, 16 * b);
    const parent = hand.parents[b]!;
    if (parent === -1) absolutes.set(relatives.subarray(16 * b, 16 * b + 16), 16 * b);
    else multiply(absolutes, 16 * parent, relatives, 16 * b, absolutes, 16 * b);
    multiply(absolutes, 16 * b, hand.inverseBaseAbsolutes[b]!, 0, matrices, 16 * b);
  }

  const rotation = rotationOf(theta);
  const locals = new Float64Array(3 * count);
  const vertices = new Float64Array(3 * count);
  for (let v = 0; v < count; v++) {
    const p0 = hand.basePositions[4 * v]!;
    const p1 = hand.basePositions[4 * v + 1]!;
    const p2 = hand.basePositions[4 * v + 2]!;
    const p3 = hand.basePositions[4 * v + 3]!;
    let x = 0;
    let y = 0;
    let z = 0;
    for (let b = 0; b < bones; b++) {
      const weight = hand.weights[v * bones + b]!;
      const m = 16 * b;
      x += weight * (matrices[m]! * p0 + matrices[m + 1]! * p1 + matrices[m + 2]! * p2 + matrices[m + 3]! * p3);
      y += weight * (matrices[m + 4]! * p0 + matrices[m + 5]! * p1 + matrices[m + 6]! * p2 + matrices[m + 7]! * p3);
      z += weight * (matrices[m + 8]! * p0 + matrices[m + 9]! * p1 + matrices[m + 10]! * p2 + matrices[m + 11]! * p3);
    }
    x *= mirror;
    locals[3 * v] = x;
    locals[3 * v + 1] = y;
    locals[3 * v + 2] = z;
    for (let i = 0; i < 3; i++) {
      vertices[3 * v + i] = rotation[3 * i]! * x + rotation[3 * i + 1]! * y + rotation[3 * i + 2]! * z + theta[3 + i]!;
    }
  }

  const d_vertices = new Float64Array(3 * count);
  let sum = 0;
  for (let i = 0; i < correspondences.length; i++) {
    const triangle = 3 * correspondences[i]!;
    const t0 = 3 * hand.triangles[triangle]!;
    const t1 = 3 * hand.triangles[triangle + 1]!;
    const t2 = 3 * hand.triangles[triangle + 2]!;
    const u = us[2 * i]!;
    const v = us[2 * i + 1]!;
    let d_u = 0;
    let d_v = 0;
    for (let j = 0; j < 3; j++) {
      const a = vertices[t0 + j]!;
      const b = vertices[t1 + j]!;
      const c = vertices[t2 + j]!;
      const error = points[3 * i + j]! - (u * a + v * b + (1 - u - v) * c);
      sum += error * error;
      const d_place = -2 * error;
      d_u += d_place * (a - c);
      d_v += d_place * (b - c);
      d_vertices[t0 + j]! += d_place * u;
      d_vertices[t1 + j]! += d_place * v;
      d_vertices[t2 + j]! += d_place * (1 - u - v);
    }
    d_us[2 * i] = d_u;
    d_us[2 * i + 1] = d_v;
  }
  out.value = sum;

  const d_rotation = new Float64Array(9);
  const d_matrices = new Float64Array(16 * bones);
  for (let v = 0; v < count; v++) {
    const d0 = d_vertices[3 * v]!;
    const d1 = d_vertices[3 * v + 1]!;
    const d2 = d_vertices[3 * v + 2]!;
    d_theta[3]! += d0;
    d_theta[4]! += d1;
    d_theta[5]! += d2;
    for (let j = 0; j < 3; j++) {
      const local = locals[3 * v + j]!;
      d_rotation[j]! += d0 * local;
      d_rotation[3 + j]! += d1 * local;
      d_rotation[6 + j]! += d2 * local;
    }
    const d_x = mirror * (rotation[0]! * d0 + rotation[3]! * d1 + rotation[6]! * d2);
    const d_y = rotation[1]! * d0 + rotation[4]! * d1 + rotation[7]! * d2;
    const d_z = rotation[2]! * d0 + rotation[5]! * d1 + rotation[8]! * d2;
    const p0 = hand.basePositions[4 * v]!;
    const p1 = hand.basePositions[4 * v + 1]!;
    const p2 = hand.basePositions[4 * v + 2]!;
    const p3 = hand.basePositions[4 * v + 3]!;
    for (let b = 0; b < bones; b++) {
      const weight = hand.weights[v * bones + b]!;
      const m = 16 * b;
      const wx = weight * d_x;
      const wy = weight * d_y;
      const wz = weight * d_z;
      d_matrices[m]! += wx * p0;
      d_matrices[m + 1]! += wx * p1;
      d_matrices[m + 2]! += wx * p2;
      d_matrices[m + 3]! += wx * p3;
      d_matrices[m + 4]! += wy * p0;
      d_matrices[m + 5]! += wy * p1;
      d_matrices[m + 6]! += wy * p2;
      d_matrices[m + 7]! += wy * p3;
      d_matrices[m + 8]! += wz * p0;
      d_matrices[m + 9]! += wz * p1;
      d_matrices[m + 10]! += wz * p2;
      d_matrices[m + 11]! += wz * p3;
    }
  }
  mirrorRotation(theta, d_rotation, d_theta);

  const d_absolutes = new Float64Array(16 * bones);
  const d_relative = new Float64Array(16);
  const d_bend = new Float64Array(16);
  const d_angles = new Float64Array(3 * bones);
  for (let b = bones - 1; b >= 0; b--) {
    addTimesTransposed(d_matrices, 16 * b, hand.inverseBaseAbsolutes[b]!, 0, d_absolutes, 16 * b);
    const parent = hand.parents[b]!;
    d_relative.fill(0);
    if (parent === -1) {
      d_relative.set(d_absolutes.subarray(16 * b, 16 * b + 16));
    } else {
      addTimesTransposed(d_absolutes, 16 * b, relatives, 16 * b, d_absolutes, 16 * parent);
      addTransposedTimes(absolutes, 16 * parent, d_absolutes, 16 * b, d_relative, 0);
    }
    d_bend.fill(0);
    addTransposedTimes(hand.baseRelatives[b]!, 0, d_relative, 0, d_bend, 0);
    mirrorBend(angles, b, d_bend, d_angles);
  }
  for (let f = 0; f < 5; f++) {
    const bone = 3 * (2 + 4 * f);
    d_theta[6 + 4 * f] = d_angles[bone]!;
    d_theta[7 + 4 * f] = d_angles[bone + 1]!;
    d_theta[8 + 4 * f] = d_angles[bone + 3]!;
    d_theta[9 + 4 * f] = d_angles[bone + 6]!;
  }
  return out;
}
