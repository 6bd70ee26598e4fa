/** What neural networks do to a vector. */

import type { Vector } from './vectors.ts';

/** `1 / (1 + exp(-x))`, element by element. */
export function sigmoid(x: Vector): Float64Array {
  const y = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) y[i] = 1 / (1 + Math.exp(-x[i]!));
  return y;
}

/** @gradOf sigmoid */
export function sigmoid_rule(value: Float64Array, d_value: Float64Array, d_x: Float64Array | number[]): void {
  for (let i = 0; i < value.length; i++) d_x[i]! += d_value[i]! * value[i]! * (1 - value[i]!);
}

/** @jvpOf sigmoid */
export function sigmoid_tangent(value: Float64Array, t_x: Vector): Float64Array {
  const t = new Float64Array(value.length);
  for (let i = 0; i < t.length; i++) t[i] = t_x[i]! * value[i]! * (1 - value[i]!);
  return t;
}

/** `max(x, 0)`, element by element. The derivative at 0 is 0. */
export function relu(x: Vector): Float64Array {
  const y = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) y[i] = x[i]! > 0 ? x[i]! : 0;
  return y;
}

/** `log(1 + exp(x))`, element by element, without overflow. */
export function softplus(x: Vector): Float64Array {
  const y = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const element = x[i]!;
    y[i] = (element > 0 ? element : 0) + Math.log1p(Math.exp(-Math.abs(element)));
  }
  return y;
}

/** @gradOf softplus */
export function softplus_rule(x: Vector, d_value: Float64Array, d_x: Float64Array | number[]): void {
  for (let i = 0; i < x.length; i++) d_x[i]! += d_value[i]! / (1 + Math.exp(-x[i]!));
}

/** @jvpOf softplus */
export function softplus_tangent(x: Vector, t_x: Vector): Float64Array {
  const t = new Float64Array(x.length);
  for (let i = 0; i < t.length; i++) t[i] = t_x[i]! / (1 + Math.exp(-x[i]!));
  return t;
}

/**
 * `exp(x[i]) / Σ exp(x[j])`, without overflow.
 * @param x n numbers, at least one of them finite
 * @returns n numbers whose sum is 1
 */
export function softmax(x: Vector): Float64Array {
  const y = new Float64Array(x.length);
  const largest = maximum(x);
  let total = 0;
  for (let i = 0; i < x.length; i++) {
    y[i] = Math.exp(x[i]! - largest);
    total += y[i]!;
  }
  for (let i = 0; i < x.length; i++) y[i]! /= total;
  return y;
}

/** @gradOf softmax */
export function softmax_rule(value: Float64Array, d_value: Float64Array, d_x: Float64Array | number[]): void {
  let inner = 0;
  for (let i = 0; i < value.length; i++) inner += d_value[i]! * value[i]!;
  for (let i = 0; i < value.length; i++) d_x[i]! += value[i]! * (d_value[i]! - inner);
}

/** @jvpOf softmax */
export function softmax_tangent(value: Float64Array, t_x: Vector): Float64Array {
  let inner = 0;
  for (let i = 0; i < value.length; i++) inner += t_x[i]! * value[i]!;
  const t = new Float64Array(value.length);
  for (let i = 0; i < t.length; i++) t[i] = value[i]! * (t_x[i]! - inner);
  return t;
}

/** `log Σ exp(x[i])`, without overflow; -Infinity of no numbers. */
export function logSumExp(x: Vector): number {
  const largest = maximum(x);
  if (largest === -Infinity) return -Infinity;
  let total = 0;
  for (let i = 0; i < x.length; i++) total += Math.exp(x[i]! - largest);
  return largest + Math.log(total);
}

/** @gradOf logSumExp */
export function logSumExp_rule(x: Vector, value: number, d_value: number, d_x: Float64Array | number[]): void {
  if (value === -Infinity) return;
  for (let i = 0; i < x.length; i++) d_x[i]! += d_value * Math.exp(x[i]! - value);
}

/**
 * The cross-entropy of the class `label` under `softmax(logits)`: `logSumExp(logits) - logits[label]`.
 * @param logits a number for each class
 * @param label an index
 */
export function crossEntropy(logits: Vector, label: number): number {
  return logSumExp(logits) - logits[label]!;
}

/**
 * `gain (x - mean) / √(variance + epsilon) + shift`, mean and variance being those of the elements of `x` (Ba, Kiros and Hinton,
 * arXiv 1607.06450).
 * @param x n numbers
 * @param gain n numbers
 * @param shift n numbers
 * @param epsilon above 0
 * @returns n numbers
 */
export function layerNorm(x: Vector, gain: Vector, shift: Vector, epsilon: number): Float64Array {
  const n = x.length;
  let total = 0;
  for (let i = 0; i < n; i++) total += x[i]!;
  const mean = total / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (x[i]! - mean) * (x[i]! - mean);
  const factor = 1 / Math.sqrt(squares / n + epsilon);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) y[i] = gain[i]! * ((x[i]! - mean) * factor) + shift[i]!;
  return y;
}

function maximum(x: Vector): number {
  let largest = -Infinity;
  for (let i = 0; i < x.length; i++) if (x[i]! > largest) largest = x[i]!;
  return largest;
}
