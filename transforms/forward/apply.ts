/** The tangent of a primitive's result: its rule's partials of the tangents of its operands, summed. */

import { type BlockBuilder, newValue } from '../../src/graph/build.ts';
import type { ApplyNode, Value } from '../../src/graph/types.ts';
import { isReference } from '../memory.ts';
import { Calculus, type Partial, type Rule } from '../rules/rule.ts';
import { rules } from '../rules/table.ts';
import type { Push } from './forward.ts';
import { Reach } from './infinite-tangents.ts';
import { pushSpread } from './spread.ts';
import { tangentName, tangentType } from './tangents.ts';

export function pushApply(push: Push, builder: BlockBuilder, node: ApplyNode): void {
  const tangent = tangentOf(push, builder, node);
  if (tangent) push.tangents.set(node.result, withName(builder, tangent, tangentName(node.result)));
}

function tangentOf(push: Push, builder: BlockBuilder, node: ApplyNode): Value | undefined {
  const rule = rules[node.op];
  if (typeof rule === 'string' || !push.isActive(node.result)) return undefined;
  if (isReference(node.result.type)) return reference(push, builder, node);
  if (node.operands.every((operand) => push.tangents.get(operand) === undefined)) return undefined;
  if (node.operands.some((operand) => operand.type.kind === 'array')) return pushSpread(push, builder, node);
  if (node.op === 'select') return selection(push, builder, node);
  if ((node.op === 'max' || node.op === 'min') && node.operands.length === 2) return larger(push, builder, node);
  const m = new Calculus(builder, push.literalOf);
  const partials = rule.partials(m, node.result, node.operands);
  // Behind a guard either of partial and tangent may be NaN where the other is zero: `d === 0 ? 0 : t && d * t`.
  const shares = node.operands.flatMap((operand, i) => {
    const t = push.tangents.get(operand);
    if (t === undefined) return [];
    const isMeeting = canMeetInfinity(push, node, i);
    const cotangent = push.shieldOf(node.result);
    if (isMeeting && cotangent !== undefined && operand !== cotangent && push.shieldOf(operand) !== cotangent) {
      return [m.select(m.apply('eq', cotangent, 0), 0, m.guard(t, partials[i]!(t)))];
    }
    const share = isMeeting ? withoutZeroPartial(m, partials[i]!, t) : partials[i]!(t);
    return [isGuarded(push, node, rule, i) ? m.guard(t, share) : share];
  });
  return shares.reduce((sum, share) => m.add(sum, share));
}

/** `select` and `unwrap` of references do the same with the references of their tangents. */
function reference(push: Push, builder: BlockBuilder, node: ApplyNode): Value {
  const operands = node.operands.map((operand) =>
    isReference(operand.type) ? push.tangents.of(operand, operand.type, builder) : operand,
  );
  return builder.apply(node.op, operands, { type: tangentType(node.result.type) });
}

function selection(push: Push, builder: BlockBuilder, { operands: [c, a, b], result }: ApplyNode): Value {
  const [whenTrue, whenFalse] = [a!, b!].map((value) => push.tangents.of(value, result.type, builder));
  return new Calculus(builder).select(c!, whenTrue!, whenFalse!);
}

/** Of two, the tangent of the one that was returned. */
function larger(push: Push, builder: BlockBuilder, { op, operands: [a, b], result }: ApplyNode): Value {
  const m = new Calculus(builder);
  const [ofFirst, ofSecond] = [a!, b!].map((value) => push.tangents.of(value, result.type, builder));
  return m.select(m.apply(op === 'max' ? 'ge' : 'le', a!, b!), ofFirst!, ofSecond!);
}

/** Whether the partial in operand `i` can be infinite or undefined for finite arguments: a zero tangent must not meet it. */
function isGuarded(push: Push, node: ApplyNode, rule: Rule, i: number): boolean {
  const isShielded = push.shieldOf(node.result) !== undefined;
  switch (node.op) {
    case 'add':
    case 'sub':
    case 'neg':
    case 'fround':
    case 'guard':
    case 'unwrap':
    case 'abs':
    case 'max':
    case 'min':
      return false;
    case 'mul':
      return push.mayBeInfinite(node.operands[1 - i]!) || isShielded;
    case 'div': {
      const divisor = node.operands[1]!;
      return isShielded || !(i === 0 && (divisor.type.kind === 'integer' || typeof push.literalOf(divisor) === 'number'));
    }
    case 'pow': {
      const exponent = push.literalOf(node.operands[1]!);
      const isPolynomial = typeof exponent === 'number' && Number.isInteger(exponent) && exponent >= 0;
      return !isPolynomial || push.mayBeInfinite(node.operands[0]!);
    }
    default:
      return rule.singular || node.operands.some((operand) => push.mayBeInfinite(operand));
  }
}

/** Whether the partial in operand `i` can be zero where the operand's tangent is infinite. */
function canMeetInfinity(push: Push, node: ApplyNode, i: number): boolean {
  const reach = push.reachOf(node.operands[i]!);
  const isShielded = push.shieldOf(node.result) !== undefined;
  const least = isShielded ? Reach.never : Reach.missing;
  switch (node.op) {
    case 'add':
    case 'sub':
    case 'neg':
    case 'fround':
    case 'guard':
    case 'unwrap':
    case 'max':
    case 'min':
      return false;
    case 'mul':
      return reach === Reach.alone || (reach > Reach.never && isShielded);
    case 'abs':
    case 'sin':
    case 'cos':
      return reach === Reach.alone;
    case 'div':
      if (i === 0 && reach > Reach.never && isShielded) return true;
      return i === 0 ? reach === Reach.alone && typeof push.literalOf(node.operands[1]!) !== 'number' : reach > least;
    default:
      return reach > least;
  }
}

/** `c && c * t`, where `c` is the partial itself. */
function withoutZeroPartial(m: Calculus, partial: Partial, t: Value): Value {
  const coefficient = partial(m.value(1));
  return m.guard(coefficient, m.mul(coefficient, t));
}

/** Gives the tangent the name of its value, where it was just made and has none. */
function withName(builder: BlockBuilder, tangent: Value, name: string | undefined): Value {
  const last = builder.nodes.at(-1);
  if (name === undefined || tangent.name !== undefined || last?.kind !== 'apply' || last.result !== tangent) return tangent;
  const named = newValue(tangent.type, name);
  builder.nodes[builder.nodes.length - 1] = { ...last, result: named };
  return named;
}
