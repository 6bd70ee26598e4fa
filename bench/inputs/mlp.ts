import type { mlpRows } from '../problems/mlp-rows.ts';
import type { mlp } from '../problems/mlp.ts';
import { Random } from './random.ts';
import { rowsOf } from './rows.ts';

export function mlpInput(samples: number, inputs: number, hidden: number, classes: number): Parameters<typeof mlp> {
  const random = new Random();
  return [
    random.normals(hidden * inputs, 1 / Math.sqrt(inputs)),
    random.normals(hidden, 0.1),
    random.normals(classes * hidden, 1 / Math.sqrt(hidden)),
    random.normals(classes, 0.1),
    random.uniforms(samples * inputs),
    Int32Array.from({ length: samples }, () => random.below(classes)),
  ];
}

export function mlpRowsInput(
  samples: number,
  inputs: number,
  hidden: number,
  classes: number,
): Parameters<typeof mlpRows> {
  const [w1, b1, w2, b2, x, labels] = mlpInput(samples, inputs, hidden, classes);
  const network = {
    w1: rowsOf(w1, hidden),
    b1: [...b1],
    w2: rowsOf(w2, classes),
    b2: [...b2],
  };
  return [network, rowsOf(x, samples), [...labels]];
}
