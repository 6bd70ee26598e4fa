import type { ode } from '../problems/ode.ts';
import { Random } from './random.ts';

export function odeInput(n: number, steps: number): Parameters<typeof ode> {
  return [new Random().uniforms(n, 0.5, 1.5), steps];
}
