/**
 * Staging: what a nest of loops reads again and again is copied to the workspace in front of it, and what it adds up there is
 * copied back behind it.
 *
 *     for (p …) for (c …) for (j …) … l[t] …          for (i …) ws[offset + i] = l[i];
 *                                                     for (p …) for (c …) for (j …) … ws[offset + t] …
 *
 * V8 asks at each access to an array again where it lies and how long it is; of one array it does so once (Node 20), and rows of
 * plain arrays are asked for holes. Runs on a placed graph, in front of `jam`.
 *
 * - An array that is only read may be asked for an element that it does not have: there is room for all that is asked for, with NaN
 *   behind the end, where JavaScript has `undefined`. What is added behind the end gets lost in both.
 * - An array of the function that is stored to goes to the workspace where all its elements are certainly there.
 * - Rows of a matrix lie one behind the other; where each begins lies in front of them, once for the matrix and its gradient.
 *
 * Copies pay where the outermost loop runs more than a few times. Nobody knows, so only what its iterations meet again is copied.
 */

import { atIndex, BlockBuilder, integer, newValue, real, withChanges, workspaceType, yields } from '../src/graph/build.ts';
import type { Block, Graph, LoopNode, Node, Value } from '../src/graph/types.ts';
import { blocks, exitOperands, mapBlocks, readsOf, visit, withNodes } from '../src/graph/walk.ts';
import { elementLoop } from './element-loop.ts';
import { eliminateDead } from './eliminate-dead.ts';
import { type Count, larger } from './extents.ts';
import { breaksOf } from './memory.ts';
import { share } from './share.ts';
import { Candidates, type Copied } from './staging/candidates.ts';
import type { Access } from './staging/uses.ts';

export function stage(graph: Graph): Graph {
  if (graph.procedure !== undefined) return graph;
  const candidates = new Candidates(graph);
  const workspace = workspaceOf(graph) ?? newValue(workspaceType, 'ws');
  let top: Value | undefined;
  let [isTaken, isKnown] = [false, true];
  const known = new KnownBefore(candidates.keepsLength);
  const filled = new Set<Value>();
  const stagedIn = (node: Node): readonly Node[] => {
    if (node.kind === 'workspace') {
      [top, isKnown] = [node.size, true];
      const taking = { ...node, grows: isTaken };
      isTaken = true;
      return [taking];
    }
    // Positions run on from here, to where nobody knows until room is made behind them.
    if (blocks(node).some(makesRoom)) isKnown = false;
    if (node.kind !== 'loop' || !isKnown) return [node];
    const before = new BlockBuilder(undefined, node.backward ?? false);
    const copied = candidates.of(node, before);
    if (copied.length === 0) return [node];
    const staged = new Staged(copied, { workspace, top: top && candidates.atLeastZero(top, before), before, nodes: candidates.nodes, known, isInFront: (value) => candidates.isInFront(value, node) });
    staged.copyIn(isTaken);
    isTaken = true;
    staged.zeroed.forEach((array) => filled.add(array));
    const nest = mapBlocks(node, (inner) => staged.inside(inner, [node]));
    return [...before.nodes, nest, ...staged.copiedBack(node, (array) => isUsedBehind(graph, node, array))];
  };
  const nodes = graph.body.nodes.flatMap((node) => {
    const staged = stagedIn(node);
    known.pass(node);
    return staged;
  });
  if (nodes.length === graph.body.nodes.length) return graph;
  const marked = nodes.map((node) => (node.kind === 'shadow' && filled.has(node.result) ? withChanges(node, { isFilled: true }) : node));
  return eliminateDead(share({ ...graph, body: withNodes(graph.body, marked) }));
}

/** What is known of arrays in front of a statement of the function's own block. */
class KnownBefore {
  private readonly lengths = new Map<Value, Value>();
  private readonly shadows = new Map<Value, Value>();
  private readonly touched = new Set<Value>();
  readonly keepsLength: (array: Value) => boolean;

  constructor(keepsLength: (array: Value) => boolean) {
    this.keepsLength = keepsLength;
  }

  pass(node: Node): void {
    if (node.kind === 'length') this.learn(node.memory, node.result);
    else if (node.kind === 'shadow') this.shadows.set(node.result, node.of);
    else readsOf(node).forEach((value) => this.touched.add(value));
  }

  /** A gradient that is still zeros. */
  isZero(array: Value): boolean {
    return this.shadows.has(array) && !this.touched.has(array);
  }

  /** A gradient is as long as what it is the gradient of, and so are its rows. */
  lengthsFrom(array: Value): Value {
    return this.shadows.get(array) ?? array;
  }

  lengthOf(array: Value, builder: BlockBuilder): Value {
    const of = this.lengthsFrom(array);
    const length = this.lengths.get(of) ?? builder.length(of);
    this.learn(of, length);
    return length;
  }

