/**
 * Iterations that left their loop. The mirror of such an iteration is that of the exit's own path, then the mirror of the
 * body without what follows the exit: one copy of the body, the skipped part guarded.
 *
 * Exits are numbered in the order of the text, from 1. An iteration that left by exit `e` ran nothing behind `e`, so what
 * stands behind an exit runs in the mirror when the loop was left by a later one, or in iterations that completed.
 */

import type { Block, Exit, IfNode, Node, Value } from '../../src/graph/types.ts';
import { armFrame, closeIf, partFrame, reverseNodes, type Sweep } from './sweep.ts';
import { reverseArm, reverseIf } from './conditional.ts';
import type { Frame } from './frame.ts';

type BreakExit = Extract<Exit, { kind: 'break' }>;

/** How the mirror of a loop body asks which way the mirrored iteration went. */
export interface ExitContext {
  readonly numberOf: ReadonlyMap<Exit, number>;
  /** The cotangents of the loop's results, by index. */
  readonly cotangents: readonly (Value | undefined)[];
  /** Whether the mirrored iteration left by exit number `exit`. */
  readonly leftBy: (frame: Frame, exit: number) => Value;
  /** Whether the mirrored iteration got past exit number `exit`. */
  readonly passed: (frame: Frame, exit: number) => Value;
}

/** The breaks of a loop's body in the order of the text, the body's own exit last. */
export function breakExits(body: Block): readonly BreakExit[] {
  const inner = body.nodes.flatMap((node) =>
    node.kind === 'if' ? [...breakExits(node.then), ...breakExits(node.else)] : [],
  );
  return body.exit.kind === 'break' ? [...inner, body.exit] : inner;
}

/** The broken-out values take the cotangents of the loop's results. */
export function seedBreak(sweep: Sweep, frame: Frame, exit: BreakExit, exits: ExitContext): void {
  exits.cotangents.forEach((d, i) => {
    const value = exit.values[i]!;
    if (d !== undefined && sweep.activity.isActive(value)) frame.contribute(value, d);
  });
}

/** Reverses a node that may leave the loop, and `rest`, what follows it in its block. */
export function reverseExitNode(
  sweep: Sweep,
  frame: Frame,
  node: Node,
  rest: readonly Node[],
  seed: (frame: Frame) => void,
  exits: ExitContext,
): void {
  if (node.kind !== 'if') throw new Error('only an `if` can leave a loop');
  const numbers = [...breakExits(node.then), ...breakExits(node.else)].map((exit) => exits.numberOf.get(exit)!);
  const leaving = simpleExit(node);
  if (leaving) {
    const exitArm = reverseArm(sweep, frame, node, leaving.exits, exits);
    const passed = partFrame(frame, [...rest, node]);
    reverseNodes(sweep, passed, rest, seed, exits);
    reversePassedArm(sweep, passed, node, leaving.stays, exits);
    closeIf(frame, () => exits.leftBy(frame, numbers[0]!), exitArm, passed);
    return;
  }
  const skipped = partFrame(frame, rest);
  reverseNodes(sweep, skipped, rest, seed, exits);
  closeIf(frame, () => exits.passed(frame, Math.max(...numbers)), skipped, frame.emptyPart());
  frame.builder.origin = node.origin;
  reverseIf(sweep, frame, node, exits);
}

/** `if (c) { …; break }`: one arm ends in the only exit, the other has none. */
function simpleExit(node: IfNode): { exits: Block; stays: Block } | undefined {
  const [then, otherwise] = [breakExits(node.then).length, breakExits(node.else).length];
  if (then === 1 && otherwise === 0 && node.then.exit.kind === 'break') return { exits: node.then, stays: node.else };
  if (then === 0 && otherwise === 1 && node.else.exit.kind === 'break') return { exits: node.else, stays: node.then };
  return undefined;
}

/** The arm of an exit test that an iteration took when it went on, reversed into the frame of what follows. */
function reversePassedArm(sweep: Sweep, frame: Frame, node: IfNode, arm: Block, exits: ExitContext): void {
  const inner = armFrame(sweep, frame, arm);
  if (arm.exit.kind === 'yield') {
    const { values } = arm.exit;
    node.results.forEach((result, i) => {
      const d = frame.adjoint(result);
      if (d !== undefined && sweep.activity.isActive(values[i]!)) inner.contribute(values[i]!, d);
    });
  }
  reverseNodes(sweep, inner, arm.nodes, () => {}, exits);
  for (const added of inner.nodes) frame.builder.nodes.push(added);
  for (const value of inner.touched) frame.replaceAdjoint(value, inner.adjoint(value));
}
