/** Lengths of arrays that grow while they are measured: which stores may lie behind the end, and what follows from it. */

import { blocks } from '../../graph/walk.ts';
import type { Node, StoreNode, Value } from '../../graph/types.ts';
import type { Reading } from '../context.ts';
import { isReference } from '../types.ts';

/** Nodes push to, pop from, or store behind the end of an array that may be `memory`. Foreign memory is never written. */
export function changesLength(r: Reading, nodes: readonly Node[], memory: Value): boolean {
  if (memory.type.kind !== 'array' || memory.type.container !== 'Array' || r.memory.isForeign(memory)) return false;
  const definitions = new Map<Value, Node>();
  for (const builder of r.builders) collect(builder.nodes, definitions);
  const outside = new Set(definitions.keys());
  collect(nodes, definitions);
  const isMade = (value: Value): boolean => definitions.get(value)?.kind === 'alloc';
  const mayBe = (other: Value): boolean => {
    if (other === memory) return true;
    if (!holdAlike(other, memory)) return false;
    // Two that were made at different places are two; one that is made in the loop is not the one before it.
    return !(isMade(other) && (isMade(memory) || !outside.has(other)));
  };
  const within = (list: readonly Node[]): boolean =>
    list.some((node) => {
      if (node.kind === 'resize' && mayBe(node.memory)) return true;
      if (node.kind === 'store' && mayGrow(r, node, definitions) && mayBe(node.memory)) return true;
      return blocks(node).some((block) => within(block.nodes));
    });
  return within(nodes);
}

/** Numbers and references are never elements of one array. */
function holdAlike(a: Value, b: Value): boolean {
  return a.type.kind !== 'array' || b.type.kind !== 'array' || isReference(a.type.element) === isReference(b.type.element);
}

function collect(nodes: readonly Node[], definitions: Map<Value, Node>): void {
  for (const node of nodes) {
    if ('result' in node && node.result !== undefined) definitions.set(node.result, node);
    for (const block of blocks(node)) collect(block.nodes, definitions);
  }
}

/** A store whose index is not proved to lie inside. */
function mayGrow(r: Reading, node: StoreNode, definitions: ReadonlyMap<Value, Node>): boolean {
  const { memory, key } = node;
  if (key.kind !== 'index' || memory.type.kind !== 'array' || memory.type.container !== 'Array') return false;
  if (r.shrinks) return true;
  const made = definitions.get(memory);
  const init = made?.kind === 'alloc' ? made.init : undefined;
  const length = init !== undefined && 'length' in init ? init.length : undefined;
  const known = init?.kind === 'elements' ? init.values.length : length === undefined ? undefined : sumOf(length, definitions);
  const isLength = (value: Value | undefined): boolean => {
    const definition = value && definitions.get(value);
    return value !== undefined && (value === length || (definition?.kind === 'length' && definition.memory === memory));
  };
  /** Whether the sum stays below the length by `by`. */
  const isBelow = ({ base, offset }: Sum, by: number): boolean => {
    if (isLength(base)) return offset + by <= 0;
    const count = typeof known === 'number' ? { base: undefined, offset: known } : known;
    return count !== undefined && base === count.base && offset + by <= count.offset;
  };
  const { base, offset } = sumOf(key.index, definitions);
  if (base === undefined) return offset < 0 || !isBelow({ base, offset }, 1);
  const counter = r.counters.get(base);
  if (counter?.to === undefined) return true;
  const [from, to] = [sumOf(counter.from, definitions), sumOf(counter.to, definitions)];
  const isStrict = counter.test === '<' || counter.test === '>';
  const [least, most] = counter.step > 0 ? [from, to] : [to, from];
  const above = least.base === undefined && least.offset + offset + (counter.step < 0 && isStrict ? 1 : 0) >= 0;
  return !(above && isBelow(most, offset + (counter.step > 0 && isStrict ? 0 : 1)));
}

/** `base + offset`; a literal has no base. */
interface Sum {
  readonly base: Value | undefined;
  readonly offset: number;
}

function sumOf(value: Value, definitions: ReadonlyMap<Value, Node>): Sum {
  const node = definitions.get(value);
  if (node?.kind === 'literal' && typeof node.value === 'number') return { base: undefined, offset: node.value };
  if (node?.kind !== 'apply' || (node.op !== 'add' && node.op !== 'sub')) return { base: value, offset: 0 };
  const [left, right] = node.operands.map((operand) => sumOf(operand, definitions));
  if (left === undefined || right === undefined) return { base: value, offset: 0 };
  if (right.base === undefined) return { base: left.base, offset: node.op === 'add' ? left.offset + right.offset : left.offset - right.offset };
  if (left.base === undefined && node.op === 'add') return { base: right.base, offset: left.offset + right.offset };
  return { base: value, offset: 0 };
}
