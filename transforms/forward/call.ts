/** A call that stays is a call of the procedure with tangents, where any of them are not zero. */

import type { BlockBuilder } from '../../src/graph/build.ts';
import type { CallNode, Graph, Value } from '../../src/graph/types.ts';
import { exitOperands } from '../../src/graph/walk.ts';
import { holdsReals, isReference } from '../memory.ts';
import type { Push } from './forward.ts';

/** Places of parameters and results of the primal procedure, in order. */
export interface TangentPlaces {
  readonly params: readonly number[];
  readonly results: readonly number[];
}

export function tangentPlaces(procedure: Graph, isActive: Push['isActive']): TangentPlaces {
  const places = (values: readonly Value[]): readonly number[] =>
    values.flatMap((value, i) => (holdsReals(value.type) && isActive(value) ? [i] : []));
  return { params: places(procedure.params), results: places(exitOperands(procedure.body.exit)) };
}

export function pushCall(push: Push, builder: BlockBuilder, node: CallNode): void {
  if (node.variant !== 'value') throw new Error(`the ${node.variant} half of ${node.callee} has no tangent yet`);
  const isPushed = [...node.operands, ...node.results].some(push.isActive);
  if (!isPushed) {
    builder.push(node);
    return;
  }
  const { params, results } = push.placesOf(node.callee);
  const handed = params.map((place) => push.tangents.of(node.operands[place]!, node.operands[place]!.type, builder));
  const back = push.tangents.define(results.map((place) => node.results[place]));
  builder.push({ ...node, variant: 'tangent', operands: [...node.operands, ...handed], results: [...node.results, ...back] });
  for (const result of node.results) {
    // The procedure gives back memory that never varies, to stand beside some that does.
    const isFixed = isReference(result.type) && push.isActive(result) && push.tangents.get(result) === undefined;
    if (isFixed) push.tangents.set(result, push.tangents.zeros(result, builder));
  }
}
