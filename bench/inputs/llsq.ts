import type { llsq } from '../problems/llsq.ts';
import { Random } from './random.ts';

export function llsqInput(coefficients: number, points: number): Parameters<typeof llsq> {
  return [new Random().normals(coefficients), points];
}
