/**
 * Unroll and jam: four rows of a matrix, or two, in one pass through the vector (Callahan, Cocke and Kennedy 1988).
 *
 *     for (r …) { let s = b[r]; for (i …) s += w[r * n + i] * x[i]; y[r] = s; }
 *     for (; r < m - 3; r += 4) { let s = b[r], s_1 = b[r + 1], …; for (i …) { s += …; s_1 += …; … } y[r] = s; y[r + 1] = s_1; … }
 *     for (; r < m; r++) …                                                       what is left, as it was
 *
 * Runs on a placed graph, last. Each sum keeps its own order of additions, so that forward bits stay; contributions of several
 * rows to one adjoint are added up before they are accumulated, which is free.
 *
 * Rows of plain arrays have a length each. In a loop that runs again and again they are compared first, and only rows of one length
 * go together:
 *
 *     let even = true; for (i …) even = even && w[i].length === w[0].length;
 *     for (; r < (even ? m - 3 : 0); r += 4) …
 *
 * The body of the outer loop falls in two. What the inner loops compute from memory that the body does not write runs for all rows
 * together; the rest (stores, carried values, branches) runs behind it, row by row as before.
 */

import { atIndex, BlockBuilder, boolean, newLoopId, newValue, integer } from '../src/graph/build.ts';
import type { AccumulateNode, Block, Counter, Graph, LoadNode, LoopNode, Node, Value } from '../src/graph/types.ts';
import { blocks, copyBlock, exitOperands, mapBlocks, operands, ownedValues, results, visit, withNodes } from '../src/graph/walk.ts';
import { elementLoop } from './element-loop.ts';
import { RowOrder } from './jam-order.ts';
import { analyseMemory, isReference, type Memory, type Place, type Root, rootsAt } from './memory.ts';
import { type Structure, structureOf } from './storage/structure.ts';

const mostRows = 4;
/** Of an inner loop: more do not fit into registers, so many times over. */
const mostInnerNodes = 40;
const mostInnerSums = 8;
/** Of the outer loop's body, four copies of which are written out. */
const mostNodes = 40;

export function jam(graph: Graph): Graph {
  const memory = analyseMemory(graph);
  const literals = new Map<Value, number>();
  visit(graph.body, (node) => {
    if (node.kind === 'literal' && typeof node.value === 'number') literals.set(node.result, node.value);
  });
  let structure: Structure | undefined;
  const around: Around = { memory, literals, isRepeated: false, orderOf: (loop) => new RowOrder(loop, memory, (structure ??= structureOf(graph))) };
  return { ...graph, body: jamIn(graph.body, around) };
}

interface Around {
  readonly memory: Memory;
  readonly orderOf: (loop: LoopNode) => RowOrder;
  readonly literals: ReadonlyMap<Value, number>;
  /** Whether it is the body of a loop, or in one. */
  readonly isRepeated: boolean;
}

function jamIn(block: Block, around: Around): Block {
  const nodes = block.nodes.flatMap((node): readonly Node[] => {
    const plan = node.kind === 'loop' ? planFor(node, around) : undefined;
    if (plan !== undefined) return jammed(plan, around.literals.get(plan.loop.counter!.to!));
    return [mapBlocks(node, (inner) => jamIn(inner, node.kind === 'loop' ? { ...around, isRepeated: true } : around))];
  });
  return withNodes(block, nodes);
}

interface Plan {
  readonly loop: LoopNode;
  /** Computed for all rows together, in this order. */
  readonly together: readonly Node[];
  /** Those among them that are the same for all rows. */
  readonly same: ReadonlySet<Node>;
  readonly rest: readonly Node[];
  /** How many go together. */
  readonly rows: number;
  /** Loads of rows whose lengths have to be one for that. */
  readonly even: readonly LoadNode[];
}

function planFor(loop: LoopNode, around: Around): Plan | undefined {
  const { counter, body } = loop;
  if (counter?.to === undefined || Math.abs(counter.step) !== 1 || loop.includesLeaving) return undefined;
  if (counter.test !== '<' && counter.test !== '>=') return undefined;
  if (body.exit.kind !== 'yield' || sizeOf(body) > mostNodes) return undefined;
  const writes = writesIn(body, around.memory);
  if (writes === undefined) return undefined;
  const plain = partsOf(loop, writes, around);
  if (plain !== undefined || !hasInnerLoop(body) || isShort(counter, around.literals)) return plain;
  const order = around.orderOf(loop);
  const mixed = partsOf(loop, amongRows(writes, order), around);
  return mixed !== undefined && sharesWork(mixed) && order.isKept(mixed.together, mixed.rest) ? mixed : undefined;
}

