/**
 * Runs the mirror of a loop inside the loop, so that nothing is kept: forward and backward of one term of a sum together
 * (Tapenade's II-LOOP, in its fused form).
 *
 * Expects a reversed, simplified graph. A mirror is fused when all that it needs from behind its loop can be computed
 * before the loop, and when the order of its iterations does not matter: what it carries are sums, and outside of itself
 * it only accumulates. Where the adjoint of the sum is known only behind the loop, the mirror stays.
 */

import { BlockBuilder, newValue, real } from '../src/graph/build.ts';
import type { Block, Exit, Graph, LoopNode, Node, Value } from '../src/graph/types.ts';
import { blocks, mapBlocks, operands, ownedValues, results, substitute, withNodes } from '../src/graph/walk.ts';
import { commutes, type Joining, Moves, outerReads } from './earlier-mirrors.ts';
import { analyseMemory, type Memory } from './memory.ts';

/** `step`: what else may be put together at a place of a block; gives the block's nodes then. */
export function fuseMirrors(graph: Graph, joining?: Joining, step: Step = () => undefined): Graph {
  const known: Known = { memory: analyseMemory(graph), joining, step };
  return { ...graph, body: fuseBlock(graph.body, known, new Set(graph.params)) };
}

export type Step = (at: Place) => readonly Node[] | undefined;

export interface Place {
  readonly nodes: readonly Node[];
  readonly index: number;
  readonly memory: Memory;
  /** What is in scope where the block begins. */
  readonly outside: ReadonlySet<Value>;
}

interface Known {
  readonly memory: Memory;
  readonly joining: Joining | undefined;
  readonly step: Step;
}

/** `outside`: what is in scope where the block begins. */
function fuseBlock(block: Block, known: Known, outside: ReadonlySet<Value>): Block {
  let nodes = block.nodes;
  for (let index = 0; index < nodes.length; index++) {
    const place: Place = { nodes, index, memory: known.memory, outside };
    const fused = fuseAt(place, known.joining) ?? known.step(place);
    if (fused) {
      nodes = fused;
      index = -1;
    }
  }
  const scope = new Set([...outside, ...block.params]);
  const inner = nodes.map((node) => {
    const mapped = blocks(node).length === 0 ? node : mapBlocks(node, (owned) => fuseBlock(owned, known, new Set([...scope, ...ownedValues(node)])));
    for (const value of results(node)) scope.add(value);
    return mapped;
  });
  return withNodes(block, inner);
}

/** Fuses the mirror at `index` into its loop in the same block, if it can be. */
function fuseAt({ nodes, index, memory, outside }: Place, joining: Joining | undefined): readonly Node[] | undefined {
  const mirror = nodes[index]!;
  if (mirror.kind !== 'loop' || mirror.mirrors === undefined || mirror.includesLeaving) return undefined;
  const at = nodes.findIndex((node) => node.kind === 'loop' && node.id === mirror.mirrors);
  const loop = nodes[at];
  if (at < 0 || at >= index || loop?.kind !== 'loop' || loop.counter === undefined) return undefined;
  const between = nodes.slice(at + 1, index);
  if (!isUnordered(mirror) || !commutes(mirror, loop, between, memory, joining)) return undefined;

  const known = new Set([...outside, ...nodes.slice(0, at).flatMap(results)]);
  const move = new Moves(between, known, loop, memory);
  const { reads, restored } = outerReads(mirror);
  if (![...restored].every((value) => move.canRestore(value))) return undefined;
  if (![...reads].every((value) => move.canHave(value))) return undefined;

  const before = new BlockBuilder(mirror.origin, true);
  const behind = new BlockBuilder(mirror.origin, true);
  const initial = mirror.initial.map((value) => (move.canHave(value) ? value : before.literal(0, real)));
  const joined = join(loop, mirror, initial, behind, move);
  const moved = between.filter((node) => move.isMoved(node));
  return [
    ...nodes.slice(0, at),
    ...moved,
    ...before.nodes,
    joined,
    ...between.filter((node) => !move.isMoved(node)),
    ...behind.nodes,
    ...nodes.slice(index + 1),
  ];
}

