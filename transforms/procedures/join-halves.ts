/**
 * One function in the place of both halves of a procedure, where the cotangent is known before the call:
 *
 *     m = minor_forward(…); sum += f * m; …; minor_backward(…, d_sum * f)      m = minor_gradient(…, d_sum * f); sum += f * m
 *
 * Runs on reversed programs. Each mirror goes right behind what it mirrors (`fuse-mirrors`), the two calls become one, and nothing is
 * left to be kept: all that the mirror needs is at hand. All or nothing: calls that stay pairs find their frames in the opposite
 * order, so that none of them may be left. What the procedure writes to is not undone: a call counts as a write, so that whoever
 * needs what was there has it kept.
 */

import { withChanges } from '../../src/graph/build.ts';
import type { Block, CallNode, Graph, IfNode, LiteralValue, Node, Value } from '../../src/graph/types.ts';
import { blocks, exitOperands, mapBlocks, ownedValues, results, visit, withNodes } from '../../src/graph/walk.ts';
import { commutes, type Joining, Moves, outerReads } from '../earlier-mirrors.ts';
import { fuseMirrors, type Place } from '../fuse-mirrors.ts';
import { analyseMemory, isReference, type Root } from '../memory.ts';
import { callsIn, type Program } from './program.ts';

export function joinHalves(program: Program): Program {
  let pairs: Joining = new Map([...program.procedures].filter(([, graph]) => mayJoin(graph)));
  // Optimistic: what a procedure calls, itself as well, becomes one until it is seen that it cannot.
  for (;;) {
    const joined = new Map([...pairs].flatMap(([name, graph]) => entry(name, joinedPair(graph, pairs))));
    if (joined.size < pairs.size) {
      pairs = new Map([...pairs].filter(([name]) => joined.has(name)));
      continue;
    }
    const main = joined.size === 0 ? undefined : joinedMain(program.main, pairs);
    return main === undefined ? program : { ...program, main, joined };
  }
}

function entry(name: string, graph: Graph | undefined): readonly (readonly [string, Graph])[] {
  return graph === undefined ? [] : [[name, graph]];
}

/** Whether it gives numbers, and its backward sweep does nothing to memory from outside but add to shadows. */
function mayJoin(graph: Graph): boolean {
  const memory = analyseMemory(graph);
  const { forwardResults = 0, shadows = new Set() } = graph.procedure ?? {};
  const own = new Set<Root>();
  visit(graph.body, (node) => {
    if (node.kind === 'alloc') own.add(node.result);
  });
  const isOutside = (value: Value): boolean => [...memory.rootsOf(value)].some((root) => !own.has(root));
  let onlyAdds = true;
  visit(graph.body, (node) => {
    if (node.kind === 'load' && [...memory.rootsOf(node.memory)].some((root) => shadows.has(root))) onlyAdds = false;
    if ((node.kind === 'store' || node.kind === 'resize') && node.backward && isOutside(node.memory)) onlyAdds = false;
    if (node.kind === 'rule' || (node.kind === 'carry' && node.effect)) onlyAdds = false;
  });
  return onlyAdds && exitOperands(graph.body.exit).slice(0, forwardResults).every((value) => !isReference(value.type));
}

function joinedPair(pair: Graph, pairs: Joining): Graph | undefined {
  const restored = restoredIn(pair);
  const fused = fuseMirrors(withoutUndo(pair), pairs, (place) => joinBranch(place, restored, pairs) ?? joinCall(place, restored, pairs));
  return isJoined(fused) && isInScope(fused) ? fused : undefined;
}

function joinedMain(main: Graph, pairs: Joining): Graph | undefined {
  if (callsIn(main).some((call) => call.variant !== 'value' && !pairs.has(call.callee))) return undefined;
  const restored = restoredIn(main);
  const fused = fuseMirrors(main, pairs, (place) => joinBranch(place, restored, pairs) ?? joinCall(place, restored, pairs));
  return isJoined(fused) ? fused : undefined;
}

type Restored = ReadonlyMap<Value, Value>;

/** What each restored value is a copy of, and each literal the first that is alike. */
function restoredIn(graph: Graph): Restored {
  const restored = new Map<Value, Value>();
  const literals = new Map<LiteralValue, Value>();
  visit(graph.body, (node) => {
    if (node.kind === 'restore') restored.set(node.result, node.of);
    if (node.kind !== 'literal' || node.unassigned) return;
    // A key tells 0 from -0, which a number in a map does not.
    const key = Object.is(node.value, -0) ? '-0' : node.value;
    const first = literals.get(key);
    if (first === undefined) literals.set(key, node.result);
    else restored.set(node.result, first);
  });
  for (const [value, of] of restored) restored.set(value, restored.get(of) ?? of);
  return restored;
}

