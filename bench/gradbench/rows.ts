/** Arrays of arrays to and from the flat rows of the functions. */

export function flat(rows: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(rows.flat());
}

/** `count` rows of equal length. */
export function rows(values: Float64Array, count: number): number[][] {
  const length = values.length / count;
  return Array.from({ length: count }, (_, i) => Array.from(values.subarray(i * length, (i + 1) * length)));
}