  private learn(array: Value, length: Value): void {
    if (this.keepsLength(array)) this.lengths.set(array, length);
  }
}

/** Whether an array is touched behind a nest, or is handed out. */
function isUsedBehind(graph: Graph, nest: LoopNode, array: Value): boolean {
  const { body } = graph;
  return exitOperands(body.exit).includes(array) || body.nodes.slice(body.nodes.indexOf(nest) + 1).some((node) => readsOf(node).includes(array));
}

function workspaceOf(graph: Graph): Value | undefined {
  let found: Value | undefined;
  visit(graph.body, (node) => void (node.kind === 'workspace' && (found ??= node.result)));
  return found;
}

function makesRoom(block: Block): boolean {
  let found = false;
  visit(block, ({ kind }) => void (found ||= kind === 'workspace'));
  return found;
}

/** Where an array begins in the workspace, and how many places it has. */
interface Room {
  readonly array: Copied;
  readonly base: Value | undefined;
  readonly places: Value;
  /** Of a matrix: where each of its rows begins. */
  readonly starts?: Starts;
}

/** Of each row, counted from the first row. */
interface Starts {
  readonly matrix: Value;
  /** A row takes as much room as it is long, and no less than this. */
  readonly counts: readonly Count[];
  readonly base: Value | undefined;
  /** What all rows need. */
  readonly total: Value;
  /** Stands for this part of the workspace. */
  readonly part: Value;
}

interface Filling {
  readonly array: Value;
  readonly length: Value;
  /** Where there are more. */
  readonly places: Value | undefined;
  readonly keyOf: (inner: BlockBuilder, i: Value) => Value;
}

/** A loop, or something else that has blocks. */
type Around = LoopNode | undefined;

interface Surroundings {
  readonly workspace: Value;
  /** The first free cell. */
  readonly top: Value | undefined;
  /** What stands in front of the nest. */
  readonly before: BlockBuilder;
  /** What defines each value of the function. */
  readonly nodes: ReadonlyMap<Value, Node>;
  readonly known: KnownBefore;
  readonly isInFront: (value: Value) => boolean;
}

/** A nest whose arrays lie in the workspace. */
class Staged {
  private readonly rooms: readonly Room[];
  private readonly byAccess = new Map<Node, { readonly room: Room; readonly access: Access }>();
  private readonly starts = new Map<Value, Starts>();
  /** By row: the matrix, and in the nest where the row begins. */
  private readonly rows = new Map<Value, Room>();
  private readonly begins = new Map<Value, Value>();
  private readonly end: Value;
  private readonly workspace: Value;
  private readonly before: BlockBuilder;
  private readonly nodes: ReadonlyMap<Value, Node>;
  private readonly known: KnownBefore;
  private readonly isInFront: (value: Value) => boolean;

  constructor(copied: readonly Copied[], { workspace, top, before, nodes, known, isInFront }: Surroundings) {
    this.isInFront = isInFront;
    this.known = known;
    this.workspace = workspace;
    this.before = before;
    this.nodes = nodes;
    let base = top;
    const take = (size: Value, name: string | undefined): Value | undefined => {
      const taken = base;
      base = base === undefined ? size : before.apply('add', [base, size], { type: integer, name });
      return taken;
    };
    this.rooms = copied.map((array, place) => {
      const { isMatrix, accesses } = array;
      const starts = isMatrix ? this.startsOf(array, take) : undefined;
      const places = starts?.total ?? this.placesOf(array);
      const room = { array, places, base: take(places, this.nameOf(copied[place + 1])), ...(starts && { starts }) };
      for (const access of accesses) {
        this.byAccess.set(access.node, { room, access });
        if (access.row) this.rows.set(access.row.value, room);
      }
      return room;
    });
    this.end = base!;
  }

  /** The gradients that begin as zeros there, so that nobody need set them to zero. */
  get zeroed(): readonly Value[] {
    return this.rooms.map(({ array }) => array.value).filter((array) => this.known.isZero(array));
  }

  /** `isTaken`: the function has its workspace already. */
  copyIn(isTaken: boolean): void {
    const { before, known } = this;
    before.push({ kind: 'workspace', size: this.end, result: this.workspace, grows: isTaken });
    for (const starts of this.starts.values()) this.fillStarts(starts);
    for (const room of this.rooms) {
      const { value, isMatrix, counts } = room.array;
      if (known.isZero(value)) {
        elementLoop(before, room.places, (inner, i) => this.put(inner, room, this.at(inner, room, i), inner.literal(0)));
      } else if (isMatrix) {
        elementLoop(before, known.lengthOf(value, before), (rows, r) => {
          const row = rows.load(value, atIndex(r), rowType(value), 'row');
          const start = this.startAt(rows, room, r);
          const length = rows.length(row);
          const places = counts.length > 0 ? longEnough(length, counts, rows) : undefined;
          this.fill(rows, room, { array: row, length, places, keyOf: (inner, i) => inner.apply('add', [start, i], { type: integer }) });
        });
      } else {
        const places = counts.length > 0 ? room.places : undefined;
        this.fill(before, room, { array: value, length: known.lengthOf(value, before), places, keyOf: (inner, i) => this.at(inner, room, i) });
      }
    }
  }

