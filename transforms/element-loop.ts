/** A loop over the elements of an array, made by the transforms themselves. */

import { BlockBuilder, integer, newLoopId, newValue } from '../src/graph/build.ts';
import type { Value } from '../src/graph/types.ts';

/**
 * `for (let i = 0; i < length; i++)` over elements.
 * `carried` values go through `body`, which returns their next ones. `from`: the first index, where it is not 0.
 */
export function elementLoop(
  builder: BlockBuilder,
  length: Value,
  body: (inner: BlockBuilder, index: Value, carried: readonly Value[]) => readonly Value[] | void,
  carried: readonly { readonly initial: Value; readonly result: Value }[] = [],
  from = builder.literal(0),
): void {
  const index = newValue(integer, 'i');
  const params = carried.map(({ result }) => newValue(result.type, result.name));
  const inner = new BlockBuilder(builder.origin, builder.backward);
  const next = body(inner, index, params) ?? [];
  builder.loop({
    id: newLoopId(),
    counter: { variable: index, from, to: length, test: '<', step: 1 },
    initial: carried.map(({ initial }) => initial),
    body: { params, nodes: inner.nodes, exit: { kind: 'yield', values: next } },
    done: params,
    results: carried.map(({ result }) => result),
  });
}
