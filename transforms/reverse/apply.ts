/** The mirror of a pure primitive: its rule's partials, times the adjoint of its result. */

import { atIndex, newValue, real } from '../../src/graph/build.ts';
import type { ApplyNode, Value } from '../../src/graph/types.ts';
import { lengthPartial } from '../rules/functions.ts';
import { Calculus, type Rule } from '../rules/rule.ts';
import { rules } from '../rules/table.ts';
import { asItWas } from './as-it-was.ts';
import type { Frame } from './frame.ts';
import { elementLoop } from '../element-loop.ts';
import { shadowOf } from './shadows.ts';
import { literalOf, primal, type Sweep } from './sweep.ts';

export function reverseApply(sweep: Sweep, frame: Frame, node: ApplyNode): void {
  const rule = rules[node.op];
  const d = frame.adjoint(node.result);
  if (typeof rule === 'string' || d === undefined || !sweep.activity.isActive(node.result)) return;
  if (node.operands.some((operand) => operand.type.kind === 'array')) {
    reverseSpread(sweep, frame, node, d);
    return;
  }
  const literals = new Map<Value, Value>();
  const operands = node.operands.map((operand) => {
    const value = primal(sweep, frame, operand);
    literals.set(value, operand);
    return value;
  });
  const m = new Calculus(frame.builder, (value) => literalOf(sweep, literals.get(value) ?? value));
  const y = primal(sweep, frame, node.result);
  const partials = rule.partials(m, y, operands);
  node.operands.forEach((operand, i) => {
    if (!sweep.activity.isActive(operand)) return;
    const before = frame.nodes.length;
    const contribution = partials[i]!(d);
    const safe = needsGuard(sweep, node, rule, i) ? m.guard(d, contribution) : contribution;
    frame.contribute(operand, safe, frame.nodes.length > before);
  });
}

/**
 * Whether the partial in operand `i` can be infinite or undefined for finite arguments, so that a zero cotangent must be
 * kept from meeting it. Division by an integer that counts, or by a literal, cannot; a product can where the other factor overflowed.
 */
function needsGuard(sweep: Sweep, node: ApplyNode, rule: Rule, i: number): boolean {
  switch (node.op) {
    case 'add':
    case 'sub':
    case 'neg':
    case 'fround':
    case 'select':
    case 'guard':
    case 'unwrap':
    case 'max':
    case 'min':
      return false;
    case 'mul': {
      const other = node.operands[1 - i]!;
      return mayMeetZero(sweep, [other], node.result) || (sweep.mayBeInfinite(other) && mayOverflowItself(sweep, other));
    }
    case 'div': {
      if (sweep.hasSafeDivisor(node) && !sweep.mayBeInfinite(node.result) && !mayMeetZero(sweep, node.operands, node.result)) return false;
      const divisor = node.operands[1]!;
      const literal = literalOf(sweep, divisor);
      const isNeverZero = typeof literal === 'number' && literal !== 0;
      // The mean of no elements: its cotangent is zero only where nobody asks for it.
      const isMean = divisor.type.kind === 'integer' && !sweep.mayBeDiscarded(node.result);
      return !(i === 0 && (isNeverZero || isMean));
    }
    case 'pow': {
      const exponent = literalOf(sweep, node.operands[1]!);
      const polynomial = typeof exponent === 'number' && Number.isInteger(exponent) && exponent >= 0;
      return !polynomial || mayMeetZero(sweep, [node.operands[0]!], node.result);
    }
    default:
      if (rule.singular) return true;
      return mayMeetZero(sweep, node.operands, node.result);
  }
}

/** Whether one of these may be infinite or NaN where the adjoint of the result is zero: it is discarded. */
function mayMeetZero(sweep: Sweep, factors: readonly Value[], result: Value): boolean {
  if (sweep.mayBeDiscarded(result) && factors.some(sweep.mayBeInfinite)) return true;
  return sweep.mayBeDeselected(result) && factors.some(sweep.mayBeAnything);
}

/** The result of an operation with a pole, or that grows exponentially: guarded wherever it is a factor. */
function mayOverflowItself(sweep: Sweep, value: Value): boolean {
  const made = sweep.nodeOf(value);
  if (made?.kind !== 'apply') return false;
  if (made.op === 'div' && made.operands[1]!.type.kind === 'integer') return false;
  return typeof rules[made.op] === 'object' && (rules[made.op] as Rule).singular;
}

/** `Math.hypot(...a)`, `Math.max(...a)`, `Math.min(...a)` of one array, and lists that contain one. */
function reverseSpread(sweep: Sweep, frame: Frame, node: ApplyNode, d: Value): void {
  const y = primal(sweep, frame, node.result);
  const m = new Calculus(frame.builder);
  if (node.op === 'hypot') {
    for (const operand of node.operands) {
      if (!sweep.activity.isActive(operand)) continue;
      if (operand.type.kind !== 'array') {
        frame.contribute(operand, m.guard(d, lengthPartial(m, primal(sweep, frame, operand), y)(d)));
        continue;
      }
      const array = asItWas(sweep, frame, node, operand);
      const shadow = shadowOf(sweep, frame, operand);
      elementLoop(frame.builder, frame.builder.length(array), (builder, index) => {
        const inner = new Calculus(builder);
        const element = builder.load(array, atIndex(index), real);
        builder.accumulate(shadow, atIndex(index), inner.guard(d, lengthPartial(inner, element, y)(d)));
      });
    }
    return;
  }
  reverseSelection(sweep, frame, node, d, y);
}

/** The whole cotangent goes to the first element that equals the result: a search that ends there. */
function reverseSelection(sweep: Sweep, frame: Frame, node: ApplyNode, d: Value, y: Value): void {
  const b = frame.builder;
  let pending = b.apply('eq', [b.literal(0), b.literal(0)]);
  for (const operand of node.operands) {
    if (operand.type.kind !== 'array') {
      const value = primal(sweep, frame, operand);
      const here = b.apply('and', [pending, b.apply('eq', [value, y])]);
      if (sweep.activity.isActive(operand)) frame.contribute(operand, b.apply('select', [here, d, b.literal(0, real)]));
      pending = b.apply('and', [pending, b.apply('not', [here])]);
      continue;
    }
    const array = asItWas(sweep, frame, node, operand);
    const shadow = sweep.activity.isActive(operand) ? shadowOf(sweep, frame, operand) : undefined;
    const before = pending;
    const after = newValue(before.type);
    elementLoop(
      b,
      b.length(array),
      (builder, index, [open]) => {
        const element = builder.load(array, atIndex(index), real);
        const here = builder.apply('and', [open!, builder.apply('eq', [element, y])]);
        if (shadow) {
          builder.accumulate(shadow, atIndex(index), builder.apply('select', [here, d, builder.literal(0, real)]));
        }
        return [builder.apply('and', [open!, builder.apply('not', [here])])];
      },
      [{ initial: before, result: after }],
    );
    pending = after;
  }
}

