/** `Math.hypot(...a)`, `Math.max(...a)`, `Math.min(...a)`, and lists of operands that contain an array. */

import { atIndex, boolean, type BlockBuilder, newValue, real } from '../../src/graph/build.ts';
import type { ApplyNode, Value } from '../../src/graph/types.ts';
import { elementLoop } from '../element-loop.ts';
import { lengthPartial } from '../rules/functions.ts';
import { Calculus } from '../rules/rule.ts';
import type { Push } from './forward.ts';

/** Expects an operand with a tangent. */
export function pushSpread(push: Push, builder: BlockBuilder, node: ApplyNode): Value {
  return node.op === 'hypot' ? lengthTangent(push, builder, node) : selectedTangent(push, builder, node);
}

function lengthTangent(push: Push, builder: BlockBuilder, { operands, result: y }: ApplyNode): Value {
  let sum = builder.literal(0, real);
  const share = (inner: BlockBuilder, x: Value, t: Value, before: Value): Value => {
    const m = new Calculus(inner);
    return m.add(before, m.guard(t, lengthPartial(m, x, y)(t)));
  };
  for (const operand of operands) {
    const tangent = push.tangents.get(operand);
    if (tangent === undefined) continue;
    if (operand.type.kind !== 'array') {
      sum = share(builder, operand, tangent, sum);
      continue;
    }
    const result = newValue(real);
    elementLoop(
      builder,
      builder.length(operand),
      (inner, index, [before]) => {
        const [x, t] = [operand, tangent].map((array) => inner.load(array, atIndex(index), real));
        return [share(inner, x!, t!, before!)];
      },
      [{ initial: sum, result }],
    );
    sum = result;
  }
  return sum;
}

/** The tangent of the first element that equals the result. */
function selectedTangent(push: Push, builder: BlockBuilder, { operands, result: y }: ApplyNode): Value {
  const zero = builder.literal(0, real);
  let found = builder.literal(false, boolean);
  let tangent = zero;
  /** What is found, and its tangent, when `x` has been looked at. */
  const look = (inner: BlockBuilder, x: Value, t: Value, foundBefore: Value, tangentBefore: Value): [Value, Value] => {
    const m = new Calculus(inner);
    const isFirst = m.apply('and', m.apply('not', foundBefore), m.apply('eq', x, y));
    return [m.apply('or', foundBefore, isFirst), m.select(isFirst, t, tangentBefore)];
  };
  for (const operand of operands) {
    if (operand.type.kind !== 'array') {
      [found, tangent] = look(builder, operand, push.tangents.get(operand) ?? zero, found, tangent);
      continue;
    }
    const tangents = push.tangents.get(operand);
    const results = [newValue(boolean), newValue(real)] as const;
    elementLoop(
      builder,
      builder.length(operand),
      (inner, index, [foundBefore, tangentBefore]) => {
        const x = inner.load(operand, atIndex(index), real);
        const t = tangents ? inner.load(tangents, atIndex(index), real) : zero;
        return look(inner, x, t, foundBefore!, tangentBefore!);
      },
      [
        { initial: found, result: results[0] },
        { initial: tangent, result: results[1] },
      ],
    );
    [found, tangent] = results;
  }
  return tangent;
}
