/**
 * Which loads may run before a loop that may not run at all.
 *
 * The primal would only read `undefined` where nothing lies, but the mirror of a load adds to the shadow. For a typed array `+= 0`
 * does no harm wherever it goes; it makes a `number[]` longer, or gives it a property "-1", so that there the element has to
 * exist for certain. What is computed from an element that may not exist stays where it is.
 */

import type { Graph, LoadNode, Node, Value } from '../src/graph/types.ts';
import { visit } from '../src/graph/walk.ts';
import { IndexFacts } from './index-facts.ts';
import type { Memory, Root } from './memory.ts';

export interface LoadsAhead {
  /** Whether the load may run where it was not asked for. */
  readonly mayMove: (load: LoadNode) => boolean;
  /** Whether what it reads is certainly there. */
  readonly isCertain: (load: LoadNode) => boolean;
}

export function loadsAhead(graph: Graph, memory: Memory): LoadsAhead {
  const facts = new IndexFacts(graph);
  const there = memoryThatIsThere(graph);
  const lengths = lengthsOfArrays(graph);
  const resized = resizedRoots(graph, memory);
  const isCertain = (load: LoadNode): boolean => there.has(load.memory) && (load.key.kind === 'field' || isInside(load, load.key.index));
  const isTyped = ({ type }: Value): boolean => type.kind === 'array' && type.container !== 'Array';
  return { isCertain, mayMove: (load) => there.has(load.memory) && (isTyped(load.memory) || isCertain(load)) };

  function isInside({ memory: array }: LoadNode, index: Value): boolean {
    if (index.type.kind !== 'integer' || !facts.isNonNegative(index)) return false;
    if ([...memory.rootsOf(array)].some((root) => resized.has(root) || memory.isShared(root))) return false;
    return (lengths.get(array) ?? []).some((length) => facts.isBelow(index, length));
  }
}

/** Parameters, what is made here, and fields and views of these. A row that is loaded may be missing. */
function memoryThatIsThere(graph: Graph): ReadonlySet<Value> {
  const there = new Set(graph.params.filter(({ type }) => type.kind !== 'optional'));
  visit(graph.body, (node) => {
    const isPart = (node.kind === 'load' && node.key.kind === 'field') || node.kind === 'view';
    const isMade = node.kind === 'alloc' || (isPart && there.has(node.memory) && node.result.type.kind !== 'optional');
    if (isMade) there.add(node.result);
  });
  return there;
}

/** What the program calls the length of each array. */
function lengthsOfArrays(graph: Graph): ReadonlyMap<Value, readonly Value[]> {
  const lengths = new Map<Value, Value[]>();
  const add = (array: Value, length: Value): void => void lengths.set(array, [...(lengths.get(array) ?? []), length]);
  visit(graph.body, (node) => {
    if (node.kind === 'length') add(node.memory, node.result);
    const isSized = node.kind === 'alloc' && (node.init.kind === 'zeros' || node.init.kind === 'holes');
    if (isSized && node.init.length.type.kind === 'integer') add(node.result, node.init.length);
  });
  return lengths;
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
