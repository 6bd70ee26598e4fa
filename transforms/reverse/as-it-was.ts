/** The array that a node reads as a whole, for its mirror: a copy, where elements may be overwritten in between. */

import { BlockBuilder } from '../../src/graph/build.ts';
import type { Node, Value } from '../../src/graph/types.ts';
import type { Frame } from './frame.ts';
import { primal, type Sweep } from './sweep.ts';

/** `when`: whether it is an operand of the node, or a result. */
export function asItWas(sweep: Sweep, frame: Frame, node: Node, array: Value, when: 'before' | 'after' = 'before'): Value {
  if (array.type.kind !== 'array' || !sweep.isWrittenAfter(node, array)) return primal(sweep, frame, array);
  const copying = new BlockBuilder(node.origin);
  const copy = copying.alloc(array.type, { kind: 'copy', of: array }, array.name);
  if (when === 'before') sweep.changes.insertBefore(node, copying.nodes);
  else sweep.changes.insertAfter(node, copying.nodes);
  sweep.learn(copy, sweep.homeOfNode(node));
  return primal(sweep, frame, copy);
}
