/**
 * Keys that are the same in every iteration of a loop, computed once more before it.
 *
 * In a mirror an index is spelled inside, from restored values: `d_mean[c * d + j] += …` in the mirror of a loop within those
 * of `c` and `j`. A restored value is the same in all iterations unless the mirrored loop defines it.
 */

import type { BlockBuilder } from '../src/graph/build.ts';
import type { ApplyNode, Graph, Key, LoopNode, Node, Value } from '../src/graph/types.ts';
import { ownedValues, results, visit } from '../src/graph/walk.ts';
import { IndexFacts } from './index-facts.ts';
import { isTyped } from './memory.ts';

export class SteadyKeys {
  private readonly facts: IndexFacts;
  /** What each loop and the nodes in it define, by the loop's number: asked of forward loops, which the pass leaves as they are. */
  private readonly definedIn = new Map<number, ReadonlyMap<Value, Node>>();

  constructor(graph: Graph) {
    this.facts = IndexFacts.of(graph);
    visit(graph.body, (node) => {
      if (node.kind === 'loop') this.definedIn.set(node.id, definitionsIn(node));
    });
  }

  /** The key as `before` computes it, where it is the same throughout the loop and is no harm where the loop does not run. */
  outside(key: Key, memory: Value, loop: LoopNode, before: BlockBuilder): Key | undefined {
    if (key.kind === 'field') return key;
    const inside = definitionsIn(loop);
    if (!this.isSteady(key.index, loop, inside)) return undefined;
    if (!isTyped(memory) && !this.isPlain(key.index, inside)) return undefined;
    return { kind: 'index', index: repeat(key.index, inside, before) };
  }

  private isSteady(value: Value, loop: LoopNode, inside: ReadonlyMap<Value, Node>): boolean {
    const node = inside.get(value);
    if (node === undefined || node.kind === 'literal') return true;
    if (node.kind === 'restore') {
      const mirrored = loop.mirrors === undefined ? undefined : this.definedIn.get(loop.mirrors);
      return mirrored !== undefined && !mirrored.has(node.of);
    }
    return isIndexArithmetic(node) && node.operands.every((operand) => this.isSteady(operand, loop, inside));
  }

  /** A plain array gets a property from an index that is none, so there the index has to be one for certain. */
  private isPlain(index: Value, inside: ReadonlyMap<Value, Node>): boolean {
    const node = inside.get(index);
    if (node === undefined || node.kind === 'literal') return true;
    return node.kind === 'restore' && this.facts.isNonNegative(node.of);
  }
}

function definitionsIn(loop: LoopNode): ReadonlyMap<Value, Node> {
  const inside = new Map<Value, Node>();
  for (const value of ownedValues(loop)) inside.set(value, loop);
  visit(loop.body, (node) => {
    for (const value of [...results(node), ...ownedValues(node)]) inside.set(value, node);
  });
  return inside;
}

function isIndexArithmetic(node: Node): node is ApplyNode {
  return node.kind === 'apply' && (node.op === 'add' || node.op === 'sub' || node.op === 'mul');
}

function repeat(value: Value, inside: ReadonlyMap<Value, Node>, before: BlockBuilder): Value {
  const node = inside.get(value);
  if (node?.kind === 'literal') return before.literal(node.value, value.type);
  if (node?.kind === 'restore') return before.restore(node.of);
  if (node === undefined || !isIndexArithmetic(node)) return value;
  const operands = node.operands.map((operand) => repeat(operand, inside, before));
  return before.apply(node.op, operands, { type: value.type });
}
