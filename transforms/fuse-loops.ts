/**
 * Fuses a loop with one before it that makes what it reads, element by element: `map` and then `reduce`, the stages of a
 * Runge–Kutta step. Each element is made and used in one iteration, so that the array may not be needed, and the mirror of the
 * whole can run inside.
 *
 * Every operation stays, on the same operands; what is carried is carried in the same order. Legal where iteration i of the second
 * loop, and loops inside of it, read of what the first one writes only what iteration i and those before it write, and where nothing
 * that the second one writes was still to be read by the first.
 */

import { append } from '../src/graph/lists.ts';
import type { Block, Counter, Graph, LoopNode, Node, Value } from '../src/graph/types.ts';
import { blocks, mapBlocks, mayBreak, operands, readsOf, results, substitute, visit, visitNodes, withNodes } from '../src/graph/walk.ts';
import { IndexFacts } from './index-facts.ts';
import { LengthChanges } from './length-changes.ts';
import { analyseMemory, type Memory, type Place, type Root, rootsAt } from './memory.ts';

export function fuseLoops(graph: Graph): Graph {
  return fusedLoops(graph).graph;
}

/** `fused`: the loops that do now what several did. */
export function fusedLoops(graph: Graph): { readonly graph: Graph; readonly fused: ReadonlySet<number> } {
  const fuser = new Fuser(graph);
  return { graph: { ...graph, body: fuser.block(graph.body) }, fused: fuser.fused };
}

/** A loop is held against so many before it. */
const lookBack = 6;

class Fuser {
  readonly fused = new Set<number>();
  private readonly memory: Memory;
  private readonly facts: IndexFacts;
  private readonly changesLength: (array: Value) => boolean;
  private readonly definitions = new Map<Value, Node>();
  private readonly counters = new Map<Value, Counter>();
  /** Counters of loops that were fused, by what they are now. */
  private readonly merged = new Map<Value, Value>();

  constructor(graph: Graph) {
    this.memory = analyseMemory(graph);
    this.facts = IndexFacts.of(graph);
    const lengths = new LengthChanges(graph, this.memory);
    this.changesLength = (array) => [...this.memory.rootsOf(array)].some((root) => lengths.mayHappenTo(root));
    visit(graph.body, (node) => {
      results(node).forEach((value) => this.definitions.set(value, node));
      if (node.kind === 'loop' && node.counter) this.counters.set(node.counter.variable, node.counter);
    });
  }

  block(block: Block): Block {
    let nodes: readonly Node[] = block.nodes.map((node) => mapBlocks(node, (inner) => this.block(inner)));
    for (let second = 1; second < nodes.length; second++) {
      const fused = this.fuseInto(nodes, second);
      if (fused === undefined) continue;
      // The fused loop may take in the next one as well.
      nodes = fused.nodes;
      second = fused.at;
    }
    return withNodes(block, nodes);
  }

  /** The loop at `second` fused with the nearest loop before it that allows it. */
  private fuseInto(nodes: readonly Node[], second: number): { readonly nodes: readonly Node[]; readonly at: number } | undefined {
    const later = nodes[second]!;
    if (later.kind !== 'loop' || !isPlain(later)) return undefined;
    let candidates = 0;
    for (let first = second - 1; first >= 0 && candidates < lookBack; first--) {
      const earlier = nodes[first]!;
      if (earlier.kind !== 'loop') continue;
      candidates++;
      if (!isPlain(earlier) || (usesStack(earlier) && usesStack(later)) || !this.haveSameTrips(earlier, later)) continue;
      const moved = this.clear(earlier, nodes.slice(first + 1, second), later);
      if (moved === undefined || !this.fits(earlier, later)) continue;
      const loop = together(earlier, later);
      this.merged.set(later.counter!.variable, earlier.counter!.variable);
      this.fused.add(loop.id);
      const before = [...nodes.slice(0, first), ...moved.ahead];
      return { nodes: [...before, loop, ...moved.behind, ...nodes.slice(second + 1)], at: before.length };
    }
    return undefined;
  }

  private haveSameTrips(first: LoopNode, second: LoopNode): boolean {
    const [a, b] = [first.counter, second.counter];
    return (a?.after === undefined || b?.after === undefined) && this.facts.haveSameTrips(first, second);
  }

  /** What stands between the loops, taken apart: ahead of both, what the second one needs; behind both, the rest. */
  private clear(earlier: LoopNode, between: readonly Node[], later: LoopNode): { readonly ahead: readonly Node[]; readonly behind: readonly Node[] } | undefined {
    const made = new Set<Value>(results(earlier));
    const behind = new Set<Node>();
    const [written, writtenLater] = [this.writtenIn([earlier]), this.writtenIn([later])];
    for (const node of between) {
      const depends = readsOf(node).some((value) => made.has(value)) || this.touches(node, written);
      if (!depends && isMovable(node)) continue;
      behind.add(node);
      results(node).forEach((value) => made.add(value));
      for (const root of this.writtenIn([node])) written.add(root);
    }
    // The second loop is not to notice that they run behind it, nor they.
    if (readsOf(later).some((value) => made.has(value))) return undefined;
    for (const node of behind) {
      if (!isMovable(node) && !isDelayable(node)) return undefined;
      if (this.touches(node, writtenLater) || this.touches(later, this.writtenIn([node]))) return undefined;
    }
    return { ahead: between.filter((node) => !behind.has(node)), behind: [...behind] };
  }

