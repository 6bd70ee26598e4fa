import type { lstm } from '../problems/lstm.ts';
import { Random } from './random.ts';

export function lstmInput(layers: number, characters: number, bits = 14): Parameters<typeof lstm> {
  const random = new Random();
  return [
    random.uniforms(8 * layers * bits, -1, 1),
    random.uniforms(3 * bits, -1, 1),
    random.uniforms(2 * layers * bits, -1, 1),
    Float64Array.from({ length: characters * bits }, () => random.below(2)),
  ];
}
