import type { DetGrad } from '../problems/det.grad.ts';

/**
 * The minor of what is left; its gradient times `d_minor` is added to `d_a`. A cofactor's adjoint is known before the cofactor
 * is computed, so that nothing is kept.
 */
function minor(
  a: Float64Array,
  size: number,
  left: number,
  rows: Int32Array,
  columns: Int32Array,
  d_a: Float64Array,
  d_minor: number,
): number {
  if (left === 0) return 1;
  const row = rows[size]!;
  rows[size] = rows[row]!;
  let sum = 0;
  let sign = 1;
  let before = size;
  for (let i = 0; i < left; i++) {
    const column = columns[before]!;
    columns[before] = columns[column]!;
    const factor = sign * a[row * size + column]!;
    const cofactor = minor(a, size, left - 1, rows, columns, d_a, d_minor * factor);
    sum += factor * cofactor;
    d_a[row * size + column]! += d_minor * sign * cofactor;
    columns[before] = column;
    sign = -sign;
    before = column;
  }
  rows[size] = row;
  return sum;
}

export function det(
  a: Float64Array,
  size: number,
  out: DetGrad = { value: 0, d_a: new Float64Array(a.length) },
): DetGrad {
  out.d_a.fill(0);
  const rows = new Int32Array(size + 1);
  const columns = new Int32Array(size + 1);
  for (let i = 0; i < size; i++) {
    rows[i] = i + 1;
    columns[i] = i + 1;
  }
  out.value = minor(a, size, size, rows, columns, out.d_a, 1);
  return out;
}
