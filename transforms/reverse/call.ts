/**
 * The mirror of a call that stays: the other half of its pair, with the same arguments. It finds its frame on top, because
 * the backward sweep makes the calls of the forward one in the opposite order.
 *
 * What it gives is taken as it is, also where the cotangents are zeros: the adjoints of memory that the call has written come in
 * beside them. Against `0 * Infinity` the half guards itself, as some caller may discard the results (`procedure.discarded`).
 */

import { newValue, real } from '../../src/graph/build.ts';
import type { CallNode } from '../../src/graph/types.ts';
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
  adjoints.forEach((place, i) => {
    if (sweep.activity.isActive(node.operands[place]!)) frame.contribute(node.operands[place]!, results[i]!);
  });
}
