/** A hand: bones that hang on each other, and a mesh that follows them. Matrices are 4 × 4, row-major. */
export interface Hand {
  /** The bone that each bone hangs on, -1 for none; parents come first. */
  parents: Int32Array;
  baseRelatives: Float64Array[];
  inverseBaseAbsolutes: Float64Array[];
  /** Homogeneous: a row of four for each vertex. */
  basePositions: Float64Array;
  /** A row for each vertex, an element for each bone. */
  weights: Float64Array;
  triangles: Int32Array;
  isMirrored: boolean;
}

const fingers = 5;

/** Columns of three: global rotation, scale and translation, then the angles of each bone. */
function poseOf(theta: Float64Array, bones: number): Float64Array {
  const pose = new Float64Array(3 * (bones + 3));
  for (let i = 0; i < 3; i++) {
    pose[i] = theta[i]!;
    pose[3 + i] = 1;
    pose[6 + i] = theta[3 + i]!;
  }
  for (let f = 0; f < fingers; f++) {
    const column = 3 * (5 + 4 * f);
    pose[column] = theta[6 + 4 * f]!;
    pose[column + 1] = theta[7 + 4 * f]!;
    pose[column + 3] = theta[8 + 4 * f]!;
    pose[column + 6] = theta[9 + 4 * f]!;
  }
  return pose;
}

function multiply(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(16);
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[4 * i + k]! * b[4 * k + j]!;
      result[4 * i + j] = sum;
    }
  }
  return result;
}

/** Rz · Ry · Rx in the upper left of an identity. */
function bend(x: number, z: number, y: number): Float64Array {
  const cx = Math.cos(x);
  const sx = Math.sin(x);
  const cy = Math.cos(y);
  const sy = Math.sin(y);
  const cz = Math.cos(z);
  const sz = Math.sin(z);
  return Float64Array.of(
    cz * cy,
    cz * sy * sx - sz * cx,
    cz * sy * cx + sz * sx,
    0,
    sz * cy,
    sz * sy * sx + cz * cx,
    sz * sy * cx - cz * sx,
    0,
    -sy,
    cy * sx,
    cy * cx,
    0,
    0,
    0,
    0,
    1,
  );
}

/** Takes each bone from where it was at rest to where it is. */
function bonesOf(pose: Float64Array, hand: Hand): Float64Array[] {
  const absolutes: Float64Array[] = [];
  const result: Float64Array[] = [];
  for (let b = 0; b < hand.parents.length; b++) {
    const column = 3 * (b + 3);
    const relative = multiply(hand.baseRelatives[b]!, bend(pose[column]!, pose[column + 1]!, pose[column + 2]!));
    const parent = hand.parents[b]!;
    const absolute = parent === -1 ? relative : multiply(absolutes[parent]!, relative);
    absolutes.push(absolute);
    result.push(multiply(absolute, hand.inverseBaseAbsolutes[b]!));
  }
  return result;
}

/** Rotation about the axis `r` by its length, a row-major 3 × 3 matrix. */
function globalRotation(r: Float64Array): Float64Array {
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

/** Where the vertices of the mesh are, three numbers each. */
function verticesOf(theta: Float64Array, hand: Hand): Float64Array {
  const bones = hand.parents.length;
  const pose = poseOf(theta, bones);
  const matrices = bonesOf(pose, hand);
  const rotation = globalRotation(pose.subarray(0, 3));
  const count = hand.basePositions.length / 4;
  const result = new Float64Array(3 * count);
  for (let v = 0; v < count; v++) {
    let x = 0;
    let y = 0;
    let z = 0;
    for (let b = 0; b < bones; b++) {
      const weight = hand.weights[v * bones + b]!;
      const m = matrices[b]!;
      const p0 = hand.basePositions[4 * v]!;
      const p1 = hand.basePositions[4 * v + 1]!;
      const p2 = hand.basePositions[4 * v + 2]!;
      const p3 = hand.basePositions[4 * v + 3]!;
      x += weight * (m[0]! * p0 + m[1]! * p1 + m[2]! * p2 + m[3]! * p3);
      y += weight * (m[4]! * p0 + m[5]! * p1 + m[6]! * p2 + m[7]! * p3);
      z += weight * (m[8]! * p0 + m[9]! * p1 + m[10]! * p2 + m[11]! * p3);
    }
    if (hand.isMirrored) x = -x;
    for (let i = 0; i < 3; i++) {
      result[3 * v + i] =
        rotation[3 * i]! * pose[3]! * x +
        rotation[3 * i + 1]! * pose[4]! * y +
        rotation[3 * i + 2]! * pose[5]! * z +
        pose[6 + i]!;
    }
  }
  return result;
}

/**
 * How far measured points are from the mesh, three numbers each (GradBench's ht). With `us`, two numbers for each point, a point
 * is held against its place in a triangle; without, against a vertex.
 * @jacobian theta
 * @jvp us
 */
export function distances(
  theta: Float64Array,
  us: Float64Array,
  hand: Hand,
  correspondences: Int32Array,
  points: Float64Array,
): Float64Array {
  const vertices = verticesOf(theta, hand);
  const result = new Float64Array(points.length);
  for (let i = 0; i < correspondences.length; i++) {
    const at = correspondences[i]!;
    for (let j = 0; j < 3; j++) {
      let place: number;
      if (us.length === 0) {
        place = vertices[3 * at + j]!;
      } else {
        const u = us[2 * i]!;
        const v = us[2 * i + 1]!;
        place =
          u * vertices[3 * hand.triangles[3 * at]! + j]! +
          v * vertices[3 * hand.triangles[3 * at + 1]! + j]! +
          (1 - u - v) * vertices[3 * hand.triangles[3 * at + 2]! + j]!;
      }
      result[3 * i + j] = points[3 * i + j]! - place;
    }
  }
  return result;
}

/**
 * Hand tracking as one number: squared distances of measured points to the mesh, each to its place in a triangle (GradBench's ht,
 * the complicated variant). `us` holds two numbers for each point.
 * @grad theta us
 * @jvp theta us
 * @hvp theta us
 */
export function ht(
  theta: Float64Array,
  us: Float64Array,
  hand: Hand,
  correspondences: Int32Array,
  points: Float64Array,
): number {
  const vertices = verticesOf(theta, hand);
  let sum = 0;
  for (let i = 0; i < correspondences.length; i++) {
    const triangle = 3 * correspondences[i]!;
    const t0 = 3 * hand.triangles[triangle]!;
    const t1 = 3 * hand.triangles[triangle + 1]!;
    const t2 = 3 * hand.triangles[triangle + 2]!;
    const u = us[2 * i]!;
    const v = us[2 * i + 1]!;
    for (let j = 0; j < 3; j++) {
      const place = u * vertices[t0 + j]! + v * vertices[t1 + j]! + (1 - u - v) * vertices[t2 + j]!;
      const error = points[3 * i + j]! - place;
      sum += error * error;
    }
  }
  return sum;
}