  private writtenIn(nodes: readonly Node[]): Set<Root> {
    const found = new Set<Root>();
    const walk = (node: Node): void => {
      if (node.kind === 'store' || node.kind === 'accumulate' || node.kind === 'resize') for (const root of rootsAt(node, this.memory)) found.add(root);
      for (const block of blocks(node)) block.nodes.forEach(walk);
    };
    nodes.forEach(walk);
    return found;
  }

  /** Whether a node, or anything inside, reads or writes this memory. Naming it is neither. */
  private touches(node: Node, roots: ReadonlySet<Root>): boolean {
    let found = false;
    const walk = (inner: Node): void => {
      found ||= placesOf(inner, this.changesLength).some((place) => rootsAt(place, this.memory).some((root) => roots.has(root)));
      for (const block of blocks(inner)) block.nodes.forEach(walk);
    };
    walk(node);
    return found;
  }

  /** Whether iteration i of the second loop may run right behind iteration i of the first. */
  private fits(earlier: LoopNode, later: LoopNode): boolean {
    const first = this.accesses(earlier, (index) => this.elementAt(earlier.counter!.variable, index));
    const second = this.accesses(later, (index) => this.elementAt(later.counter!.variable, index, earlier.counter!.step));
    let isProduced = false;
    for (const [root, mine] of second) {
      const theirs = first.get(root);
      if (theirs === undefined) continue;
      if (!theirs.some((access) => mine.some((other) => isConflict(access, other)))) continue;
      if (this.memory.isReadOnly(root) || this.memory.isShared(root)) return false;
      if (!theirs.every((access) => mine.every((other) => isInOrder(access, other, earlier.counter!.step)))) return false;
      if (theirs.some(({ kind }) => kind !== 'read') && mine.some(({ kind }) => kind === 'read')) isProduced = true;
    }
    return isProduced;
  }

  /** What a loop does to each memory, at which distance from its counter. */
  private accesses(loop: LoopNode, elementAt: (index: Value) => Element | undefined): ReadonlyMap<Root, Access[]> {
    const found = new Map<Root, Access[]>();
    const note = (place: Place, access: Access): void => {
      for (const root of rootsAt(place, this.memory)) {
        // Under another name an index means another element.
        const known = place.part !== undefined || place.memory === root ? access : { kind: access.kind };
        append(found, root, known);
      }
    };
    visit(loop.body, (node) => {
      if (node.kind === 'load' || node.kind === 'store' || node.kind === 'accumulate') {
        const at = node.key.kind === 'index' ? elementAt(node.key.index) : undefined;
        const isSum = node.kind === 'accumulate' && node.backward === true;
        note(node, { kind: node.kind === 'load' ? 'read' : isSum ? 'add' : 'write', ...(at !== undefined && { at }) });
      } else {
        for (const place of placesOf(node, this.changesLength)) note(place, { kind: node.kind === 'resize' ? 'write' : 'read' });
      }
    });
    return found;
  }

  /**
   * `index - counter`, where that is a literal, or such a number and where something begins. With the counter's `step`, the
   * furthest ahead of all that the counter of an inner loop may be.
   */
  private elementAt(counter: Value, index: Value, step?: number): Element | undefined {
    if (this.now(index) === counter) return { offset: 0 };
    const furthest = step === undefined ? undefined : this.furthestAhead(counter, index, step);
    if (furthest !== undefined) return { offset: furthest };
    const node = this.definitions.get(index);
    if (node?.kind !== 'apply' || (node.op !== 'add' && node.op !== 'sub')) return undefined;
    const [left, right] = node.operands.map((operand) => this.now(operand));
    const offset = left === counter ? this.literal(right!, node.op === 'add' ? 1 : -1) : right === counter && node.op === 'add' ? this.literal(left!, 1) : undefined;
    if (offset !== undefined) return { offset };
    const inside = node.op === 'add' ? this.elementAt(counter, right!, step) : undefined;
    return inside === undefined || inside.base !== undefined ? undefined : { base: left!, offset: inside.offset };
  }

  /** `for (let i = n - 1; i >= j + 1; i--)` inside of `for (let j = n - 1; …; j--)`: 1, from where the elements have been met already. */
  private furthestAhead(counter: Value, index: Value, step: number): number | undefined {
    const inner = this.counters.get(index);
    if (inner === undefined) return undefined;
    const isEnd = inner.step > 0 === step > 0;
    const bound = isEnd ? inner.to : inner.from;
    const element = bound && this.elementAt(counter, bound);
    if (element === undefined || element.base !== undefined) return undefined;
    const isOpen = isEnd && (inner.test === '<' || inner.test === '>');
    return isOpen ? element.offset - Math.sign(step) : element.offset;
  }

