/**
 * Fuses mirrors that run one behind the other, once storage is placed: then they are loops like others, and an adjoint that one
 * hands to the next, element by element, is a local.
 *
 *     for (let j = n - 1; j >= 0; j--) { …; d_centred[j] = sum; }        for (let j = n - 1; j >= 0; j--) {
 *     for (let j = n - 1; j >= 0; j--) d_mu[j] -= d_centred[j];            …; d_mu[j] -= sum;
 *                                                                        }
 *
 * Before, each of them is the mirror of a loop of its own, which may not have been one loop. Rooms in the workspace that nobody
 * reads any more are given up.
 */

import type { Block, Graph, Node, Value } from '../src/graph/types.ts';
import { mapBlocks, substitute, visit, withNodes } from '../src/graph/walk.ts';
import { eliminateDead } from './eliminate-dead.ts';
import { fusedLoops } from './fuse-loops.ts';
import { shareWithin } from './share.ts';
import { shareLoadsWithin } from './share-loads.ts';
import { simplify } from './simplify.ts';

export function fusePlaced(graph: Graph): Graph {
  const { graph: together, fused } = fusedLoops(graph);
  if (fused.size === 0) return graph;
  return eliminateDead(simplify(withoutUnreadRooms(shareLoadsWithin(shareWithin(together, fused), fused))));
}

/** Without what is stored in rooms of shadows that nobody reads, and without the rooms. */
function withoutUnreadRooms(graph: Graph): Graph {
  const stored = new Set<Value>();
  const read = new Set<Value>();
  visit(graph.body, (node) => {
    if ((node.kind === 'store' || node.kind === 'accumulate') && node.part !== undefined) stored.add(node.part);
    if (node.kind === 'load' && node.part !== undefined) read.add(node.part);
  });
  const isUnread = (part: Value | undefined): boolean => part !== undefined && stored.has(part) && !read.has(part);
  const begin = new Map<Value, Value>();
  const without = (block: Block): Block => withNodes(block, block.nodes.flatMap((node): readonly Node[] => {
    if ((node.kind === 'store' || node.kind === 'accumulate') && isUnread(node.part)) return [];
    if (node.kind !== 'apply' || !isUnread(node.room)) return [mapBlocks(node, without)];
    begin.set(node.result, node.operands[0]!);
    return [];
  }));
  const body = without(graph.body);
  const use = (value: Value): Value => {
    const before = begin.get(value);
    return before === undefined ? value : use(before);
  };
  return { ...graph, body: reservedOnce(substitute(body, use)) };
}

/** The function's own block asks for the same room once. */
function reservedOnce(body: Block): Block {
  const sizes = new Set<Value>();
  const nodes = body.nodes.filter((node) => {
    if (node.kind !== 'workspace') return true;
    const isNew = !node.grows || !sizes.has(node.size);
    sizes.add(node.size);
    return isNew;
  });
  return { ...body, nodes };
}
