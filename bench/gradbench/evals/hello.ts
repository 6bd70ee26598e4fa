import { grad_square } from '../../problems/square.grad.ts';
import { square } from '../../problems/square.ts';
import type { Answer } from '../protocol.ts';

/** The one eval that asks for no times. */
export const hello = {
  square: (x: number): Answer => ({ output: square(x), timings: [] }),
  double: (x: number): Answer => ({ output: grad_square(x).d_x, timings: [] }),
};
