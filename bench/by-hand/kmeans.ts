import type { KmeansGrad } from '../problems/kmeans.grad.ts';

/** Only the nearest centroid of a point has a gradient. */
export function kmeans(
  centroids: Float64Array,
  points: Float64Array,
  d: number,
  out: KmeansGrad = { value: 0, d_centroids: new Float64Array(centroids.length) },
): KmeansGrad {
  const { d_centroids } = out;
  d_centroids.fill(0);
  const n = points.length / d;
  const k = centroids.length / d;
  let cost = 0;
  for (let p = 0; p < n; p++) {
    let nearest = Infinity;
    let winner = 0;
    for (let c = 0; c < k; c++) {
      let squared = 0;
      for (let j = 0; j < d; j++) {
        const difference = centroids[c * d + j]! - points[p * d + j]!;
        squared += difference * difference;
      }
      if (squared < nearest) {
        nearest = squared;
        winner = c;
      }
    }
    cost += nearest;
    for (let j = 0; j < d; j++) {
      d_centroids[winner * d + j]! += 2 * (centroids[winner * d + j]! - points[p * d + j]!);
    }
  }
  out.value = cost;
  return out;
}
