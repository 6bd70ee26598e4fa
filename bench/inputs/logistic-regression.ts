import type { logisticRegression } from '../problems/logistic-regression.ts';
import { Random } from './random.ts';

export function logisticRegressionInput(n: number, d: number): Parameters<typeof logisticRegression> {
  const random = new Random();
  const labels = Float64Array.from({ length: n }, () => (random.uniform() < 0.5 ? -1 : 1));
  return [random.normals(d, 0.3), 0.1, random.normals(n * d), labels];
}