/** Whether rows have something of each other: sums that wait for themselves alone, or an element that several of them load or add to. */
function sharesWork({ loop, together }: Plan): boolean {
  const ofRow = new Set<Value>([loop.counter!.variable]);
  return together.some((node) => {
    if (node.kind === 'loop' && (node.body.params.length > 0 || node.body.nodes.some((inner) => isOfAllRows(inner, ofRow)))) return true;
    if (usesAny(node, ofRow)) for (const value of results(node)) ofRow.add(value);
    return false;
  });
}

/** Of a node of an inner loop; `ofRow` learns what is not. */
function isOfAllRows(node: Node, ofRow: Set<Value>): boolean {
  const isOwn = node.kind === 'accumulate' ? node.key.kind === 'index' && ofRow.has(node.key.index) : usesAny(node, ofRow);
  if (isOwn) for (const value of results(node)) ofRow.add(value);
  return !isOwn && (node.kind === 'accumulate' || node.kind === 'load');
}

/** Few rows, known to be few: no gain pays for the lines. */
function isShort({ from, to, test }: Counter, literals: ReadonlyMap<Value, number>): boolean {
  const [first, last] = [literals.get(from), literals.get(to!)];
  return first !== undefined && last !== undefined && Math.abs(last - first) + (test === '>=' ? 1 : 0) <= 2 * mostRows;
}

function hasInnerLoop({ nodes }: Block): boolean {
  return nodes.some((node) => node.kind === 'loop');
}

/** Writes that are asked about afterwards: elements of one array, at other indices. */
function amongRows(writes: Writes, order: RowOrder): Writes {
  return {
    isUnstored: writes.isUnstored,
    isSteady: (place) => writes.isSteady(place) || order.isNamed(place.memory),
    isOnlyAddedTo: (place) => writes.isOnlyAddedTo(place) || order.isNamed(place.memory),
    mayBeStored: (place) => order.isNamed(place.memory),
  };
}

function partsOf(loop: LoopNode, writes: Writes, { literals, isRepeated }: Around): Plan | undefined {
  const { body } = loop;
  const counter = loop.counter!;
  const later = new Set<Value>(body.params);
  const ofRow = new Set<Value>([counter.variable]);
  const together: Node[] = [];
  const same = new Set<Node>();
  const rest: Node[] = [];
  const lengths = new RowLengths(counter.variable, literals);
  for (const node of body.nodes) {
    if (!mayGoTogether(node, writes, later, ofRow, lengths)) {
      rest.push(node);
      for (const value of results(node)) later.add(value);
      continue;
    }
    together.push(node);
    if (!usesAny(node, ofRow) && node.kind !== 'loop') same.add(node);
    else for (const value of results(node)) ofRow.add(value);
    lengths.learn(node, ofRow);
  }
  const even = [...lengths.asked];
  if (even.length > 0 && !(isRepeated && countsFromZero(counter, literals))) return undefined;
  const fitting = together.flatMap((node) => (node.kind === 'loop' ? [rowsThatFit(node)] : []));
  return fitting.length > 0 ? { loop, together, same, rest, even, rows: Math.min(...fitting) } : undefined;
}

/** From 0 upwards, or downwards to it. */
function countsFromZero({ from, to, step }: Counter, literals: ReadonlyMap<Value, number>): boolean {
  return (step > 0 ? literals.get(from) : literals.get(to!)) === 0 && from.type.kind === 'integer' && to!.type.kind === 'integer';
}

/** What differs between rows of a matrix of plain arrays only where their lengths do. */
class RowLengths {
  /** The rows whose lengths are to be one. */
  readonly asked = new Set<LoadNode>();
  private readonly rows = new Map<Value, LoadNode>();
  private readonly lengths = new Map<Value, LoadNode>();
  private readonly counter: Value;
  private readonly literals: ReadonlyMap<Value, number>;

  constructor(counter: Value, literals: ReadonlyMap<Value, number>) {
    this.counter = counter;
    this.literals = literals;
  }

