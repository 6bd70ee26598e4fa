import type { neuron } from '../problems/neuron.ts';
import { Random } from './random.ts';

/** Sixteen samples in turn: one alone could be computed once for all calls. */
export function neuronInputs(): Parameters<typeof neuron>[] {
  const random = new Random();
  return Array.from({ length: 16 }, () => [random.normal(), random.normal(), random.normal(), random.uniform()]);
}
