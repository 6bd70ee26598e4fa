import { jacobian_distances, jvp_distances } from '../../problems/ht.grad.ts';
import { distances, type Hand } from '../../problems/ht.ts';
import type { Answer } from '../protocol.ts';
import { flat } from '../rows.ts';
import { timed, type Runs } from '../runs.ts';

type Rows = readonly (readonly number[])[];

interface Input extends Runs {
  readonly theta: readonly number[];
  readonly us: Rows;
  readonly data: {
    readonly correspondences: readonly number[];
    readonly points: Rows;
    readonly model: {
      readonly parents: readonly number[];
      readonly base_relatives: readonly Rows[];
      readonly inverse_base_absolutes: readonly Rows[];
      readonly base_positions: Rows;
      readonly weights: Rows;
      readonly triangles: Rows;
      readonly is_mirrored: boolean;
    };
  };
}

function prepared({ theta, us, data }: Input): Parameters<typeof distances> {
  const { model } = data;
  const hand: Hand = {
    parents: Int32Array.from(model.parents),
    baseRelatives: model.base_relatives.map(flat),
    inverseBaseAbsolutes: model.inverse_base_absolutes.map(flat),
    basePositions: flat(model.base_positions),
    weights: flat(model.weights),
    triangles: Int32Array.from(model.triangles.flat()),
    isMirrored: model.is_mirrored,
  };
  return [Float64Array.from(theta), flat(us), hand, Int32Array.from(data.correspondences), flat(data.points)];
}

/** Where there are places in triangles, two columns in front: all points move along `u`, and along `v`. */
function jacobian(args: Parameters<typeof distances>): Float64Array[] {
  const [theta, us] = args;
  const { J_theta } = jacobian_distances(...args);
  const columns = theta.length;
  const along = us.length === 0 ? [] : [0, 1].map((first) => jvp_distances(...args, us.map((_, i) => (i % 2 === first ? 1 : 0))).t_value);
  return Array.from({ length: J_theta.length / columns }, (_, row) => {
    const values = new Float64Array(along.length + columns);
    along.forEach((tangent, i) => (values[i] = tangent[row]!));
    values.set(J_theta.subarray(row * columns, (row + 1) * columns), along.length);
    return values;
  });
}

export const ht = {
  objective(input: Input): Answer {
    const args = prepared(input);
    const { result, timings } = timed(() => distances(...args), input);
    return { output: Array.from(result), timings };
  },

  jacobian(input: Input): Answer {
    const args = prepared(input);
    const { result, timings } = timed(() => jacobian(args), input);
    return { output: result.map((row) => Array.from(row)), timings };
  },
};