  /** `ofRow`: what differs from row to row. */
  learn(node: Node, ofRow: ReadonlySet<Value>): void {
    if (node.kind === 'load' && node.key.kind === 'index' && node.key.index === this.counter && !ofRow.has(node.memory) && node.result.type.kind === 'array') {
      this.rows.set(node.result, node);
    } else if (node.kind === 'length') {
      const row = this.rows.get(node.memory);
      if (row) this.lengths.set(node.result, row);
    } else if (node.kind === 'apply' && node.op === 'sub' && this.literals.has(node.operands[1]!)) {
      const row = this.lengths.get(node.operands[0]!);
      if (row) this.lengths.set(node.result, row);
    }
  }

  /** Whether a bound is one for all rows as soon as their lengths are: these are asked for then. */
  ask(bounds: readonly Value[]): boolean {
    const rows = bounds.map((bound) => this.lengths.get(bound));
    if (rows.some((row) => row === undefined)) return false;
    for (const row of rows) this.asked.add(row!);
    return true;
  }
}

/** Four or two; one where the loop is too large to be written out twice. What is the same in all iterations goes in front of it. */
function rowsThatFit(loop: LoopNode): number {
  const { params, nodes } = loop.body;
  const changing = new Set<Value>(ownedValues(loop));
  const size = nodes.filter((node) => !isSteady(node, changing)).length;
  let count = mostRows;
  while (count > 1 && (count * params.length > mostInnerSums || count * size > mostInnerNodes)) count /= 2;
  return count;
}

/** Whether a node of an inner loop is the same in all iterations; `changing` learns what is not. */
function isSteady(node: Node, changing: Set<Value>): boolean {
  const isAccess = node.kind === 'accumulate' || node.kind === 'store' || node.kind === 'load';
  if (!isAccess && !usesAny(node, changing)) return true;
  for (const value of results(node)) changing.add(value);
  return false;
}

/** Without what finds elements. */
function sizeOf(block: Block): number {
  let count = 0;
  visit(block, (node) => {
    if (node.kind !== 'apply' || node.result.type.kind !== 'integer') count++;
  });
  return count;
}

interface Writes {
  /** Whether nobody writes there while the loop runs. */
  isSteady(place: Place): boolean;
  /** Whether nobody stores there while the loop runs; numbers may be added. */
  isUnstored(place: Place): boolean;
  /** Whether it is only added to while the loop runs. */
  isOnlyAddedTo(place: Place): boolean;
  /** Whether inner loops may store there. */
  mayBeStored(place: Place): boolean;
}

/** What the body does to memory; nothing where it does more than reading, storing and adding. */
function writesIn(body: Block, memory: Memory): Writes | undefined {
  const stored = new Set<Root>();
  const added = new Set<Root>();
  const read = new Set<Root>();
  let isPlain = true;
  const note = (roots: Set<Root>, place: Place): void => {
    for (const root of rootsAt(place, memory)) roots.add(root);
  };
  visit(body, (node) => {
    for (const block of blocks(node)) if (block.exit.kind === 'break' || block.exit.kind === 'throw') isPlain = false;
    switch (node.kind) {
      case 'store':
        note(stored, node);
        break;
      case 'accumulate':
        note(added, node);
        break;
      case 'load':
        // Numbers that are added change no reference.
        if (!isReference(node.result.type)) note(read, node);
        break;
      case 'length':
        note(read, node);
        break;
      case 'apply':
        for (const operand of node.operands) note(read, { memory: operand });
        break;
      case 'carry':
        if (node.effect) isPlain = false;
        break;
      case 'literal':
      case 'if':
      case 'loop':
        break;
      default:
        isPlain = false;
    }
  });
  if (!isPlain) return undefined;
  const isFree = (place: Place, ...sets: readonly ReadonlySet<Root>[]): boolean => {
    const roots = rootsAt(place, memory);
    return roots.length > 0 && roots.every((root) => !memory.isShared(root) && sets.every((set) => !set.has(root)));
  };
  return {
    isSteady: (place) => isFree(place, stored, added),
    isUnstored: (place) => isFree(place, stored),
    isOnlyAddedTo: (place) => isFree(place, stored, read),
    mayBeStored: () => false,
  };
}

