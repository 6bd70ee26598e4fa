/**
 * A recurrence that costs an operation or two runs again beside the mirror, instead of being kept for each iteration:
 *
 *     for (j …) { y += a[j] * power; power *= t; }          kept: power        for (j from the last …) d_a[j] += d_y * kept[j];
 *                                                           again:             for (j from the first …) { d_a[j] += d_y * power; power *= t; }
 *
 * Runs on a reversed graph, before storage is placed. The mirror's iterations only add to memory and to sums, so that they may run
 * from the first to the last; nothing of the mirrored iteration is left to be kept, and it is a loop like any other. The
 * recurrence does the forward sweep's operations in their order: its values are the same bits.
 */

import { atIndex, BlockBuilder, newLoopId, newValue } from '../src/graph/build.ts';
import type { Block, Graph, LoopNode, Node, Value } from '../src/graph/types.ts';
import { definedIn, exitOperands, mapBlocks, results, substitute, visit, withNodes } from '../src/graph/walk.ts';
import { isUnordered } from './fuse-mirrors.ts';
import { analyseMemory, breaksOf, isReference, type Memory, type Root } from './memory.ts';
import { costOf } from './storage/recompute.ts';

/** Of all recurrences of a loop, in additions. */
const mostCost = 4;
const mostRecurrences = 2;

export function runRecurrencesAgain(graph: Graph): Graph {
  const known: Known = { memory: analyseMemory(graph), loops: new Map(), nodes: new Map(), params: graph.params };
  visit(graph.body, (node) => {
    if (node.kind === 'loop') known.loops.set(node.id, node);
    for (const value of results(node)) known.nodes.set(value, node);
  });
  return { ...graph, body: again(graph.body, known) };
}

interface Known {
  readonly memory: Memory;
  readonly loops: Map<number, LoopNode>;
  readonly nodes: Map<Value, Node>;
  readonly params: readonly Value[];
}

function again(block: Block, known: Known): Block {
  return withNodes(block, block.nodes.flatMap((node) => {
    const ascending = node.kind === 'loop' ? withRecurrences(node, known) : undefined;
    return ascending ?? [mapBlocks(node, (inner) => again(inner, known))];
  }));
}

/** The mirror from the first iteration to the last, with what has to be computed before it. */
function withRecurrences(mirror: LoopNode, known: Known): readonly Node[] | undefined {
  const loop = mirror.mirrors === undefined ? undefined : known.loops.get(mirror.mirrors);
  if (loop?.counter?.to === undefined || mirror.counter === undefined || mirror.counter.after !== undefined || mirror.includesLeaving) return undefined;
  if (loop.body.exit.kind !== 'yield' || breaksOf(loop.body).length > 0) return undefined;
  if (!isUnordered(mirror) || !onlyAdds(mirror, known)) return undefined;

  const run = new Recurrences(loop, mirror, known);
  const sameAs = new Map<Value, Value>();
  for (const node of mirror.body.nodes) {
    if (node.kind !== 'restore') continue;
    const value = run.valueOf(node.of);
    if (value === undefined) return undefined;
    sameAs.set(node.result, value);
  }
  const recurrences = run.finish();
  if (recurrences === undefined) return undefined;
  const body = substitute({ ...mirror.body, nodes: mirror.body.nodes.filter((node) => node.kind !== 'restore') }, (value) => sameAs.get(value) ?? value);
  const { mirrors: _mirrors, ...plain } = mirror;
  const { before, inside, behind } = run;
  const counter = { ...loop.counter, variable: mirror.counter.variable, from: run.outer(loop.counter.from), to: run.outer(loop.counter.to) };
  return [
    ...before.nodes,
    {
      ...plain,
      id: newLoopId(),
      counter,
      initial: [...mirror.initial, ...recurrences.initial],
      body: {
        params: [...body.params, ...recurrences.params],
        nodes: [...inside.nodes, ...body.nodes, ...behind.nodes],
        exit: { kind: 'yield', values: [...exitOperands(body.exit), ...recurrences.next] },
      },
      done: [...mirror.done, ...recurrences.params],
      results: [...mirror.results, ...recurrences.params.map((param) => newValue(param.type, param.name))],
    },
  ];
}