/** The loop with the mirror's nodes at the end of its body. */
function join(
  loop: LoopNode,
  mirror: LoopNode,
  initial: readonly Value[],
  behind: BlockBuilder,
  move: Moves,
): LoopNode {
  const counter = loop.counter!;
  const mirrored = mirror.counter!.variable;
  const body = substitute(mirror.body, (value) => (value === mirrored ? counter.variable : value));
  // What the sums started from, where that is known only behind the loop.
  const sums = mirror.results.map((result, i) => {
    if (move.canHave(mirror.initial[i]!)) return result;
    const partial = newValue(result.type, result.name);
    behind.push({ kind: 'apply', op: 'add', operands: [mirror.initial[i]!, partial], result });
    return partial;
  });
  const leave = (block: Block): Block => ({
    ...block,
    nodes: block.nodes.map((node) => (node.kind === 'if' ? mapBlocks(node, leave) : node)),
    exit: block.exit.kind === 'break' ? { ...block.exit, values: [...block.exit.values, ...body.params] } : block.exit,
  });
  const forward = leave(loop.body);
  return {
    ...loop,
    initial: [...loop.initial, ...initial],
    body: {
      params: [...forward.params, ...body.params],
      nodes: [...forward.nodes, ...body.nodes],
      exit: {
        kind: 'yield',
        values: [...yielded(forward.exit), ...yielded(body.exit)],
      },
    },
    done: counter.to === undefined ? [] : [...loop.done, ...body.params],
    results: [...loop.results, ...sums],
  };
}

function yielded(exit: Exit): readonly Value[] {
  return exit.kind === 'yield' ? exit.values : [];
}

/** Whether all that the mirror carries are sums: then its iterations may run in any order. */
export function isUnordered(mirror: LoopNode): boolean {
  return mirror.body.params.every((param, i) => isSum(mirror.body, param, i));
}

/** Whether a carried value is only added to, at any depth, and handed on. */
function isSum(body: Block, param: Value, index: number): boolean {
  const partial = new Set<Value>([param]);
  let sound = true;
  const feeds = (value: Value): boolean => partial.has(value);
  const walk = (block: Block): void => {
    for (const node of block.nodes) {
      const used = operands(node).filter(feeds);
      if (node.kind === 'apply' && used.length === 1 && isAddition(node.op, node.operands, used[0]!)) {
        partial.add(node.result);
        continue;
      }
      if (node.kind === 'loop') {
        const carried = node.initial.flatMap((value, i) => (feeds(value) ? [i] : []));
        if (carried.length !== used.length) sound = false;
        for (const i of carried) partial.add(node.body.params[i]!);
        walk(node.body);
        node.body.params.forEach((inner, i) => {
          const next = node.body.exit.kind === 'yield' ? node.body.exit.values[i] : undefined;
          if (carried.includes(i) !== (next !== undefined && feeds(next))) sound = false;
          if (carried.includes(i) && node.done[i] === inner) partial.add(node.results[i]!);
        });
        continue;
      }
      if (used.length > 0) sound = false;
      if (node.kind !== 'if') continue;
      walk(node.then);
      walk(node.else);
      node.results.forEach((result, i) => {
        const arms = [node.then, node.else].flatMap((arm) => (arm.exit.kind === 'yield' ? [feeds(arm.exit.values[i]!)] : []));
        if (arms.every((fed) => fed) && arms.length > 0) partial.add(result);
        else if (arms.some((fed) => fed)) sound = false;
      });
    }
  };
  walk(body);
  if (body.exit.kind !== 'yield') return false;
  return sound && body.exit.values.every((value, i) => feeds(value) === (i === index));
}

function isAddition(op: string, values: readonly Value[], sum: Value): boolean {
  if (op === 'add') return values[0] !== values[1];
  return op === 'sub' && values[0] === sum && values[1] !== sum;
}
