/** The mirror of a rule: its pullback. What that reads is the memory as the rule found it; its accumulators are shadows. */

import { newValue, real } from '../../src/graph/build.ts';
import { inlined } from '../../src/graph/inline.ts';
import type { ArrayType, RuleNode, Value } from '../../src/graph/types.ts';
import { holdsReals, isReference, shadowType } from '../memory.ts';
import { asItWas } from './as-it-was.ts';
import { Frame } from './frame.ts';
import { shadowOf } from './shadows.ts';
import { closeIf, primal, type Sweep } from './sweep.ts';

export function reverseRule(sweep: Sweep, frame: Frame, node: RuleNode): void {
  const asked = node.results.filter((result) => sweep.activity.isActive(result) && (isReference(result.type) || frame.adjoint(result) !== undefined));
  if (asked.length === 0) return;
  const [result] = asked;
  // What nobody asked for contributes nothing, whatever the rule makes of a cotangent of zero.
  const isDiscardable = node.results.length === 1 && !isReference(result!.type) && sweep.mayBeDiscarded(result!);
  if (!isDiscardable) {
    pullBack(sweep, frame, node);
    return;
  }
  const d = frame.adjoint(result!)!;
  const then = new Frame(frame, 'part', () => false, node.origin);
  pullBack(sweep, then, node);
  closeIf(frame, (builder) => builder.apply('ne', [d, builder.literal(0)]), then, frame.emptyPart());
}

function pullBack(sweep: Sweep, frame: Frame, node: RuleNode): void {
  const b = frame.builder;
  const operands = node.operands.map((operand) => asItWas(sweep, frame, node, operand));
  const values = node.results.map((result) => asItWas(sweep, frame, node, result, 'after'));
  const cotangents = node.results.filter(hasReals).map((result) => {
    if (isReference(result.type)) return sweep.activity.isActive(result) ? shadowOf(sweep, frame, result) : zerosLike(sweep, frame, result);
    return frame.adjoint(result) ?? b.literal(0, real);
  });
  const gathering = node.operands.filter((operand) => isReference(operand.type) && hasReals(operand));
  // What is added to the gradient of what has none is added to zeros that nobody reads.
  const accumulators = gathering.map((operand) => (sweep.activity.isActive(operand) ? shadowOf(sweep, frame, operand) : zerosLike(sweep, frame, operand)));
  const { nodes, values: pulled } = inlined(sweep.pullbackOf(node.rule), [...operands, ...values, ...cotangents, ...accumulators], { origin: node.origin, backward: true });
  b.nodes.push(...nodes);
  const numbers = node.operands.filter((operand) => !isReference(operand.type) && hasReals(operand));
  numbers.forEach((operand, i) => {
    if (sweep.activity.isActive(operand)) frame.contribute(operand, pulled[i]!);
  });
}

/** A shadow of memory that has none. */
function zerosLike(sweep: Sweep, frame: Frame, memory: Value): Value {
  const of = primal(sweep, frame, memory);
  if (memory.type.kind !== 'array' || isReference(memory.type.element)) {
    const shadow = newValue(shadowType(memory.type));
    frame.builder.push({ kind: 'shadow', of, result: shadow });
    return shadow;
  }
  const type: ArrayType = { kind: 'array', container: 'Float64Array', element: real };
  return frame.builder.alloc(type, { kind: 'zeros', length: frame.builder.length(of) });
}

function hasReals(value: Value): boolean {
  return holdsReals(value.type);
}
