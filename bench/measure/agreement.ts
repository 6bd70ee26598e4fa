/** The largest difference between two gradients, as a share of the largest element of either. */
export function disagreement(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) throw new Error(`${a.length} numbers against ${b.length}`);
  const scale = Math.max(...[a, b].map((list) => list.reduce((most, x) => Math.max(most, Math.abs(x)), 0)));
  const worst = a.reduce((most, x, i) => (x === b[i] ? most : Math.max(most, Math.abs(x - b[i]!))), 0);
  // NaN is no agreement.
  return worst === 0 ? 0 : worst / scale;
}
