/**
 * Arrays that lie in the workspace instead of in memory of their own: those that start as zeros and are only ever used by name,
 * element by element.
 *
 * - Of the backward sweep: what is added behind the end of an adjoint gets lost in an array, and would be a neighbour's in the
 *   workspace. So there is room for all that is added, or the array stays an array. What is read has been there in the primal.
 * - Of the forward sweep: those of the function's own block that loops in loops use, that certainly have each element that is asked
 *   for, and that nobody asks for their length; but not a few numbers.
 */

import { BlockBuilder } from '../../src/graph/build.ts';
import { append } from '../../src/graph/lists.ts';
import type { AccumulateNode, AllocNode, Block, Graph, LoadNode, Node, StoreNode, Value } from '../../src/graph/types.ts';
import { blocks, exitOperands, operands, results, substitute, visit } from '../../src/graph/walk.ts';
import { elementsInside } from '../elements-inside.ts';
import { type Count, Definitions, Extents, larger } from '../extents.ts';
import type { IndexFacts } from '../index-facts.ts';
import { analyseMemory } from '../memory.ts';
import { Hoist, sizeBefore } from './slots.ts';
import { statementAround, type Structure, structureOf } from './structure.ts';

export interface Region {
  readonly alloc: AllocNode;
  /** Known in front of the statement; undefined where each iteration has its own. */
  readonly length: Value | undefined;
  /** As many places as it takes: no fewer. */
  readonly places: Value;
  /** Writes that look whether the element is there. */
  readonly guards: ReadonlyMap<Node, Guard>;
}

export interface Guard {
  /** Whether the index may be negative. */
  readonly mayBeNegative: boolean;
  /** Whether it may be too large. */
  readonly mayBeBehind: boolean;
}

/** What is computed in front of a statement of the function's own block: how much room there must be. */
interface Ahead {
  readonly builder: BlockBuilder;
  readonly extents: Extents;
}

interface Access {
  readonly node: LoadNode | StoreNode | AccumulateNode;
  readonly index: Value;
}

export class Regions {
  /** As the function has them. */
  private readonly statements: readonly Node[];
  private readonly body: Block;
  private readonly structure: Structure;
  private readonly facts: IndexFacts;
  private readonly mayChangeLength: (memory: Value) => boolean;
  private readonly isInside: (array: Value, index: Value) => boolean;
  /** Sizes that are no integers count as rounded up. */
  private readonly isInsideRounded: (array: Value, index: Value) => boolean;
  private readonly allocs: AllocNode[] = [];
  private readonly accesses = new Map<Value, Access[]>();
  /** Arrays that get another name, or lie in other memory. */
  private readonly otherwise = new Set<Value>();
  /** Arrays that somebody asks for their length. */
  private readonly measured = new Set<Value>();
  private readonly inner: ReadonlySet<Value>;
  private readonly program: Definitions;
  private readonly nodes: ReadonlyMap<Value, Node>;
  /** Of the nodes without restores. */
  private readonly original = new Map<Node, Node>();

  constructor(graph: Graph, mayChangeLength: (memory: Value) => boolean) {
    this.statements = graph.body.nodes;
    this.mayChangeLength = mayChangeLength;
    const settled = withoutRestores(graph);
    const memory = analyseMemory(settled);
    this.body = settled.body;
    this.structure = structureOf(settled);
    this.program = new Definitions(settled, memory);
    this.nodes = this.program.nodes;
    this.facts = this.program.facts;
    this.isInside = elementsInside(settled, memory);
    this.isInsideRounded = elementsInside(settled, memory, true);
    this.inner = usedInInnerLoops(settled.body);
    const originals: Node[] = [];
    visit(graph.body, (node) => void originals.push(node));
    let place = 0;
    visit(settled.body, (node) => {
      this.original.set(node, originals[place++]!);
      this.look(node);
    });
    exitOperands(settled.body.exit).forEach((value) => this.otherwise.add(value));
  }

