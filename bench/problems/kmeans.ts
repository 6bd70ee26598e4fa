/**
 * Sum of the squared distances of the points to their nearest centroids; `centroids` and `points` are rows of length d.
 * @grad centroids
 * @jvp centroids
 * @hvp centroids
 */
export function kmeans(centroids: Float64Array, points: Float64Array, d: number): number {
  let cost = 0;
  for (let p = 0; p < points.length / d; p++) {
    let nearest = Infinity;
    for (let c = 0; c < centroids.length / d; c++) {
      let squared = 0;
      for (let j = 0; j < d; j++) {
        const difference = centroids[c * d + j]! - points[p * d + j]!;
        squared += difference * difference;
      }
      nearest = Math.min(nearest, squared);
    }
    cost += nearest;
  }
  return cost;
}