  /** With the numbers of an array, and NaN behind them: reading what is missing would make V8 put each number into a box. */
  private fill(builder: BlockBuilder, room: Room, { array, length, places, keyOf }: Filling): void {
    elementLoop(builder, length, (inner, i) => this.put(inner, room, keyOf(inner, i), inner.load(array, atIndex(i), real)));
    if (places === undefined || room.array.isWritten) return;
    elementLoop(builder, places, (inner, i) => this.put(inner, room, keyOf(inner, i), inner.literal(NaN)), [], length);
  }

  /** `isUsed`: whether anybody looks at an array behind the nest. */
  copiedBack({ backward }: LoopNode, isUsed: (array: Value) => boolean): readonly Node[] {
    const after = new BlockBuilder(undefined, backward ?? false);
    for (const room of this.rooms) {
      const { value, isMatrix, isWritten } = room.array;
      if (!isWritten || !isUsed(value)) continue;
      const length = this.known.lengthOf(value, after);
      if (!isMatrix) {
        elementLoop(after, length, (inner, i) => inner.store(value, atIndex(i), this.get(inner, room, this.at(inner, room, i))));
        continue;
      }
      elementLoop(after, length, (rows, r) => {
        const row = rows.load(value, atIndex(r), rowType(value), 'row');
        const start = this.startAt(rows, room, r);
        elementLoop(rows, rows.length(row), (inner, i) => inner.store(row, atIndex(i), this.get(inner, room, inner.apply('add', [start, i], { type: integer }))));
      });
    }
    return after.nodes;
  }

  /** What stands in the nest, with accesses to the workspace. `around`: the loops, outermost first. */
  inside(block: Block, around: readonly Around[]): Block {
    const nodes = block.nodes.flatMap((node): readonly Node[] => {
      const staged = this.byAccess.get(node);
      const builder = new BlockBuilder(node.origin, node.backward ?? false);
      const matrix = node.kind === 'load' ? this.rows.get(node.result) : undefined;
      if (matrix !== undefined && node.kind === 'load' && node.key.kind === 'index') {
        if (matrix.array.doubtful.has(node.result)) this.expectRow(matrix.array.value, node.key.index, around, builder);
        this.begins.set(node.result, this.startAt(builder, matrix, node.key.index));
        return [node, ...builder.nodes];
      }
      if (staged === undefined) return [mapBlocks(node, (inner) => this.inside(inner, node.kind === 'loop' ? [...around, node] : [...around, undefined]))];
      const { room, access: { row, index } } = staged;
      const key = atIndex(row ? builder.apply('add', [this.begins.get(row.value)!, index], { type: integer }) : this.at(builder, room, index));
      return [...builder.nodes, withChanges(staged.access.node, { memory: this.workspace, key, part: room.array.value })];
    });
    return withNodes(block, nodes);
  }

  /**
   * The workspace has a place for every row, where the primal finds none and throws. What a loop through the rows asks for is compared
   * in front of the nest. The backward sweep asks for no others.
   */
  private expectRow(matrix: Value, index: Value, around: readonly Around[], inner: BlockBuilder): void {
    if (this.nodes.get(matrix)?.kind === 'shadow' || around.some((owner) => owner?.backward)) return;
    const last = this.lastRow(index, around);
    const builder = last === undefined ? inner : this.before;
    const rows = this.known.lengthOf(matrix, this.before);
    const isMissing = last === undefined ? builder.apply('ge', [index, rows]) : builder.apply('and', [last.runs, builder.apply('gt', [last.count, rows])]);
    const then = new BlockBuilder(builder.origin);
    const error = then.carry([`new TypeError(\`${matrix.name ?? 'an array'} has no row \${`, last === undefined ? index : rows, '}`)'], { kind: 'opaque', text: 'TypeError' });
    builder.if(isMissing, then.block({ kind: 'throw', error }), new BlockBuilder(builder.origin).block(yields([])), []);
  }

  /** How many rows a loop directly in the nest goes through, from 0 on, if the nest runs. */
  private lastRow(index: Value, around: readonly Around[]): { readonly runs: Value; readonly count: Value } | undefined {
    const [nest, loop, ...others] = around.map((owner) => owner?.counter);
    if (others.length > 0 || nest?.to === undefined || loop?.to === undefined) return undefined;
    // It may be left before the row is missed.
    if (around.some((owner) => breaksOf(owner!.body).length > 0)) return undefined;
    const isThrough = loop.variable === index && loop.step === 1 && loop.test === '<' && nest.step > 0;
    const count = isThrough ? this.inFront(loop.to) : undefined;
    return count && { runs: this.before.apply(nest.test === '<' ? 'lt' : 'le', [nest.from, nest.to]), count };
  }

