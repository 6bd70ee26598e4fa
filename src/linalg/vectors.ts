/** Vectors. What is returned is a new `Float64Array`; nothing that is handed in is written to. */

/** Numbers in a row; everything here takes both. */
export type Vector = Float64Array | readonly number[];

/**
 * The inner product `Σ a[i] b[i]`.
 * @param a n numbers
 * @param b n numbers
 */
export function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/**
 * `alpha x + y`.
 * @param x n numbers
 * @param y n numbers
 * @returns n numbers
 */
export function axpy(alpha: number, x: Vector, y: Vector): Float64Array {
  const result = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) result[i] = alpha * x[i]! + y[i]!;
  return result;
}

/**
 * `a + b`.
 * @param a n numbers
 * @param b n numbers
 * @returns n numbers
 */
export function add(a: Vector, b: Vector): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = a[i]! + b[i]!;
  return result;
}

/**
 * `factor a`.
 * @param a n numbers
 * @returns n numbers
 */
export function scale(factor: number, a: Vector): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = factor * a[i]!;
  return result;
}

/** `Σ a[i]`; 0 of no numbers. */
export function sum(a: Vector): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]!;
  return total;
}

/** `Σ a[i] / n`; NaN of no numbers. */
export function mean(a: Vector): number {
  return sum(a) / a.length;
}

/**
 * The Euclidean length `√(Σ a[i]²)`. Its gradient at 0, where there is none, is 0: the element of the subdifferential of least norm.
 */
export function norm2(a: Vector): number {
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += a[i]! * a[i]!;
  return Math.sqrt(squares);
}

/** @gradOf norm2 */
export function norm2_rule(a: Vector, value: number, d_value: number, d_a: Float64Array | number[]): void {
  const factor = value > 0 ? d_value / value : 0;
  for (let i = 0; i < a.length; i++) d_a[i]! += factor * a[i]!;
}

/**
 * The mean of the squares of the differences, `Σ (a[i] - b[i])² / n`.
 * @param a n numbers
 * @param b n numbers
 */
export function mse(a: Vector, b: Vector): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!;
    total += difference * difference;
  }
  return total / a.length;
}

/**
 * The part of the convolution where the kernel lies inside of `x`, without turning the kernel round (a correlation, as in neural
 * networks): `y[i] = Σ kernel[j] x[i + j]`.
 * @param x n numbers
 * @param kernel k numbers, k ≤ n
 * @returns n - k + 1 numbers
 */
export function conv1d(x: Vector, kernel: Vector): Float64Array {
  const result = new Float64Array(x.length - kernel.length + 1);
  for (let i = 0; i < result.length; i++) {
    let total = 0;
    for (let j = 0; j < kernel.length; j++) total += kernel[j]! * x[i + j]!;
    result[i] = total;
  }
  return result;
}