/** `later`: what is known only row by row. `ofRow`: what differs from row to row. */
function mayGoTogether(node: Node, writes: Writes, later: ReadonlySet<Value>, ofRow: ReadonlySet<Value>, lengths: RowLengths): boolean {
  if (usesAny(node, later)) return false;
  if (node.kind !== 'loop') return isPure(node, writes);
  const { counter, body } = node;
  if (counter?.to === undefined || counter.after !== undefined || node.includesLeaving || body.exit.kind !== 'yield') return false;
  if (rowsThatFit(node) === 1) return false;
  const mayWrite = (inner: Node): boolean => (inner.kind === 'accumulate' && writes.isOnlyAddedTo(inner)) || (inner.kind === 'store' && writes.mayBeStored(inner));
  if (!body.nodes.every((inner) => isPure(inner, writes) || mayWrite(inner))) return false;
  return lengths.ask([counter.from, counter.to].filter((bound) => ofRow.has(bound)));
}

function isPure(node: Node, writes: Writes): boolean {
  if (node.kind === 'load' && isReference(node.result.type)) return writes.isUnstored(node);
  if (node.kind === 'load' || node.kind === 'length') return writes.isSteady(node);
  if (node.kind === 'apply') return node.operands.every((operand) => operand.type.kind !== 'array');
  return node.kind === 'literal';
}

function usesAny(node: Node, values: ReadonlySet<Value>): boolean {
  if (operands(node).some((operand) => values.has(operand))) return true;
  if (node.kind === 'loop' && node.done.some((value) => values.has(value))) return true;
  return blocks(node).some((block) => exitOperands(block.exit).some((value) => values.has(value)) || block.nodes.some((inner) => usesAny(inner, values)));
}

/** The loop over groups of rows, and the loop as it was over those that are left. `bound`: where it ends, if that is a literal. */
function jammed({ loop, together, same, rest, rows, even }: Plan, bound: number | undefined): readonly Node[] {
  const counter = loop.counter!;
  const before = new BlockBuilder(undefined, loop.backward ?? false);
  const { type } = counter.to!;
  const others = rows - 1;
  const last =
    bound !== undefined
      ? before.literal(bound - Math.sign(counter.step) * others, type)
      : before.apply(counter.step > 0 ? 'sub' : 'add', [counter.to!, before.literal(others, integer)], { type });
  const to = even.length === 0 ? last : boundIfEven(before, counter, last, even);
  const variable = newValue(counter.variable.type, counter.variable.name);
  const after = newValue(counter.variable.type, counter.variable.name);
  const params = loop.body.params.map((param) => newValue(param.type, param.name));

  const builder = new BlockBuilder(undefined, loop.backward ?? false);
  const maps = Array.from({ length: rows }, (_, row) => {
    const at = row === 0 ? variable : builder.apply(counter.step > 0 ? 'add' : 'sub', [variable, builder.literal(row, integer)], { type: variable.type, name: variable.name });
    return new Map<Value, Value>([[counter.variable, at]]);
  });
  for (const node of together) {
    if (node.kind === 'loop') pushInner(builder, node, maps);
    else if (same.has(node)) pushSame(builder, node, maps);
    else for (const map of maps) pushCopy(builder, node, map);
  }
  let carried: readonly Value[] = params;
  for (const map of maps) {
    loop.body.params.forEach((param, place) => map.set(param, carried[place]!));
    const copy = copyBlock({ params: [], nodes: rest, exit: loop.body.exit }, map);
    for (const node of copy.nodes) builder.push(node);
    carried = exitOperands(copy.exit);
  }
  const sums = params.map((param) => newValue(param.type, param.name));
  const { mirrors: _mirrors, ...plain } = loop;
  const groups: LoopNode = {
    ...plain,
    id: newLoopId(),
    counter: { ...counter, variable, to, step: counter.step * rows, after },
    body: { params, nodes: builder.nodes, exit: { kind: 'yield', values: carried } },
    done: params,
    results: sums,
  };
  return [...before.nodes, groups, { ...loop, counter: { ...counter, from: after }, initial: sums }];
}

/** `even ? last : first`: no groups where rows have several lengths. */
function boundIfEven(before: BlockBuilder, { from, to, step }: Counter, last: Value, rows: readonly LoadNode[]): Value {
  const behind = step > 0 ? to! : before.apply('add', [from, before.literal(1)], { type: integer });
  const even = newValue(boolean, 'even');
  elementLoop(
    before,
    behind,
    (inner, index, [so]) => {
      const areOne = rows.map(({ memory, result }) => {
        const [length, first] = [index, inner.literal(0)].map((row) => inner.length(inner.load(memory, atIndex(row), result.type)));
        return inner.apply('eq', [length!, first!]);
      });
      return [areOne.reduce((all, isOne) => inner.apply('and', [all, isOne]), so!)];
    },
    [{ initial: before.literal(true), result: even }],
  );
  return before.apply('select', [even, last, step > 0 ? from : behind], { type: integer });
}

