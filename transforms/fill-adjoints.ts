/**
 * A local adjoint that one loop adds to, element by element, before anybody else does is filled by that loop instead of being set to
 * zero beforehand.
 *
 *     for (i …) d_row[i] = 0;                       for (i from n …) d_row[i] = 0;   (where somebody may look behind n)
 *     for (j …) d_row[j] += d * row[j];             for (j …) d_row[j] = d * row[j];
 *
 * The same behind a loop that takes all of it: what such a loop sets to zero, the next one that adds fills.
 *
 *     for (i …) { d = d_y[i]; d_y[i] = 0; … }       for (i …) { d = d_y[i]; … }
 *                                                   d_y[n - 1] = 0;
 *     for (i from 1 …) d_y[i - 1] += d_z[i] * x[i]; for (i from 1 …) d_y[i - 1] = d_z[i] * x[i];
 *
 * The same of a gradient that one loop adds to, all of it, before anybody else does. Runs on a reversed graph, before storage is
 * placed. *Adjoint only*: 0 + -0 is 0.
 */

import { atIndex, BlockBuilder, integer, withChanges, yields } from '../src/graph/build.ts';
import type { AccumulateNode, AllocNode, Block, Counter, Graph, LoopNode, Node, StoreNode, Type, Value } from '../src/graph/types.ts';
import { mapBlocks, visit, withNodes } from '../src/graph/walk.ts';
import { elementLoop } from './element-loop.ts';
import { IndexFacts } from './index-facts.ts';
import { breaksOf, isTyped } from './memory.ts';
import { mentions } from './scratch.ts';
import { lastZeroing } from './spent-adjoints.ts';

export function fillAdjoints(graph: Graph): Graph {
  const known: Known = { facts: IndexFacts.of(graph), loops: new Map(), restored: new Map(), isFresh: graph.procedure !== undefined };
  visit(graph.body, (node) => {
    if (node.kind === 'loop') known.loops.set(node.id, node);
    if (node.kind === 'restore') known.restored.set(node.result, node.of);
  });
  const body = fillIn(graph.body, known);
  return { ...graph, body: graph.procedure ? body : fillGradients(body, known) };
}

interface Known {
  readonly facts: IndexFacts;
  readonly loops: Map<number, LoopNode>;
  readonly restored: Map<Value, Value>;
  /** Each adjoint is a new array, not a part of the workspace: zeros, where nothing is stored. */
  readonly isFresh: boolean;
}

/** The elements that a loop over `from` to below `to` reaches, each of them `shift` further: every whole number. */
interface Range {
  readonly from: number;
  readonly to: Value;
  readonly shift: number;
  readonly isMirrored: boolean;
}

/** A loop that adds to each element of its range before anybody else does, and where it adds. */
interface Filling {
  readonly loop: LoopNode;
  readonly first: AccumulateNode;
  readonly range: Range;
}

function fillIn(block: Block, known: Known): Block {
  let nodes = block.nodes;
  for (const made of block.nodes) {
    if (made.kind !== 'alloc' || made.init.kind !== 'zeros' || !made.backward || !known.facts.isByName(made)) continue;
    const filled = made.scratch ? nodes : filledFirst(nodes, made, made.init.length, known);
    nodes = filledAgain(filled, made, made.init.length, known);
  }
  return withNodes(block, nodes.map((node) => mapBlocks(node, (inner) => fillIn(inner, known))));
}

/** With the first loop that adds to the new adjoint filling it. */
function filledFirst(nodes: readonly Node[], made: AllocNode, length: Value, known: Known): readonly Node[] {
  const [loop, ...others] = nodes.filter((node) => node !== made && mentions(node, made.result));
  const filling = fillingOf(loop, made.result, known);
  if (filling === undefined) return nodes;
  const { range } = filling;
  const isRestSeen = !known.isFresh && !others.every((user) => looksOnlyAt(range, user, made.result, known));
  const rest = isRestSeen ? (fewZeros(range, made, length, known) ?? zerosBehind(range, made, length, known)) : [];
  if (rest === undefined) return nodes;
  const memory = known.isFresh ? made : withChanges(made, { scratch: true });
  return nodes.flatMap((node) => (node === made ? [memory] : node === loop ? [...rest, storing(filling)] : [node]));
}

