/**
 * Leaves what only one way through a procedure needs in a frame of that way: a call that ends at once leaves none.
 *
 *     if (depth === 0) return x * x;      // nothing is kept
 *     const left = grow(…);               // kept, with what else is needed of this arm
 *
 * Expects the two halves as `split` has them, the frame last in the one and first in the other. Nothing else may be put on
 * the stack behind the branch, so that its frame lies right below that of the whole.
 */

import { newFrame } from '../../src/graph/build.ts';
import type { Block, IfNode, Node, Value } from '../../src/graph/types.ts';
import { blocks, exitOperands, operands, results } from '../../src/graph/walk.ts';

export interface Halves {
  /** Of the forward half, without its frame. */
  readonly ahead: readonly Node[];
  /** What the backward half computes again, then its own nodes. */
  readonly again: readonly Node[];
  readonly behind: readonly Node[];
  /** What goes into the frame of the whole. */
  readonly kept: readonly Value[];
}

type Arm = 'then' | 'else';

export function sinkFrame(halves: Halves): Halves {
  const at = halves.ahead.findLastIndex((node) => node.kind === 'if');
  const branch = halves.ahead[at];
  if (branch?.kind !== 'if' || halves.ahead.slice(at + 1).some(touchesStack)) return halves;
  const mirrorAt = halves.behind.findIndex((node) => node.kind === 'if' && node.condition === branch.condition);
  const mirror = halves.behind[mirrorAt];
  if (mirror?.kind !== 'if' || halves.behind.slice(0, mirrorAt).some(touchesStack)) return halves;
  return (['then', 'else'] as const).reduce((before, arm) => sinkInto(before, at, mirrorAt, arm), halves);
}

function sinkInto(halves: Halves, at: number, mirrorAt: number, arm: Arm): Halves {
  const { ahead, again, behind, kept } = halves;
  const branch = ahead[at] as IfNode;
  const mirror = behind[mirrorAt] as IfNode;
  const isOther = (value: Value, within: readonly Node[]): boolean => within.some((node) => reads(node, value));
  const outside = [...behind.slice(0, mirrorAt), ...behind.slice(mirrorAt + 1)];
  const other = mirror[arm === 'then' ? 'else' : 'then'];
  const isOnlyThere = (value: Value): boolean =>
    value !== mirror.condition && !isOther(value, outside) && !readsIn(other, value) && readsIn(mirror[arm], value);

  const movable = new Set<Value>();
  const moved = new Set<Node>();
  // What is computed again from what the frame holds goes along with it, users first.
  for (const node of again.toReversed()) {
    const staying = again.filter((candidate) => !moved.has(candidate) && candidate !== node);
    if (results(node).every((value) => (isOnlyThere(value) || isReadBy(moved, value)) && !isOther(value, staying) && !isOther(value, outside) && !readsIn(other, value))) moved.add(node);
  }
  const staying = again.filter((node) => !moved.has(node));
  for (const value of kept) {
    const i = branch.results.indexOf(value);
    const isWanted = (isOnlyThere(value) || isReadBy(moved, value)) && !isOther(value, staying) && !isOther(value, outside) && !readsIn(other, value);
    if (i >= 0 && isWanted && isMissing(branch[arm === 'then' ? 'else' : 'then'], i)) movable.add(value);
  }
  const taken = kept.filter((value) => movable.has(value));
  const source = branch[arm];
  if (taken.length === 0 || source.exit.kind !== 'yield') return halves;

  const frame = newFrame();
  const { values } = source.exit;
  const inner = taken.map((value) => values[branch.results.indexOf(value)]!);
  const full: Block = { ...source, nodes: [...source.nodes, { kind: 'pushFrame', frame, values: inner }] };
  // Only what depends on the frame has to move.
  const along = again.filter((node) => moved.has(node) && dependsOn(node, movable, again));
  const mirrored = mirror[arm];
  const opened: Block = { ...mirrored, nodes: [{ kind: 'popFrame', frame, results: taken, backward: true }, ...along, ...mirrored.nodes] };
  return {
    ahead: ahead.with(at, { ...branch, [arm]: full }),
    again: again.filter((node) => !along.includes(node)),
    behind: behind.with(mirrorAt, { ...mirror, [arm]: opened }),
    kept: kept.filter((value) => !movable.has(value)),
  };
}

/** Whether the other way has nothing to hand out there. */
function isMissing(arm: Block, index: number): boolean {
  if (arm.exit.kind !== 'yield') return true;
  const value = arm.exit.values[index]!;
  return arm.nodes.some((node) => node.kind === 'literal' && node.unassigned === true && node.result === value);
}

function dependsOn(node: Node, values: ReadonlySet<Value>, among: readonly Node[]): boolean {
  return operands(node).some((operand) => {
    if (values.has(operand)) return true;
    const made = among.find((other) => results(other).includes(operand));
    return made !== undefined && dependsOn(made, values, among);
  });
}

function isReadBy(nodes: ReadonlySet<Node>, value: Value): boolean {
  return [...nodes].some((node) => reads(node, value));
}

function reads(node: Node, value: Value): boolean {
  if (operands(node).includes(value) || (node.kind === 'loop' && node.done.includes(value))) return true;
  return blocks(node).some((block) => readsIn(block, value));
}

function readsIn(block: Block, value: Value): boolean {
  return block.nodes.some((node) => reads(node, value)) || exitOperands(block.exit).includes(value);
}

function touchesStack(node: Node): boolean {
  if (node.kind === 'call' || node.kind === 'pushFrame' || node.kind === 'popFrame') return true;
  return blocks(node).some((block) => block.nodes.some(touchesStack));
}
