/**
 * Writes out small loops over small memory, so that `promote` sees literal indices.
 *
 * A loop is unrolled when its bounds are literals, it runs at most eight times, has no exit, and its counter is part of an
 * index into memory that would otherwise be promotable: a tuple, a parameter's tuple, an array with a literal length.
 * Forward bits are kept: the same operations in the same order. The arithmetic of the counter alone is folded (exactly,
 * they are small integers).
 */

import { newValue } from '../src/graph/build.ts';
import type { ApplyNode, Block, Graph, Key, LiteralNode, LoopNode, Node, Value } from '../src/graph/types.ts';
import type { Primitive } from '../src/graph/primitives.ts';
import { blocks, copyBlock, exitOperands, mapBlocks, mapExit, mapOperands, mayBreak, operands, substitute, visit, withNodes } from '../src/graph/walk.ts';
import { mostElements } from './promote/objects.ts';

const mostTrips = 8;
/** Of a whole function: a nest of small loops is not small. */
const mostNodes = 3000;

export function unroll(graph: Graph): Graph {
  const facts = new Facts(graph);
  return { ...graph, body: unrollBlock(graph.body, facts) };
}

/** Literals, and memory that is small, by the values that mean it. */
class Facts {
  private readonly literals = new Map<Value, number>();
  private readonly lengths = new Map<Value, number>();
  private readonly small = new Set<Value>();
  /** Plain arrays that may become longer: pushed to, stored to at a computed index, or known by another name. */
  private readonly growing = new Set<Value>();
  private written = 0;

  constructor(graph: Graph) {
    visit(graph.body, (node) => this.noteGrowth(node));
    for (const value of exitOperands(graph.body.exit)) this.growing.add(value);
    for (const param of graph.params) if (param.type.kind === 'tuple') this.measure(param, param.type.elements.length);
    visit(graph.body, (node) => this.note(node));
  }

  note(node: Node): void {
    const result = 'result' in node ? node.result : undefined;
    if (result === undefined) return;
    if (result.type.kind === 'tuple') this.measure(result, result.type.elements.length);
    switch (node.kind) {
      case 'literal':
        if (typeof node.value === 'number') this.literals.set(result, node.value);
        break;
      case 'alloc': {
        const { init } = node;
        const length = 'length' in init ? this.literals.get(init.length) : init.kind === 'elements' ? init.values.length : undefined;
        if (length !== undefined && length <= mostElements) this.measure(result, length);
        break;
      }
      case 'load':
        if (this.isSmall(node.memory)) this.small.add(result);
        break;
      case 'length': {
        const length = this.lengths.get(node.memory);
        if (length !== undefined && !this.growing.has(node.memory)) this.literals.set(result, length);
        break;
      }
      default:
        break;
    }
  }

  private noteGrowth(node: Node): void {
    if (node.kind === 'literal' && typeof node.value === 'number') this.literals.set(node.result, node.value);
    if (node.kind === 'alloc' && node.init.kind === 'elements') this.lengths.set(node.result, node.init.values.length);
    const byElement = node.kind === 'load' || node.kind === 'length' || (node.kind === 'store' && this.isInside(node.memory, node.key));
    const values = byElement ? operands(node).filter((value) => value !== node.memory) : operands(node);
    const exits = blocks(node).flatMap((block) => exitOperands(block.exit));
    for (const value of [...values, ...exits]) if (mayGrow(value)) this.growing.add(value);
  }

  private isInside(memory: Value, key: Key): boolean {
    if (key.kind === 'field') return true;
    const index = this.literals.get(key.index);
    return index !== undefined && index >= 0 && index < (this.lengths.get(memory) ?? 0);
  }

  /** Whether so many more nodes may be written out. */
  hasRoomFor(nodes: number): boolean {
    if (this.written + nodes > mostNodes) return false;
    this.written += nodes;
    return true;
  }

  literalOf(value: Value): number | undefined {
    return this.literals.get(value);
  }

  isSmall(memory: Value): boolean {
    return this.small.has(memory);
  }

  private measure(memory: Value, length: number): void {
    this.small.add(memory);
    this.lengths.set(memory, length);
  }
}

function unrollBlock(block: Block, facts: Facts): Block {
  const replaced = new Map<Value, Value>();
  const resolve = (value: Value): Value => replaced.get(value) ?? value;
  const nodes = block.nodes.flatMap((original): readonly Node[] => {
    const mapped = mapOperands(original, resolve);
    const settled = replaced.size === 0 ? mapped : mapBlocks(mapped, (inner) => substitute(inner, resolve));
    const node = mapBlocks(settled, (inner) => unrollBlock(inner, facts));
    const trips = node.kind === 'loop' ? tripsOf(node, facts) : undefined;
    if (node.kind !== 'loop' || trips === undefined || !indexesSmallMemory(node, facts)) return [node];
    if (!facts.hasRoomFor(trips.length * sizeOf(node.body))) return [node];
    return writeOut(node, trips, replaced, facts);
  });
  return { params: block.params, nodes, exit: mapExit(block.exit, resolve) };
}

function mayGrow(value: Value): boolean {
  return value.type.kind === 'array' && value.type.container === 'Array';
}