  private literal(value: Value, sign: 1 | -1): number | undefined {
    const node = this.definitions.get(value);
    return node?.kind === 'literal' && typeof node.value === 'number' && Number.isInteger(node.value) ? sign * node.value : undefined;
  }

  private now(value: Value): Value {
    const other = this.merged.get(value);
    return other === undefined ? value : this.now(other);
  }
}

/** The element of the counter, this much further on; counted from `base`, where there is one. */
interface Element {
  readonly base?: Value;
  readonly offset: number;
}

interface Access {
  /** Sums of the backward sweep may be added up in any order. */
  readonly kind: 'read' | 'write' | 'add';
  /** Undefined where it may be any element. */
  readonly at?: Element;
}

function isConflict(a: Access, b: Access): boolean {
  return !(a.kind === b.kind && (a.kind === 'read' || a.kind === 'add'));
}

/** Whether what the first loop does to an element still comes before what the second one does to it. */
function isInOrder(first: Access, second: Access, step: number): boolean {
  if (!isConflict(first, second)) return true;
  if (first.at === undefined || second.at === undefined || first.at.base !== second.at.base) return false;
  // Element e is met by the first loop at e - first.at.offset, by the second at e - second.at.offset: that must not be earlier.
  return (first.at.offset - second.at.offset) * Math.sign(step) >= 0;
}

/** Counted, ends by its bound, and does nothing that others could notice. */
function isPlain({ counter, body, checkpointed }: LoopNode): boolean {
  if (checkpointed || counter?.to === undefined || body.exit.kind !== 'yield') return false;
  let isQuiet = !body.nodes.some(mayBreak);
  visit(body, (node) => {
    const throws = blocks(node).some((block) => block.exit.kind === 'throw');
    if (node.kind === 'call' || node.kind === 'resize' || throws || (node.kind === 'carry' && node.effect)) isQuiet = false;
    // It might never end.
    if (node.kind === 'loop' && node.counter?.to === undefined && node.body.exit.kind !== 'break') isQuiet = false;
  });
  return isQuiet;
}

function isFrame({ kind }: Node): boolean {
  return kind === 'pushFrame' || kind === 'popFrame';
}

/** What is kept on the stack is taken off in the opposite order: two loops that do either do not take turns. */
function usesStack({ body }: LoopNode): boolean {
  let found = false;
  visit(body, (node) => void (found ||= isFrame(node)));
  return found;
}

/** One loop that does what both did; the counters become one. */
function together(first: LoopNode, second: LoopNode): LoopNode {
  const renamed = (value: Value): Value => (value === second.counter!.variable ? first.counter!.variable : value);
  const body = substitute(second.body, renamed);
  const after = first.counter!.after ?? second.counter!.after;
  const values = (block: Block): readonly Value[] => (block.exit.kind === 'yield' ? block.exit.values : []);
  // It is the mirror of none of the two loops that they were the mirrors of.
  const { mirrors: _mirrors, ...plain } = first;
  return {
    ...plain,
    counter: { ...first.counter!, ...(after !== undefined && { after }) },
    initial: [...first.initial, ...second.initial],
    body: {
      params: [...first.body.params, ...body.params],
      nodes: [...first.body.nodes, ...body.nodes],
      exit: { kind: 'yield', values: [...values(first.body), ...values(body)] },
    },
    done: [...first.done, ...second.done],
    results: [...first.results, ...second.results],
  };
}

/** Memory whose contents a node itself reads or writes; of a length that stays as it is, that is none. */
function placesOf(node: Node, changesLength: (array: Value) => boolean): readonly Place[] {
  switch (node.kind) {
    case 'length':
      return changesLength(node.memory) ? [{ memory: node.memory }] : [];
    case 'load':
    case 'store':
    case 'accumulate':
    case 'resize':
      return [node];
    case 'alloc':
      return node.init.kind === 'copy' ? [{ memory: node.init.of }] : [];
    case 'apply':
    case 'carry':
    case 'call':
    case 'rule':
      return operands(node).flatMap((memory) => (memory.type.kind === 'array' || memory.type.kind === 'record' || memory.type.kind === 'tuple' ? [{ memory }] : []));
    default:
      return [];
  }
}

/** It may run earlier where what it reads is there already. */
function isMovable(node: Node): boolean {
  if (node.kind === 'carry') return !node.effect;
  return node.kind === 'literal' || node.kind === 'apply' || node.kind === 'length' || node.kind === 'load' || node.kind === 'view' || node.kind === 'alloc';
}

/** It may run later where nobody reads what it writes: it leaves no loop, and throws nothing that would come too late. */
function isDelayable(node: Node): boolean {
  if (node.kind !== 'store' && node.kind !== 'accumulate' && node.kind !== 'loop' && node.kind !== 'if') return false;
  if (mayBreak(node)) return false;
  let isQuiet = true;
  visitNodes([node], (inner) => {
    const throws = blocks(inner).some((block) => block.exit.kind === 'throw');
    if (throws || inner.kind === 'call' || isFrame(inner) || (inner.kind === 'carry' && inner.effect)) isQuiet = false;
  });
  return isQuiet;
}
