/** The result of a function, part by part: an object that is made only to be returned is nothing but its fields. */

import type { AllocNode, Graph, Value } from '../../src/graph/types.ts';
import { exitOperands, operands, visit } from '../../src/graph/walk.ts';
import { breaksOf } from '../memory.ts';

export type ReturnedPart =
  | { readonly kind: 'leaf'; readonly value: Value }
  | { readonly kind: 'parts'; readonly made: AllocNode; readonly parts: readonly ReturnedPart[] };

/** `graph` is without the objects that were taken apart. */
export function returnedParts(graph: Graph): { readonly graph: Graph; readonly part: ReturnedPart } {
  const { exit } = graph.body;
  if (exit.kind !== 'return' || exit.values.length !== 1) throw new Error('a function that does not return');
  const uses = countUses(graph);
  const taken = new Set<AllocNode>();
  const partOf = (value: Value): ReturnedPart => {
    const made = graph.body.nodes.find((node): node is AllocNode => node.kind === 'alloc' && node.result === value);
    const { kind } = value.type;
    const isTaken = made !== undefined && uses.get(value) === 1 && (kind === 'record' || kind === 'tuple');
    if (!isTaken || (made.init.kind !== 'fields' && made.init.kind !== 'elements')) return { kind: 'leaf', value };
    taken.add(made);
    return { kind: 'parts', made, parts: made.init.values.map(partOf) };
  };
  const part = partOf(exit.values[0]!);
  const nodes = graph.body.nodes.filter((node) => node.kind !== 'alloc' || !taken.has(node));
  return { graph: { ...graph, body: { ...graph.body, nodes, exit: { kind: 'return', values: leavesOf(part) } } }, part };
}

export function leavesOf(part: ReturnedPart): readonly Value[] {
  return part.kind === 'leaf' ? [part.value] : part.parts.flatMap(leavesOf);
}

/** The objects, inner ones first, to be made again at the end. */
export function objectsOf(part: ReturnedPart): readonly AllocNode[] {
  return part.kind === 'leaf' ? [] : [...part.parts.flatMap(objectsOf), part.made];
}

export function valueOf(part: ReturnedPart): Value {
  return part.kind === 'leaf' ? part.value : part.made.result;
}

function countUses(graph: Graph): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>();
  const use = (value: Value): void => void uses.set(value, (uses.get(value) ?? 0) + 1);
  visit(graph.body, (node) => {
    operands(node).forEach(use);
    if (node.kind === 'if') for (const arm of [node.then, node.else]) exitOperands(arm.exit).forEach(use);
    if (node.kind === 'loop') [...node.done, ...exitOperands(node.body.exit), ...breaksOf(node.body).flat()].forEach(use);
  });
  exitOperands(graph.body.exit).forEach(use);
  return uses;
}
