/**
 * Which memory has a tangent beside it: all that is active, and all that a reference can mean as well which can mean active
 * memory. In `row = c ? fixed : varied` the tangent of `row` is the one or the other, so `fixed` needs one that changes its
 * length along with it.
 */

import type { Graph, Value } from '../../src/graph/types.ts';
import { ownedValues, results, visit } from '../../src/graph/walk.ts';
import type { Activity } from '../activity.ts';
import { callsIn } from '../procedures/program.ts';
import { holdsReals, isReference, type Memory, type Root } from '../memory.ts';

/** Activity, for forward mode: the same for numbers, wider for references. */
export function analyseTangentMemory(graph: Graph, memory: Memory, activity: Activity): (value: Value) => boolean {
  const references = referencesOf(graph);
  const calls = callsIn(graph);
  const roots = new Set<Root>();
  const isActive = (value: Value): boolean => activity.isActive(value) || [...memory.reachableFrom(value)].some((root) => roots.has(root));
  let before = -1;
  while (roots.size > before) {
    before = roots.size;
    for (const reference of references) {
      if (isActive(reference)) memory.rootsOf(reference).forEach((root) => roots.add(root));
    }
    // A call may store any reference that it is handed in any memory that it is handed.
    for (const call of calls) {
      const handed = [...call.operands, ...call.results].filter(holdsNumbers);
      if (handed.some(isActive)) handed.forEach((value) => memory.reachableFrom(value).forEach((root) => roots.add(root)));
    }
  }
  return (value) => (isReference(value.type) ? holdsNumbers(value) && isActive(value) : activity.isActive(value));
}

function referencesOf(graph: Graph): readonly Value[] {
  const found = [...graph.params];
  visit(graph.body, (node) => void found.push(...results(node), ...ownedValues(node)));
  return found.filter(holdsNumbers);
}

function holdsNumbers(value: Value): boolean {
  return isReference(value.type) && holdsReals(value.type);
}