function sizeOf(block: Block): number {
  let size = 0;
  visit(block, () => (size += 1));
  return size;
}

/** The values of the counter; undefined where they are not known or too many. */
function tripsOf(loop: LoopNode, facts: Facts): readonly number[] | undefined {
  const { counter, body } = loop;
  if (counter?.to === undefined || body.exit.kind !== 'yield' || body.nodes.some(mayBreak)) return undefined;
  const [from, to] = [facts.literalOf(counter.from), facts.literalOf(counter.to)];
  if (from === undefined || to === undefined) return undefined;
  const goesOn = { '<': (i: number) => i < to, '<=': (i: number) => i <= to, '>': (i: number) => i > to, '>=': (i: number) => i >= to };
  const trips: number[] = [];
  for (let i = from; goesOn[counter.test](i); i += counter.step) {
    if (trips.length === mostTrips) return undefined;
    trips.push(i);
  }
  return trips;
}

const offsets: ReadonlySet<Primitive> = new Set(['add', 'sub', 'mul', 'rem']);

/** Whether the counter, or the counter and a literal, is an index into small memory, at any depth of the body. */
function indexesSmallMemory(loop: LoopNode, facts: Facts): boolean {
  const moving = new Set<Value>([loop.counter!.variable]);
  const small = new Set<Value>();
  loop.body.params.forEach((param, i) => {
    if (facts.isSmall(loop.initial[i]!)) small.add(param);
  });
  let found = false;
  visit(loop.body, (node) => {
    if (node.kind === 'apply' && offsets.has(node.op) && isOffset(node, moving, facts)) {
      moving.add(node.result);
    }
    if (node.kind !== 'load' && node.kind !== 'store') return;
    const memory = facts.isSmall(node.memory) || small.has(node.memory);
    if (memory && node.key.kind === 'index' && moving.has(node.key.index)) found = true;
    if (memory && node.kind === 'load') small.add(node.result);
  });
  return found;
}

function isOffset(node: ApplyNode, moving: ReadonlySet<Value>, facts: Facts): boolean {
  const known = (value: Value): boolean => moving.has(value) || facts.literalOf(value) !== undefined;
  return node.operands.every(known) && node.operands.some((operand) => moving.has(operand));
}

function writeOut(loop: LoopNode, trips: readonly number[], replaced: Map<Value, Value>, facts: Facts): readonly Node[] {
  const counter = loop.counter!;
  const out: Node[] = [];
  const literal = (value: number): Value => {
    const node: LiteralNode = { kind: 'literal', value, result: newValue(counter.variable.type) };
    facts.note(node);
    out.push(node);
    return node.result;
  };
  let carried = loop.initial;
  for (const trip of trips) {
    const map = new Map<Value, Value>([[counter.variable, literal(trip)]]);
    const body = copyBlock({ ...loop.body, params: [] }, withCarried(map, loop, carried));
    // Bounds of inner loops may be known now.
    const folded = unrollBlock(foldCounters(body, facts), facts);
    out.push(...folded.nodes);
    carried = folded.exit.kind === 'yield' ? folded.exit.values : [];
  }
  const atEnd = new Map(loop.body.params.map((param, i) => [param, carried[i]!]));
  loop.results.forEach((result, i) => replaced.set(result, atEnd.get(loop.done[i]!) ?? loop.done[i]!));
  if (counter.after) {
    const last = trips.at(-1);
    const from = facts.literalOf(counter.from)!;
    replaced.set(counter.after, literal(last === undefined ? from : last + counter.step));
  }
  return out;
}

function withCarried(map: Map<Value, Value>, loop: LoopNode, carried: readonly Value[]): Map<Value, Value> {
  loop.body.params.forEach((param, i) => map.set(param, carried[i]!));
  return map;
}

/** Sums, differences, products and remainders of integer literals, which is what indices are made of. */
function foldCounters(block: Block, facts: Facts): Block {
  const nodes = block.nodes.map((node): Node => {
    noteAll(node, facts);
    const value = node.kind === 'apply' && node.operands.length === 2 ? foldedIndex(node, facts) : undefined;
    if (value === undefined || node.kind !== 'apply') return mapBlocks(node, (inner) => foldCounters(inner, facts));
    const origin = node.origin === undefined ? {} : { origin: node.origin };
    const literal: LiteralNode = { kind: 'literal', value, result: node.result, ...origin };
    facts.note(literal);
    return literal;
  });
  return withNodes(block, nodes);
}

function foldedIndex({ op, operands, result }: ApplyNode, facts: Facts): number | undefined {
  const [a, b] = operands.map((operand) => (operand.type.kind === 'integer' ? facts.literalOf(operand) : undefined));
  if (a === undefined || b === undefined) return undefined;
  // Of what is not negative: there is no -0, and no NaN.
  if (op === 'rem') return a >= 0 && b > 0 ? a % b : undefined;
  const value = op === 'add' ? a + b : op === 'sub' ? a - b : op === 'mul' ? a * b : undefined;
  return result.type.kind !== 'integer' || Object.is(value, -0) ? undefined : value;
}

function noteAll(node: Node, facts: Facts): void {
  facts.note(node);
  for (const inner of blocks(node)) inner.nodes.forEach((each) => noteAll(each, facts));
}
