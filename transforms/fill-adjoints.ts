/**
 * A local adjoint that one loop adds to, element by element, before anybody else does is filled by that loop instead of being set to
 * zero beforehand.
 *
 *     for (i …) d_row[i] = 0;                       for (i from n …) d_row[i] = 0;   (where somebody may look behind n)
 *     for (j …) d_row[j] += d * row[j];             for (j …) d_row[j] = d * row[j];
 *
 * The same of a gradient that one loop adds to, all of it, before anybody else does. Runs on a reversed graph, before storage is
 * placed. *Adjoint only*: 0 + -0 is 0.
 */

import { atIndex, BlockBuilder, integer, withChanges } from '../src/graph/build.ts';
import type { AccumulateNode, AllocNode, Block, Counter, Graph, LoopNode, Node, Type, Value } from '../src/graph/types.ts';
import { mapBlocks, visit, withNodes } from '../src/graph/walk.ts';
import { elementLoop } from './element-loop.ts';
import { IndexFacts } from './index-facts.ts';
import { breaksOf } from './memory.ts';
import { mentions } from './scratch.ts';

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

/** From 0 up to `to`, every whole number. */
interface Range {
  readonly to: Value;
  readonly isMirrored: boolean;
}

function fillIn(block: Block, known: Known): Block {
  let nodes = block.nodes;
  for (const made of block.nodes) {
    if (made.kind !== 'alloc' || made.init.kind !== 'zeros' || !made.backward || made.scratch || !known.facts.isByName(made)) continue;
    const users = nodes.filter((node) => node !== made && mentions(node, made.result));
    const [loop, ...others] = users;
    if (loop?.kind !== 'loop') continue;
    const range = filledBy(loop, made.result, known);
    const first = range && firstAddition(loop, made.result, known);
    if (range === undefined || first === undefined) continue;
    const filling = storing(loop, first);
    const { length } = made.init;
    const isWhole = known.facts.isSame(range.to, known.restored.get(length) ?? length);
    const rest = known.isFresh || isWhole || others.every((user) => looksOnlyAt(range, user, made.result, known)) ? [] : zerosBehind(range, made, known);
    const memory = known.isFresh ? made : withChanges(made, { scratch: true });
    nodes = nodes.flatMap((node) => (node === made ? [memory] : node === loop ? [...rest, filling] : [node]));
  }
  return withNodes(block, nodes.map((node) => mapBlocks(node, (inner) => fillIn(inner, known))));
}

/** In the function's own block: those that are flat arrays of the gradient's own. */
function fillGradients(body: Block, known: Known): Block {
  let { nodes } = body;
  for (const made of body.nodes) {
    if (made.kind !== 'shadow' || made.gradientOf === undefined || !isFlat(made.of.type)) continue;
    const loop = nodes.find((node) => node !== made && mentions(node, made.result));
    const range = loop?.kind === 'loop' ? filledBy(loop, made.result, known) : undefined;
    if (loop?.kind !== 'loop' || range === undefined || !known.facts.isLengthOf(range.to, made.of)) continue;
    const first = firstAddition(loop, made.result, known);
    if (first !== undefined) nodes = nodes.map((node) => (node === made ? { ...made, isFilled: true } : node === loop ? storing(loop, first) : node));
  }
  return { ...body, nodes };
}

function isFlat(type: Type): boolean {
  return type.kind === 'array' && (type.container === 'Float64Array' || type.container === 'Array') && type.element.kind === 'real';
}

/** The loop with a store in place of the addition. */
function storing(loop: LoopNode, first: AccumulateNode): LoopNode {
  const { kind: _kind, ...addition } = first;
  const body = loop.body.nodes.map((node): Node => (node === first ? { ...addition, kind: 'store' } : node));
  return withChanges(loop, { body: { ...loop.body, nodes: body } });
}

/** The elements that the loop reaches one after the other, where it completes all its iterations. */
function filledBy(loop: LoopNode, adjoint: Value, known: Known): Range | undefined {
  const counter = counterOf(loop, known);
  if (counter?.to === undefined || counter.step !== 1 || counter.test !== '<' || !known.facts.isZero(counter.from)) return undefined;
  if (loop.includesLeaving || [loop, forwardOf(loop, known)].some((one) => one === undefined || breaksOf(one.body).length > 0)) return undefined;
  return loop.done.includes(adjoint) ? undefined : { to: counter.to, isMirrored: loop.mirrors !== undefined };
}

function forwardOf(loop: LoopNode, { loops }: Known): LoopNode | undefined {
  return loop.mirrors === undefined ? loop : loops.get(loop.mirrors);
}

function counterOf(loop: LoopNode, known: Known): Counter | undefined {
  return forwardOf(loop, known)?.counter;
}

/** The addition in front of all other uses of the adjoint in the body, all of which are at the loop's counter. */
function firstAddition(loop: LoopNode, adjoint: Value, known: Known): AccumulateNode | undefined {
  const own = counterOf(loop, known)!.variable;
  let isOwn = true;
  visit(loop.body, (node) => {
    const index = indexIn(node, adjoint);
    if (index !== undefined && index !== 'none' && (known.restored.get(index) ?? index) !== own) isOwn = false;
    if (index === 'none') isOwn = false;
  });
  const first = loop.body.nodes.find((node) => mentions(node, adjoint));
  return isOwn && first?.kind === 'accumulate' ? first : undefined;
}

/** Where the node accesses an element of the array; `none` where it asks for something else of it. */
function indexIn(node: Node, array: Value): Value | 'none' | undefined {
  if (node.kind === 'length') return node.memory === array ? 'none' : undefined;
  if (node.kind !== 'load' && node.kind !== 'store' && node.kind !== 'accumulate') return undefined;
  if (node.memory !== array) return undefined;
  return node.key.kind === 'index' ? node.key.index : 'none';
}

/** Whether all that the node reads of the array is in the range. A length is no element. */
function looksOnlyAt({ to }: Range, user: Node, array: Value, { facts, restored }: Known): boolean {
  let isInside = true;
  const look = (node: Node): void => {
    const index = node.kind === 'store' || node.kind === 'length' ? undefined : indexIn(node, array);
    if (index === undefined) return;
    const here = index === 'none' ? undefined : (restored.get(index) ?? index);
    if (here === undefined || here.type.kind !== 'integer' || !facts.isNonNegative(here) || !facts.isBelow(here, to)) isInside = false;
  };
  look(user);
  if (user.kind === 'loop' || user.kind === 'if') for (const block of user.kind === 'loop' ? [user.body] : [user.then, user.else]) visit(block, look);
  return isInside;
}

/** Sets what lies behind the range to zero. */
function zerosBehind({ to, isMirrored }: Range, made: AllocNode, { facts }: Known): readonly Node[] {
  if (made.init.kind !== 'zeros') return [];
  const builder = new BlockBuilder(made.origin, true);
  const isSafe = to.type.kind === 'integer' && facts.isNonNegative(to);
  const end = isMirrored ? builder.restore(to) : to;
  const whole = end.type.kind === 'integer' ? end : builder.apply('ceil', [end], { type: integer });
  // A bound that is not a number lets no iteration run.
  const from = isSafe ? whole : builder.apply('select', [builder.apply('gt', [end, builder.literal(0)]), whole, builder.literal(0)], { type: integer });
  elementLoop(builder, made.init.length, (inner, index) => inner.store(made.result, atIndex(index), inner.literal(0)), [], from);
  return builder.nodes;
}
