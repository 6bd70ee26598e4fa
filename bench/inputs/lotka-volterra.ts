import type { lotkaVolterra } from '../problems/lotka-volterra.ts';
import { Random } from './random.ts';

export function lotkaVolterraInput(steps: number): Parameters<typeof lotkaVolterra> {
  const observed = new Random().uniforms(2 * steps, 5, 40);
  return [Float64Array.of(0.55, 0.028, 0.024, 0.8), Float64Array.of(33, 6), observed, 0.1];
}
