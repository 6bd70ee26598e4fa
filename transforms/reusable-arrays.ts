/**
 * Arrays of numbers that may be made once and used again for what another iteration makes: it sees what it saw before, zeros,
 * or what it has stored itself. A plain array is one of them where it is filled before it is read: a store behind its end makes
 * it longer, so that another is made for the next iteration.
 */

import { atIndex, BlockBuilder, newValue, yields } from '../src/graph/build.ts';
import { append } from '../src/graph/lists.ts';
import type { AllocNode, Graph, Node, Value } from '../src/graph/types.ts';
import { visit } from '../src/graph/walk.ts';
import { elementLoop } from './element-loop.ts';
import { IndexFacts } from './index-facts.ts';
import { isFilledFirst } from './scratch.ts';

export type Sized = AllocNode & { readonly init: Extract<AllocNode['init'], { kind: 'zeros' | 'holes' }> };

export class ReusableArrays {
  readonly facts: IndexFacts;
  /** The indices of what is stored, by array. */
  private readonly stored = new Map<Value, Value[]>();

  constructor(graph: Graph) {
    this.facts = IndexFacts.of(graph);
    visit(graph.body, (node) => {
      if ((node.kind !== 'store' && node.kind !== 'accumulate') || node.key.kind !== 'index') return;
      append(this.stored, node.memory, node.key.index);
    });
  }

  /** The array that a node makes, where nobody has it under another name and it can be made as it was. */
  madeBy(node: Node, following: readonly Node[]): Sized | undefined {
    const { facts } = this;
    if (node.kind !== 'alloc' || !facts.isUnshared(node) || node.resultField !== undefined || !isSized(node)) return undefined;
    const { type } = node.result;
    if (type.kind !== 'array' || node.init.length.type.kind !== 'integer') return undefined;
    if (type.container !== 'Array') return node;
    const isByElements = this.indicesOf(node).every((index) => index.type.kind === 'integer' && facts.isNonNegative(index));
    return isByElements && isFilledFirst(following, node, facts) ? { ...node, scratch: true } : undefined;
  }

  /** Whether no store makes it longer. */
  keepsLength(node: Sized): boolean {
    return node.init.kind !== 'holes' || this.indicesOf(node).every((index) => this.facts.isWithin(index, node.init.length));
  }

  private indicesOf(node: Sized): readonly Value[] {
    return this.stored.get(node.result) ?? [];
  }
}

function isSized(node: AllocNode): node is Sized {
  return node.init.kind === 'zeros' || node.init.kind === 'holes';
}

/** An empty one, which is replaced before anything is stored in it. */
export function emptyOf({ init, result }: Sized, builder: BlockBuilder): Value {
  const empty = newValue(result.type, result.name);
  builder.push({ kind: 'alloc', init: { ...init, length: builder.literal(0) }, result: empty });
  return empty;
}

/**
 * A new array where `held` has another length, and otherwise `held`, set to zero unless it is filled before it is read.
 * `onMade`: what becomes of a new one.
 */
export function madeAnew(node: Sized, held: Value, onMade: (made: BlockBuilder, fresh: Value) => void = () => {}): readonly Node[] {
  const builder = new BlockBuilder(node.origin, node.backward);
  const made = new BlockBuilder(node.origin, node.backward);
  const kept = new BlockBuilder(node.origin, node.backward);
  const isOther = builder.apply('ne', [builder.length(held), node.init.length]);
  const fresh = newValue(node.result.type, node.result.name);
  made.push({ ...node, result: fresh });
  onMade(made, fresh);
  if (!node.scratch) kept.nodes.push(...zeroing(node, held));
  builder.if(isOther, made.block(yields([fresh])), kept.block(yields([held])), [node.result]);
  return builder.nodes;
}

export function zeroing(node: Sized, array: Value): readonly Node[] {
  const builder = new BlockBuilder(node.origin, node.backward);
  elementLoop(builder, node.init.length, (inner, index) => inner.store(array, atIndex(index), inner.literal(0)));
  return builder.nodes;
}