/** Whether the mirror has no loops, and does nothing to memory but add to what it does not read. */
function onlyAdds(mirror: LoopNode, { memory }: Known): boolean {
  const added = new Set<Root>();
  for (const node of mirror.body.nodes) if (node.kind === 'accumulate') for (const root of memory.rootsOf(node.memory)) added.add(root);
  return mirror.body.nodes.every((node) => {
    switch (node.kind) {
      case 'load':
        return !isReference(node.result.type) && [...memory.rootsOf(node.memory)].every((root) => !added.has(root));
      case 'apply':
        return node.operands.every((operand) => operand.type.kind !== 'array');
      case 'accumulate':
      case 'literal':
      case 'restore':
        return true;
      default:
        return false;
    }
  });
}

/** Forward values of an iteration, computed again from the counter, from what is known outside, and from recurrences. */
class Recurrences {
  readonly before: BlockBuilder;
  /** What an iteration begins with, and what it ends with. */
  readonly inside: BlockBuilder;
  readonly behind: BlockBuilder;
  private at: BlockBuilder;
  private readonly loop: LoopNode;
  private readonly counter: Value;
  private readonly known: Known;
  private readonly own: ReadonlySet<Value>;
  private readonly values = new Map<Value, Value>();
  private readonly outside = new Map<Value, Value>();
  /** The carried values that run again, by their place in the loop. */
  private readonly running = new Map<number, Value>();
  private cost = 0;

  constructor(loop: LoopNode, mirror: LoopNode, known: Known) {
    this.before = new BlockBuilder(mirror.origin, true);
    this.inside = new BlockBuilder(mirror.origin, true);
    this.behind = new BlockBuilder(mirror.origin, true);
    this.at = this.inside;
    this.loop = loop;
    this.counter = mirror.counter!.variable;
    this.known = known;
    this.own = definedIn(loop);
  }

  /** A value from outside of the loop, before the mirror. */
  outer(value: Value): Value {
    const found = this.outside.get(value);
    if (found !== undefined) return found;
    if (this.known.params.includes(value)) return value;
    const node = this.known.nodes.get(value);
    const here = node?.kind === 'literal' ? this.before.literal(node.value, value.type) : this.before.restore(value);
    this.outside.set(value, here);
    return here;
  }

  /** Undefined where it cannot be had, or costs too much. */
  valueOf(value: Value): Value | undefined {
    if (value === this.loop.counter!.variable) return this.counter;
    if (!this.own.has(value)) return this.outer(value);
    const found = this.values.get(value);
    if (found !== undefined) return found;
    const computed = this.compute(value);
    if (computed !== undefined) this.values.set(value, computed);
    return computed;
  }

  private compute(value: Value): Value | undefined {
    const place = this.loop.body.params.indexOf(value);
    if (place >= 0) {
      const param = newValue(value.type, value.name);
      this.running.set(place, param);
      return param;
    }
    const node = this.known.nodes.get(value);
    switch (node?.kind) {
      case 'literal':
        return this.at.literal(node.value, value.type);
      case 'apply': {
        this.cost += costOf(node.op);
        if (this.cost > mostCost) return undefined;
        const values = node.operands.map((operand) => this.valueOf(operand));
        if (values.some((operand) => operand === undefined)) return undefined;
        return this.at.apply(node.op, values as Value[], { type: value.type, name: value.name });
      }
      case 'load':
        return this.load(node);
      default:
        return undefined;
    }
  }

  private load(node: Extract<Node, { kind: 'load' }>): Value | undefined {
    const { memory } = this.known;
    if (node.key.kind !== 'index' || isReference(node.result.type) || this.own.has(node.memory)) return undefined;
    const roots = [...memory.rootsOf(node.memory)];
    if (roots.length === 0 || !roots.every((root) => memory.isReadOnly(root))) return undefined;
    const index = this.valueOf(node.key.index);
    return index && this.at.load(this.outer(node.memory), atIndex(index), node.result.type, node.result.name);
  }

  /** What is carried beside the mirror's sums; undefined where nothing is, or too much. */
  finish(): { initial: readonly Value[]; params: readonly Value[]; next: readonly Value[] } | undefined {
    const { exit } = this.loop.body;
    const nexts = new Map<number, Value>();
    this.at = this.behind;
    // Those that the next values need are found on the way.
    for (const place of this.running.keys()) {
      const next = this.running.size > mostRecurrences ? undefined : this.valueOf(exitOperands(exit)[place]!);
      if (next === undefined) return undefined;
      nexts.set(place, next);
    }
    if (nexts.size === 0) return undefined;
    const places = [...this.running.keys()];
    return {
      initial: places.map((place) => this.outer(this.loop.initial[place]!)),
      params: places.map((place) => this.running.get(place)!),
      next: places.map((place) => nexts.get(place)!),
    };
  }
}
