/**
 * Takes the two halves of each pair apart, and leaves out what neither half asks the other for.
 *
 * Expects a program whose storage is placed, and the primal one. Afterwards each function is a graph of its own. What the
 * backward half needs of the forward one, and cannot compute again from its arguments, lies in a frame that the forward half
 * leaves when it ends, above those of the calls that it makes.
 */

import { newFrame } from '../../src/graph/build.ts';
import type { ProcedurePart } from '../../src/graph/primal.ts';
import type { Graph, Node, PopFrameNode, PushFrameNode, Value } from '../../src/graph/types.ts';
import { blocks, exitOperands, operands, results } from '../../src/graph/walk.ts';
import { analyseMemory, type Memory } from '../memory.ts';
import { recomputation, type RecomputeQuestions } from '../storage/recompute.ts';
import { prune } from './prune.ts';
import type { Program } from './program.ts';
import { type Halves, sinkFrame } from './sink-frame.ts';
import { constantResults, markWritten } from './written.ts';

export function split(placed: Program, primal: Program): { readonly main: Graph; readonly parts: readonly ProcedurePart[] } {
  const parts = [...placed.procedures].flatMap(([callee, graph]): readonly ProcedurePart[] => {
    const read = primal.procedures.get(callee)!;
    const { forward, backward } = halves(graph, read);
    const facts = { callee, written: new Set<Value>(), constant: constantResults(read) };
    return [
      { ...facts, variant: 'value', graph: read },
      { ...facts, variant: 'forward', graph: forward },
      { ...facts, variant: 'backward', graph: backward },
    ];
  });
  const whole = [...(placed.joined ?? [])].map(([callee, graph]): ProcedurePart => {
    const read = primal.procedures.get(callee)!;
    return { callee, variant: 'gradient', graph: { ...graph, name: `${read.name}_gradient` }, written: new Set(), constant: constantResults(read) };
  });
  const pruned = prune(placed.main, [...parts, ...whole]);
  return { ...pruned, parts: markWritten(pruned.parts) };
}

function halves(graph: Graph, primal: Graph): { readonly forward: Graph; readonly backward: Graph } {
  const { nodes, exit } = graph.body;
  const values = exitOperands(exit);
  const turning = turningPoint(nodes);
  const count = graph.procedure!.forwardResults!;
  const [own, behind] = [nodes.slice(0, turning), nodes.slice(turning)];
  const handed = crossing(graph, own, behind, values.slice(count));
  const sunk = values.slice(count).some((value) => handed.has(value)) ? (halves: Halves): Halves => halves : sinkFrame;
  const { ahead, again, behind: back, kept } = sunk({ ahead: own, behind, ...frameFor(graph, own, handed) });

  const frame = newFrame();
  const push: PushFrameNode = { kind: 'pushFrame', frame, values: kept };
  const pop: PopFrameNode = { kind: 'popFrame', frame, results: kept, backward: true };
  const isFramed = kept.length > 0;
  const forward: Graph = {
    ...graph,
    name: `${primal.name}_forward`,
    body: { params: [], nodes: isFramed ? [...ahead, push] : ahead, exit: { kind: 'return', values: values.slice(0, count) } },
  };
  const backward: Graph = {
    ...graph,
    name: `${primal.name}_backward`,
    body: { params: [], nodes: [...(isFramed ? [pop] : []), ...again, ...back], exit: { kind: 'return', values: values.slice(count) } },
  };
  return { forward, backward };
}

/** The first statement of the backward sweep. */
function turningPoint(nodes: readonly Node[]): number {
  const first = nodes.findIndex((node) => node.backward === true);
  return first < 0 ? nodes.length : first;
}

/** Values of the forward half that the backward one reads. */
function crossing(graph: Graph, ahead: readonly Node[], behind: readonly Node[], returned: readonly Value[]): ReadonlySet<Value> {
  const own = new Set(ahead.flatMap(results));
  const found = new Set<Value>();
  const read = (value: Value): void => {
    if (own.has(value) && !graph.params.includes(value)) found.add(value);
  };
  const walk = (node: Node): void => {
    operands(node).forEach(read);
    if (node.kind === 'loop') node.done.forEach(read);
    for (const block of blocks(node)) {
      block.nodes.forEach(walk);
      exitOperands(block.exit).forEach(read);
    }
  };
  behind.forEach(walk);
  returned.forEach(read);
  return found;
}

/** What goes into the frame, and what the backward half computes again instead, in the order of the forward half. */
function frameFor(graph: Graph, ahead: readonly Node[], handed: ReadonlySet<Value>): { readonly kept: readonly Value[]; readonly again: readonly Node[] } {
  const memory = analyseMemory(graph);
  const definitions = new Map(ahead.flatMap((node) => results(node).map((value) => [value, node] as const)));
  const params = new Set(graph.params);
  const kept = new Set<Value>();
  const repeated = new Set<Value>();
  const questions: RecomputeQuestions = {
    nodeOf: (value) => definitions.get(value),
    isFree: (value) => params.has(value) || kept.has(value) || repeated.has(value),
    canRepeat: (node) => isSteady(node, memory),
  };
  for (const value of [...definitions.keys()].filter((candidate) => handed.has(candidate))) {
    const how = recomputation(value, questions);
    if (how === undefined || how.leaves.size > 0) kept.add(value);
    else repeated.add(value);
  }
  const needed = new Set<Node>();
  const need = (value: Value): void => {
    const node = definitions.get(value);
    if (kept.has(value) || node === undefined || needed.has(node)) return;
    needed.add(node);
    operands(node).forEach(need);
  };
  repeated.forEach(need);
  const again = ahead.filter((node) => needed.has(node)).map((node) => ({ ...node, backward: true }));
  return { kept: [...kept], again };
}

/** Whether a load, a length or a view sees the same in the backward half. */
function isSteady(node: Node, memory: Memory): boolean {
  if (node.kind !== 'load' && node.kind !== 'length' && node.kind !== 'view') return false;
  const roots = [...memory.rootsOf(node.memory)];
  return roots.length > 0 && roots.every((root) => memory.isReadOnly(root));
}