/** Whether two operands are one value. */
function isSame(a: Value, b: Value, restored: Restored): boolean {
  return (restored.get(a) ?? a) === (restored.get(b) ?? b);
}

/** The mirror of a branch that calls goes into the branch. */
function joinBranch({ nodes, index, memory, outside }: Place, restored: Restored, pairs: Joining): readonly Node[] | undefined {
  const mirror = nodes[index]!;
  if (mirror.kind !== 'if' || !mirror.backward || !armsOf(mirror).some(calls)) return undefined;
  const at = nodes.findIndex((node) => node.kind === 'if' && !node.backward && isSame(node.condition, mirror.condition, restored));
  const branch = nodes[at];
  if (at < 0 || at >= index || branch?.kind !== 'if' || ![...armsOf(branch), ...armsOf(mirror)].every((arm) => arm.exit.kind === 'yield')) return undefined;
  const between = nodes.slice(at + 1, index);
  if (!commutes(mirror, branch, between, memory, pairs)) return undefined;
  const move = new Moves(between, new Set([...outside, ...nodes.slice(0, at).flatMap(results)]), branch, memory);
  const { reads, restored: again } = outerReads(mirror);
  if (![...again].every((value) => move.canRestore(value)) || ![...reads].every((value) => move.canHave(value))) return undefined;
  const both = (own: Block, other: Block): Block => ({
    ...own,
    nodes: [...own.nodes, ...other.nodes],
    exit: { kind: 'yield', values: [...exitOperands(own.exit), ...exitOperands(other.exit)] },
  });
  const joined = withChanges(branch, {
    then: both(branch.then, mirror.then),
    else: both(branch.else, mirror.else),
    results: [...branch.results, ...mirror.results],
  });
  return putTogether(nodes, at, index, joined, move);
}

function calls(block: Block): boolean {
  let found = false;
  visit(block, (node) => void (found ||= node.kind === 'call'));
  return found;
}

function armsOf(node: IfNode): readonly Block[] {
  return [node.then, node.else];
}

/** The backward half is called together with the forward one. */
function joinCall({ nodes, index, memory, outside }: Place, restored: Restored, pairs: Joining): readonly Node[] | undefined {
  const back = nodes[index]!;
  if (back.kind !== 'call' || back.variant !== 'backward' || !pairs.has(back.callee)) return undefined;
  const at = nodes.findLastIndex((node, place) => place < index && isForwardHalf(node, back, restored));
  const call = nodes[at];
  if (call?.kind !== 'call') return undefined;
  const handed = back.operands.map((value, i) => call.operands[i] ?? value);
  const between = nodes.slice(at + 1, index);
  if (!commutes(back, call, between, memory, pairs)) return undefined;
  const move = new Moves(between, new Set([...outside, ...nodes.slice(0, at).flatMap(results)]), call, memory);
  if (!handed.every((value) => move.canHave(value))) return undefined;
  const joined: CallNode = { ...back, variant: 'gradient', operands: handed, results: [...call.results, ...back.results] };
  return putTogether(nodes, at, index, joined, move);
}

/** Whether it is the call of the other half, with the same arguments and shadows. */
function isForwardHalf(node: Node, back: CallNode, restored: Restored): boolean {
  if (node.kind !== 'call' || node.variant !== 'forward' || node.callee !== back.callee) return false;
  return node.operands.every((operand, i) => isSame(operand, back.operands[i]!, restored));
}

function putTogether(nodes: readonly Node[], at: number, index: number, joined: Node, move: Moves): readonly Node[] {
  const between = nodes.slice(at + 1, index);
  return [
    ...nodes.slice(0, at),
    ...between.filter((node) => move.isMoved(node)),
    joined,
    ...between.filter((node) => !move.isMoved(node)),
    ...nodes.slice(index + 1),
  ];
}

/** Whether no call of a half is left. */
function isJoined(graph: Graph): boolean {
  return callsIn(graph).every((call) => call.variant === 'value' || call.variant === 'gradient');
}

/** Whether all that is restored is at hand. */
function isInScope(graph: Graph): boolean {
  let sound = true;
  const walk = (block: Block, outside: ReadonlySet<Value>): void => {
    const scope = new Set([...outside, ...block.params]);
    for (const node of block.nodes) {
      if (node.kind === 'restore' && !scope.has(node.of)) sound = false;
      for (const inner of blocks(node)) walk(inner, new Set([...scope, ...ownedValues(node)]));
      for (const value of results(node)) scope.add(value);
    }
  };
  walk(graph.body, new Set(graph.params));
  return sound;
}

/** What it writes to is not put back: nothing is asked for that is not at hand. */
function withoutUndo(graph: Graph): Graph {
  const inBlock = (block: Block): Block => withNodes(block, block.nodes.flatMap((node) => (node.kind === 'undo' ? [] : [mapBlocks(node, inBlock)])));
  return { ...graph, body: inBlock(graph.body) };
}