/** With loops that fill the adjoint behind loops that take all of it, and leave zeros. */
function filledAgain(nodes: readonly Node[], made: AllocNode, length: Value, known: Known): readonly Node[] {
  const users = nodes.filter((node) => node !== made && mentions(node, made.result));
  for (const [i, taking] of users.entries()) {
    const zeroing = zeroingOf(taking, made.result, length, known);
    const filling = zeroing && fillingOf(users[i + 1], made.result, known);
    const rest = filling && fewZeros(filling.range, made, length, known);
    if (rest === undefined) continue;
    const replaced = nodes.flatMap((node) => (node === taking ? [withNode(taking as LoopNode, zeroing!, [])] : node === filling!.loop ? [...rest, storing(filling!)] : [node]));
    return filledAgain(replaced, made, length, known);
  }
  return nodes;
}

/** Where a loop that takes each element of the adjoint leaves zero. */
function zeroingOf(loop: Node, adjoint: Value, length: Value, known: Known): StoreNode | undefined {
  if (loop.kind !== 'loop') return undefined;
  const range = rangeOf(loop, adjoint, 0, known);
  if (range?.from !== 0 || !known.facts.isSame(range.to, known.restored.get(length) ?? length)) return undefined;
  return lastZeroing(loop, counterOf(loop, known)!.variable, adjoint, known.facts, known.restored);
}

/** In the function's own block: those that are flat arrays of the gradient's own. */
function fillGradients(body: Block, known: Known): Block {
  let { nodes } = body;
  for (const made of body.nodes) {
    if (made.kind !== 'shadow' || made.gradientOf === undefined || !isFlat(made.of.type)) continue;
    const loop = nodes.find((node) => node !== made && mentions(node, made.result));
    const filling = fillingOf(loop, made.result, known);
    if (filling?.range.from !== 0 || filling.range.shift !== 0 || !known.facts.isLengthOf(filling.range.to, made.of)) continue;
    nodes = nodes.map((node) => (node === made ? { ...made, isFilled: true } : node === loop ? storing(filling) : node));
  }
  return { ...body, nodes };
}

function isFlat(type: Type): boolean {
  return type.kind === 'array' && (type.container === 'Float64Array' || type.container === 'Array') && type.element.kind === 'real';
}

/** The loop with a store in place of the addition. */
function storing({ loop, first }: Filling): LoopNode {
  const { kind: _kind, ...addition } = first;
  return withNode(loop, first, [{ ...addition, kind: 'store' }]);
}

function withNode(loop: LoopNode, replaced: Node, by: readonly Node[]): LoopNode {
  return withChanges(loop, { body: { ...loop.body, nodes: loop.body.nodes.flatMap((node) => (node === replaced ? by : [node])) } });
}

/** A loop whose first use of the adjoint adds to an element, and whose other uses are of the same element. */
function fillingOf(loop: Node | undefined, adjoint: Value, known: Known): Filling | undefined {
  if (loop?.kind !== 'loop') return undefined;
  const first = loop.body.nodes.find((node) => mentions(node, adjoint));
  if (first?.kind !== 'accumulate' || first.memory !== adjoint || first.key.kind !== 'index') return undefined;
  const own = known.restored.get(first.key.index) ?? first.key.index;
  const shift = known.facts.distanceTo(counterOf(loop, known)?.variable, own);
  const range = shift === undefined ? undefined : rangeOf(loop, adjoint, shift, known);
  return range && isOnlyAt(own, loop, adjoint, known) ? { loop, first, range } : undefined;
}

/** The elements that the loop reaches one after the other, where it completes all its iterations. */
function rangeOf(loop: LoopNode, adjoint: Value, shift: number, known: Known): Range | undefined {
  const counter = counterOf(loop, known);
  if (counter?.to === undefined || counter.step !== 1 || counter.test !== '<') return undefined;
  if (loop.includesLeaving || [loop, forwardOf(loop, known)].some((one) => one === undefined || breaksOf(one.body).length > 0)) return undefined;
  const from = known.facts.literalOf(counter.from);
  if (from === undefined || !Number.isInteger(from) || from + shift < 0 || loop.done.includes(adjoint)) return undefined;
  return { from, to: counter.to, shift, isMirrored: loop.mirrors !== undefined };
}

function forwardOf(loop: LoopNode, { loops }: Known): LoopNode | undefined {
  return loop.mirrors === undefined ? loop : loops.get(loop.mirrors);
}

