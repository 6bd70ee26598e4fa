/**
 * Drops every node, result, carried value and store that nobody reads.
 *
 * Runs wherever passes leave things behind; expects a checked graph. Afterwards each remaining node has an effect or a
 * reader that has one. Liveness is marked from the effects and the returned values, so values that only feed each other
 * (a sum that nobody asks for) go as well. Stores into memory that is known by one name are live when a load from it is.
 */

import type { Block, CallNode, Counter, Graph, IfNode, LoopNode, Node, Value } from '../src/graph/types.ts';
import { blocks, exitOperands, operands, ownedValues, results, visit, withFields, withNodes } from '../src/graph/walk.ts';
import { breaksOf } from './memory.ts';

/** Bodies in which all is read: passes hand many on as they got them. */
const clean = new WeakSet<Block>();

export function eliminateDead(graph: Graph): Graph {
  if (clean.has(graph.body)) return graph;
  const live = keepLive(graph, new Liveness(graph));
  clean.add(live.body);
  return live;
}

export function keepLive(graph: Graph, liveness: Liveness): Graph {
  return { ...graph, body: keep(graph.body, liveness, noLoop) };
}

/** What is asked for across calls: of every argument and result, whether anybody reads it. */
export interface Asked {
  readonly operand: (call: CallNode, place: number) => boolean;
  /** Of a frame: whether anybody reads what is taken off. */
  readonly cell: (frame: number, place: number) => boolean;
  /** What the graph itself returns. */
  readonly result: (place: number) => boolean;
}

const everything: Asked = { operand: () => true, cell: () => true, result: () => true };

/** What has to stay: nodes that are needed, and the values that they read. */
export class Liveness {
  private readonly live = new Set<Value>();
  private readonly needed = new Set<Node>();
  private readonly definition = new Map<Value, Node>();
  private readonly ownerOf = new Map<Node, Node>();
  /** The `if`s whose arms break out of a loop. */
  private readonly waysOut = new Map<LoopNode, readonly IfNode[]>();
  private readonly memory: LocalMemory;
  /** Whose writes are needed. */
  private readonly read = new Set<Value>();
  private readonly pending: (() => void)[] = [];
  private readonly asked: Asked;

  constructor(graph: Graph, asked: Asked = everything) {
    this.asked = asked;
    this.memory = new LocalMemory(graph);
    this.index(graph.body, undefined);
    visit(graph.body, (node) => {
      if (isRoot(node, this.memory)) this.need(node);
      for (const arm of blocks(node)) {
        if (arm.exit.kind !== 'throw') continue;
        this.need(node);
        this.mark(arm.exit.error);
      }
    });
    exitOperands(graph.body.exit).forEach((value, place) => asked.result(place) && this.mark(value));
    for (let next = this.pending.pop(); next !== undefined; next = this.pending.pop()) next();
  }

  isLive(value: Value): boolean {
    return this.live.has(value);
  }

  isNeeded(node: Node): boolean {
    return this.needed.has(node);
  }

  private isAsked(node: Node, place: number): boolean {
    if (node.kind === 'call') return this.asked.operand(node, place);
    return node.kind !== 'pushFrame' || this.asked.cell(node.frame, place);
  }

  private index(block: Block, owner: Node | undefined): void {
    for (const node of block.nodes) {
      if (owner) this.ownerOf.set(node, owner);
      for (const value of [...results(node), ...ownedValues(node)]) {
        // Later `workspace` nodes with the same result only make room.
        if (!this.definition.has(value)) this.definition.set(value, node);
      }
      if (node.kind === 'loop') this.waysOut.set(node, breakingIfs(node.body));
      for (const inner of blocks(node)) this.index(inner, node);
    }
  }

  private mark(value: Value): void {
    if (this.live.has(value)) return;
    this.live.add(value);
    const node = this.definition.get(value);
    if (node === undefined) return;
    this.need(node);
    this.pending.push(() => this.markSources(node, value));
  }

