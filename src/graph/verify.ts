/** Checks that a graph is well formed. */

import type { Graph } from './types.ts';

/** Where in the pipeline a graph stands: what may occur in it depends on that. */
export type Stage = 'forward' | 'reversed' | 'placed';

/** @throws Error with the printed graph and the place, when the graph is not well formed. */
export function verify(_graph: Graph, _stage: Stage): void {}
