/**
 * Loops of which few states are kept: n iterations become about √n blocks of about √n iterations. A block is run again when the
 * backward sweep comes by, so that what lies in memory at any time is the state at the start of each block and what the
 * iterations of one block need: O(√n) instead of O(n) (checkpointing in one level; Griewank & Walther 2008, §12).
 */

import { BlockBuilder, integer, newLoopId, newValue } from '../src/graph/build.ts';
import { append } from '../src/graph/lists.ts';
import type { RefusedCheckpoint } from '../src/graph/primal.ts';
import type { Block, Counter, Graph, LoopNode, Node, Value } from '../src/graph/types.ts';
import { definedIn, exitOperands, mapBlocks, mayBreak, operands, results, substitute, visit, withNodes } from '../src/graph/walk.ts';
import { elementsInside } from './elements-inside.ts';
import { structureOf } from './storage/structure.ts';
import { analyseMemory, isReference, type Memory, type Root } from './memory.ts';

export interface CheckpointOptions {
  /** Every loop that can be, whether the source asks for it or not; for tests. */
  readonly everywhere?: boolean;
  /** Is told of a loop that is asked for and cannot be run again. */
  readonly refuse?: (refused: RefusedCheckpoint) => void;
}

/** Expects a forward graph; its operations stay what they are, in their order. */
export function checkpoint(graph: Graph, { everywhere = false, refuse }: CheckpointOptions = {}): Graph {
  let known: Memories | undefined;
  const zeros = new Set<Value>();
  visit(graph.body, (node) => void (node.kind === 'literal' && node.value === 0 && zeros.add(node.result)));
  const isZero = (value: Value): boolean => zeros.has(value);
  const inBlock = (block: Block): Block => withNodes(block, block.nodes.flatMap((node) => {
    // Asked of the loop as it is: the analysis knows its nodes.
    const isAsked = node.kind === 'loop' && (node.checkpointed || (everywhere && canBe(node)));
    const problem = isAsked ? obstacleTo(node, (known ??= memoriesOf(graph))) : undefined;
    if (problem !== undefined && node.kind === 'loop' && node.checkpointed) refuse?.({ what: problem, ...(node.origin && { origin: node.origin }) });
    const inside = mapBlocks(node, inBlock);
    return isAsked && problem === undefined && inside.kind === 'loop' ? inBlocks(inside, known!.steadyFor(node), isZero) : [inside];
  }));
  return { ...graph, body: inBlock(graph.body) };
}

function canBe(loop: LoopNode): boolean {
  return loop.counter?.to !== undefined && loop.body.exit.kind === 'yield' && !loop.body.nodes.some(mayBreak);
}

interface Memories {
  readonly memory: Memory;
  /** It stays as it was when the function ended. */
  readonly returned: ReadonlySet<Root>;
  /** Plain arrays that may grow or shrink somewhere. */
  readonly resized: ReadonlySet<Root>;
  /** Memory that nobody writes once the loop has begun. */
  readonly steadyFor: (loop: LoopNode) => ReadonlySet<Root>;
}

function memoriesOf(graph: Graph): Memories {
  const memory = analyseMemory(graph);
  const structure = structureOf(graph);
  const writes = new Map<Root, Node[]>();
  const all = new Set<Root>();
  visit(graph.body, (node) => {
    for (const operand of [...operands(node), ...results(node)]) for (const root of memory.rootsOf(operand)) all.add(root);
    for (const root of writtenBy(node, memory)) append(writes, root, node);
  });
  const steadyFor = (loop: LoopNode): ReadonlySet<Root> => {
    const place = structure.placeOfNode(loop);
    const around = structure.loopsAround(place.block);
    const isBefore = (node: Node): boolean => {
      const other = structure.placeOfNode(node);
      return other.order < place.order && !structure.loopsAround(other.block).some((outer) => around.includes(outer));
    };
    return new Set([...all].filter((root) => memory.isReadOnly(root) || (!memory.isShared(root) && (writes.get(root) ?? []).every(isBefore))));
  };
  const isInside = elementsInside(graph, memory);
  const mayResize = (node: Node): boolean =>
    node.kind === 'resize' || (node.kind === 'store' && node.memory.type.kind === 'array' && node.memory.type.container === 'Array' && node.key.kind === 'index' && !isInside(node.memory, node.key.index));
  const resized = new Set([...writes].flatMap(([root, nodes]) => (nodes.some(mayResize) ? [root] : [])));
  return { memory, resized, returned: new Set(exitOperands(graph.body.exit).flatMap((value) => [...memory.reachableFrom(value)])), steadyFor };
}

function writtenBy(node: Node, memory: Memory): readonly Root[] {
  if (node.kind === 'store' || node.kind === 'accumulate' || node.kind === 'resize') return [...memory.rootsOf(node.memory)];
  return node.kind === 'call' ? node.operands.flatMap((operand) => [...memory.reachableFrom(operand)]) : [];
}

