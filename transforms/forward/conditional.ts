/** An `if` decides once, for the values and for their tangents. What a default stands for has its parameter's tangent already. */

import type { BlockBuilder } from '../../src/graph/build.ts';
import type { IfNode } from '../../src/graph/types.ts';
import { pushBlock, type Exits } from './block.ts';
import { forEachLane, type Push } from './forward.ts';

export function pushIf(push: Push, builder: BlockBuilder, node: IfNode, exits: Exits): void {
  const receivers = node.results.map((result) => {
    const isDefault = push.tangents.get(result) !== undefined;
    return push.isActive(result) && !isDefault ? result : undefined;
  });
  const inner: Exits = { ...exits, yield: receivers };
  const then = pushBlock(push, node.then, inner);
  const otherwise = pushBlock(push, node.else, inner);
  const results = [...node.results, ...forEachLane(push, () => push.tangents.define(receivers)).flat()];
  builder.push({ ...node, then, else: otherwise, results });
}