function counterOf(loop: LoopNode, known: Known): Counter | undefined {
  return forwardOf(loop, known)?.counter;
}

/** Whether the loop uses the element at such an index alone, and does not ask for the array's length. */
function isOnlyAt(own: Value, loop: LoopNode, array: Value, { facts, restored }: Known): boolean {
  let isSo = true;
  visit(loop.body, (node) => {
    const index = indexIn(node, array);
    if (index === 'none' || (index !== undefined && !facts.isSame(restored.get(index) ?? index, own))) isSo = false;
  });
  return isSo;
}

/** Where the node accesses an element of the array; `none` where it asks for something else of it. */
function indexIn(node: Node, array: Value): Value | 'none' | undefined {
  if (node.kind === 'length') return node.memory === array ? 'none' : undefined;
  if (node.kind !== 'load' && node.kind !== 'store' && node.kind !== 'accumulate') return undefined;
  if (node.memory !== array) return undefined;
  return node.key.kind === 'index' ? node.key.index : 'none';
}

/** Whether all that the node reads of the array is in the range. A length is no element. */
function looksOnlyAt({ from, to, shift }: Range, user: Node, array: Value, { facts, restored }: Known): boolean {
  let isInside = shift === 0;
  const look = (node: Node): void => {
    const index = node.kind === 'store' || node.kind === 'length' ? undefined : indexIn(node, array);
    if (index === undefined) return;
    const here = index === 'none' ? undefined : (restored.get(index) ?? index);
    if (here === undefined || here.type.kind !== 'integer' || !facts.isNonNegative(here) || facts.smallest(here) < from || !facts.isBelow(here, to)) isInside = false;
  };
  look(user);
  if (user.kind === 'loop' || user.kind === 'if') for (const block of user.kind === 'loop' ? [user.body] : [user.then, user.else]) visit(block, look);
  return isInside;
}

/** Sets what lies outside of the range to zero, where that is an element at each end at most, and known to be. */
function fewZeros(range: Range, made: AllocNode, length: Value, { facts, restored }: Known): readonly Node[] | undefined {
  const size = restored.get(length) ?? length;
  const short = facts.distanceTo(range.to, size);
  const [ahead, behind] = [range.from + range.shift, short === undefined ? Infinity : short - range.shift];
  if (ahead > 1 || behind > 1 || size.type.kind !== 'integer') return undefined;
  const zeros = new BlockBuilder(made.origin, true);
  const zero = (index: Value): void => zeros.store(made.result, atIndex(index), zeros.literal(0));
  if (ahead === 1) zero(zeros.literal(0));
  if (behind === 1) zero(endOf(range, zeros));
  // A typed array has no element -1; one in the workspace is guarded when it gets its place.
  if (zeros.nodes.length === 0 || isTyped(made.result) || facts.smallest(size) >= 1) return zeros.nodes;
  const builder = new BlockBuilder(made.origin, true);
  const isSome = builder.apply('gt', [length, builder.literal(0)]);
  builder.if(isSome, zeros.block(yields([])), new BlockBuilder().block(yields([])), []);
  return builder.nodes;
}

/** The first element behind the range. */
function endOf({ to, shift, isMirrored }: Range, builder: BlockBuilder): Value {
  const end = isMirrored ? builder.restore(to) : to;
  if (shift === 0) return end;
  return builder.apply(shift < 0 ? 'sub' : 'add', [end, builder.literal(Math.abs(shift))], { type: integer });
}

/** Sets what lies behind the range to zero. Undefined where something lies in front of it, too. */
function zerosBehind({ from, to, shift, isMirrored }: Range, made: AllocNode, length: Value, { facts }: Known): readonly Node[] | undefined {
  if (from !== 0 || shift !== 0) return undefined;
  const builder = new BlockBuilder(made.origin, true);
  const isSafe = to.type.kind === 'integer' && facts.isNonNegative(to);
  const end = isMirrored ? builder.restore(to) : to;
  const whole = end.type.kind === 'integer' ? end : builder.apply('ceil', [end], { type: integer });
  // A bound that is not a number lets no iteration run.
  const start = isSafe ? whole : builder.apply('select', [builder.apply('gt', [end, builder.literal(0)]), whole, builder.literal(0)], { type: integer });
  elementLoop(builder, length, (inner, index) => inner.store(made.result, atIndex(index), inner.literal(0)), [], start);
  return builder.nodes;
}