  /** What a value is made of, where its node alone does not tell: results and carried values by their place. */
  private markSources(node: Node, value: Value): void {
    if (node.kind === 'if') {
      const i = node.results.indexOf(value);
      for (const arm of [node.then, node.else]) if (arm.exit.kind === 'yield') this.mark(arm.exit.values[i]!);
      return;
    }
    if (node.kind !== 'loop') return;
    const result = node.results.indexOf(value);
    if (result >= 0) {
      if (node.counter?.to !== undefined) this.mark(node.done[result]!);
      for (const values of breaksOf(node.body)) this.mark(values[result]!);
    }
    const carried = node.body.params.indexOf(value);
    if (carried >= 0) {
      this.mark(node.initial[carried]!);
      if (node.body.exit.kind === 'yield') this.mark(node.body.exit.values[carried]!);
    }
  }

  private need(node: Node): void {
    if (this.needed.has(node)) return;
    this.needed.add(node);
    this.pending.push(() => this.markNeeds(node));
  }

  private markNeeds(node: Node): void {
    const owner = this.ownerOf.get(node);
    if (owner) this.need(owner);
    if (node.kind === 'loop') {
      if (node.counter) this.mark(node.counter.from);
      if (node.counter?.to) this.mark(node.counter.to);
      this.waysOut.get(node)!.forEach((way) => this.need(way));
    } else {
      operands(node).forEach((value, place) => this.isAsked(node, place) && this.mark(value));
    }
    if (node.kind === 'load' || (node.kind === 'length' && mayGrow(node.memory))) this.needWrites(node.memory);
    if (node.kind === 'workspace') {
      this.mark(node.result);
      for (const write of this.memory.writesTo(node.result)) if (write.kind === 'workspace') this.need(write);
    }
  }

  private needWrites(memory: Value): void {
    if (this.read.has(memory)) return;
    this.read.add(memory);
    this.memory.writesTo(memory).forEach((write) => this.need(write));
  }
}

/** A plain array is as long as what has been stored says. */
function mayGrow({ type }: Value): boolean {
  return type.kind === 'array' && type.container === 'Array';
}

/** The `if`s inside a loop's body that can leave it, at any depth. */
function breakingIfs(body: Block): readonly IfNode[] {
  return body.nodes.flatMap((node) => {
    if (node.kind !== 'if') return [];
    const inner = [...breakingIfs(node.then), ...breakingIfs(node.else)];
    const breaks = node.then.exit.kind === 'break' || node.else.exit.kind === 'break';
    return breaks || inner.length > 0 ? [node, ...inner] : [];
  });
}

/** Whether the node itself does something, whoever reads its results. */
function isRoot(node: Node, memory: LocalMemory): boolean {
  switch (node.kind) {
    case 'carry':
      return node.effect;
    case 'call':
    case 'resize':
    case 'pushFrame':
    case 'popFrame':
      return true;
    case 'store':
    case 'accumulate':
    case 'undo':
      return !memory.isLocal(node.memory);
    case 'workspace':
      return node.grows && !memory.isLocal(node.result);
    case 'loop':
      // A loop without a bound may not end: that is kept.
      return node.counter?.to === undefined && node.body.exit.kind !== 'break';
    default:
      return false;
  }
}

/**
 * Memory that is made here and is known by one name (and by restores of it): only loaded from, stored to, measured.
 * Parameters, gradients, and whatever is stored, chosen, carried, viewed, copied or returned is not.
 */
class LocalMemory {
  private readonly original = new Map<Value, Value>();
  private readonly local = new Set<Value>();
  private readonly writes = new Map<Value, Node[]>();

  constructor(graph: Graph) {
    let calls = false;
    visit(graph.body, (node) => {
      if (node.kind === 'restore') this.original.set(node.result, node.of);
      if (node.kind === 'call') calls = true;
      if (isFresh(node)) this.local.add(node.result);
    });
    visit(graph.body, (node) => {
      const inPlace = directMemory(node);
      if (inPlace && isWrite(node)) {
        const memory = this.originalOf(inPlace);
        const known = this.writes.get(memory);
        if (known) known.push(node);
        else this.writes.set(memory, [node]);
      }
      for (const value of operandsElsewhere(node)) this.escape(value);
      if (node.kind === 'workspace' && calls) this.escape(node.result);
      for (const block of blocks(node)) exitOperands(block.exit).forEach((value) => this.escape(value));
      if (node.kind === 'loop') node.done.forEach((value) => this.escape(value));
    });
    exitOperands(graph.body.exit).forEach((value) => this.escape(value));
  }

  isLocal(memory: Value): boolean {
    return this.local.has(this.originalOf(memory));
  }

  writesTo(memory: Value): readonly Node[] {
    return this.isLocal(memory) ? (this.writes.get(this.originalOf(memory)) ?? []) : [];
  }

