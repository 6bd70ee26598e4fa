/** Constants in loops whose type TypeScript would infer from itself. */

import type { Node, Value } from '../graph/types.ts';
import { operands } from '../graph/walk.ts';
import type { BodyTools } from './body.ts';
import { armValues } from './folding.ts';

/**
 * `const u = a[0]; … a[0] = u * x;` in a loop: TypeScript narrows `a[0]` to the type of what is assigned, and would infer
 * the type of `u` from itself. The same with variables of a union type, and `boolean` is one.
 */
export function isInferredInCircle(tools: BodyTools, node: Node): boolean {
  const { demand, folding } = tools;
  if (node.kind === 'load' && tools.isWritten(node.memory)) {
    if (node.key.kind === 'field') return true;
    const { index } = node.key;
    return folding.literalOf(index) !== undefined || isConstantIndex(tools, index);
  }
  const read = node.kind === 'if' ? [node.condition, ...armValues(node)] : operands(node);
  if (read.some((value) => readsUnion(tools, value))) return true;
  return read.some((value) => folding.isInlined(value) && isInferredInCircle(tools, demand.definitions.get(value)!.node!));
}

/** Element reads are narrowed where the index is a literal or a constant. */
function isConstantIndex({ folding, variables, ...tools }: BodyTools, index: Value): boolean {
  if (folding.isInlined(index)) return false;
  return isParameter(tools.demand.definitions.get(index)) || !variables.of(index).isCounter;
}

function readsUnion({ demand, folding }: BodyTools, value: Value): boolean {
  return [...folding.leaves(value)].some((leaf) => {
    const { kind } = leaf.type;
    return (kind === 'boolean' || kind === 'optional' || kind === 'opaque') && !isParameter(demand.definitions.get(leaf));
  });
}

function isParameter(definition: { readonly node?: Node } | undefined): boolean {
  return definition?.node === undefined;
}
