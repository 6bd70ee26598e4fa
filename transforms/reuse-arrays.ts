/**
 * A typed array that each iteration makes, and that nobody has behind it, is made once and used again:
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
 * front of them. Runs when storage is placed; what reads the array sees what it saw before: zeros.
 */

import { atIndex, BlockBuilder, newValue, withChanges, yields } from '../src/graph/build.ts';
import type { AllocNode, Block, Graph, LoopNode, Node, Value } from '../src/graph/types.ts';
import { definedIn, exitOperands, mapBlocks, visit } from '../src/graph/walk.ts';
import { elementLoop } from './element-loop.ts';
import { IndexFacts } from './index-facts.ts';
import { breaksOf } from './memory.ts';

export function reuseArrays(graph: Graph): Graph {
  const literals = new Map<Value, number>();
  visit(graph.body, (node) => {
    if (node.kind === 'literal' && typeof node.value === 'number') literals.set(node.result, node.value);
  });
  return { ...graph, body: reuseIn(graph.body, { facts: new IndexFacts(graph), literals }) };
}

interface Known {
  readonly facts: IndexFacts;
  readonly literals: ReadonlyMap<Value, number>;
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

type Zeros = AllocNode & { readonly init: Extract<AllocNode['init'], { kind: 'zeros' }> };

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
    const nodes = loop.body.nodes.flatMap((node): readonly Node[] => {
      if (isCompleted(node)) {
        const inner = this.carrying(node);
        const own = inner.initial.slice(node.initial.length);
        const params = own.map(({ type, name }) => newValue(type, name));
        own.forEach((first, i) => carried.push({ first, param: params[i]!, last: inner.results[node.results.length + i]! }));
        return [withChanges(inner, { initial: [...node.initial, ...params] })];
      }
      if (!this.isOwn(node)) return [mapBlocks(node, (block) => reuseIn(block, this.known))];
      const length = this.lengthOutside(node);
      if (length !== undefined) {
        this.before.push({ kind: 'alloc', init: { kind: 'zeros', length }, result: node.result });
        return node.scratch ? [] : zeroing(node, node.result);
      }
      const param = newValue(node.result.type, node.result.name);
      const first = newValue(node.result.type, node.result.name);
      this.before.push({ kind: 'alloc', init: { kind: 'zeros', length: this.before.literal(0) }, result: first });
      carried.push({ first, param, last: node.result });
      return madeAnew(node, param);
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

  /** Whether it makes a typed array that is only read and written element by element. */
  private isOwn(node: Node): node is Zeros {
    if (node.kind !== 'alloc' || node.init.kind !== 'zeros' || node.resultField !== undefined) return false;
    const { type } = node.result;
    return type.kind === 'array' && type.container !== 'Array' && node.init.length.type.kind === 'integer' && this.known.facts.isByName(node);
  }

  /** The length, where it is known in front of the nest and is one whether there are iterations or not. */
  private lengthOutside(node: Zeros): Value | undefined {
    const { length } = node.init;
    if (!this.known.facts.hasSafeLength(node)) return undefined;
    if (!this.inside.has(length)) return length;
    const literal = this.known.literals.get(length);
    return literal === undefined ? undefined : this.before.literal(literal);
  }
}

/** A new array where `held` has another length, and otherwise `held`, set to zero unless it is filled before it is read. */
function madeAnew(node: Zeros, held: Value): readonly Node[] {
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

function zeroing(node: Zeros, array: Value): readonly Node[] {
  const builder = new BlockBuilder(node.origin, node.backward);
  elementLoop(builder, node.init.length, (inner, index) => inner.store(array, atIndex(index), inner.literal(0)));
  return builder.nodes;
}
