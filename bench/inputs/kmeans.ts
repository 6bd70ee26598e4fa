import type { kmeans } from '../problems/kmeans.ts';
import { Random } from './random.ts';

/** As in GradBench, the centroids begin at the last points. */
export function kmeansInput(k: number, n: number, d: number): Parameters<typeof kmeans> {
  const points = new Random().normals(n * d);
  return [points.slice((n - k) * d), points, d];
}
