/**
 * Where a running extremum begins with the element in front of its loop, the mirror need not ask whether an iteration took a new one.
 *
 *     let largest = x[0]; for (let i = 1; …) …
 *
 *     if (largest_i >= 1) d_x[largest_i] += d;       d_x[largest_i] += d;
 *     else d_x[0] += d;
 *
 * `largest_i` is 0 where none did. Runs behind `last-taken`, which notes it.
 */

import type { AccumulateNode, Block, Graph, IfNode, Node, Value } from '../src/graph/types.ts';
import { blocks, exitOperands, mapBlocks, operands, visit, withNodes } from '../src/graph/walk.ts';
import { breaksOf } from './memory.ts';
import { mentions } from './scratch.ts';
import { type Structure, structureOf } from './storage/structure.ts';

export function joinFirstTaken(graph: Graph): Graph {
  const structure = structureOf(graph);
  const uses = new Map<Value, number>();
  const use = (value: Value): void => void uses.set(value, (uses.get(value) ?? 0) + 1);
  exitOperands(graph.body.exit).forEach(use);
  visit(graph.body, (node) => {
    operands(node).forEach(use);
    if (node.kind === 'loop') node.done.forEach(use);
    for (const { exit } of blocks(node)) exitOperands(exit).forEach(use);
  });
  const known: Known = { structure, isUsedOnce: (value) => uses.get(value) === 1 };
  return { ...graph, body: joinIn(graph.body, known) };
}

interface Known {
  readonly structure: Structure;
  readonly isUsedOnce: (value: Value) => boolean;
}

function joinIn(block: Block, known: Known): Block {
  let nodes = block.nodes.map((node) => mapBlocks(node, (inner) => joinIn(inner, known)));
  for (const node of nodes) {
    const joined = node.kind === 'if' ? joinedBy(node, nodes, known) : undefined;
    if (joined) nodes = nodes.flatMap((other): readonly Node[] => (other === node ? joined.additions : joined.others.includes(other) ? [] : [other]));
  }
  return withNodes(block, nodes);
}

interface Joined {
  /** To the element that was noted, whichever it is. */
  readonly additions: readonly AccumulateNode[];
  /** Those to the element in front of the loop. */
  readonly others: readonly Node[];
}

function joinedBy(node: IfNode, nodes: readonly Node[], { structure, isUsedOnce }: Known): Joined | undefined {
  const test = structure.nodeOf(node.condition);
  if (test?.kind !== 'apply' || test.op !== 'ge' || node.results.length === 0 || node.else.nodes.length > 0) return undefined;
  const [index, bound] = test.operands;
  const from = literal(bound!, structure);
  if (from === undefined || !isFromOneBefore(index!, from, structure)) return undefined;
  const additions = node.then.nodes.filter((inner): inner is AccumulateNode => inner.kind === 'accumulate');
  if (additions.length !== node.results.length || node.then.nodes.some(({ kind }) => kind !== 'accumulate' && kind !== 'literal')) return undefined;
  const [taken, none] = [node.then.exit, node.else.exit];
  if (taken.kind !== 'yield' || none.kind !== 'yield' || !taken.values.every((value) => literal(value, structure) === 0)) return undefined;
  const others = node.results.map((result, i) => {
    const own = additions.find(({ value }) => value === none.values[i]);
    const other = nodes.find((later) => later.kind === 'accumulate' && later.value === result);
    if (own?.key.kind !== 'index' || own.key.index !== index || other?.kind !== 'accumulate' || !isUsedOnce(result)) return undefined;
    const isFirst = other.memory === own.memory && other.key.kind === 'index' && literal(other.key.index, structure) === from - 1;
    const between = nodes.slice(nodes.indexOf(node) + 1, nodes.indexOf(other));
    return isFirst && !between.some((later) => later.kind !== 'accumulate' && mentions(later, own.memory)) ? other : undefined;
  });
  return others.every((other) => other !== undefined) ? { additions, others } : undefined;
}

/** Whether it is the counter of an iteration, the first of which is `from`, or one less. */
function isFromOneBefore(index: Value, from: number, structure: Structure): boolean {
  const restored = structure.nodeOf(index);
  const last = restored?.kind === 'restore' ? restored.of : index;
  const loop = structure.nodeOf(last);
  if (loop?.kind !== 'loop' || loop.counter === undefined || loop.counter.step !== 1 || loop.body.exit.kind !== 'yield') return false;
  const place = loop.results.indexOf(last);
  const param = loop.body.params[place];
  if (param === undefined || loop.done[place] !== param || literal(loop.counter.from, structure) !== from || literal(loop.initial[place]!, structure) !== from - 1) return false;
  const isOne = (value: Value): boolean => {
    if (value === param || value === loop.counter!.variable) return true;
    const node = structure.nodeOf(value);
    if (node?.kind === 'apply' && node.op === 'select') return node.operands.slice(1).every(isOne);
    if (node?.kind !== 'if') return false;
    return [node.then, node.else].every(({ exit }) => exit.kind === 'yield' && isOne(exit.values[node.results.indexOf(value)]!));
  };
  return isOne(loop.body.exit.values[place]!) && breaksOf(loop.body).length === 0;
}

function literal(value: Value, structure: Structure): number | undefined {
  const node = structure.nodeOf(value);
  return node?.kind === 'literal' && typeof node.value === 'number' ? node.value : undefined;
}
