/**
 * Computes the same pure operation on the same operands once.
 *
 * Runs on a simplified reversed graph, before storage: what the backward sweep would compute again over restored values is
 * restored itself where the forward sweep has it (`Math.cos(E)` as a factor and as a partial). Values keep their bits.
 * Named values stay where they are: their lines are the source's. Loads are not shared; operations that read a whole array
 * are not either.
 */

import { newValue } from '../src/graph/build.ts';
import type { ApplyNode, Block, Graph, LiteralNode, Node, Value } from '../src/graph/types.ts';
import { blocks, mapBlocks, mapExit, mapOperands, mayBreak, visit, withNodes } from '../src/graph/walk.ts';
import { isReference } from './memory.ts';

export function share(graph: Graph): Graph {
  return { ...graph, body: new Sharing(graph).block(graph.body, new Scope(undefined)) };
}

/** Behind the placing of storage, where both sweeps lie in one function: what the forward one computed is there. */
export function shareSweeps(graph: Graph): Graph {
  return { ...graph, body: new Sharing(graph, graph.procedure === undefined).block(graph.body, new Scope(undefined)) };
}

/** The same in the bodies of some loops, each by itself. */
export function shareWithin(graph: Graph, loops: ReadonlySet<number>): Graph {
  const within = (block: Block): Block => withNodes(block, block.nodes.map((node) => mapBlocks(node, (inner) => (node.kind === 'loop' && loops.has(node.id) ? share({ ...graph, body: inner }).body : within(inner)))));
  return { ...graph, body: within(graph.body) };
}

/** What has been computed already, in this block or around it. */
class Scope {
  private readonly found = new Map<string, Value>();
  private readonly outer: Scope | undefined;

  constructor(outer: Scope | undefined) {
    this.outer = outer;
  }

  find(key: string): Value | undefined {
    return this.found.get(key) ?? this.outer?.find(key);
  }

  add(key: string, value: Value): void {
    this.found.set(key, value);
  }
}

/** Where a forward value is defined: its block, and the place in it; parameters stand before all nodes. */
interface Place {
  readonly block: Block;
  readonly index: number;
}

class Sharing {
  private readonly replaced = new Map<Value, Value>();
  /** What each restored value restores. */
  private readonly restored = new Map<Value, Value>();
  private readonly placeOf = new Map<Value, Place>();
  /** Forward operations by what they compute. */
  private readonly forward = new Map<string, ApplyNode>();

  /** What loops begin with: `row = n - 1` is no name for the last row of other loops. */
  private readonly starts = new Set<Value>();
  private readonly isOneSweep: boolean;

  constructor(graph: Graph, isOneSweep = false) {
    this.isOneSweep = isOneSweep;
    for (const param of graph.params) this.placeOf.set(param, { block: graph.body, index: -1 });
    this.findPlaces(graph.body);
    visit(graph.body, (node) => {
      if (node.kind === 'restore') this.restored.set(node.result, node.of);
      if (node.kind === 'loop') for (const value of [...node.initial, ...(node.counter ? [node.counter.from] : [])]) this.starts.add(value);
      if (node.kind !== 'apply' || node.backward || !isShareable(node)) return;
      const key = this.key(node);
      if (!this.forward.has(key)) this.forward.set(key, node);
    });
  }

  block(block: Block, scope: Scope): Block {
    const nodes = block.nodes.flatMap((original): readonly Node[] => {
      const node = mapOperands(original, this.resolve);
      switch (node.kind) {
        case 'literal':
          return node.unassigned || node.result.name !== undefined ? [node] : this.once(node, this.literalKey(node), scope);
        case 'restore':
          return this.once(node, `restore ${node.of.id}`, scope);
        case 'apply':
          return isShareable(node) ? this.apply(node, scope) : [node];
        default:
          return [mapBlocks(node, (inner) => this.block(inner, new Scope(scope)))];
      }
    });
    return { params: block.params, nodes, exit: mapExit(block.exit, this.resolve) };
  }

  private readonly resolve = (value: Value): Value => {
    const by = this.replaced.get(value);
    return by === undefined ? value : this.resolve(by);
  };

