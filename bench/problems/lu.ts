/**
 * Determinant by elimination with partial pivoting.
 * @grad matrix
 * @jvp matrix
 * @hvp matrix
 */
export function lu(matrix: Float64Array, n: number): number {
  const a = matrix.slice();
  let determinant = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(a[i * n + k]!) > Math.abs(a[pivot * n + k]!)) pivot = i;
    }
    if (pivot !== k) {
      for (let j = 0; j < n; j++) {
        const swapped = a[k * n + j]!;
        a[k * n + j] = a[pivot * n + j]!;
        a[pivot * n + j] = swapped;
      }
      determinant = -determinant;
    }
    determinant *= a[k * n + k]!;
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k]! / a[k * n + k]!;
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= factor * a[k * n + j]!;
    }
  }
  return determinant;
}
