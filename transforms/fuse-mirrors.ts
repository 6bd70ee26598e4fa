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
import { blocks, exitOperands, mapBlocks, operands, ownedValues, results, substitute, visit } from '../src/graph/walk.ts';
import { analyseMemory, isReference, type Memory, type Root } from './memory.ts';

export function fuseMirrors(graph: Graph): Graph {
  const memory = analyseMemory(graph);
  const outside = new Set<Value>(graph.params);
  return { ...graph, body: fuseBlock(graph.body, memory, outside) };
}

/** `outside`: what is in scope where the block begins. */
function fuseBlock(block: Block, memory: Memory, outside: ReadonlySet<Value>): Block {
  let nodes = block.nodes;
  for (let index = 0; index < nodes.length; index++) {
    const fused = fuseAt(nodes, index, memory, outside);
    if (fused) {
      nodes = fused;
      index = Math.max(-1, nodes.findIndex((node) => node.kind === 'loop' && node.mirrors === undefined) - 1);
    }
  }
  const scope = new Set([...outside, ...block.params]);
  const inner = nodes.map((node) => {
    const mapped = blocks(node).length === 0 ? node : mapBlocks(node, (owned) => fuseBlock(owned, memory, new Set([...scope, ...ownedValues(node)])));
    for (const value of results(node)) scope.add(value);
    return mapped;
  });
  return { ...block, nodes: inner };
}

