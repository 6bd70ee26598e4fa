/**
 * Whether an array may have places that were never written: `new Array(n)`, before every element is stored; and elements that are no longer
 * there when their turn comes.
 *
 * `map`, `forEach`, `reduce` and the like pass such places over, and so must what they become.
 */

import { boolean } from '../graph/build.ts';
import type { LoopNode, Node, Value } from '../graph/types.ts';
import { blocks } from '../graph/walk.ts';
import { changesBy } from './callback-changes.ts';
import type { Closure, Reading } from './context.ts';

export function mayHaveGaps(r: Reading, memory: Value): boolean {
  if (memory.type.kind !== 'array' || memory.type.container !== 'Array') return false;
  const nodes = r.builders.flatMap((builder) => builder.nodes);
  const at = nodes.findIndex((node) => node.kind === 'alloc' && node.result === memory);
  const made = nodes[at];
  if (made?.kind !== 'alloc') return false;
  if (made.init.kind === 'copy') return mayHaveGaps(r, made.init.of);
  if (made.init.kind !== 'holes' || !r.sparse.has(memory)) return false;
  return !isFilled(memory, made.init.length, nodes, nodes.slice(at + 1));
}

/**
 * Of an array that is walked through while `f` is called back: tells whether there is an element at an index, where that is not certain.
 * Nothing is there that was never written, or was taken off meanwhile.
 */
export function presenceIn(r: Reading, memory: Value, f?: Closure): ((index: Value) => Value) | undefined {
  if (mayHaveGaps(r, memory)) return (index) => isThere(r, memory, index);
  const isPlain = memory.type.kind === 'array' && memory.type.container === 'Array';
  if (!isPlain || f === undefined || !changesBy(r, f, memory).shrinks) return undefined;
  return (index) => r.builder.apply('lt', [index, r.builder.length(memory)]);
}

/** Whether the element at `index` was ever written. */
function isThere(r: Reading, memory: Value, index: Value): Value {
  return r.builder.carry([index, ' in ', memory], boolean, { effect: true });
}

/** By a loop over all indices, or one element after the other. */
function isFilled(memory: Value, length: Value, nodes: readonly Node[], later: readonly Node[]): boolean {
  const literals = new Map<Value, unknown>();
  for (const node of nodes) if (node.kind === 'literal') literals.set(node.result, node.value);
  const measures = new Set([length]);
  for (const node of later) if (node.kind === 'length' && node.memory === memory) measures.add(node.result);
  const count = literals.get(length);
  const isLength = (value: Value | undefined): boolean =>
    value !== undefined && (measures.has(value) || (typeof count === 'number' && literals.get(value) === count));

  const fills = (loop: LoopNode): boolean => {
    const { counter } = loop;
    if (counter === undefined || counter.test !== '<' || counter.step !== 1 || literals.get(counter.from) !== 0 || !isLength(counter.to)) return false;
    return !leaves(loop.body.nodes) && loop.body.exit.kind === 'yield' && loop.body.nodes.some((node) => storesAt(node, memory, counter.variable));
  };
  if (later.some((node) => node.kind === 'loop' && fills(node))) return true;
  if (typeof count !== 'number' || count > 64) return count === 0;
  const written = later.flatMap((node) => (node.kind === 'store' && node.memory === memory && node.key.kind === 'index' ? [literals.get(node.key.index)] : []));
  return Array.from({ length: count }, (_, i) => i).every((i) => written.includes(i));
}

function storesAt(node: Node, memory: Value, index: Value): boolean {
  return node.kind === 'store' && node.memory === memory && node.key.kind === 'index' && node.key.index === index;
}

/** Some way through the nodes does not come to their end. */
function leaves(nodes: readonly Node[]): boolean {
  return nodes.some((node) => node.kind === 'if' && blocks(node).some((block) => block.exit.kind !== 'yield' || leaves(block.nodes)));
}
