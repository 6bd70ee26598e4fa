import type { gmmRows } from '../problems/gmm-rows.ts';
import type { gmm } from '../problems/gmm.ts';
import { Random } from './random.ts';
import { rowsOf } from './rows.ts';

export function gmmInput(d: number, k: number, n: number): Parameters<typeof gmm> {
  const random = new Random();
  return [
    random.normals(k),
    random.uniforms(k * d),
    random.normals(k * d),
    random.normals((k * d * (d - 1)) / 2),
    random.normals(n * d),
    1,
    0,
  ];
}

export function gmmRowsInput(d: number, k: number, n: number): Parameters<typeof gmmRows> {
  const [alpha, mu, q, l, x, gamma, m] = gmmInput(d, k, n);
  return [[...alpha], rowsOf(mu, k), rowsOf(q, k), rowsOf(l, k), rowsOf(x, n), gamma, m];
}
