import { hvp_kmeans } from '../../problems/kmeans.grad.ts';
import { kmeans as squaredDistances } from '../../problems/kmeans.ts';
import type { Answer } from '../protocol.ts';
import { flat, rows } from '../rows.ts';
import { timed, type Runs } from '../runs.ts';

interface Input extends Runs {
  readonly points: readonly (readonly number[])[];
  readonly centroids: readonly (readonly number[])[];
}

function prepared({ points, centroids }: Input): Parameters<typeof squaredDistances> {
  return [flat(centroids), flat(points), centroids[0]!.length];
}

/** The Hessian is diagonal: times ones it is its diagonal, and the gradient comes with it. */
function newtonDirection([centroids, points, d]: Parameters<typeof squaredDistances>): Float64Array {
  const { d_centroids, h_centroids } = hvp_kmeans(centroids, points, d, new Float64Array(centroids.length).fill(1));
  return d_centroids.map((gradient, i) => gradient / h_centroids[i]!);
}

export const kmeans = {
  cost(input: Input): Answer {
    const args = prepared(input);
    const { result, timings } = timed(() => squaredDistances(...args), input);
    return { output: result, timings };
  },

  dir(input: Input): Answer {
    const args = prepared(input);
    const { result, timings } = timed(() => newtonDirection(args), input);
    return { output: rows(result, input.centroids.length), timings };
  },
};
