/** What companions and procedures ask of their graph before it is printed. */

import type { Block, Graph, Value } from '../graph/types.ts';
import { ownedValues, results, visit } from '../graph/walk.ts';
import { isMemory } from './type-text.ts';
import type { Variable, Variables } from './variables.ts';

export function valuesInOrder(graph: Graph): readonly Value[] {
  const found: Value[] = [...graph.params];
  const walk = (block: Block): void => {
    for (const node of block.nodes) {
      if (node.kind === 'loop') found.push(...ownedValues(node));
      if (node.kind === 'if') found.push(...node.results);
      if (node.kind === 'if') [node.then, node.else].forEach(walk);
      if (node.kind === 'loop') walk(node.body);
      if (node.kind !== 'if') found.push(...results(node));
    }
  };
  walk(graph.body);
  return found;
}

/** The variables of memory that the function writes to, or hands to one that may; `given`: what it hands back to be written. */
export function writtenMemory(graph: Graph, variables: Variables, given: readonly Value[] = []): ReadonlySet<Variable> {
  const written = new Set<Variable>();
  const write = (memory: Value): void => {
    if (isMemory(memory.type) && !graph.params.includes(memory)) written.add(variables.of(memory));
  };
  given.forEach(write);
  visit(graph.body, (node) => {
    if (node.kind === 'store' || node.kind === 'accumulate' || node.kind === 'resize') write(node.memory);
    if (node.kind === 'call') node.operands.forEach(write);
  });
  return written;
}
