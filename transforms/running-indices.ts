/**
 * Computes a running index of the backward sweep from the loop's counter, where it would be kept for each iteration.
 *
 *     let t = first;
 *     for (let i = from; i < to; i++, t += 2) … l[t] …          restore(t)  is  first + 2 * (i - from)
 *
 *     let t = first;
 *     for (let j = 0; j < n; j++)
 *       for (let i = j + 1; i < n; i++, t++) … l[t] …           restore(t)  in iteration j  is  first + (j * (2 * n - 1 - j)) / 2
 *
 * Runs on reversed graphs, before storage is placed; only backward code is changed. Whole numbers are added without rounding,
 * so an index that is proved whole is the same number. One that is not proved (`t = (c * d * (d - 1)) / 2`) is replaced only
 * where it is nothing but an index: when it is no whole number, the primal read nothing there either.
 */

import { atIndex, BlockBuilder, integer } from '../src/graph/build.ts';
import type { Block, Graph, LoopNode, Node, RestoreNode, Value } from '../src/graph/types.ts';
import { blocks, exitOperands, mapBlocks, operands, results, substitute, visit, withNodes } from '../src/graph/walk.ts';
import { IndexFacts } from './index-facts.ts';
import { analyseMemory, isReference, type Memory } from './memory.ts';
import { tripsOf, type Trips } from './trips.ts';

export function deriveRunningIndices(graph: Graph): Graph {
  const literals = literalsIn(graph);
  const running = runningIn(graph, literals);
  if (running.size === 0) return graph;
  const numbers = numbersAmong(graph);
  const isIndexOnly = (value: Value) => !numbers.has(value);
  const steadyLoads = steadyLoadsIn(graph, analyseMemory(graph));
  const sameAs = new Map<Value, Value>();
  const body = derive(graph.body, { running, isIndexOnly, literals, steadyLoads, sameAs });
  return { ...graph, body: substitute(body, (value) => sameAs.get(value) ?? value) };
}

/** A carried value that each iteration changes by whole numbers that are known beforehand. */
interface Running {
  readonly loop: LoopNode;
  readonly first: Value;
  /** What each step adds. */
  readonly step: number;
  /** How many steps an iteration makes; one where nothing is said. */
  readonly trips?: Trips;
}

interface Known {
  readonly running: ReadonlyMap<Value, Running>;
  readonly isIndexOnly: (value: Value) => boolean;
  readonly literals: ReadonlyMap<Value, number>;
  /** Loads from memory that nobody writes, by what they give. */
  readonly steadyLoads: ReadonlyMap<Value, SteadyLoad>;
  /** What is to be read in the place of each restore that is gone. */
  readonly sameAs: Map<Value, Value>;
}

interface Scope {
  readonly values: Set<Value>;
  readonly indices: Map<Value, Value>;
}

interface SteadyLoad {
  readonly memory: Value;
  readonly index: Value;
}

function literalsIn(graph: Graph): Map<Value, number> {
  const literals = new Map<Value, number>();
  visit(graph.body, (node) => {
    if (node.kind === 'literal' && typeof node.value === 'number') literals.set(node.result, node.value);
  });
  return literals;
}

function steadyLoadsIn(graph: Graph, memory: Memory): Map<Value, SteadyLoad> {
  const loads = new Map<Value, SteadyLoad>();
  visit(graph.body, (node) => {
    if (node.kind !== 'load' || node.key.kind !== 'index' || isReference(node.result.type)) return;
    const roots = [...memory.rootsOf(node.memory)];
    if (roots.length === 0 || !roots.every((root) => memory.isReadOnly(root))) return;
    loads.set(node.result, { memory: node.memory, index: node.key.index });
  });
  return loads;
}

function runningIn(graph: Graph, literals: ReadonlyMap<Value, number>): Map<Value, Running> {
  const facts = IndexFacts.of(graph);
  const steps = new Map<Value, { of: Value; step: number }>();
  const loops: LoopNode[] = [];
  visit(graph.body, (node) => {
    if (node.kind === 'loop' && !node.backward && node.counter?.step === 1 && node.body.exit.kind === 'yield') loops.push(node);
    if (node.kind !== 'apply' || node.op !== 'add') return;
    const [of, by] = node.operands as readonly [Value, Value];
    const step = literals.get(by);
    if (Number.isInteger(step)) steps.set(node.result, { of, step: step! });
  });
  const running = new Map<Value, Running>();
  for (const loop of loops) {
    const next = exitOperands(loop.body.exit);
    loop.body.params.forEach((param, place) => {
      const found = steps.get(next[place]!);
      if (found?.of === param) running.set(param, { loop, first: loop.initial[place]!, step: found.step });
    });
  }
  const byInner = new Map<Value, Running>();
  for (const loop of loops) {
    const next = exitOperands(loop.body.exit);
    loop.body.params.forEach((param, place) => {
      const inner = loop.body.nodes.find((node): node is LoopNode => node.kind === 'loop' && node.results.includes(next[place]!));
      const own = inner?.results.indexOf(next[place]!);
      if (inner === undefined || inner.initial[own!] !== param || inner.done[own!] !== inner.body.params[own!]) return;
      const inside = running.get(inner.body.params[own!]!);
      const trips = inside && tripsOf(inner, loop, graph, facts);
      if (trips) byInner.set(param, { loop, first: loop.initial[place]!, step: inside.step, trips });
    });
  }
  return new Map([...running, ...byInner]);
}