  private escape(value: Value): void {
    this.local.delete(this.originalOf(value));
  }

  private originalOf(memory: Value): Value {
    const of = this.original.get(memory);
    return of === undefined ? memory : this.originalOf(of);
  }
}

function isFresh(node: Node): node is Extract<Node, { kind: 'alloc' | 'shadow' | 'workspace' }> {
  return (
    (node.kind === 'alloc' && node.resultField === undefined) ||
    (node.kind === 'shadow' && node.gradientOf === undefined) ||
    (node.kind === 'workspace' && !node.grows)
  );
}

function isWrite(node: Node): boolean {
  return node.kind === 'store' || node.kind === 'accumulate' || node.kind === 'undo' || node.kind === 'workspace';
}

/** The memory that the node reads, writes or measures under its own name. */
function directMemory(node: Node): Value | undefined {
  switch (node.kind) {
    case 'load':
    case 'store':
    case 'accumulate':
    case 'undo':
    case 'length':
      return node.memory;
    case 'workspace':
      return node.grows ? node.result : undefined;
    case 'shadow':
      // Of a flat array it needs the length alone.
      return node.of.type.kind === 'array' && isFlat(node.of.type.element.kind) ? node.of : undefined;
    default:
      return undefined;
  }
}

function isFlat(kind: Value['type']['kind']): boolean {
  return kind === 'real' || kind === 'integer' || kind === 'boolean' || kind === 'opaque';
}

/** What the node reads, but for memory that it uses in place and for restores. */
function operandsElsewhere(node: Node): readonly Value[] {
  if (node.kind === 'restore') return [];
  const inPlace = directMemory(node);
  if (inPlace === undefined) return operands(node);
  if (node.kind === 'store' || node.kind === 'accumulate' || node.kind === 'undo') return [node.value];
  return operands(node).filter((value) => value !== inPlace);
}

/** Which results of the loop around a block, by place, are kept. */
type KeptResults = (index: number) => boolean;
const noLoop: KeptResults = () => true;

function keep(block: Block, liveness: Liveness, ofLoop: KeptResults): Block {
  const nodes = block.nodes.filter((node) => liveness.isNeeded(node)).map((node) => keepNode(node, liveness, ofLoop));
  const { exit } = block;
  return withNodes(exit.kind === 'break' ? withValues(block, ofLoop) : block, nodes);
}

function keepYield(block: Block, isKept: KeptResults): Block {
  return block.exit.kind === 'yield' ? withValues(block, isKept) : block;
}

function withValues(block: Block, isKept: KeptResults): Block {
  const { exit } = block;
  return exit.kind === 'throw' ? block : withFields(block, { exit: withFields(exit, { values: only(exit.values, isKept) }) });
}

/** The same array where all of it is kept. */
function only<T>(items: readonly T[], isKept: KeptResults): readonly T[] {
  const kept = items.filter((_, i) => isKept(i));
  return kept.length === items.length ? items : kept;
}

function keepNode(node: Node, liveness: Liveness, ofLoop: KeptResults): Node {
  if (node.kind === 'if') {
    const isKept: KeptResults = (i) => liveness.isLive(node.results[i]!);
    return withFields(node, {
      then: keepYield(keep(node.then, liveness, ofLoop), isKept),
      else: keepYield(keep(node.else, liveness, ofLoop), isKept),
      results: only(node.results, isKept),
    });
  }
  return node.kind === 'loop' ? keepLoop(node, liveness) : node;
}

function keepLoop(node: LoopNode, liveness: Liveness): LoopNode {
  const isCarried: KeptResults = (i) => liveness.isLive(node.body.params[i]!);
  const isResult: KeptResults = (i) => liveness.isLive(node.results[i]!);
  const body = keepYield(keep(node.body, liveness, isResult), isCarried);
  return withFields(node, {
    ...(node.counter && { counter: keepAfter(node.counter, liveness) }),
    initial: only(node.initial, isCarried),
    body: withFields(body, { params: only(body.params, isCarried) }),
    done: only(node.done, isResult),
    results: only(node.results, isResult),
  });
}

function keepAfter(counter: Counter, liveness: Liveness): Counter {
  if (counter.after === undefined || liveness.isLive(counter.after)) return counter;
  const { after: _after, ...rest } = counter;
  return rest;
}