  /** The regions with the statement of the function's own block in front of which there is room for them, and what computes how much. */
  all(): ReadonlyMap<Node, { readonly regions: readonly Region[]; readonly nodes: readonly Node[] }> {
    const ahead = new Map<Node, Ahead>();
    const found = new Map<Node, { regions: Region[]; nodes: readonly Node[] }>();
    for (const alloc of this.allocs) {
      if (this.otherwise.has(alloc.result) || (alloc.backward !== true && !this.isOfForward(alloc))) continue;
      const at = statementAround(this.structure, this.body, alloc);
      const here = ahead.get(at) ?? this.aheadOf(at);
      ahead.set(at, here);
      const region = this.planned(alloc, at, here);
      if (region === undefined) continue;
      const statement = this.statements[this.structure.placeOfNode(at).index]!;
      const planned = found.get(statement) ?? { regions: [], nodes: here.builder.nodes };
      found.set(statement, planned);
      planned.regions.push(region);
    }
    return found;
  }

  private look(node: Node): void {
    const isMade = node.kind === 'alloc' && node.init.kind === 'zeros' && node.result.type.kind === 'array';
    if (isMade && node.result.type.container === 'Float64Array') this.allocs.push(node);
    const isAccess = node.kind === 'load' || node.kind === 'store' || node.kind === 'accumulate';
    const isByElement = isAccess && node.key.kind === 'index';
    if (isByElement) append(this.accesses, node.memory, { node, index: node.key.index });
    if (node.kind === 'length') this.measured.add(node.memory);
    for (const operand of operands(node)) if (!(isByElement || node.kind === 'length') || operand !== node.memory) this.otherwise.add(operand);
    if (node.kind === 'if') for (const arm of [node.then, node.else]) exitOperands(arm.exit).forEach((value) => this.otherwise.add(value));
    if (node.kind === 'loop') [...node.done, ...exitOperands(node.body.exit)].forEach((value) => this.otherwise.add(value));
  }

  private aheadOf(at: Node): Ahead {
    const { structure, program, mayChangeLength } = this;
    const builder = new BlockBuilder(at.origin, true);
    const hoist = new Hoist(structure, structure.placeOfNode(at).order, [], builder, mayChangeLength);
    return { builder, extents: new Extents({ program, before: builder, inFront: (value) => hoist.size(value) }) };
  }

  private planned(alloc: AllocNode, at: Node, { builder, extents }: Ahead): Region | undefined {
    const length = sizeBefore(this.structure, alloc, at, builder, this.mayChangeLength);
    const most = length ?? this.mostOf(alloc, extents);
    const room = most && this.roomOf(alloc, most, builder, extents);
    return room && { alloc, length, ...room };
  }

  private isOfForward({ init, result }: AllocNode): boolean {
    const isOfNumbers = 'length' in init && this.facts.literalOf(init.length) === undefined;
    if (!isOfNumbers || this.measured.has(result) || !this.inner.has(result)) return false;
    return this.body.nodes.some((node) => results(node).includes(result)) && this.accessesTo(result).every(({ index }) => this.isInside(result, index));
  }

  private accessesTo(array: Value): readonly Access[] {
    return this.accesses.get(array) ?? [];
  }

  /** What the length does not exceed, where each iteration has its own. */
  private mostOf({ init, result }: AllocNode, extents: Extents): Value | undefined {
    if (!('length' in init) || init.length.type.kind !== 'integer') return undefined;
    const { structure } = this;
    const around = structure.loopsAround(structure.placeOf(result)!.block).toReversed();
    const most = around.length === 0 ? undefined : extents.mostOf(init.length, around);
    return most?.isFinite ? most.value : undefined;
  }

