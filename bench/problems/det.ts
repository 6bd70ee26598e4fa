/**
 * Expansion along the first row that is left. `rows` and `columns` link what is left: element i names the one that follows i,
 * the last element the first of all.
 */
function minor(a: Float64Array, size: number, left: number, rows: Int32Array, columns: Int32Array): number {
  if (left === 0) return 1;
  const row = rows[size]!;
  rows[size] = rows[row]!;
  let sum = 0;
  let sign = 1;
  let before = size;
  for (let i = 0; i < left; i++) {
    const column = columns[before]!;
    columns[before] = columns[column]!;
    sum += sign * a[row * size + column]! * minor(a, size, left - 1, rows, columns);
    columns[before] = column;
    sign = -sign;
    before = column;
  }
  rows[size] = row;
  return sum;
}

/**
 * Determinant by expansion into minors (GradBench's det).
 * @grad a
 * @jvp a
 * @hvp a
 */
export function det(a: Float64Array, size: number): number {
  const rows = new Int32Array(size + 1);
  const columns = new Int32Array(size + 1);
  for (let i = 0; i < size; i++) {
    rows[i] = i + 1;
    columns[i] = i + 1;
  }
  return minor(a, size, size, rows, columns);
}
