/** Which arrays of a nest of loops are worth copying to the workspace, and may be. */

import { type BlockBuilder, integer } from '../../src/graph/build.ts';
import type { Block, Graph, LoopNode, Node, Value } from '../../src/graph/types.ts';
import { exitOperands, operands, ownedValues, results, visit } from '../../src/graph/walk.ts';
import { elementsInside } from '../elements-inside.ts';
import { type Count, Definitions, Extents, isWhole } from '../extents.ts';
import type { IndexFacts } from '../index-facts.ts';
import { analyseMemory, breaksOf, isTyped, type Memory, type Root } from '../memory.ts';
import { type Access, Uses } from './uses.ts';

export interface Copied {
  readonly value: Value;
  readonly isMatrix: boolean;
  readonly accesses: readonly Access[];
  readonly isWritten: boolean;
  /** The accesses ask for so many elements, of a matrix in each row; none where that is no more than there are. */
  readonly counts: readonly Count[];
  /** Of a matrix: rows that need not be there. */
  readonly doubtful: ReadonlySet<Value>;
}

/** Of the outermost loop, where its bounds are literals. */
const fewestTrips = 8;

interface Nest {
  readonly uses: Uses;
  readonly extents: Extents;
  readonly steady: { has(value: Value): boolean };
  readonly roots: RootUses;
}

export class Candidates {
  private readonly memory: Memory;
  private readonly facts: IndexFacts;
  private readonly isInside: (array: Value, index: Value) => boolean;
  /** What defines each value of the function. */
  readonly nodes: ReadonlyMap<Value, Node>;
  private readonly graph: Graph;
  /** Where the function's own block defines a value; in front of it, its parameters. */
  private readonly places: ReadonlyMap<Value, number>;
  private readonly program: Definitions;

  constructor(graph: Graph) {
    this.memory = analyseMemory(graph);
    this.program = new Definitions(graph, this.memory);
    this.facts = this.program.facts;
    this.isInside = elementsInside(graph, this.memory);
    this.graph = graph;
    const own = graph.body.nodes.flatMap((node, place) => results(node).map((result) => [result, place] as const));
    this.places = new Map([...graph.params.map((param) => [param, -1] as const), ...own]);
    this.nodes = this.program.nodes;
  }

  /** Whether a value is known in front of a nest of the function's own block. */
  isInFront(value: Value, nest: LoopNode): boolean {
    const place = this.places.get(value);
    return place !== undefined && place < this.graph.body.nodes.indexOf(nest);
  }

  /** Those of a nest of the function's own block. How much room they need is computed in `before`. */
  of(nest: LoopNode, before: BlockBuilder): readonly Copied[] {
    const uses = new Uses(nest);
    if (uses.isOpaque || this.isShort(nest)) return [];
    const extents = new Extents({ program: this.program, before, inFront: (value) => (this.isInFront(value, nest) ? value : undefined) });
    const found: Nest = { uses, extents, steady: steadyIn(nest), roots: new RootUses(nest, uses, this.memory) };
    const possible = [...uses.accesses].map(([value, accesses]) => this.copied(value, accesses, found)).filter((copied) => copied !== undefined);
    return worthwhile(possible, [...uses.accesses].flatMap(([value, accesses]) => (this.nodes.get(value)?.kind === 'workspace' ? accesses : [])));
  }

  /** The first free cell of the workspace: a bound may be negative or NaN, and then it is 0. */
  atLeastZero(top: Value, before: BlockBuilder): Value {
    if (this.facts.isNonNegative(top) && isWhole(top, this.nodes)) return top;
    const zero = before.literal(0);
    return before.apply('select', [before.apply('gt', [top, zero]), top, zero], { type: integer });
  }

  /** Typed arrays, and what nobody writes to. */
  readonly keepsLength = (array: Value): boolean => {
    return isTyped(array) || [...this.memory.rootsOf(array)].every((root) => this.memory.isReadOnly(root));
  };

  /** Copies would not pay. */
  private isShort({ counter }: LoopNode): boolean {
    const [from, to] = [counter?.from, counter?.to].map((bound) => (bound === undefined ? undefined : this.facts.literalOf(bound)));
    return from !== undefined && to !== undefined && Math.abs(to - from) < fewestTrips;
  }

