/** The body of a graph inside of another one: statements of the place where they are put. */

import type { Graph, Node, Origin, Value } from './types.ts';
import { copyBlock, exitOperands, mapBlocks } from './walk.ts';

export interface Place {
  readonly origin: Origin | undefined;
  /** In the backward sweep. */
  readonly backward?: boolean;
}

/** New nodes that do what the graph does, and what it returns. */
export function inlined({ params, body }: Graph, args: readonly Value[], place: Place): { readonly nodes: readonly Node[]; readonly values: readonly Value[] } {
  const { nodes, exit } = copyBlock(body, new Map(params.map((param, i) => [param, args[i]!])));
  return { nodes: nodes.map((node) => placedAt(node, place)), values: exitOperands(exit) };
}

function placedAt(node: Node, place: Place): Node {
  const { origin: _own, ...rest } = node;
  const here = { ...rest, ...(place.origin && { origin: place.origin }), ...(place.backward && { backward: true }) } as Node;
  return mapBlocks(here, (block) => ({ ...block, nodes: block.nodes.map((inner) => placedAt(inner, place)) }));
}
