/** The companions that take directions, of functions that are tagged for their gradient. */

import type { Companion, Primal, Request } from '../../src/graph/primal.ts';
import { derive, type PipelineOptions } from '../../src/pipeline.ts';
import type { Datum } from './data.ts';

/** `jvp_f(…params, …tangents)`. */
export type Forward = (...argsAndTangents: readonly Datum[]) => { readonly value: number; readonly t_value: number };

export function forwardCompanion(primal: Primal, request: Request, options: PipelineOptions = {}): Companion {
  return derive(primal, { ...request, kind: 'jvp' }, { verified: true, ...options });
}

/** `hvp_f(…params, …tangents)` returns the value, gradients `d_p`, and Hessians times the tangents, `h_p`. */
export type SecondOrder = (...argsAndTangents: readonly Datum[]) => Readonly<Record<string, Datum>>;

export function secondOrderCompanion(primal: Primal, request: Request, options: PipelineOptions = {}): Companion {
  return derive(primal, { ...request, kind: 'hvp' }, { verified: true, ...options });
}