  private copied(value: Value, accesses: readonly Access[], { uses, extents, steady, roots }: Nest): Copied | undefined {
    const isHot = accesses.some(({ index, row, around }) => around.length > 1 && isInnermost(around[0]!) && steady.has(index) && (row === undefined || steady.has(row.index)));
    if (!isHot || !this.isThere(value) || uses.otherwise.has(value) || !accesses.every(isOfNumbers)) return undefined;
    const isMatrix = accesses.some(({ row }) => row !== undefined);
    if (isMatrix ? !isMatrixOfNumbers(value, accesses, uses) : !isArrayOfNumbers(value)) return undefined;
    const isWritten = accesses.some(({ node }) => node.kind !== 'load');
    if (isWritten ? !roots.isAlone(value, accesses) : !roots.isUnwritten(value, accesses)) return undefined;
    // Rows of the function's own may be missing, or one and the same.
    if (isMatrix && (isWritten ? !this.isGradient(value) : this.nodes.get(value)?.kind === 'alloc')) return undefined;
    // An element that is stored and read must be there. (Room with NaN behind the end is right, and slower on Node 24: gmm.)
    const kinds = new Set(accesses.map(({ node }) => node.kind));
    const isOwn = kinds.size > 1 || kinds.has('store');
    if (isOwn && !isMatrix && !isTyped(value)) return undefined;
    const counts = this.countsBehind(value, uses, extents);
    if (isOwn ? counts.length > 0 : counts.includes(undefined)) return undefined;
    const doubtful = this.doubtfulRows(value, accesses, extents);
    if (doubtful === undefined) return undefined;
    return { value, isMatrix, accesses, isWritten, counts: counts.filter((count) => count !== undefined), doubtful };
  }

  /** So many elements the accesses ask for that need not find one; those of its gradients, too: their rows begin at the same places. */
  private countsBehind(value: Value, uses: Uses, extents: Extents): readonly (Count | undefined)[] {
    const family = [...uses.accesses].filter(([other]) => this.asLongAs(other).at(-1) === this.asLongAs(value).at(-1));
    const bySpelling = new Map<string, Count | undefined>();
    for (const [array, accesses] of family) {
      for (const access of accesses) {
        if (this.isCertain(array, access, uses)) continue;
        const count = extents.countOf(access.index, access.around);
        bySpelling.set(count === undefined ? '' : extents.spellingOf(count.value), count);
      }
    }
    return [...bySpelling.values()];
  }

  private isGradient(value: Value): boolean {
    const node = this.nodes.get(value);
    return node?.kind === 'shadow' && node.gradientOf !== undefined;
  }

  /** It is an array wherever the nest stands, and no row of another one. */
  private isThere(value: Value): boolean {
    if (value.type.kind === 'optional') return false;
    const node = this.nodes.get(value);
    if (node === undefined) return this.graph.params.includes(value);
    return node.kind === 'alloc' || node.kind === 'shadow' || (node.kind === 'load' && node.key.kind === 'field' && this.isThere(node.memory));
  }

  private isCertain(array: Value, { index, row }: Access, uses: Uses): boolean {
    const known = this.asLongAs(array);
    if (row === undefined) return known.some((each) => this.isInside(each, index));
    return [...uses.rows].some(([value, { memory, key }]) => known.includes(memory) && key.kind === 'index' && key.index === row.index && this.isInside(value, index));
  }

  /** The rows that somebody must look for, since a place in the workspace is there always; undefined where they may be at -1 or 0.5. */
  private doubtfulRows(matrix: Value, accesses: readonly Access[], extents: Extents): ReadonlySet<Value> | undefined {
    const doubtful = new Set<Value>();
    const isRead = this.nodes.get(matrix)?.kind !== 'shadow';
    for (const { row, around, isConditional } of accesses) {
      if (row === undefined || this.asLongAs(matrix).some((each) => this.isInside(each, row.index))) continue;
      // It may be there wherever it is asked for.
      if (isRead && isConditional) return undefined;
      if (row.index.type.kind !== 'integer' || !extents.isNonNegative(row.index, around)) return undefined;
      doubtful.add(row.value);
    }
    return doubtful;
  }

  /** A gradient is as long as what it is the gradient of, and so are its rows. */
  private asLongAs(array: Value): readonly Value[] {
    const node = this.nodes.get(array);
    return node?.kind === 'shadow' ? [array, node.of] : [array];
  }
}

/**
 * Those that share a loop with another one, or with what lies in the workspace already (`resident`): fewer arrays are what pays. Rows of
 * plain arrays always do.
 */
function worthwhile(possible: readonly Copied[], resident: readonly Access[]): readonly Copied[] {
  const loopsOf = (accesses: readonly Access[]): ReadonlySet<LoopNode> => new Set(accesses.map(({ around }) => around[0]!));
  const known = [resident, ...possible.map(({ accesses }) => accesses)].map(loopsOf);
  const kept = possible.filter(({ isMatrix }, i) => isMatrix || [...known[i + 1]!].some((loop) => known.some((others, k) => k !== i + 1 && others.has(loop))));
  return kept.length === possible.length ? kept : worthwhile(kept, resident);
}

function isInnermost({ body }: LoopNode): boolean {
  let found = true;
  visit(body, ({ kind }) => void (found &&= kind !== 'loop'));
  return found;
}

