/**
 * An array of numbers that each iteration makes, and that nobody has behind it, is made once and used again:
 *
 *     for (c …) { const d_row = new Float64Array(n); … }
 *
 *     let d_row = new Float64Array(0);
 *     for (c …) {
 *       if (d_row.length !== n) d_row = new Float64Array(n);
 *       else for (i …) d_row[i] = 0;
 *       …
 *     }
 *
 * A new one of ten numbers costs more than all that is done with it. Where its length is the same for all iterations, it is made in
 * front of them. Runs when storage is placed; what reads the array sees what it saw before: zeros, or what its iteration has stored.
 * A plain array is used again where it is filled before it is read: a store behind its end makes it longer, so that the next
 * iteration makes another.
 */

import { atIndex, BlockBuilder, newValue, withChanges, yields } from '../src/graph/build.ts';
import type { AllocNode, Block, Graph, LoopNode, Node, Value } from '../src/graph/types.ts';
import { definedIn, exitOperands, mapBlocks, visit } from '../src/graph/walk.ts';
import { elementLoop } from './element-loop.ts';
import { IndexFacts } from './index-facts.ts';
import { breaksOf } from './memory.ts';
import { isFilledFirst } from './scratch.ts';

export function reuseArrays(graph: Graph): Graph {
  const literals = new Map<Value, number>();
  const stored = new Map<Value, Value[]>();
  visit(graph.body, (node) => {
    if (node.kind === 'literal' && typeof node.value === 'number') literals.set(node.result, node.value);
    if ((node.kind === 'store' || node.kind === 'accumulate') && node.key.kind === 'index') stored.set(node.memory, [...(stored.get(node.memory) ?? []), node.key.index]);
  });
  return { ...graph, body: reuseIn(graph.body, { facts: new IndexFacts(graph), literals, stored }) };
}

interface Known {
  readonly facts: IndexFacts;
  readonly literals: ReadonlyMap<Value, number>;
  /** The indices of what is stored, by array. */
  readonly stored: ReadonlyMap<Value, readonly Value[]>;
}

function reuseIn(block: Block, known: Known): Block {
  const nodes = block.nodes.flatMap((node) => {
    if (!isCompleted(node)) return [mapBlocks(node, (inner) => reuseIn(inner, known))];
    const nest = new Nest(node, known);
    const loop = nest.carrying(node);
    return [...nest.before.nodes, loop];
  });
  return { ...block, nodes };
}

/** Whether it is a loop whose iterations all run to their end. */
function isCompleted(node: Node): node is LoopNode {
  return node.kind === 'loop' && node.counter?.to !== undefined && node.body.exit.kind === 'yield' && breaksOf(node.body).length === 0;
}

type Sized = AllocNode & { readonly init: Extract<AllocNode['init'], { kind: 'zeros' | 'holes' }> };

function isSized(node: AllocNode): node is Sized {
  return node.init.kind === 'zeros' || node.init.kind === 'holes';
}

/** A loop that stands in no other, and those that stand directly in it. */
class Nest {
  /** What is made in front of it. */
  readonly before: BlockBuilder;
  private readonly inside: ReadonlySet<Value>;
  private readonly known: Known;

  constructor(outermost: LoopNode, known: Known) {
    this.before = new BlockBuilder(outermost.origin, outermost.backward);
    this.inside = definedIn(outermost);
    this.known = known;
  }

  carrying(loop: LoopNode): LoopNode {
    const carried: { first: Value; param: Value; last: Value }[] = [];
    const nodes = loop.body.nodes.flatMap((node, at): readonly Node[] => {
      if (isCompleted(node)) {
        const inner = this.carrying(node);
        const own = inner.initial.slice(node.initial.length);
        const params = own.map(({ type, name }) => newValue(type, name));
        own.forEach((first, i) => carried.push({ first, param: params[i]!, last: inner.results[node.results.length + i]! }));
        return [withChanges(inner, { initial: [...node.initial, ...params] })];
      }
      const own = this.ownArray(node, loop.body.nodes.slice(at + 1));
      if (own === undefined) return [mapBlocks(node, (block) => reuseIn(block, this.known))];
      const length = this.lengthOutside(own);
      if (length !== undefined) {
        this.before.push({ kind: 'alloc', init: { ...own.init, length }, result: own.result });
        return own.scratch ? [] : zeroing(own, own.result);
      }
      const param = newValue(own.result.type, own.result.name);
      const first = newValue(own.result.type, own.result.name);
      this.before.push({ kind: 'alloc', init: { ...own.init, length: this.before.literal(0) }, result: first });
      carried.push({ first, param, last: own.result });
      return madeAnew(own, param);
    });
    return {
      ...loop,
      initial: [...loop.initial, ...carried.map(({ first }) => first)],
      body: {
        params: [...loop.body.params, ...carried.map(({ param }) => param)],
        nodes,
        exit: yields([...exitOperands(loop.body.exit), ...carried.map(({ last }) => last)]),
      },
      done: [...loop.done, ...carried.map(({ param }) => param)],
      results: [...loop.results, ...carried.map(({ param }) => newValue(param.type, param.name))],
    };
  }

  /** The array of numbers that a node makes, where nobody has it behind its iteration and it can be made as it was. */
  private ownArray(node: Node, following: readonly Node[]): Sized | undefined {
    const { facts } = this.known;
    if (node.kind !== 'alloc' || !facts.isUnshared(node) || node.resultField !== undefined || !isSized(node)) return undefined;
    const { type } = node.result;
    if (type.kind !== 'array' || node.init.length.type.kind !== 'integer') return undefined;
    if (type.container !== 'Array') return node;
    const isByElements = this.indicesOf(node).every((index) => index.type.kind === 'integer' && facts.isNonNegative(index));
    return isByElements && isFilledFirst(following, node, facts) ? { ...node, scratch: true } : undefined;
  }

  private indicesOf(node: Sized): readonly Value[] {
    return this.known.stored.get(node.result) ?? [];
  }

  /** The length, where it is known in front of the nest, is one whether there are iterations or not, and stays what it is. */
  private lengthOutside(node: Sized): Value | undefined {
    const { facts } = this.known;
    const { length } = node.init;
    if (!facts.hasSafeLength(node)) return undefined;
    if (node.init.kind === 'holes' && !this.indicesOf(node).every((index) => facts.isWithin(index, length))) return undefined;
    if (!this.inside.has(length)) return length;
    const literal = this.known.literals.get(length);
    return literal === undefined ? undefined : this.before.literal(literal);
  }
}

/** A new array where `held` has another length, and otherwise `held`, set to zero unless it is filled before it is read. */
function madeAnew(node: Sized, held: Value): readonly Node[] {
  const builder = new BlockBuilder(node.origin, node.backward);
  const made = new BlockBuilder(node.origin, node.backward);
  const kept = new BlockBuilder(node.origin, node.backward);
  const isOther = builder.apply('ne', [builder.length(held), node.init.length]);
  const fresh = newValue(node.result.type, node.result.name);
  made.push({ ...node, result: fresh });
  if (!node.scratch) kept.nodes.push(...zeroing(node, held));
  builder.if(isOther, made.block(yields([fresh])), kept.block(yields([held])), [node.result]);
  return builder.nodes;
}

function zeroing(node: Sized, array: Value): readonly Node[] {
  const builder = new BlockBuilder(node.origin, node.backward);
  elementLoop(builder, node.init.length, (inner, index) => inner.store(array, atIndex(index), inner.literal(0)));
  return builder.nodes;
}
