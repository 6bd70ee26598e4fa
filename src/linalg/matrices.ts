/** Products of matrices. A matrix of `rows × columns` is `rows` rows of `columns` numbers behind each other. */

import type { Vector } from './vectors.ts';

/**
 * The outer product `a bᵀ`.
 * @param a m numbers
 * @param b n numbers
 * @returns m × n
 */
export function outer(a: Vector, b: Vector): Float64Array {
  const result = new Float64Array(a.length * b.length);
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) result[i * b.length + j] = a[i]! * b[j]!;
  }
  return result;
}

/**
 * `A x`.
 * @param a m × n
 * @param x n numbers
 * @returns m numbers
 */
export function matVec(a: Vector, x: Vector, m: number, n: number): Float64Array {
  const y = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    let total = 0;
    for (let j = 0; j < n; j++) total += a[i * n + j]! * x[j]!;
    y[i] = total;
  }
  return y;
}

/**
 * `Aᵀ x`.
 * @param a m × n
 * @param x m numbers
 * @returns n numbers
 */
export function matTVec(a: Vector, x: Vector, m: number, n: number): Float64Array {
  const y = new Float64Array(n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) y[j]! += a[i * n + j]! * x[i]!;
  }
  return y;
}

/**
 * `A B`.
 * @param a m × k
 * @param b k × n
 * @returns m × n
 */
export function matMul(a: Vector, b: Vector, m: number, k: number, n: number): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < k; l++) {
      const factor = a[i * k + l]!;
      for (let j = 0; j < n; j++) c[i * n + j]! += factor * b[l * n + j]!;
    }
  }
  return c;
}

/**
 * `Aᵀ B`.
 * @param a k × m
 * @param b k × n
 * @returns m × n
 */
export function matTMul(a: Vector, b: Vector, m: number, k: number, n: number): Float64Array {
  const c = new Float64Array(m * n);
  for (let l = 0; l < k; l++) {
    for (let i = 0; i < m; i++) {
      const factor = a[l * m + i]!;
      for (let j = 0; j < n; j++) c[i * n + j]! += factor * b[l * n + j]!;
    }
  }
  return c;
}

/**
 * `A Bᵀ`.
 * @param a m × k
 * @param b n × k
 * @returns m × n
 */
export function matMulT(a: Vector, b: Vector, m: number, k: number, n: number): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let total = 0;
      for (let l = 0; l < k; l++) total += a[i * k + l]! * b[j * k + l]!;
      c[i * n + j] = total;
    }
  }
  return c;
}