type Maps = readonly Map<Value, Value>[];

function pushCopy(builder: BlockBuilder, node: Node, map: Map<Value, Value>): void {
  for (const copy of copyBlock({ params: [], nodes: [node], exit: { kind: 'yield', values: [] } }, map).nodes) builder.push(copy);
}

/** The first row's: the others have it as well. */
function pushSame(builder: BlockBuilder, node: Node, maps: Maps): void {
  const [first, ...others] = maps;
  pushCopy(builder, node, first!);
  for (const map of others) for (const value of results(node)) map.set(value, first!.get(value)!);
}

/** The inner loops of all rows as one. */
function pushInner(builder: BlockBuilder, loop: LoopNode, maps: Maps): void {
  const counter = loop.counter!;
  const use = (map: Map<Value, Value>, value: Value): Value => map.get(value) ?? value;
  const variable = newValue(counter.variable.type, counter.variable.name);
  const initial = maps.flatMap((map) => loop.initial.map((value) => use(map, value)));
  const done = (map: Map<Value, Value>): readonly Value[] => loop.done.map((value) => use(map, value));
  for (const map of maps) {
    map.set(counter.variable, variable);
    for (const param of loop.body.params) map.set(param, newValue(param.type, param.name));
  }
  const params = maps.flatMap((map) => loop.body.params.map((param) => use(map, param)));
  const inside = new BlockBuilder(undefined, loop.backward ?? false);
  const changing = new Set<Value>(ownedValues(loop));
  for (const node of loop.body.nodes) {
    const isSame = node.kind !== 'accumulate' && operands(node).every((operand) => isOneForAll(operand, maps));
    const place = isSteady(node, changing) ? builder : inside;
    if (node.kind === 'accumulate') pushSums(place, node, maps, negatedBy(node, loop.body));
    else if (isSame) pushSame(place, node, maps);
    else for (const map of maps) pushCopy(place, node, map);
  }
  const next = maps.flatMap((map) => exitOperands(loop.body.exit).map((value) => use(map, value)));
  const finished = maps.flatMap(done);
  for (const map of maps) for (const value of loop.results) map.set(value, newValue(value.type, value.name));
  const given = maps.flatMap((map) => loop.results.map((value) => use(map, value)));
  const at = (value: Value): Value => use(maps[0]!, value);
  const shared: Counter = { ...counter, variable, from: at(counter.from), to: at(counter.to!) };
  const { mirrors: _mirrors, ...plain } = loop;
  builder.push({
    ...plain,
    id: newLoopId(),
    counter: shared,
    initial,
    body: { params, nodes: inside.nodes, exit: { kind: 'yield', values: next } },
    done: finished,
    results: given,
  });
}

function isOneForAll(value: Value, maps: Maps): boolean {
  const first = maps[0]!.get(value);
  return maps.every((map) => map.get(value) === first);
}

/** `v`, where it is `-v` that is added. */
function negatedBy({ value }: AccumulateNode, { nodes }: Block): Value | undefined {
  const made = nodes.find((node) => node.kind === 'apply' && node.result === value);
  return made?.kind === 'apply' && made.op === 'neg' ? made.operands[0] : undefined;
}

/** What the rows add to one element in one sum; to elements of their own each by itself. */
function pushSums(builder: BlockBuilder, node: AccumulateNode, maps: Maps, negated: Value | undefined): void {
  const index = node.key.kind === 'index' ? node.key.index : undefined;
  const isOne = isOneForAll(node.memory, maps) && (index === undefined || isOneForAll(index, maps));
  if (!isOne) {
    for (const map of maps) pushCopy(builder, node, map);
    return;
  }
  const use = (value: Value): Value => maps[0]!.get(value) ?? value;
  const value = negated ?? node.value;
  const [first, ...others] = maps.map((map) => map.get(value) ?? value);
  const added = others.reduce((so, other) => builder.apply('add', [so, other]), first!);
  const sum = negated === undefined ? added : builder.apply('neg', [added]);
  builder.push({ ...node, memory: use(node.memory), key: index === undefined ? node.key : { kind: 'index', index: use(index) }, value: sum });
}
