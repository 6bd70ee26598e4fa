/**
 * Which loads may run before a loop that may not run at all.
 *
 * The primal would only read `undefined` where nothing lies, but the mirror of a load adds to the shadow. For a typed array `+= 0`
 * does no harm wherever it goes; it makes a `number[]` longer, or gives it a property "-1", so that there the element has to
 * exist for certain. What is computed from an element that may not exist stays where it is.
 */

import type { Graph, LoadNode, Value } from '../src/graph/types.ts';
import { visit } from '../src/graph/walk.ts';
import { elementsInside } from './elements-inside.ts';
import { isTyped, type Memory } from './memory.ts';

export interface LoadsAhead {
  /** Whether the load may run where it was not asked for. */
  readonly mayMove: (load: LoadNode) => boolean;
  /** Whether what it reads is certainly there. */
  readonly isCertain: (load: LoadNode) => boolean;
}

export function loadsAhead(graph: Graph, memory: Memory): LoadsAhead {
  const there = memoryThatIsThere(graph);
  const isInside = elementsInside(graph, memory);
  const isCertain = (load: LoadNode): boolean => there.has(load.memory) && (load.key.kind === 'field' || isInside(load.memory, load.key.index));
  return { isCertain, mayMove: (load) => there.has(load.memory) && (isTyped(load.memory) || isCertain(load)) };
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