/** What a loop uses that cannot be put back to what it was, in words. */
function obstacleTo(loop: LoopNode, { memory, returned, resized, steadyFor }: Memories): string | undefined {
  if (loop.body.params.some((param) => isReference(param.type))) return 'which array or object a variable means';
  const inside = definedIn(loop);
  const steady = steadyFor(loop);
  const changes = (value: Value): boolean => [...memory.rootsOf(value)].some((root) => !inside.has(root) && !steady.has(root));
  let found: string | undefined;
  visit(loop.body, (node) => {
    found ??= obstacleIn(node);
  });
  return found;

  function obstacleIn(node: Node): string | undefined {
    if (node.kind === 'carry' && node.effect) return 'something by a call that may not be repeated';
    if (node.kind === 'call') return 'what a call does that stays a call';
    if (node.kind === 'resize' && changes(node.memory)) return 'the length of an array';
    const memories = operands(node).filter((operand) => isReference(operand.type) && changes(operand));
    for (const value of memories) {
      const { type } = value;
      if (type.kind !== 'array' || isReference(type.element)) return 'an object, or an array of arrays';
      if (inside.has(value)) return 'an array that is part of another, or one of several';
      const roots = [...memory.rootsOf(value)];
      // What grows or shrinks later on has another length when the loop runs again.
      if (roots.some((root) => resized.has(root))) return 'the length of an array';
      if (roots.some((root) => returned.has(root))) return 'memory that is returned';
      if (roots.some((root) => memory.isShared(root))) return 'memory that other calls write as well';
    }
    return undefined;
  }
}

function inBlocks(loop: LoopNode, steady: ReadonlySet<Root>, isZero: (value: Value) => boolean): readonly Node[] {
  const { counter, body } = loop;
  if (counter?.to === undefined) return [loop];
  const before = new BlockBuilder(loop.origin);
  const trips = tripsOf(before, counter, counter.to, isZero(counter.from));
  const root = before.apply('ceil', [before.apply('sqrt', [trips])], { type: integer });
  const most = before.apply('max', [before.literal(1), root], { type: integer, name: 'perBlock' });
  const blocks = before.apply('ceil', [before.apply('div', [trips, most])], { type: integer, name: 'blocks' });

  const block = newValue(integer, 'block');
  const outer = new BlockBuilder(loop.origin);
  const start = outer.apply('mul', [block, most], { type: integer, name: 'start' });
  const left = outer.apply('sub', [trips, start], { type: integer });
  const size = outer.apply('min', [left, most], { type: integer, name: 'inBlock' });
  const states = body.params.map((param) => newValue(param.type, param.name));
  const next = body.params.map((param) => newValue(param.type, param.name));
  const inner = oneBlock(loop, counter, outer.literal(0), { start, size, states, next, startsAtZero: isZero(counter.from) });
  outer.push({ ...inner, replayed: { steady } });

  const toOuter = (value: Value): Value => states[body.params.indexOf(value)] ?? value;
  before.loop({
    id: newLoopId(),
    counter: { variable: block, from: before.literal(0), to: blocks, test: '<', step: 1 },
    initial: loop.initial,
    body: { params: states, nodes: outer.nodes, exit: { kind: 'yield', values: next } },
    done: loop.done.map(toOuter),
    results: loop.results,
    checkpointed: true,
  });
  if (counter.after !== undefined) before.push(counterAt(before, counter, trips, counter.after));
  return before.nodes;
}

interface OneBlock {
  /** The number of its first iteration, and how many it has. */
  readonly start: Value;
  readonly size: Value;
  /** Carried values at its start and at its end. */
  readonly states: readonly Value[];
  readonly next: readonly Value[];
  /** The loop's counter is the number of the iteration. */
  readonly startsAtZero: boolean;
}

function oneBlock(loop: LoopNode, counter: Counter, zero: Value, { start, size, states, next, startsAtZero }: OneBlock): LoopNode {
  const { checkpointed: _asked, counter: _counter, ...plain } = loop;
  const number = newValue(integer, 'step');
  const builder = new BlockBuilder(loop.origin);
  const variable = newValue(integer, counter.variable.name);
  if (startsAtZero && counter.step === 1) builder.push({ kind: 'apply', op: 'add', operands: [start, number], result: variable });
  else builder.push(counterAt(builder, counter, builder.apply('add', [start, number], { type: integer }), variable));
  const body = substitute(loop.body, (value) => (value === counter.variable ? variable : value));
  return {
    ...plain,
    id: newLoopId(),
    counter: { variable: number, from: zero, to: size, test: '<', step: 1 },
    initial: states,
    body: { ...body, nodes: [...builder.nodes, ...body.nodes] },
    done: body.params,
    results: next,
  };
}

/** `from + step * number`, exact among integers. */
function counterAt(builder: BlockBuilder, { from, step }: Counter, number: Value, result: Value): Node {
  const steps = step === 1 ? number : builder.apply('mul', [builder.literal(step), number], { type: integer });
  return { kind: 'apply', op: 'add', operands: [from, steps], result };
}

/** How often the counter passes its test; 0 where the bound is no number. */
function tripsOf(builder: BlockBuilder, { from, test, step }: Counter, to: Value, startsAtZero: boolean): Value {
  const [low, high] = step > 0 ? [from, to] : [to, from];
  const way = startsAtZero && step > 0 ? high : builder.apply('sub', [high, low]);
  const distance = Math.abs(step) === 1 ? way : builder.apply('div', [way, builder.literal(Math.abs(step))]);
  const isWhole = distance.type.kind === 'integer';
  const isInclusive = test === '<=' || test === '>=';
  const whole = isWhole ? distance : builder.apply(isInclusive ? 'floor' : 'ceil', [distance], { type: integer });
  const trips = isInclusive ? builder.apply('add', [whole, builder.literal(1)], { type: integer }) : whole;
  const zero = builder.literal(0);
  return builder.apply('select', [builder.apply('gt', [trips, zero]), trips, zero], { type: integer, name: 'trips' });
}
