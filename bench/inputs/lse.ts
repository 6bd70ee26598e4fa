import type { lse } from '../problems/lse.ts';
import { Random } from './random.ts';

export function lseInput(n: number): Parameters<typeof lse> {
  return [new Random().uniforms(n)];
}
