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
 * front of them. Runs when storage is placed.
 */

import { BlockBuilder, newValue, withChanges, yields } from '../src/graph/build.ts';
import type { Block, Graph, LoopNode, Node, Value } from '../src/graph/types.ts';
import { definedIn, exitOperands, mapBlocks, visit, withNodes } from '../src/graph/walk.ts';
import { breaksOf } from './memory.ts';
import { emptyOf, madeAnew, ReusableArrays, type Sized, zeroing } from './reusable-arrays.ts';

export function reuseArrays(graph: Graph): Graph {
  const literals = new Map<Value, number>();
  visit(graph.body, (node) => void (node.kind === 'literal' && typeof node.value === 'number' && literals.set(node.result, node.value)));
  return { ...graph, body: reuseIn(graph.body, { arrays: new ReusableArrays(graph), literals }) };
}

interface Known {
  readonly arrays: ReusableArrays;
  readonly literals: ReadonlyMap<Value, number>;
}

function reuseIn(block: Block, known: Known): Block {
  const nodes = block.nodes.flatMap((node) => {
    if (!isCompleted(node)) return [mapBlocks(node, (inner) => reuseIn(inner, known))];
    const nest = new Nest(node, known);
    const loop = nest.carrying(node);
    return [...nest.before.nodes, loop];
  });
  return withNodes(block, nodes);
}

/** Whether it is a loop whose iterations all run to their end. */
function isCompleted(node: Node): node is LoopNode {
  return node.kind === 'loop' && node.counter?.to !== undefined && node.body.exit.kind === 'yield' && breaksOf(node.body).length === 0;
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
      const own = this.known.arrays.madeBy(node, loop.body.nodes.slice(at + 1));
      if (own === undefined) return [mapBlocks(node, (block) => reuseIn(block, this.known))];
      const length = this.lengthOutside(own);
      if (length !== undefined) {
        this.before.push({ kind: 'alloc', init: { ...own.init, length }, result: own.result });
        return own.scratch ? [] : zeroing(own, own.result);
      }
      const param = newValue(own.result.type, own.result.name);
      carried.push({ first: emptyOf(own, this.before), param, last: own.result });
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

  /** The length, where it is known in front of the nest, is one whether there are iterations or not, and stays what it is. */
  private lengthOutside(node: Sized): Value | undefined {
    const { arrays, literals } = this.known;
    const { length } = node.init;
    if (!arrays.facts.hasSafeLength(node) || !arrays.keepsLength(node)) return undefined;
    if (!this.inside.has(length)) return length;
    const literal = literals.get(length);
    return literal === undefined ? undefined : this.before.literal(literal);
  }
}
