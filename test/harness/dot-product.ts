/** ⟨d_value, J t⟩ = ⟨Jᵀ d_value, t⟩: what forward and reverse mode say of the same direction, without any difference quotient. */

import type { Companion } from '../../src/graph/primal.ts';
import type { Randomness } from '../random/randomness.ts';
import { at, type Datum, isTypedArray, leavesOf, printPath } from './data.ts';
import { slopeAt } from './differences.ts';

export type Directions = Readonly<Record<string, Datum>>;

/** One direction for each differentiated parameter, under the name of its gradient. `args` as the companion takes them. */
export function directionsOf(companion: Companion, args: readonly Datum[], randomness: Randomness): Directions {
  const { params } = companion.signature;
  const directions = companion.differentiated.map((parameter) => {
    const arg = args[params.findIndex(({ name }) => name === parameter.name)];
    // The direction of an absent number is that of its default.
    const isNumber = parameter.type.kind === 'optional' && parameter.type.of.kind === 'real';
    return [`d_${parameter.name}`, randomTangent(arg ?? (isNumber ? 0 : undefined), randomness)];
  });
  return Object.fromEntries(directions) as Directions;
}

/** A direction in the space of the datum: random numbers, in double precision, where it has numbers. */
export function randomTangent(datum: Datum, randomness: Randomness): Datum {
  if (typeof datum === 'number') return 2 * randomness.next() - 1;
  if (isTypedArray(datum)) return Float64Array.from(datum, () => 2 * randomness.next() - 1);
  if (Array.isArray(datum)) return datum.map((part) => randomTangent(part, randomness));
  if (typeof datum !== 'object' || datum === null) return datum;
  return Object.fromEntries(Object.entries(datum).map(([name, part]) => [name, randomTangent(part, randomness)]));
}

/** The sum of the products of the numbers of `a` with those at the same places of `b`. */
export function dotProduct(a: Datum, b: Datum): number {
  return leavesOf(a).reduce((sum, { path, value }) => sum + value * ((at(b, path) ?? 0) as number), 0);
}

/**
 * What is wrong; undefined where both modes agree to 1e-12 of the sum of the absolute products and `size`. Gradients that are not finite
 * (a pole, where the contract promises an infinity) have no product with a direction: there is nothing to compare.
 */
export function dotProductProblem(gradients: Datum, directions: Datum, tangent: number, size = 0, tolerance = 1e-12): string | undefined {
  let sum = 0;
  let scale = size;
  for (const { path, value } of leavesOf(gradients)) {
    const direction = at(directions, path);
    // Of an argument that is absent the gradient is 0.
    if (direction === undefined && value === 0) continue;
    if (typeof direction !== 'number') return `${printPath(path)} has a gradient and no tangent`;
    if (!Number.isFinite(value)) return undefined;
    sum += value * direction;
    scale += Math.abs(value * direction);
  }
  if (Math.abs(sum - tangent) <= tolerance * scale) return undefined;
  return `J t is ${tangent}, the gradient along t is ${sum} (off by ${Math.abs(sum - tangent) / scale} of the products' size)`;
}

/** ⟨cotangent, slope of f along the directions⟩, one direction for each argument (or none), by differences. */
export function differenceAlong(f: (...args: readonly Datum[]) => Datum, args: readonly Datum[], directions: readonly Datum[], cotangent: Datum): number {
  const moved = (h: number): number => dotProduct(cotangent, f(...args.map((arg, i) => shifted(arg, directions[i], h))));
  return slopeAt(moved, 0).slope;
}

function shifted(datum: Datum, direction: Datum, h: number): Datum {
  if (direction === undefined || datum === undefined || datum === null) return datum;
  if (typeof datum === 'number') return datum + h * (direction as number);
  if (isTypedArray(datum)) return (datum instanceof Float32Array ? Float64Array.from(datum) : datum).map((value, i) => value + h * (direction as Float64Array)[i]!);
  if (Array.isArray(datum)) return datum.map((part, i) => shifted(part, (direction as Datum[])[i], h));
  if (typeof datum !== 'object') return datum;
  const copy = Object.assign(Object.create(Object.getPrototypeOf(datum) as object | null) as Record<string, Datum>, datum);
  for (const [name, part] of Object.entries(datum)) copy[name] = shifted(part, (direction as Record<string, Datum>)[name], h);
  return copy;
}
