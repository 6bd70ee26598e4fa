/**
 * Mirrors a running extremum by the one iteration that counts.
 *
 *     for (let i = 1; i < n; i++) if (x[i] > largest) largest = x[i];
 *
 * Going backwards, the adjoint of `largest` is handed on untouched until the last iteration that took a new value: that one
 * gets all of it, and what it leaves is zero. So the loop notes that iteration, and the mirror is that iteration alone:
 *
 *     if (largest_i >= 1) d_x[largest_i] += d_largest;
 *
 * Runs on a reversed graph, mirrors fused. Which condition decides is found by trying: where it went one way the iteration
 * does nothing, where it went the other way it hands on zeros, and with zeros coming in it does nothing either
 * (`consequences.ts`). Only where nothing has to be kept for that iteration (`replay.ts`).
 */

import { BlockBuilder, integer, newValue } from '../src/graph/build.ts';
import type { Block, Counter, Exit, Graph, IfNode, LoopNode, Node, Value } from '../src/graph/types.ts';
import { exitOperands, mapBlocks, visit, withNodes } from '../src/graph/walk.ts';
import { Consequences, handedOn, zero } from './consequences.ts';
import { analyseMemory } from './memory.ts';
import { replay } from './replay.ts';
import { unsettledPolicies, type MemoryPolicies } from './storage/memory-policy.ts';
import { isInScope, structureOf, type Structure } from './storage/structure.ts';

export function mirrorLastTaken(graph: Graph): Graph {
  let current = graph;
  for (let next = once(current); next !== undefined; next = once(current)) current = next;
  return current;
}

interface Known {
  readonly structure: Structure;
  readonly policies: MemoryPolicies;
}

/** The graph with the first mirror replaced that can be; undefined where none can. */
function once(graph: Graph): Graph | undefined {
  const mirrors: LoopNode[] = [];
  const loops = new Map<number, LoopNode>();
  visit(graph.body, (node) => {
    if (node.kind !== 'loop') return;
    loops.set(node.id, node);
    if (node.mirrors !== undefined) mirrors.push(node);
  });
  const candidates = mirrors.filter((mirror) => loops.has(mirror.mirrors!) && hasSelection(mirror));
  if (candidates.length === 0) return undefined;
  const structure = structureOf(graph);
  const known = { structure, policies: unsettledPolicies(graph, analyseMemory(graph), structure) };
  for (const mirror of candidates) {
    const loop = loops.get(mirror.mirrors!)!;
    const changes = replaced(mirror, loop, known);
    if (changes) return { ...graph, body: exchange(graph.body, changes) };
  }
  return undefined;
}

type Changes = ReadonlyMap<Node, readonly Node[]>;

function exchange(block: Block, changes: Changes): Block {
  const nodes = block.nodes.flatMap((node) => changes.get(node) ?? [mapBlocks(node, (inner) => exchange(inner, changes))]);
  return withNodes(block, nodes);
}

function hasSelection({ body }: LoopNode): boolean {
  return body.params.length > 0 && body.nodes.some((node) => node.kind === 'if' || (node.kind === 'apply' && node.op === 'select'));
}

/** What takes the place of the loop and of its mirror. */
function replaced(mirror: LoopNode, loop: LoopNode, known: Known): Changes | undefined {
  if (!isCounted(mirror) || loop.counter === undefined || loop.body.exit.kind !== 'yield') return undefined;
  const { structure } = known;
  for (const condition of conditionsOf(mirror.body, structure)) {
    for (const taken of [true, false]) {
      const selected = selectedBy(mirror, condition, taken, structure);
      if (selected.size === 0) continue;
      const noted = noting(loop, mirror, condition, taken, selected, structure);
      const iteration = noted && onlyIteration(mirror, loop, { condition, taken, last: noted.last }, known);
      if (iteration) return new Map<Node, readonly Node[]>([[loop, [...noted.before, noted.loop]], [mirror, iteration]]);
    }
  }
  return undefined;
}

