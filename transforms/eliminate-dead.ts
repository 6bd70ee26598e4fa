/** Drops what nobody reads. */

import type { Graph } from '../src/graph/types.ts';

export function eliminateDead(graph: Graph): Graph {
  return graph;
}
