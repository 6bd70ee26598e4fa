/** BFGS with a backtracking line search (Nocedal & Wright 2006, §6.1): for a handful of parameters. */

export interface Point {
  readonly value: number;
  readonly gradient: Float64Array;
}

export interface Minimum {
  readonly at: Float64Array;
  /** The value after each iteration, the start first. */
  readonly losses: readonly number[];
}

/** `f` may hand out the same array for the gradient every time. Ends when the gradient is small or no step helps. */
export function minimise(f: (x: Float64Array) => Point, start: Float64Array, iterations: number): Minimum {
  const n = start.length;
  let x: Float64Array = start.slice();
  let { value, gradient } = evaluate(f, x);
  let inverse = identity(n);
  const losses = [value];
  for (let k = 0; k < iterations && norm(gradient) > 1e-8; k++) {
    let direction = product(inverse, gradient, -1);
    if (dot(direction, gradient) >= 0) {
      inverse = identity(n);
      direction = product(inverse, gradient, -1);
    }
    const slope = dot(direction, gradient);
    // The first steps are short: nothing is known about the curvature yet.
    let length = k === 0 ? Math.min(1, 0.1 / norm(gradient)) : 1;
    let next = shifted(x, direction, length);
    let point = evaluate(f, next);
    while (!(point.value <= value + 1e-4 * length * slope) && length > 1e-12) {
      length /= 2;
      next = shifted(x, direction, length);
      point = evaluate(f, next);
    }
    if (!(point.value < value)) break;
    update(inverse, shifted(next, x, -1), shifted(point.gradient, gradient, -1));
    x = next;
    ({ value, gradient } = point);
    losses.push(value);
  }
  return { at: x, losses };
}

function evaluate(f: (x: Float64Array) => Point, x: Float64Array): Point {
  const { value, gradient } = f(x);
  return { value, gradient: gradient.slice() };
}

/** The new inverse Hessian from a step and the change of the gradient along it. */
function update(inverse: Float64Array, step: Float64Array, change: Float64Array): void {
  const n = step.length;
  const curvature = dot(step, change);
  if (!(curvature > 1e-12)) return;
  const image = product(inverse, change, 1);
  const factor = (1 + dot(change, image) / curvature) / curvature;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      inverse[i * n + j]! += factor * step[i]! * step[j]! - (image[i]! * step[j]! + step[i]! * image[j]!) / curvature;
    }
  }
}

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1;
  return matrix;
}

function product(matrix: Float64Array, vector: Float64Array, scale: number): Float64Array {
  const n = vector.length;
  return vector.map((_v, i) => scale * dot(matrix.subarray(i * n, (i + 1) * n), vector));
}

function shifted(x: Float64Array, direction: Float64Array, length: number): Float64Array {
  return x.map((v, i) => v + length * direction[i]!);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, v, i) => sum + v * b[i]!, 0);
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}