  /** The length, or more where something may be added behind the end; few writes look first. */
  private roomOf(alloc: AllocNode, length: Value, builder: BlockBuilder, extents: Extents): Pick<Region, 'places' | 'guards'> | undefined {
    let places = length;
    const guards = new Map<Node, Guard>();
    const { facts } = this;
    const known = new Set([extents.spellingOf(length)]);
    for (const { node, index } of this.accessesTo(alloc.result)) {
      if (node.kind === 'load' || this.isCertain(alloc, node, index)) continue;
      const counts = this.countsOf(node, index, extents);
      if (counts === undefined) {
        if (this.isInInnermostLoop(node)) return undefined;
        guards.set(this.original.get(node)!, { mayBeNegative: !facts.isNonNegative(index), mayBeBehind: !('length' in alloc.init) || !facts.isBelow(index, alloc.init.length) });
        continue;
      }
      for (const count of counts) {
        const spelling = extents.spellingOf(count.value);
        if (!known.has(spelling)) places = larger(places, count, builder);
        known.add(spelling);
      }
    }
    return { places, guards };
  }

  /** To look there would cost as much as all that is done. */
  private isInInnermostLoop(node: Node): boolean {
    const loop = this.structure.loopsAround(this.structure.placeOfNode(node).block).at(-1);
    let isInnermost = loop !== undefined;
    if (loop !== undefined) visit(loop.body, (inner) => void (isInnermost &&= inner.kind !== 'loop'));
    return isInnermost;
  }

  private isCertain({ init, result }: AllocNode, access: Node, index: Value): boolean {
    if (!('length' in init)) return false;
    if (this.isInside(result, index) || (this.facts.isBelow(index, init.length) && this.isAskedToBeNonNegative(index, access))) return true;
    const node = this.nodes.get(init.length);
    if (node?.kind === 'length') return this.isInside(node.memory, index);
    // An adjoint that has an element more, for an array whose size is no whole number.
    if (node?.kind !== 'apply' || node.op !== 'add' || (this.facts.literalOf(node.operands[1]!) ?? 0) < 1) return false;
    const primal = this.nodes.get(node.operands[0]!);
    return primal?.kind === 'length' && this.isInsideRounded(primal.memory, index);
  }

  /** `if (index >= 0) …`, as where an extremum of no numbers has no place. */
  private isAskedToBeNonNegative(index: Value, access: Node): boolean {
    const { structure, facts } = this;
    return structure.pathOf(structure.placeOfNode(access).block).some((block) => {
      const owner = structure.ownerOf(block);
      const condition = owner?.kind === 'if' && owner.then === block ? this.nodes.get(owner.condition) : undefined;
      return condition?.kind === 'apply' && condition.op === 'ge' && condition.operands[0] === index && facts.isZero(condition.operands[1]!);
    });
  }

  /** The numbers of places that an access needs at most; undefined where nobody knows. */
  private countsOf(access: Node, index: Value, extents: Extents): readonly Count[] | undefined {
    const count = this.countOf(access, index, extents);
    if (count !== undefined) return [count];
    const counts = [...this.facts.sourcesOf(index)].map((source) => this.countOf(access, source, extents));
    return counts.includes(undefined) ? undefined : (counts as Count[]);
  }

  /** More than all indices of an access in loops that run whatever happens: for one that does not, the room may be more than there is. */
  private countOf(access: Node, index: Value, extents: Extents): Count | undefined {
    const { structure } = this;
    const { block } = structure.placeOfNode(access);
    const around = structure.loopsAround(block);
    return structure.pathOf(block).length === around.length + 1 ? extents.countOf(index, around.toReversed()) : undefined;
  }
}

/** What is restored is what it was in the iteration at hand. */
function withoutRestores(graph: Graph): Graph {
  const known = new Map<Value, Value>();
  visit(graph.body, (node) => void (node.kind === 'restore' && known.set(node.result, known.get(node.of) ?? node.of)));
  return { ...graph, body: substitute(graph.body, (value) => known.get(value) ?? value) };
}

/** The memory that is used in loops within loops. */
function usedInInnerLoops(body: Block): ReadonlySet<Value> {
  const found = new Set<Value>();
  const look = (block: Block, depth: number): void => {
    for (const node of block.nodes) {
      if (depth > 1 && 'memory' in node) found.add(node.memory);
      for (const inner of blocks(node)) look(inner, node.kind === 'loop' ? depth + 1 : depth);
    }
  };
  look(body, 0);
  return found;
}
