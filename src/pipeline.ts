/** The method, one line per pass. */

import type { Companion, Primal, Request } from './graph/primal.ts';

export interface PipelineOptions {
  /** `false`: everything is active and everything is stored; the tests' partner of the real pipeline. */
  readonly analyses?: boolean;
}

export function derive(_primal: Primal, _request: Request, _options: PipelineOptions = {}): Companion {
  throw new Error('the transforms are not built yet');
}
