/** The sections of a companion's body: memory that is prepared and checked, the forward sweep, the backward one. */

import type { Node } from '../graph/types.ts';
import { blocks } from '../graph/walk.ts';
import { isMemory } from './type-text.ts';

/** Gradients are checked before anything is written to them; what stands between the checks only reads. */
export function mayPrecedeChecks(node: Node): boolean {
  if (node.kind === 'shadow') return node.gradientOf !== undefined;
  if (node.kind === 'alloc') return node.resultField !== undefined;
  return node.kind === 'literal' || node.kind === 'load' || node.kind === 'length';
}

/** Whether the backward sweep has begun, be it inside a loop of the forward one. */
export function isBackward(node: Node): boolean {
  return node.backward === true || blocks(node).some((block) => block.nodes.some(isBackward));
}

export type Part = 'memory' | 'forward' | 'backward';

export function partOf(node: Node, before: Part | undefined): Part {
  if (node.kind === 'shadow' && node.gradientOf !== undefined) return 'memory';
  const isPart = node.kind === 'length' || (node.kind === 'load' && isMemory(node.result.type));
  if (isPart || (node.kind === 'workspace' && !node.grows)) return before ?? 'memory';
  return node.backward === true ? 'backward' : 'forward';
}

/** A blank line stands behind what prepares the memory, and at the turning point. */
export function isNewPart(before: Part | undefined, next: Part): boolean {
  return (before === 'memory' && next !== 'memory') || (before === 'forward' && next === 'backward');
}
