/** A loop carries tangents beside the values that it carries. */

import type { BlockBuilder } from '../../src/graph/build.ts';
import type { LoopNode } from '../../src/graph/types.ts';
import { pushBlock, tangentsFor, type Exits } from './block.ts';
import { forEachLane, type Push } from './forward.ts';

export function pushLoop(push: Push, builder: BlockBuilder, node: LoopNode, exits: Exits): void {
  const results = node.results.map((result) => (push.isActive(result) ? result : undefined));
  // What is handed out at the bound has its tangent inside, too.
  const handedOut = new Set(node.done.filter((_value, i) => results[i] !== undefined));
  const carried = node.body.params.map((param) => (push.isActive(param) || handedOut.has(param) ? param : undefined));

  const initial = tangentsFor(push, builder, node.initial, carried);
  const params = forEachLane(push, () => push.tangents.define(carried)).flat();
  const body = pushBlock(push, node.body, { ...exits, yield: carried, break: results });
  const done = tangentsFor(push, builder, node.done, results);
  builder.push({
    ...node,
    initial: [...node.initial, ...initial],
    body: { ...body, params: [...node.body.params, ...params] },
    done: [...node.done, ...done],
    results: [...node.results, ...forEachLane(push, () => push.tangents.define(results)).flat()],
  });
}