function isOfNumbers({ node }: Access): boolean {
  return (node.kind === 'load' ? node.result : node.value).type.kind !== 'optional' && node.part === undefined;
}

function isArrayOfNumbers({ type }: Value): boolean {
  return type.kind === 'array' && type.element.kind === 'real' && (type.container === 'Array' || type.container === 'Float64Array');
}

function isMatrixOfNumbers(value: Value, accesses: readonly Access[], uses: Uses): boolean {
  if (value.type.kind !== 'array' || [...uses.rows].some(([row, { memory }]) => memory === value && uses.otherwise.has(row))) return false;
  return accesses.every(({ row }) => row !== undefined && isArrayOfNumbers(row.value));
}

/** Who reads and who writes what, by array or matrix. */
class RootUses {
  private readonly written = new Map<Root, Set<Value>>();
  private readonly used = new Map<Root, Set<Value>>();
  private readonly memory: Memory;

  constructor(nest: LoopNode, uses: Uses, memory: Memory) {
    this.memory = memory;
    const note = (map: Map<Root, Set<Value>>, value: Value): void => {
      const owner = uses.rows.get(value)?.memory ?? value;
      for (const root of memory.rootsOf(value)) map.set(root, (map.get(root) ?? new Set()).add(owner));
    };
    visit(nest.body, (node) => {
      const isAccess = node.kind === 'load' || node.kind === 'store' || node.kind === 'accumulate';
      if (isAccess && node.part !== undefined) return;
      if (isAccess) note(this.used, node.memory);
      if (node.kind === 'store' || node.kind === 'accumulate') note(this.written, node.memory);
    });
    for (const value of uses.otherwise) for (const root of memory.reachableFrom(value)) this.used.set(root, (this.used.get(root) ?? new Set()).add(value));
  }

  isUnwritten(value: Value, accesses: readonly Access[]): boolean {
    return this.rootsOf(value, accesses).every((root) => !this.written.has(root) && !this.memory.isShared(root));
  }

  /** Whether nothing else that the nest touches can be the same memory. */
  isAlone(value: Value, accesses: readonly Access[]): boolean {
    const roots = this.rootsOf(value, accesses);
    return roots.length === 1 && roots.every((root) => !this.memory.isShared(root) && [...(this.used.get(root) ?? [])].every((user) => user === value));
  }

  private rootsOf(value: Value, accesses: readonly Access[]): readonly Root[] {
    const rows = accesses.flatMap(({ row }) => (row === undefined ? [] : [row.value]));
    return [...new Set((rows.length === 0 ? [value] : rows).flatMap((each) => [...this.memory.rootsOf(each)]))];
  }
}

/** What the nest computes anew in each of its iterations, and is the same in all of them. */
function steadyIn(nest: LoopNode): { has(value: Value): boolean } {
  const varying = new Set<Value>(ownedValues(nest));
  const isVarying = (value: Value): boolean => varying.has(value);
  const look = (block: Block): void => {
    for (const node of block.nodes) {
      if (node.kind === 'loop') lookAtLoop(node);
      else if (node.kind === 'if') {
        look(node.then);
        look(node.else);
        const values = [node.then, node.else].flatMap(({ exit }) => exitOperands(exit));
        if (isVarying(node.condition) || values.some(isVarying)) node.results.forEach((result) => varying.add(result));
      } else if (node.kind === 'length') {
        // Rows mostly have one length.
        continue;
      } else if (isNumberOfMemory(node) || operands(node).some(isVarying)) results(node).forEach((result) => varying.add(result));
    }
  };
  const lookAtLoop = (loop: LoopNode): void => {
    const { counter, body } = loop;
    const isUncertain = counter?.to === undefined || breaksOf(body).length > 0 || isVarying(counter.from) || isVarying(counter.to);
    if (isUncertain) [...ownedValues(loop), ...results(loop)].forEach((value) => varying.add(value));
    for (let size = -1; size < varying.size; ) {
      size = varying.size;
      look(body);
      const next = body.exit.kind === 'yield' ? body.exit.values : [];
      body.params.forEach((param, i) => void ((isVarying(loop.initial[i]!) || (next[i] !== undefined && isVarying(next[i]))) && varying.add(param)));
    }
    loop.results.forEach((result, i) => void (loop.done[i] !== undefined && isVarying(loop.done[i]) && varying.add(result)));
  };
  look(nest.body);
  return { has: (value) => !varying.has(value) };
}

/** A number that lies in memory may be another one each time. */
function isNumberOfMemory(node: Node): boolean {
  return node.kind === 'carry' || (node.kind === 'load' && (node.result.type.kind === 'real' || node.result.type.kind === 'integer'));
}