  private apply(node: ApplyNode, scope: Scope): readonly Node[] {
    if (node.backward) {
      const twin = this.forwardTwin(node);
      if (twin) {
        const result = newValue(twin.type, twin.name);
        this.replaced.set(node.result, result);
        this.restored.set(result, twin);
        const marks = node.origin === undefined ? {} : { origin: node.origin };
        return this.once({ kind: 'restore', of: twin, result, backward: true, ...marks }, `restore ${twin.id}`, scope);
      }
    }
    const key = `${this.sweepOf(node)} ${this.key(node)}`;
    if (node.result.name === undefined) return this.once(node, key, scope);
    if (!this.starts.has(node.result) && scope.find(key) === undefined) scope.add(key, node.result);
    return [node];
  }

  /** The node, unless the scope has the same already. */
  private once(node: Extract<Node, { readonly result: Value }>, key: string, scope: Scope): readonly Node[] {
    const known = scope.find(key);
    if (known !== undefined) {
      this.replaced.set(node.result, known);
      return [];
    }
    scope.add(key, node.result);
    return [node];
  }

  /**
   * The forward value that a backward operation over restored operands computes again. It must have been computed wherever
   * its operands were: it stands in the block of one of them, and nothing between the two leaves the block.
   */
  private forwardTwin(node: ApplyNode): Value | undefined {
    const of = node.operands.map((operand) => this.restored.get(operand));
    if (node.result.name !== undefined || of.every((value) => value === undefined)) return undefined;
    const twin = this.forward.get(this.key(node));
    const place = twin && this.placeOf.get(twin.result);
    if (!twin || !place) return undefined;
    const before = of.map((value) => (value === undefined ? undefined : this.placeOf.get(value)));
    const nearest = Math.max(...before.map((at) => (at?.block === place.block ? at.index : Number.NEGATIVE_INFINITY)));
    if (nearest === Number.NEGATIVE_INFINITY) return undefined;
    return place.block.nodes.slice(nearest + 1, place.index).some(mayBreak) ? undefined : this.resolve(twin.result);
  }

  /** Equal for operations that give the same bits, proved whole or not. Restores count as what they restore, literals as their value. */
  private key(node: ApplyNode): string {
    const of = node.operands.map((operand) => {
      const place = this.placeOf.get(operand);
      const made = place?.block.nodes[place.index];
      return made?.kind === 'literal' && !made.unassigned ? `literal ${literalText(made)}` : `${this.restored.get(operand)?.id ?? operand.id}`;
    });
    return `${node.result.type.kind} ${node.op} ${(commutes(node) ? of.toSorted() : of).join(' ')}`;
  }

  private literalKey(node: LiteralNode): string {
    return `${this.sweepOf(node)} ${node.result.type.kind} ${literalText(node)}`;
  }

  /** Before storage is placed, the sweeps share by restoring alone. */
  private sweepOf({ backward }: Node): string {
    return backward && !this.isOneSweep ? 'back' : 'on';
  }

  private findPlaces(block: Block): void {
    for (const param of block.params) this.placeOf.set(param, { block, index: -1 });
    block.nodes.forEach((node, index) => {
      if ('result' in node && node.result !== undefined && !this.placeOf.has(node.result)) this.placeOf.set(node.result, { block, index });
      if ('results' in node) for (const result of node.results) this.placeOf.set(result, { block, index });
      if (node.kind === 'loop' && node.counter) {
        this.placeOf.set(node.counter.variable, { block: node.body, index: -1 });
        if (node.counter.after) this.placeOf.set(node.counter.after, { block, index });
      }
      for (const inner of blocks(node)) this.findPlaces(inner);
    });
  }
}

function isShareable(node: ApplyNode): boolean {
  return !node.operands.some((operand) => isReference(operand.type)) && !isReference(node.result.type);
}

function literalText({ value }: LiteralNode): string {
  return Object.is(value, -0) ? '-0' : typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** Whether the operands may change places without a change of bits. */
function commutes(node: ApplyNode): boolean {
  return node.op === 'add' || node.op === 'mul' || node.op === 'eq' || node.op === 'ne';
}