function isCounted({ counter, includesLeaving, body, done }: LoopNode): boolean {
  const isPlain = body.exit.kind === 'yield' && done.every((value) => body.params.includes(value));
  return counter?.to !== undefined && includesLeaving !== true && isPlain;
}

/** Conditions that choose in each iteration; restored ones as the forward sweep calls them. */
function conditionsOf(body: Block, structure: Structure): ReadonlySet<Value> {
  const conditions = body.nodes.flatMap((node) => {
    if (node.kind === 'if') return [node.condition];
    return node.kind === 'apply' && node.op === 'select' ? [node.operands[0]!] : [];
  });
  return new Set(
    conditions.map((condition) => {
      const node = structure.nodeOf(condition);
      return node?.kind === 'restore' ? node.of : condition;
    }),
  );
}

/** The carried adjoints that only an iteration gets that took a new value, by their place. None where that is not all. */
function selectedBy(mirror: LoopNode, condition: Value, taken: boolean, { nodeOf }: Structure): ReadonlySet<number> {
  const { body } = mirror;
  const { params } = body;
  const ways = (way: boolean) => new Consequences(body.nodes, { conditions: new Map([[condition, way]]) }, nodeOf);
  const [kept, took] = [ways(!taken), ways(taken)];
  if (!kept.isIdle || params.some((param, i) => handedOn(body, i, kept) !== param)) return new Set();
  const selected = new Set([...params.keys()].filter((i) => handedOn(body, i, took) === zero));
  const without = new Consequences(body.nodes, { zeros: [...selected].map((i) => params[i]!) }, nodeOf);
  const isRestIdle = params.every((param, i) => handedOn(body, i, without) === (selected.has(i) ? zero : param));
  return without.isIdle && isRestIdle ? selected : new Set();
}

/** The loop that notes its last iteration that took a new value; undefined where the condition is not known in the iteration. */
function noting(
  loop: LoopNode,
  mirror: LoopNode,
  condition: Value,
  taken: boolean,
  selected: ReadonlySet<number>,
  structure: Structure,
): { readonly loop: LoopNode; readonly before: readonly Node[]; readonly last: Value } | undefined {
  const test = forwardTest(loop, condition, structure);
  if (test === undefined) return undefined;
  const counter = loop.counter!;
  const name = nameOf([...selected].map((i) => mirror.body.params[i]!), counter.variable);
  const [param, next, last] = [newValue(integer, name), newValue(integer, name), newValue(integer, name)];
  const before = new BlockBuilder(loop.origin);
  const from = structure.nodeOf(counter.from);
  const none = from?.kind === 'literal' ? before.literal(Number(from.value) - counter.step) : oneBefore(counter, before);
  const nodes = withNote(loop.body.nodes, test, taken, { index: counter.variable, param, next });
  const body = handingOut({ ...loop.body, nodes }, param);
  const { exit } = body;
  return {
    loop: {
      ...loop,
      initial: [...loop.initial, none],
      body: {
        ...body,
        params: [...body.params, param],
        exit: exit.kind === 'yield' ? { ...exit, values: [...exit.values, next] } : exit,
      },
      done: counter.to === undefined ? [] : [...loop.done, param],
      results: [...loop.results, last],
    },
    before: before.nodes,
    last,
  };
}

function oneBefore({ from, step }: Counter, builder: BlockBuilder): Value {
  return builder.apply(step > 0 ? 'sub' : 'add', [from, builder.literal(Math.abs(step))], { type: integer });
}

/** `largest_i`: the `i` of `largest`. */
function nameOf(adjoints: readonly Value[], { name }: Value): string {
  const of = adjoints.find((adjoint) => adjoint.name !== undefined)?.name?.replace(/^d_/, '');
  return of === undefined ? 'last' : name === undefined ? `last_${of}` : `${of}_${name}`;
}

/** A condition as the forward iteration knows it. */
interface ForwardTest {
  readonly value: Value;
  /** What computes it, to stand behind the node at `after` of the loop's body. */
  readonly nodes: readonly Node[];
  readonly after: number;
}

