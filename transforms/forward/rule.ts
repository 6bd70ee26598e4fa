/** The tangents of what a function with a rule returns: the rule's own, or, of one number, its gradient times the direction. */

import { atIndex, type BlockBuilder, newValue, real } from '../../src/graph/build.ts';
import { inlined } from '../../src/graph/inline.ts';
import type { RuleBodies } from '../../src/graph/primal.ts';
import type { RuleNode, Value } from '../../src/graph/types.ts';
import { elementLoop } from '../element-loop.ts';
import { holdsReals, isReference } from '../memory.ts';
import type { Push } from './forward.ts';
import { tangentMemoryType, tangentName, tangentType } from './tangents.ts';

export function pushRule(push: Push, builder: BlockBuilder, node: RuleNode): void {
  const varied = node.operands.some((operand) => push.isActive(operand) && push.tangents.get(operand) !== undefined);
  const pushed = node.results.some(push.isActive) && varied ? tangentsOf(push, builder, node, push.ruleOf(node.rule)) : [];
  node.results.filter(hasReals).forEach((result, i) => {
    if (!push.isActive(result)) return;
    const tangent = pushed[i];
    if (isReference(result.type)) push.tangents.set(result, tangent === undefined ? push.tangents.zeros(result, builder) : ownMemory(builder, result, tangent));
    else if (tangent !== undefined) push.tangents.set(result, tangent);
  });
}

function tangentsOf(push: Push, builder: BlockBuilder, node: RuleNode, { tangent, pullback }: RuleBodies): readonly Value[] {
  const place = { origin: node.origin };
  const directed = node.operands.filter(hasReals);
  const directions = directed.map((operand) => push.tangents.of(operand, operand.type, builder));
  if (tangent !== undefined) {
    const { nodes, values } = inlined(tangent, [...node.operands, ...node.results, ...directions], place);
    builder.nodes.push(...nodes);
    return values;
  }
  const gradients = directed.filter(({ type }) => isReference(type)).map((operand) => push.tangents.zeros(operand, builder));
  const { nodes, values } = inlined(pullback!, [...node.operands, ...node.results, builder.literal(1, real), ...gradients], place);
  builder.nodes.push(...nodes);
  const numbers = [...values];
  const memory = [...gradients];
  return [
    directed.reduce((sum, { type }, i) => {
      const direction = directions[i]!;
      return isReference(type) ? addInner(builder, sum, memory.shift()!, direction) : builder.apply('add', [sum, guarded(builder, direction, numbers.shift()!)]);
    }, builder.literal(0, real)),
  ];
}

/** `sum + Σ a[i] b[i]`, `b` being a direction. */
function addInner(builder: BlockBuilder, sum: Value, a: Value, b: Value): Value {
  const result = newValue(real);
  elementLoop(
    builder,
    builder.length(a),
    (inner, index, [before]) => {
      const gradient = inner.load(a, atIndex(index), real);
      return [inner.apply('add', [before!, guarded(inner, inner.load(b, atIndex(index), real), gradient)])];
    },
    [{ initial: sum, result }],
  );
  return result;
}

/** A direction of zero asks for nothing, be the gradient infinite. */
function guarded(builder: BlockBuilder, direction: Value, gradient: Value): Value {
  return builder.apply('guard', [direction, builder.apply('mul', [gradient, direction])]);
}

/** What the rule has made itself; a copy of what may be known by another name as well. */
function ownMemory(builder: BlockBuilder, result: Value, tangent: Value): Value {
  const isMade = builder.nodes.some((node) => node.kind === 'alloc' && node.result === tangent);
  if (isMade) return tangent;
  return builder.alloc(tangentMemoryType({ ...result.type, ...tangentType(tangent.type) }), { kind: 'copy', of: tangent }, tangentName(result));
}

function hasReals({ type }: Value): boolean {
  return holdsReals(type);
}
