/** Records, tuples and small fixed arrays become values. */

import type { Graph } from '../src/graph/types.ts';

export function promote(graph: Graph): Graph {
  return graph;
}
