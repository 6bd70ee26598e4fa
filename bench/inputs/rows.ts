/** The same numbers as arrays of arrays: `count` rows. */
export function rowsOf(flat: Float64Array, count: number): number[][] {
  const length = flat.length / count;
  return Array.from({ length: count }, (_, i) => [...flat.subarray(i * length, (i + 1) * length)]);
}
