/**
 * The mirror of a call that stays: the other half of its pair, with the same arguments. It finds its frame on top, because
 * the backward sweep makes the calls of the forward one in the opposite order.
 */

import { newValue, real } from '../../src/graph/build.ts';
import type { CallNode, Value } from '../../src/graph/types.ts';
import { Calculus } from '../rules/rule.ts';
import { adjointName, type Frame } from './frame.ts';
import { shadowOf } from './shadows.ts';
import { primal, type Sweep } from './sweep.ts';

export function reverseCall(sweep: Sweep, frame: Frame, node: CallNode): void {
  if (node.variant !== 'forward') return;
  const { shadowParams, cotangents, adjoints, adjointNames } = sweep.interfaceOf(node.callee);
  const arguments_ = node.operands.slice(0, node.operands.length - shadowParams.length);
  const handed = arguments_.map((operand) => primal(sweep, frame, operand));
  const shadows = shadowParams.map((place, i) => {
    const operand = node.operands[place]!;
    return sweep.activity.isActive(operand) ? shadowOf(sweep, frame, operand) : primal(sweep, frame, node.operands[arguments_.length + i]!);
  });
  const seeds = cotangents.map((place) => frame.adjoint(node.results[place]!) ?? frame.builder.literal(0, real));
  const results = adjoints.map((place, i) => newValue(real, adjointName(node.operands[place]!) ?? adjointNames[i]));
  frame.builder.call(node.callee, 'backward', [...handed, ...shadows, ...seeds], results);
  adjoints.forEach((place, i) => contribute(sweep, frame, node, node.operands[place]!, results[i]!, seeds));
}

/** A cotangent of zero by selection contributes zero, whatever the procedure's partials are. */
function contribute(sweep: Sweep, frame: Frame, node: CallNode, operand: Value, adjoint: Value, seeds: readonly Value[]): void {
  if (!sweep.activity.isActive(operand)) return;
  const [seed] = seeds;
  const isDiscarded = seeds.length === 1 && node.results.some((result) => sweep.mayBeDiscarded(result));
  frame.contribute(operand, isDiscarded && seed ? new Calculus(frame.builder).guard(seed, adjoint) : adjoint);
}
