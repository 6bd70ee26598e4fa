/** Which elements certainly exist: an index that is not negative, and below what the program calls the length of the array. */

import { append } from '../src/graph/lists.ts';
import type { Graph, Node, Value } from '../src/graph/types.ts';
import { visit } from '../src/graph/walk.ts';
import { IndexFacts } from './index-facts.ts';
import { isTyped, type Memory, type Root } from './memory.ts';

/** `roundedUp`: sizes that may be no integers count as rounded up; the array itself then has an element less. */
export function elementsInside(graph: Graph, memory: Memory, roundedUp = false): (array: Value, index: Value) => boolean {
  const facts = IndexFacts.of(graph);
  const lengths = lengthsOfArrays(graph, roundedUp);
  const counts = countsOfElements(graph);
  const resized = resizedRoots(graph, memory);
  return (array, index) => {
    if (index.type.kind !== 'integer' && !roundedUp) return false;
    if (!isTyped(array) && [...memory.rootsOf(array)].some((root) => resized.has(root) || memory.isShared(root))) return false;
    if (facts.isNonNegative(index) && facts.largest(index) < (counts.get(array) ?? 0)) return true;
    return lengths(array).some((length) => facts.isWithin(index, length));
  };
}

/** Of arrays that are made of their elements. */
function countsOfElements(graph: Graph): ReadonlyMap<Value, number> {
  const counts = new Map<Value, number>();
  visit(graph.body, (node) => {
    if (node.kind === 'alloc' && node.init.kind === 'elements') counts.set(node.result, node.init.values.length);
  });
  return counts;
}

/** What the program calls the length of each array. */
function lengthsOfArrays(graph: Graph, roundedUp: boolean): (array: Value) => readonly Value[] {
  const lengths = new Map<Value, Value[]>();
  const sources = new Map<Value, Value>();
  const add = (array: Value, length: Value): void => void append(lengths, array, length);
  visit(graph.body, (node) => {
    if (node.kind === 'length') add(node.memory, node.result);
    const isSized = node.kind === 'alloc' && (node.init.kind === 'zeros' || node.init.kind === 'holes');
    if (isSized && (roundedUp || node.init.length.type.kind === 'integer')) add(node.result, node.init.length);
    const isWhole = node.kind === 'alloc' && node.init.kind === 'copy' && node.init.from === undefined && node.init.to === undefined;
    if (isWhole && isTyped(node.init.of)) sources.set(node.result, node.init.of);
  });
  const all = (array: Value): readonly Value[] => {
    const source = sources.get(array);
    return [...(lengths.get(array) ?? []), ...(source === undefined ? [] : all(source))];
  };
  return all;
}

/** Memory that may become shorter, so that a length is that of one moment. */
function resizedRoots(graph: Graph, memory: Memory): ReadonlySet<Root> {
  const resized = new Set<Root>();
  const note = (node: Node): void => {
    if (node.kind === 'resize') for (const root of memory.rootsOf(node.memory)) resized.add(root);
    if (node.kind === 'call') for (const operand of node.operands) for (const root of memory.reachableFrom(operand)) resized.add(root);
  };
  visit(graph.body, note);
  return resized;
}
