/** The mirror of an `if`: the same decision, each arm reversed. */

import type { Block, IfNode } from '../../src/graph/types.ts';
import type { ExitContext } from './exits.ts';
import { seedBreak } from './exits.ts';
import type { Frame } from './frame.ts';
import { armFrame, closeIf, primal, reverseNodes, type Sweep } from './sweep.ts';

export function reverseIf(sweep: Sweep, frame: Frame, node: IfNode, exits: ExitContext | undefined): void {
  // Behind an arm that throws there is no backward sweep: only the other arm ran.
  if (node.then.exit.kind === 'throw' || node.else.exit.kind === 'throw') {
    const ran = node.then.exit.kind === 'throw' ? node.else : node.then;
    if (ran.exit.kind !== 'throw') reverseOnly(sweep, frame, node, ran, exits);
    return;
  }
  // An iteration that is mirrored as a completed one did not take a breaking arm.
  if (exits === undefined && (node.then.exit.kind === 'break' || node.else.exit.kind === 'break')) {
    const ran = node.then.exit.kind === 'break' ? node.else : node.then;
    if (ran.exit.kind !== 'break') reverseOnly(sweep, frame, node, ran, exits);
    return;
  }
  const then = reverseArm(sweep, frame, node, node.then, exits);
  const otherwise = reverseArm(sweep, frame, node, node.else, exits);
  closeIf(frame, () => primal(sweep, frame, node.condition), then, otherwise);
}

/** The arm that is known to have run, reversed in a frame of its own that is closed into its parent at once. */
function reverseOnly(sweep: Sweep, frame: Frame, node: IfNode, arm: Block, exits: ExitContext | undefined): void {
  const ran = reverseArm(sweep, frame, node, arm, exits);
  for (const inner of ran.nodes) frame.builder.nodes.push(inner);
  for (const value of ran.touched) frame.replaceAdjoint(value, ran.adjoint(value));
}

/** Reverses one arm; its yielded values take the adjoints of the `if`'s results. */
export function reverseArm(
  sweep: Sweep,
  frame: Frame,
  node: IfNode,
  arm: Block,
  exits: ExitContext | undefined,
): Frame {
  const inner = armFrame(sweep, frame, arm);
  const seed = (at: Frame): void => {
    if (arm.exit.kind === 'break') {
      if (exits) seedBreak(sweep, at, arm.exit, exits);
      return;
    }
    if (arm.exit.kind !== 'yield') return;
    const { values } = arm.exit;
    node.results.forEach((result, i) => {
      const d = frame.adjoint(result);
      const value = values[i]!;
      if (d !== undefined && sweep.activity.isActive(value)) at.contribute(value, d);
    });
  };
  reverseNodes(sweep, inner, arm.nodes, seed, exits);
  return inner;
}
