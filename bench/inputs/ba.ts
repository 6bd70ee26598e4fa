import type { ba } from '../problems/ba.ts';
import { Random } from './random.ts';

/** The points lie in front of the cameras, as measured ones do. */
export function baInput(n: number, m: number, observations: number): Parameters<typeof ba> {
  const random = new Random();
  return [
    Float64Array.from(
      Array.from({ length: n }, () => [
        ...random.normals(3, 0.1),
        ...random.normals(3, 0.1),
        random.between(1, 2),
        ...random.normals(2, 0.01),
        ...random.normals(2, 0.01),
      ]).flat(),
    ),
    Float64Array.from(Array.from({ length: m }, () => [random.normal(), random.normal(), random.between(4, 8)]).flat()),
    random.uniforms(observations, 0.5, 1.5),
    random.normals(2 * observations),
  ];
}
