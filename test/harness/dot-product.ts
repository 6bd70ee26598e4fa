/** ⟨d_value, J t⟩ = ⟨Jᵀ d_value, t⟩: what forward and reverse mode say of the same direction, without any difference quotient. */

import { at, type Datum, isTypedArray, leavesOf, printPath } from './data.ts';

/** A direction in the space of the datum: random numbers, in double precision, where it has numbers. */
export function randomTangent(datum: Datum, next: () => number): Datum {
  if (typeof datum === 'number') return 2 * next() - 1;
  if (isTypedArray(datum)) return Float64Array.from(datum, () => 2 * next() - 1);
  if (Array.isArray(datum)) return datum.map((part) => randomTangent(part, next));
  if (typeof datum !== 'object' || datum === null) return datum;
  return Object.fromEntries(Object.entries(datum).map(([name, part]) => [name, randomTangent(part, next)]));
}

/**
 * What is wrong; undefined where both modes agree to 1e-12 of the sum of the absolute products. Gradients that are not finite
 * (a pole, where the contract promises an infinity) have no product with a direction: there is nothing to compare.
 */
export function dotProductProblem(gradients: Datum, directions: Datum, tangent: number): string | undefined {
  let sum = 0;
  let scale = 0;
  for (const { path, value } of leavesOf(gradients)) {
    const direction = at(directions, path);
    // Of an argument that is absent the gradient is 0.
    if (direction === undefined && value === 0) continue;
    if (typeof direction !== 'number') return `${printPath(path)} has a gradient and no tangent`;
    if (!Number.isFinite(value)) return undefined;
    sum += value * direction;
    scale += Math.abs(value * direction);
  }
  if (Math.abs(sum - tangent) <= 1e-12 * scale) return undefined;
  return `J t is ${tangent}, the gradient along t is ${sum} (off by ${Math.abs(sum - tangent) / scale} of the products' size)`;
}