  /** A number that the nest does not change, be it a length that is asked for inside. */
  private inFront(value: Value): Value | undefined {
    if (this.isInFront(value)) return value;
    const node = this.nodes.get(value);
    return node?.kind === 'length' && this.isInFront(node.memory) && this.known.keepsLength(node.memory) ? this.known.lengthOf(node.memory, this.before) : undefined;
  }

  /** The length of the array, or more where the nest asks for more. */
  private placesOf({ value, counts }: Copied): Value {
    return longEnough(this.known.lengthOf(value, this.before), counts, this.before);
  }

  /** What the room of an array begins with: where its rows begin, or its numbers. */
  private nameOf(next: Copied | undefined): string | undefined {
    if (next?.value.name === undefined) return undefined;
    const hasStarts = next.isMatrix && !this.starts.has(this.known.lengthsFrom(next.value));
    return `${hasStarts ? 'starts' : 'offset'}_${next.value.name}`;
  }

  /** Of a matrix and its gradient once. */
  private startsOf({ value, counts }: Copied, take: (size: Value, name: string | undefined) => Value | undefined): Starts {
    const { before, known } = this;
    const matrix = known.lengthsFrom(value);
    const found = this.starts.get(matrix);
    if (found !== undefined) return found;
    const total = newValue(integer, 'places');
    elementLoop(before, known.lengthOf(matrix, before), (inner, r, [so]) => {
      const length = inner.length(inner.load(matrix, atIndex(r), rowType(matrix), 'row'));
      return [inner.apply('add', [so!, longEnough(length, counts, inner)], { type: integer })];
    }, [{ initial: before.literal(0), result: total }]);
    const starts = { matrix, counts, base: take(known.lengthOf(matrix, before), value.name && `offset_${value.name}`), total, part: newValue(integer, 'start') };
    this.starts.set(matrix, starts);
    return starts;
  }

  private fillStarts({ matrix, counts, base, part }: Starts): void {
    const { before, known } = this;
    elementLoop(before, known.lengthOf(matrix, before), (inner, r, [start]) => {
      const cell = base === undefined ? r : inner.apply('add', [base, r], { type: integer });
      inner.push({ kind: 'store', memory: this.workspace, key: atIndex(cell), value: start!, part });
      const length = inner.length(inner.load(matrix, atIndex(r), rowType(matrix), 'row'));
      return [inner.apply('add', [start!, longEnough(length, counts, inner)], { type: integer })];
    }, [{ initial: before.literal(0), result: newValue(integer, 'start') }]);
  }

  /** The cell of the first element of a row: `| 0` tells V8 that it is an integer. */
  private startAt(builder: BlockBuilder, { base, starts }: Room, row: Value): Value {
    const cell = starts!.base === undefined ? row : builder.apply('add', [starts!.base, row], { type: integer });
    const result = newValue(integer);
    builder.push({ kind: 'load', memory: this.workspace, key: atIndex(cell), result, part: starts!.part });
    const start = base === undefined ? result : builder.apply('add', [base, result], { type: integer });
    return builder.apply('bitOr', [start, builder.literal(0)], { type: integer, name: 'begin' });
  }

  private put(builder: BlockBuilder, room: Room, cell: Value, value: Value): void {
    builder.push({ kind: 'store', memory: this.workspace, key: atIndex(cell), value, part: room.array.value });
  }

  private get(builder: BlockBuilder, room: Room, cell: Value): Value {
    const result = newValue(real);
    builder.push({ kind: 'load', memory: this.workspace, key: atIndex(cell), result, part: room.array.value });
    return result;
  }

  /** The cell of an element. What a sum begins with mostly is the same in an inner loop, and so is where a row begins then. */
  private at(builder: BlockBuilder, { base }: Room, index: Value): Value {
    if (base === undefined) return index;
    const node = this.nodes.get(index);
    if (node?.kind === 'literal' && node.value === 0) return base;
    if (node?.kind !== 'apply' || node.op !== 'add') return builder.apply('add', [base, index], { type: integer });
    const [first, second] = node.operands as [Value, Value];
    return builder.apply('add', [builder.apply('add', [base, first], { type: first.type }), second], { type: index.type });
  }
}

/** A length, or more where more is asked for. */
function longEnough(length: Value, counts: readonly Count[], builder: BlockBuilder): Value {
  return counts.reduce((most, count) => larger(most, count, builder), length);
}

function rowType({ type }: Value): Value['type'] {
  return type.kind === 'array' ? type.element : type;
}
