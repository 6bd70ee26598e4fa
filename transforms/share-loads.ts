/**
 * Loads an element once where nothing can have written it in between, and asks for a length once.
 *
 * `shareLoads` runs on forward graphs; expects index arithmetic to be shared already, so that equal indices are one value. Bits are kept:
 * the same memory is read, earlier.
 */

import type { AllocNode, Block, Graph, Key, LengthNode, LiteralNode, LoadNode, Node, StoreNode, Value } from '../src/graph/types.ts';
import { blocks, mapBlocks, mapExit, mapOperands, visit, withNodes } from '../src/graph/walk.ts';
import { IndexFacts } from './index-facts.ts';
import { analyseMemory, isReference, type Memory, type Place, rootsAt } from './memory.ts';

export function shareLoads(graph: Graph): Graph {
  return shared(graph, (node) => node.kind === 'load' || node.kind === 'length');
}

/** Lengths alone, of a reversed graph as well: the adjoint of an array asks for the length that a loop has asked for. */
export function shareLengths(graph: Graph): Graph {
  return shared(graph, (node) => node.kind === 'length');
}

/** In the bodies of some loops. */
export function shareLoadsWithin(graph: Graph, loops: ReadonlySet<number>): Graph {
  const loads = loadsOf(graph, () => true);
  const within = (block: Block): Block => withNodes(block, block.nodes.map((node) => mapBlocks(node, (inner) => (node.kind === 'loop' && loops.has(node.id) ? loads.block(inner, new Map()) : within(inner)))));
  return { ...graph, body: within(graph.body) };
}

function shared(graph: Graph, isShared: (node: Reading) => boolean): Graph {
  return { ...graph, body: loadsOf(graph, isShared).block(graph.body, new Map()) };
}

function loadsOf(graph: Graph, isShared: (node: Reading) => boolean): Loads {
  const literals = new Map<Value, LiteralNode>();
  visit(graph.body, (node) => {
    if (node.kind === 'literal') literals.set(node.result, node);
  });
  return new Loads(graph, { memory: analyseMemory(graph), literals, isShared });
}

type Reading = LoadNode | LengthNode;

interface Known {
  readonly memory: Memory;
  readonly literals: ReadonlyMap<Value, LiteralNode>;
  /** What is read once. */
  readonly isShared: (node: Reading) => boolean;
}

/** What has been read, by memory and key. */
type Available = Map<string, Reading>;

class Loads {
  private readonly memory: Memory;
  private readonly literals: ReadonlyMap<Value, LiteralNode>;
  private readonly isShared: (node: Reading) => boolean;
  private readonly replaced = new Map<Value, Value>();
  private readonly facts: IndexFacts;
  private readonly allocs = new Map<Value, AllocNode>();
  /** Readings that no node makes: what was stored. */
  private readonly stored = new Set<Reading>();

  constructor(graph: Graph, { memory, literals, isShared }: Known) {
    this.memory = memory;
    this.literals = literals;
    this.isShared = isShared;
    this.facts = IndexFacts.of(graph);
    visit(graph.body, (node) => void (node.kind === 'alloc' && this.allocs.set(node.result, node)));
  }

  block(block: Block, around: Available): Block {
    const available = new Map(around);
    const nodes = block.nodes.flatMap((original): readonly Node[] => {
      const node = mapOperands(original, this.resolve);
      if ((node.kind === 'load' || node.kind === 'length') && !this.isShared(node)) return [node];
      if (node.kind === 'load') return this.read(node, `${node.memory.id} ${this.keyText(node.key)}`, available);
      if (node.kind === 'length') return this.read(node, `${node.memory.id} length`, available);
      // What a loop writes is written before its second iteration.
      if (node.kind === 'loop') this.forget(node, available);
      const mapped = mapBlocks(node, (inner) => this.block(inner, available));
      this.forget(mapped, available);
      if (mapped.kind === 'store') this.forward(mapped, available);
      return [mapped];
    });
    return { params: block.params, nodes, exit: mapExit(block.exit, this.resolve) };
  }

  private readonly resolve = (value: Value): Value => this.replaced.get(value) ?? value;

  private read(node: Reading, key: string, available: Available): readonly Node[] {
    const known = available.get(key);
    const isStored = known !== undefined && this.stored.has(known);
    if (known !== undefined && (isStored || node.result.name === undefined || node.result.name === known.result.name)) {
      this.replaced.set(node.result, known.result);
      return [];
    }
    if (known === undefined) available.set(key, node);
    return [node];
  }

  /** What has just been stored is what a load would give. */
  private forward({ memory, key, value, part }: StoreNode, available: Available): void {
    if (memory.type.kind !== 'array' || key.kind !== 'index' || isReference(value.type) || memory.type.element.kind !== 'real') return;
    if (value.type.kind !== 'real' && value.type.kind !== 'integer') return;
    // A typed array drops what is stored out of its range.
    const isKept = part !== undefined || memory.type.container === 'Array' || (memory.type.container === 'Float64Array' && this.isInside(memory, key.index));
    if (!isKept) return;
    const reading: Reading = { kind: 'load', memory, key, result: value, ...(part && { part }) };
    this.stored.add(reading);
    available.set(`${memory.id} ${this.keyText(key)}`, reading);
  }

  private isInside(memory: Value, index: Value): boolean {
    const alloc = this.allocs.get(memory);
    const length = alloc?.init.kind === 'zeros' || alloc?.init.kind === 'holes' ? alloc.init.length : undefined;
    return length !== undefined && this.facts.isNonNegative(index) && this.facts.isBelow(index, length);
  }

  private keyText(key: Key): string {
    if (key.kind === 'field') return `.${key.name}`;
    const literal = this.literals.get(key.index);
    return literal ? `[${literal.value}]` : `#${key.index.id}`;
  }

  /** Drops what a node, or anything inside it, may have made stale. */
  private forget(node: Node, available: Available): void {
    for (const [key, reading] of available) if (this.mayWrite(node, reading)) available.delete(key);
  }

  private mayWrite(node: Node, reading: Reading): boolean {
    switch (node.kind) {
      case 'store':
      case 'accumulate':
      case 'undo':
        return this.mayChange(node.value, node.memory, reading) && this.mayMeet(node, reading);
      case 'resize':
        return this.mayMeet(node, reading);
      case 'call':
        return true;
      case 'carry':
        return node.effect && !this.isReadOnly(reading.memory);
      default:
        return blocks(node).some((block) => block.nodes.some((inner) => this.mayWrite(inner, reading)));
    }
  }

  /** A stored number changes no reference; a store changes the length of plain arrays alone. */
  private mayChange(stored: Value, memory: Value, reading: Reading): boolean {
    if (reading.kind === 'length') return memory.type.kind === 'array' && memory.type.container === 'Array';
    return isReference(stored.type) === isReference(reading.result.type);
  }

  private mayMeet(a: Place, b: Place): boolean {
    const roots = rootsAt(b, this.memory);
    return rootsAt(a, this.memory).some((root) => roots.includes(root));
  }

  private isReadOnly(memory: Value): boolean {
    return [...this.memory.rootsOf(memory)].every((root) => this.memory.isReadOnly(root));
  }
}
