import { Random } from './random.ts';

/** For determinants. */
export function matrixInput(size: number): [matrix: Float64Array, size: number] {
  return [new Random().normals(size * size), size];
}
