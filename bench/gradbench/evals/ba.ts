import { grad_weightError, jacobian_reprojectionError, type ReprojectionErrorJacobian } from '../../problems/reprojection.grad.ts';
import { reprojectionError, weightError } from '../../problems/reprojection.ts';
import type { Answer } from '../protocol.ts';
import { timed, type Runs } from '../runs.ts';

type Vector = [number, number, number];

interface Input extends Runs {
  readonly n: number;
  readonly m: number;
  readonly p: number;
  readonly cam: readonly number[];
  readonly x: readonly number[];
  readonly w: number;
  readonly feat: readonly number[];
}

/** One camera, point, weight and feature stand for all of them; that they are equal is not made use of. */
interface Scene {
  readonly cameras: readonly Float64Array[];
  readonly points: readonly Vector[];
  readonly weights: Float64Array;
  readonly features: readonly [number, number][];
}

/** Compressed sparse rows. */
interface SparseMatrix {
  readonly rows: Int32Array;
  readonly cols: Int32Array;
  readonly vals: Float64Array;
}

function prepared({ n, m, p, cam, x, w, feat }: Input): Scene {
  return {
    cameras: Array.from({ length: n }, () => Float64Array.from(cam)),
    points: Array.from({ length: m }, (): Vector => [x[0]!, x[1]!, x[2]!]),
    weights: new Float64Array(p).fill(w),
    features: Array.from({ length: p }, (): [number, number] => [feat[0]!, feat[1]!]),
  };
}

function errors({ cameras, points, weights, features }: Scene): { readonly reprojections: Float64Array; readonly weightErrors: Float64Array } {
  const p = weights.length;
  const reprojections = new Float64Array(2 * p);
  const weightErrors = new Float64Array(p);
  for (let i = 0; i < p; i++) {
    const error = reprojectionError(cameras[i % cameras.length]!, points[i % points.length]!, weights[i]!, features[i]!);
    reprojections.set(error, 2 * i);
    weightErrors[i] = weightError(weights[i]!);
  }
  return { reprojections, weightErrors };
}

const cameraLength = 11;
/** Of one observation: camera, point, weight. */
const blockLength = cameraLength + 3 + 1;

/** Two rows for each observation, then a row for each weight. */
function sparseJacobian({ cameras, points, weights, features }: Scene): SparseMatrix {
  const [n, m, p] = [cameras.length, points.length, weights.length];
  const rows = new Int32Array(3 * p + 1);
  const cols = new Int32Array((2 * blockLength + 1) * p);
  const vals = new Float64Array((2 * blockLength + 1) * p);
  let block: ReprojectionErrorJacobian | undefined;
  let at = 0;
  for (let i = 0; i < p; i++) {
    const [camera, point] = [i % n, i % m];
    block = jacobian_reprojectionError(cameras[camera]!, points[point]!, weights[i]!, features[i]!, block);
    for (let row = 0; row < 2; row++) {
      for (let j = 0; j < cameraLength; j++, at++) {
        cols[at] = cameraLength * camera + j;
        vals[at] = block.J_camera[cameraLength * row + j]!;
      }
      for (let j = 0; j < 3; j++, at++) {
        cols[at] = cameraLength * n + 3 * point + j;
        vals[at] = block.J_point[3 * row + j]!;
      }
      cols[at] = cameraLength * n + 3 * m + i;
      vals[at] = block.J_weight[row]!;
      at++;
      rows[2 * i + row + 1] = at;
    }
  }
  for (let i = 0; i < p; i++, at++) {
    cols[at] = cameraLength * n + 3 * m + i;
    vals[at] = grad_weightError(weights[i]!).d_weight;
    rows[2 * p + i + 1] = at + 1;
  }
  return { rows, cols, vals };
}

/** What is compared of each array: the first 30 elements and the last. */
function excerpt(values: Int32Array | Float64Array): number[] {
  return [...values.subarray(0, 30), values.at(-1)!];
}

export const ba = {
  objective(input: Input): Answer {
    const scene = prepared(input);
    const { result, timings } = timed(() => errors(scene), input);
    const { reprojections, weightErrors } = result;
    const output = {
      reproj_error: { elements: [...reprojections.subarray(0, 2)], repeated: input.p },
      w_err: { element: weightErrors[0]!, repeated: input.p },
    };
    return { output, timings };
  },

  jacobian(input: Input): Answer {
    const scene = prepared(input);
    const { result, timings } = timed(() => sparseJacobian(scene), input);
    return { output: { rows: excerpt(result.rows), cols: excerpt(result.cols), vals: excerpt(result.vals) }, timings };
  },
};
