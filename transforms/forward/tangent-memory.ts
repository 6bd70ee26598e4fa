/**
 * Which memory has a tangent beside it: all that is active, and all that a reference can mean as well which can mean active
 * memory. In `row = c ? fixed : varied` the tangent of `row` is the one or the other, so `fixed` needs one that changes its
 * length along with it.
 */

import type { Graph, Value } from '../../src/graph/types.ts';
import { ownedValues, results, visit } from '../../src/graph/walk.ts';
import type { Activity } from '../activity.ts';
import { holdsReals, isReference, type Memory, type Root } from '../memory.ts';

/** Activity, for forward mode: the same for numbers, wider for references. */
export function analyseTangentMemory(graph: Graph, memory: Memory, activity: Activity): (value: Value) => boolean {
  const references = referencesOf(graph);
  const roots = new Set<Root>();
  const holdsOne = (root: Root): boolean => roots.has(root) || [...memory.contentsOf(root)].some((inner) => roots.has(inner));
  const isActive = (value: Value): boolean => activity.isActive(value) || [...memory.rootsOf(value)].some(holdsOne);
  let before = -1;
  while (roots.size > before) {
    before = roots.size;
    for (const reference of references) {
      if (isActive(reference)) memory.rootsOf(reference).forEach((root) => roots.add(root));
    }
  }
  return (value) => (isReference(value.type) ? holdsReals(value.type) && isActive(value) : activity.isActive(value));
}

function referencesOf(graph: Graph): readonly Value[] {
  const found = [...graph.params];
  visit(graph.body, (node) => void found.push(...results(node), ...ownedValues(node)));
  return found.filter((value) => isReference(value.type) && holdsReals(value.type));
}