/** Values that are used for more than saying which element is meant. */
function numbersAmong(graph: Graph): Set<Value> {
  const numbers = new Set<Value>(exitOperands(graph.body.exit));
  visit(graph.body, (node) => {
    const index = indexOf(node);
    for (const operand of operands(node)) if (operand !== index) numbers.add(operand);
    for (const block of blocks(node)) for (const value of exitOperands(block.exit)) numbers.add(value);
    if (node.kind === 'loop') for (const value of node.done) numbers.add(value);
  });
  return numbers;
}

/** The index of an access, unless it is what is stored as well. */
function indexOf(node: Node): Value | undefined {
  if (node.kind !== 'load' && node.kind !== 'store' && node.kind !== 'accumulate') return undefined;
  const index = node.key.kind === 'index' ? node.key.index : undefined;
  return node.kind !== 'load' && node.value === index ? undefined : index;
}

/** `scope`: what is at hand in front of the block, a forward value or an index in its place. */
function derive(block: Block, known: Known, scope: Scope = { values: new Set(), indices: new Map() }): Block {
  const here = { values: new Set([...scope.values, ...block.params]), indices: new Map(scope.indices) };
  const nodes = block.nodes.flatMap((node): readonly Node[] => {
    for (const value of results(node)) here.values.add(value);
    if (node.kind === 'restore') return derived(node, known, here) ?? [node];
    const ahead = node.kind === 'loop' && node.mirrors !== undefined ? firstIndices(node, known, here.indices) : [];
    return [...ahead, mapBlocks(node, (inner) => derive(inner, known, node.kind === 'loop' ? here : { ...here, indices: new Map() }))];
  });
  return withNodes(block, nodes);
}

/** What the indices of a loop begin with, in front of its mirror, where that runs in the loop around. */
function firstIndices(mirror: LoopNode, known: Known, here: Map<Value, Value>): readonly Node[] {
  const builder = new BlockBuilder(mirror.origin, true);
  for (const node of mirror.body.nodes) {
    const running = node.kind === 'restore' ? runningOf(node, known) : undefined;
    if (running?.loop.id !== mirror.mirrors) continue;
    const outer = known.running.get(running!.first);
    if (outer) indexFor(running!.first, outer, known, builder, here);
  }
  return builder.nodes;
}

/** The running index that a restore asks for, or that the restored element is at. */
function runningOf({ of, result }: RestoreNode, known: Known): Running | undefined {
  const own = known.running.get(of);
  if (own !== undefined) return result.type.kind === 'integer' || known.isIndexOnly(result) ? own : undefined;
  const load = known.steadyLoads.get(of);
  return load && known.running.get(load.index);
}

/**
 * What stands for the restore: of a running index, or of an element that it reads from memory that nobody writes. Nothing does,
 * where the mirror runs in the iteration itself.
 */
function derived(node: RestoreNode, known: Known, here: Scope): readonly Node[] | undefined {
  const running = here.values.has(node.of) ? undefined : runningOf(node, known);
  if (running === undefined) return undefined;
  const builder = new BlockBuilder(node.origin, true);
  const load = known.steadyLoads.get(node.of);
  if (load === undefined) {
    known.sameAs.set(node.result, indexFor(node.of, running, known, builder, here.indices));
    return builder.nodes;
  }
  const key = atIndex(indexFor(load.index, running, known, builder, here.indices));
  builder.push({ kind: 'load', memory: builder.restore(load.memory), key, result: node.result });
  return builder.nodes;
}

function indexFor(of: Value, running: Running, known: Known, builder: BlockBuilder, here: Map<Value, Value>): Value {
  const before = here.get(of);
  if (before !== undefined) return before;
  const outer = known.running.get(running.first);
  const first = outer ? indexFor(running.first, outer, known, builder, here) : again(running.first, known, builder);
  const index = builder.apply('add', [first, stepsBefore(running, known, builder)], { type: of.type, name: of.name });
  here.set(of, index);
  return index;
}

function again(value: Value, { literals }: Known, builder: BlockBuilder): Value {
  const literal = literals.get(value);
  return literal === undefined ? builder.restore(value) : builder.literal(literal, value.type);
}

/** What the iterations before have added. */
function stepsBefore({ loop, step, trips }: Running, known: Known, builder: BlockBuilder): Value {
  const { variable, from } = loop.counter!;
  const arithmetic = (op: 'add' | 'sub' | 'mul' | 'div', a: Value, b: Value): Value => builder.apply(op, [a, b], { type: integer });
  const isFromZero = known.literals.get(from) === 0;
  const counter = again(variable, known, builder);
  const iterations = isFromZero ? counter : arithmetic('sub', counter, again(from, known, builder));
  const steps = trips ? tripsBefore(iterations) : iterations;
  return step === 1 ? steps : arithmetic('mul', builder.literal(step), steps);

  /** Of m iterations with `first`, `first + growth`, … trips: m (2 first + growth (m - 1)) / 2. */
  function tripsBefore(m: Value): Value {
    const { base, shift, growth } = trips!;
    let first = base && again(base, known, builder);
    if (growth !== 0 && !isFromZero) first = first ? arithmetic(growth > 0 ? 'add' : 'sub', first, again(from, known, builder)) : again(from, known, builder);
    if (growth === 0) return arithmetic('mul', m, first ? shifted(first, shift) : builder.literal(shift));
    const twice = first && shifted(arithmetic('mul', builder.literal(2), first), 2 * shift - growth);
    const last = twice === undefined ? shifted(m, 2 * shift - growth) : arithmetic(growth > 0 ? 'add' : 'sub', twice, m);
    return arithmetic('div', arithmetic('mul', m, last), builder.literal(2));
  }

  function shifted(value: Value, by: number): Value {
    return by === 0 ? value : arithmetic(by > 0 ? 'add' : 'sub', value, builder.literal(Math.abs(by)));
  }
}
