import type { LuGrad } from '../problems/lu.grad.ts';

/** The factors stay below the diagonal, so that the elimination can be run backwards from the finished matrix. */
export function lu(
  matrix: Float64Array,
  n: number,
  out: LuGrad = { value: 0, d_matrix: new Float64Array(matrix.length) },
): LuGrad {
  const a = matrix.slice();
  const pivots = new Int32Array(n);
  const before = new Float64Array(n);
  let determinant = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(a[i * n + k]!) > Math.abs(a[pivot * n + k]!)) pivot = i;
    }
    pivots[k] = pivot;
    if (pivot !== k) {
      // The factors to the left stay in their rows: each step is undone with its own.
      for (let j = k; j < n; j++) {
        const swapped = a[k * n + j]!;
        a[k * n + j] = a[pivot * n + j]!;
        a[pivot * n + j] = swapped;
      }
      determinant = -determinant;
    }
    before[k] = determinant;
    determinant *= a[k * n + k]!;
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k]! / a[k * n + k]!;
      a[i * n + k] = factor;
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= factor * a[k * n + j]!;
    }
  }
  out.value = determinant;

  const d_a = out.d_matrix;
  d_a.fill(0);
  let d_determinant = 1;
  for (let k = n - 1; k >= 0; k--) {
    const pivotValue = a[k * n + k]!;
    let d_pivot = d_determinant * before[k]!;
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k]!;
      let d_factor = 0;
      for (let j = k + 1; j < n; j++) {
        const d = d_a[i * n + j]!;
        d_factor -= d * a[k * n + j]!;
        d_a[k * n + j]! -= d * factor;
      }
      const d_quotient = d_factor / pivotValue;
      d_a[i * n + k] = d_quotient;
      d_pivot -= d_quotient * factor;
    }
    d_a[k * n + k] = d_pivot;
    d_determinant *= pivotValue;
    const pivot = pivots[k]!;
    if (pivot !== k) {
      d_determinant = -d_determinant;
      for (let j = k; j < n; j++) {
        const swapped = d_a[k * n + j]!;
        d_a[k * n + j] = d_a[pivot * n + j]!;
        d_a[pivot * n + j] = swapped;
      }
    }
  }
  return out;
}
