import type { rosenbrock } from '../problems/rosenbrock.ts';
import { Random } from './random.ts';

export function rosenbrockInput(length: number): Parameters<typeof rosenbrock> {
  return [new Random().uniforms(length, -1, 2)];
}