function forwardTest(loop: LoopNode, condition: Value, structure: Structure): ForwardTest | undefined {
  const order = structure.placeOfNode(loop).order;
  const home = structure.placeOfNode(loop).block;
  let after = -1;
  /** A forward value that the end of the iteration has for certain. */
  const has = (value: Value): boolean => {
    const place = structure.placeOf(value);
    if (place?.block === loop.body) {
      after = Math.max(after, place.index);
      return true;
    }
    return isInScope(structure, value, home, order);
  };
  const builder = new BlockBuilder(loop.origin);
  const build = (value: Value): Value | undefined => {
    const node = structure.nodeOf(value);
    if (node?.kind === 'literal') return builder.literal(node.value, value.type);
    if (node?.kind === 'restore') return has(node.of) ? node.of : undefined;
    if (node?.kind !== 'apply' || !node.backward) return has(value) ? value : undefined;
    const operands = node.operands.map(build);
    return operands.every((operand) => operand !== undefined) ? builder.apply(node.op, operands, { type: value.type }) : undefined;
  };
  const value = build(condition);
  return value && { value, nodes: builder.nodes, after };
}

interface Note {
  readonly index: Value;
  readonly param: Value;
  readonly next: Value;
}

/** `if (test) last = i;`, in the `if` that the source has where there is one. */
function withNote(nodes: readonly Node[], test: ForwardTest, taken: boolean, { index, param, next }: Note): readonly Node[] {
  const [then, otherwise] = taken ? [index, param] : [param, index];
  const own = nodes.find((node): node is IfNode => node.kind === 'if' && node.condition === test.value);
  if (own?.then.exit.kind === 'yield' && own.else.exit.kind === 'yield') {
    const noted = { ...own, then: yielding(own.then, then), else: yielding(own.else, otherwise), results: [...own.results, next] };
    return nodes.map((node) => (node === own ? noted : node));
  }
  const builder = new BlockBuilder(nodes[test.after]?.origin);
  for (const node of test.nodes) builder.push(node);
  const arm = (value: Value): Block => ({ params: [], nodes: [], exit: { kind: 'yield', values: [value] } });
  builder.if(test.value, arm(then), arm(otherwise), [next]);
  return nodes.toSpliced(test.after + 1, 0, ...builder.nodes);
}

function yielding(arm: Block, value: Value): Block {
  return arm.exit.kind === 'yield' ? { ...arm, exit: { ...arm.exit, values: [...arm.exit.values, value] } } : arm;
}

/** An iteration that leaves the loop is not mirrored: it hands out what it was handed. */
function handingOut(block: Block, param: Value): Block {
  const nodes = block.nodes.map((node) => (node.kind === 'if' ? mapBlocks(node, (arm) => handingOut(arm, param)) : node));
  const { exit } = block;
  return { ...block, nodes, exit: exit.kind === 'break' ? { ...exit, values: [...exit.values, param] } : exit };
}

const comparisons = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' } as const;

interface Choice {
  readonly condition: Value;
  readonly taken: boolean;
  /** The iteration that counts. */
  readonly last: Value;
}

/** That iteration of the mirror, if there was one. */
function onlyIteration(mirror: LoopNode, loop: LoopNode, { condition, taken, last }: Choice, { structure, policies }: Known): readonly Node[] | undefined {
  const builder = new BlockBuilder(mirror.origin, true);
  const { counter, body } = mirror;
  const index = builder.restore(last);
  const consequences = new Consequences(body.nodes, { conditions: new Map([[condition, taken]]) }, structure.nodeOf);
  const then = replay({ mirror, loop, index, consequences }, structure, policies);
  if (then === undefined) return undefined;
  const ran = builder.apply(comparisons[counter!.test], [index, counter!.to!]);
  const handed = (values: readonly Value[]): Exit => ({ kind: 'yield', values: mirror.done.map((end) => values[body.params.indexOf(end)]!) });
  const otherwise: Block = { params: [], nodes: [], exit: handed(mirror.initial) };
  builder.if(ran, { ...then, exit: handed(exitOperands(then.exit)) }, otherwise, mirror.results);
  return builder.nodes;
}