/** Fuses the mirror at `index` into its loop in the same block, if it can be. */
function fuseAt(
  nodes: readonly Node[],
  index: number,
  memory: Memory,
  outside: ReadonlySet<Value>,
): readonly Node[] | undefined {
  const mirror = nodes[index]!;
  if (mirror.kind !== 'loop' || mirror.mirrors === undefined || mirror.includesLeaving) return undefined;
  const at = nodes.findIndex((node) => node.kind === 'loop' && node.id === mirror.mirrors);
  const loop = nodes[at];
  if (at < 0 || at >= index || loop?.kind !== 'loop' || loop.counter === undefined) return undefined;
  const between = nodes.slice(at + 1, index);
  if (!isUnordered(mirror) || !commutes(mirror, loop, between, memory)) return undefined;

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

/** What can be had before the loop: it is there already, or a few pure statements can be moved up. */
class Moves {
  private readonly known: ReadonlySet<Value>;
  private readonly definitions = new Map<Value, Node>();
  private readonly inLoop = new Set<Value>();
  private readonly moved = new Set<Node>();

  /** Memory that the loop writes to: its length is known only behind it. */
  private readonly written = new Set<Root>();
  private readonly memory: Memory;

  constructor(between: readonly Node[], known: ReadonlySet<Value>, loop: LoopNode, memory: Memory) {
    this.known = known;
    this.memory = memory;
    for (const node of between) for (const value of results(node)) this.definitions.set(value, node);
    for (const value of ownedValues(loop)) this.inLoop.add(value);
    visit(loop.body, (node) => {
      for (const value of [...results(node), ...ownedValues(node)]) this.inLoop.add(value);
      if (node.kind === 'store' || node.kind === 'resize') {
        for (const root of memory.rootsOf(node.memory)) this.written.add(root);
      }
    });
  }

  isMoved(node: Node): boolean {
    return this.moved.has(node);
  }

  /** Whether `value` can be computed before the loop; what has to move for it is noted. */
  canHave(value: Value): boolean {
    if (this.known.has(value)) return true;
    const node = this.definitions.get(value);
    if (node === undefined || !isMovable(node) || this.measuresWritten(node)) return false;
    const needs = operands(node);
    if (!needs.every((operand) => this.canHave(operand))) return false;
    this.moved.add(node);
    return true;
  }

  /** Of plain arrays alone: the length of a typed array stays. */
  private measuresWritten(node: Node): boolean {
    if (node.kind !== 'length' && node.kind !== 'shadow') return false;
    const measured = node.kind === 'length' ? node.memory : node.of;
    if (measured.type.kind === 'array' && measured.type.container !== 'Array') return false;
    return [...this.memory.rootsOf(measured)].some((root) => this.written.has(root));
  }

  /** Restored values must be of the loop's own iteration, or known before. */
  canRestore(value: Value): boolean {
    return this.inLoop.has(value) || this.known.has(value);
  }
}

function isMovable(node: Node): boolean {
  switch (node.kind) {
    case 'literal':
    case 'apply':
    case 'length':
    case 'shadow':
    case 'restore':
    case 'view':
      return true;
    case 'alloc':
      return node.init.kind === 'zeros';
    case 'load':
      return isReference(node.result.type);
    default:
      return false;
  }
}

/**
 * The values from outside that the mirror reads, but for its bounds and the starting values of its sums, and the forward
 * values that it restores.
 */
function outerReads(mirror: LoopNode): { reads: ReadonlySet<Value>; restored: ReadonlySet<Value> } {
  const defined = new Set<Value>(ownedValues(mirror));
  visit(mirror.body, (node) => {
    for (const value of [...results(node), ...ownedValues(node)]) defined.add(value);
  });
  const reads = new Set<Value>();
  const read = (value: Value): void => {
    if (!defined.has(value)) reads.add(value);
  };
  const restored = new Set<Value>();
  visit(mirror.body, (node) => {
    if (node.kind === 'restore') {
      restored.add(node.of);
      return;
    }
    operands(node).forEach(read);
    for (const block of blocks(node)) exitOperands(block.exit).forEach(read);
    if (node.kind === 'loop') node.done.forEach(read);
  });
  exitOperands(mirror.body.exit).forEach(read);
  return { reads, restored };
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

/** Whether the mirror may run before the statements between its loop and itself, and in any order of its iterations. */
function commutes(mirror: LoopNode, loop: LoopNode, between: readonly Node[], memory: Memory): boolean {
  const own = new Set<Value>();
  visit(mirror.body, (node) => {
    for (const value of results(node)) own.add(value);
  });
  const isOwn = (root: Root): boolean => own.has(root);
  const accumulated = new Set<Root>();
  const isSteady = steadyMemory(loop, between, memory);
  let sound = true;
  visit(mirror.body, (node) => {
    switch (node.kind) {
      case 'accumulate':
        for (const root of memory.rootsOf(node.memory)) if (!isOwn(root)) accumulated.add(root);
        break;
      case 'load':
        if (!isReference(node.result.type) && ![...memory.rootsOf(node.memory)].every((root) => isOwn(root) || isSteady(root))) sound = false;
        break;
      case 'store':
      case 'resize':
        if (![...memory.rootsOf(node.memory)].every(isOwn)) sound = false;
        break;
      case 'call':
      case 'workspace':
        sound = false;
        break;
      case 'carry':
        if (node.effect) sound = false;
        break;
      default:
        break;
    }
  });
  if (!sound) return false;
  visit({ params: [], nodes: between, exit: { kind: 'yield', values: [] } }, (node) => {
    if (node.kind === 'call' && node.operands.some((operand) => [...memory.reachableFrom(operand)].some((root) => accumulated.has(root)))) sound = false;
    if (node.kind !== 'load' && node.kind !== 'store' && node.kind !== 'resize') return;
    // Which row it is does not change with what is added to the row.
    if (node.kind === 'load' && isReference(node.result.type)) return;
    for (const root of memory.rootsOf(node.memory)) if (accumulated.has(root)) sound = false;
  });
  return sound;
}

/** Memory that is, where an iteration ends, what it is behind the loop: not written to, or made in the iteration and only filled there. */
function steadyMemory(loop: LoopNode, between: readonly Node[], memory: Memory): (root: Root) => boolean {
  const made = new Set<Root>();
  const written = new Set<Root>();
  for (const node of loop.body.nodes) if (node.kind === 'alloc') made.add(node.result);
  const note = (node: Node, isInIteration: boolean): void => {
    if (node.kind === 'call') for (const operand of node.operands) for (const root of memory.reachableFrom(operand)) written.add(root);
    if (node.kind !== 'store' && node.kind !== 'accumulate' && node.kind !== 'resize' && node.kind !== 'undo') return;
    // Under another name it may be the memory of an earlier iteration.
    const isFilled = isInIteration && made.has(node.memory);
    if (!isFilled) for (const root of memory.rootsOf(node.memory)) written.add(root);
  };
  visit(loop.body, (node) => note(node, true));
  visit({ params: [], nodes: between, exit: { kind: 'yield', values: [] } }, (node) => note(node, false));
  return (root) => !written.has(root) && !memory.isShared(root);
}
