/**
 * Computes a running index of the backward sweep from the loop's counter, where it would be kept for each iteration.
 *
 *     let t = first;
 *     for (let i = from; i < to; i++, t += 2) … l[t] …          restore(t)  is  first + 2 * (i - from)
 *
 * Runs on reversed graphs, before storage is placed; only backward code is changed. Whole numbers are added without rounding,
 * so an index that is proved whole is the same number. One that is not proved (`t = (c * d * (d - 1)) / 2`) is replaced only
 * where it is nothing but an index: when it is no whole number, the primal read nothing there either.
 */

import { atIndex, BlockBuilder, integer } from '../src/graph/build.ts';
import type { Block, Graph, LoopNode, Node, RestoreNode, Value } from '../src/graph/types.ts';
import { blocks, exitOperands, mapBlocks, operands, substitute, visit } from '../src/graph/walk.ts';
import { analyseMemory, isReference, type Memory } from './memory.ts';

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

/** A carried value that each iteration changes by the same whole number. */
interface Running {
  readonly loop: LoopNode;
  readonly first: Value;
  readonly step: number;
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
  const steps = new Map<Value, { of: Value; step: number }>();
  const running = new Map<Value, Running>();
  visit(graph.body, (node) => {
    if (node.kind !== 'apply' || node.op !== 'add') return;
    const [of, by] = node.operands as readonly [Value, Value];
    const step = literals.get(by);
    if (Number.isInteger(step)) steps.set(node.result, { of, step: step! });
  });
  visit(graph.body, (loop) => {
    if (loop.kind !== 'loop' || loop.backward || loop.counter?.step !== 1 || loop.body.exit.kind !== 'yield') return;
    const { values } = loop.body.exit;
    loop.body.params.forEach((param, place) => {
      const found = steps.get(values[place]!);
      if (found?.of === param) running.set(param, { loop, first: loop.initial[place]!, step: found.step });
    });
  });
  return running;
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

function derive(block: Block, known: Known): Block {
  const here = new Map<Value, Value>();
  const nodes = block.nodes.flatMap((node): readonly Node[] => {
    if (node.kind === 'restore') return derived(node, known, here) ?? [node];
    return [mapBlocks(node, (inner) => derive(inner, known))];
  });
  return { ...block, nodes };
}

/**
 * What stands for the restore: of a running index, or of an element that it reads from memory that nobody writes. `here`: the
 * indices that the block has computed before.
 */
function derived(node: RestoreNode, known: Known, here: Map<Value, Value>): readonly Node[] | undefined {
  const builder = new BlockBuilder(node.origin, true);
  const running = known.running.get(node.of);
  if (running !== undefined) {
    if (node.result.type.kind !== 'integer' && !known.isIndexOnly(node.result)) return undefined;
    known.sameAs.set(node.result, indexFor(node.of, running, known, builder, here));
    return builder.nodes;
  }
  const load = known.steadyLoads.get(node.of);
  const found = load && known.running.get(load.index);
  if (found === undefined) return undefined;
  const key = atIndex(indexFor(load!.index, found, known, builder, here));
  builder.push({ kind: 'load', memory: builder.restore(load!.memory), key, result: node.result });
  return builder.nodes;
}

function indexFor(of: Value, running: Running, known: Known, builder: BlockBuilder, here: Map<Value, Value>): Value {
  const before = here.get(of);
  if (before !== undefined) return before;
  const index = builder.apply('add', termsOf(running, known, builder), { type: of.type, name: of.name });
  here.set(of, index);
  return index;
}

/** `first` and `step * (counter - from)`. */
function termsOf({ loop, first, step }: Running, known: Known, builder: BlockBuilder): readonly [Value, Value] {
  const { variable, from } = loop.counter!;
  const again = (value: Value): Value => {
    const literal = known.literals.get(value);
    return literal === undefined ? builder.restore(value) : builder.literal(literal, value.type);
  };
  const isFromZero = known.literals.get(from) === 0;
  const trips = isFromZero ? again(variable) : builder.apply('sub', [again(variable), again(from)], { type: integer });
  return [again(first), step === 1 ? trips : builder.apply('mul', [builder.literal(step), trips], { type: integer })];
}
