/** Linear systems. Their rules solve systems again, instead of going back through an elimination. */
import type { Vector } from './vectors.ts';

/**
 * The solution `x` of `A x = b`, by elimination with partial pivoting (Golub & Van Loan, Matrix Computations, 3.4).
 * @param a n × n, not singular; of a singular one the result has elements that are not finite
 * @param b n numbers
 * @returns n numbers
 */
export function solve(a: Vector, b: Vector, n: number): Float64Array {
  const lu = new Float64Array(n * n);
  for (let i = 0; i < n * n; i++) lu[i] = a[i]!;
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) x[i] = b[i]!;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(lu[i * n + k]!) > Math.abs(lu[pivot * n + k]!)) pivot = i;
    if (pivot !== k) {
      for (let j = k; j < n; j++) {
        const other = lu[k * n + j]!;
        lu[k * n + j] = lu[pivot * n + j]!;
        lu[pivot * n + j] = other;
      }
      const other = x[k]!;
      x[k] = x[pivot]!;
      x[pivot] = other;
    }
    for (let i = k + 1; i < n; i++) {
      const factor = lu[i * n + k]! / lu[k * n + k]!;
      for (let j = k + 1; j < n; j++) lu[i * n + j]! -= factor * lu[k * n + j]!;
      x[i]! -= factor * x[k]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    let rest = x[i]!;
    for (let j = i + 1; j < n; j++) rest -= lu[i * n + j]! * x[j]!;
    x[i] = rest / lu[i * n + i]!;
  }
  return x;
}

/**
 * `Aᵀ d_b = d_x`, `d_A = -d_b xᵀ` (Giles, An extended collection of matrix derivative results, 2008, 2.3.1).
 * @gradOf solve
 */
export function solve_rule(
  a: Vector,
  n: number,
  value: Float64Array,
  d_value: Float64Array,
  d_a: Float64Array | number[],
  d_b: Float64Array | number[],
): void {
  const pulled = solve(transposed(a, n), d_value, n);
  for (let i = 0; i < n; i++) {
    d_b[i]! += pulled[i]!;
    for (let j = 0; j < n; j++) d_a[i * n + j]! -= pulled[i]! * value[j]!;
  }
}

/** @jvpOf solve */
export function solve_tangent(a: Vector, n: number, value: Float64Array, t_a: Vector, t_b: Vector): Float64Array {
  const right = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let rest = t_b[i]!;
    for (let j = 0; j < n; j++) rest -= t_a[i * n + j]! * value[j]!;
    right[i] = rest;
  }
  return solve(a, right, n);
}

function transposed(a: Vector, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) result[j * n + i] = a[i * n + j]!;
  return result;
}

/**
 * The lower triangle `L` with `L Lᵀ = A` (Golub & Van Loan, Matrix Computations, 4.2).
 * @param a n × n, symmetric and positive definite; only the lower triangle is read, and only it has a gradient
 * @returns n × n, zeros above the diagonal; NaN where `a` is not positive definite
 */
export function cholesky(a: Vector, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let rest = a[i * n + j]!;
      for (let k = 0; k < j; k++) rest -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = i === j ? Math.sqrt(rest) : rest / l[j * n + j]!;
    }
  }
  return l;
}

/**
 * From the last column to the first (Murray, Differentiation of the Cholesky decomposition, arXiv 1602.07527, 3.1).
 * @gradOf cholesky
 */
export function cholesky_rule(n: number, value: Float64Array, d_value: Float64Array, d_a: Float64Array | number[]): void {
  const d_l = d_value.slice();
  for (let j = n - 1; j >= 0; j--) {
    const diagonal = value[j * n + j]!;
    for (let i = n - 1; i > j; i--) {
      const d_rest = d_l[i * n + j]! / diagonal;
      d_l[j * n + j]! -= d_rest * value[i * n + j]!;
      d_a[i * n + j]! += d_rest;
      for (let k = 0; k < j; k++) {
        d_l[i * n + k]! -= d_rest * value[j * n + k]!;
        d_l[j * n + k]! -= d_rest * value[i * n + k]!;
      }
    }
    const d_rest = d_l[j * n + j]! / (2 * diagonal);
    d_a[j * n + j]! += d_rest;
    for (let k = 0; k < j; k++) d_l[j * n + k]! -= 2 * d_rest * value[j * n + k]!;
  }
}

/** @jvpOf cholesky */
export function cholesky_tangent(n: number, value: Float64Array, t_a: Vector): Float64Array {
  const t = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const diagonal = value[j * n + j]!;
    for (let i = j; i < n; i++) {
      let rest = t_a[i * n + j]!;
      for (let k = 0; k < j; k++) rest -= t[i * n + k]! * value[j * n + k]! + value[i * n + k]! * t[j * n + k]!;
      t[i * n + j] = i === j ? rest / (2 * diagonal) : (rest - value[i * n + j]! * t[j * n + j]!) / diagonal;
    }
  }
  return t;
}

/**
 * The solution `x` of `L x = b`, or of `Lᵀ x = b`.
 * @param l n × n, of which the lower triangle is read
 * @param b n numbers
 * @returns n numbers
 */
export function triSolve(l: Vector, b: Vector, n: number, transpose: boolean): Float64Array {
  const x = new Float64Array(n);
  if (transpose) {
    for (let i = n - 1; i >= 0; i--) {
      let rest = b[i]!;
      for (let j = i + 1; j < n; j++) rest -= l[j * n + i]! * x[j]!;
      x[i] = rest / l[i * n + i]!;
    }
  } else {
    for (let i = 0; i < n; i++) {
      let rest = b[i]!;
      for (let j = 0; j < i; j++) rest -= l[i * n + j]! * x[j]!;
      x[i] = rest / l[i * n + i]!;
    }
  }
  return x;
}

/** @gradOf triSolve */
export function triSolve_rule(
  l: Vector,
  n: number,
  transpose: boolean,
  value: Float64Array,
  d_value: Float64Array,
  d_l: Float64Array | number[],
  d_b: Float64Array | number[],
): void {
  const pulled = triSolve(l, d_value, n, !transpose);
  for (let i = 0; i < n; i++) {
    d_b[i]! += pulled[i]!;
    for (let j = 0; j <= i; j++) d_l[i * n + j]! -= transpose ? pulled[j]! * value[i]! : pulled[i]! * value[j]!;
  }
}

/** @jvpOf triSolve */
export function triSolve_tangent(l: Vector, n: number, transpose: boolean, value: Float64Array, t_l: Vector, t_b: Vector): Float64Array {
  const right = new Float64Array(n);
  for (let i = 0; i < n; i++) right[i] = t_b[i]!;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      if (transpose) right[j]! -= t_l[i * n + j]! * value[i]!;
      else right[i]! -= t_l[i * n + j]! * value[j]!;
    }
  }
  return triSolve(l, right, n, transpose);
}
