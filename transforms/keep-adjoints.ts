/**
 * Leaves an adjoint where it is when it is taken out and put back.
 *
 * `a[i] += e` overwrites `a[i]`: its mirror takes `d_a[i]` out, sets it to zero, passes it on to `e` and adds it to the old
 * `a[i]`, which is the same element.
 *
 *     kept = d_a[i]; d_a[i] = 0; …; d_a[i] += kept      becomes      kept = d_a[i]; …
 *
 * Runs on reversed graphs; *adjoint only*: the order of a gradient sum is free. Nothing in between may read the memory.
 */

import type { AccumulateNode, Block, Graph, LoadNode, Node, StoreNode, Value } from '../src/graph/types.ts';
import { blocks, mapBlocks, mayBreak, operands, withNodes } from '../src/graph/walk.ts';
import { IndexFacts } from './index-facts.ts';
import { analyseMemory, isReference, type Memory } from './memory.ts';

export function keepAdjoints(graph: Graph): Graph {
  const facts = IndexFacts.of(graph);
  return { ...graph, body: keepIn(graph.body, { facts, memory: analyseMemory(graph) }) };
}

interface Known {
  readonly facts: IndexFacts;
  readonly memory: Memory;
}

function keepIn(block: Block, known: Known): Block {
  const dropped = new Set<Node>();
  block.nodes.forEach((node, place) => {
    if (!isBackwardStore(node) || !known.facts.isZero(node.value)) return;
    const taken = block.nodes.slice(0, place).findLast((other) => touches(other, node.memory, known.memory));
    if (taken?.kind !== 'load' || !isSameElement(taken, node, known.facts)) return;
    const back = puttingBack(taken, node, block.nodes.slice(place + 1), known);
    if (back === undefined) return;
    dropped.add(node);
    dropped.add(back);
  });
  const nodes = block.nodes.filter((node) => !dropped.has(node));
  return withNodes(block, nodes.map((node) => mapBlocks(node, (inner) => keepIn(inner, known))));
}

/** The accumulation that adds just what was taken, before anything else looks. Other additions do not mind. */
function puttingBack(taken: LoadNode, zeroed: StoreNode, after: readonly Node[], known: Known): AccumulateNode | undefined {
  for (const node of after) {
    if (node.kind === 'accumulate') {
      if (node.value === taken.result && node.backward && isSameElement(node, zeroed, known.facts)) return node;
    } else if (touches(node, zeroed.memory, known.memory)) {
      return undefined;
    }
  }
  return undefined;
}

function isBackwardStore(node: Node): node is StoreNode {
  return node.kind === 'store' && node.backward === true;
}

type Access = LoadNode | StoreNode | AccumulateNode;

function isSameElement(a: Access, b: Access, facts: IndexFacts): boolean {
  if (a.memory !== b.memory) return false;
  if (a.key.kind === 'field' || b.key.kind === 'field') return a.key.kind === b.key.kind && fieldOf(a) === fieldOf(b);
  return facts.isSame(a.key.index, b.key.index);
}

function fieldOf({ key }: Access): string | undefined {
  return key.kind === 'field' ? key.name : undefined;
}

/** Whether the node, or one inside of it, may read or write the memory, or leave the block. */
function touches(node: Node, target: Value, memory: Memory): boolean {
  if (node.kind === 'call' || mayBreak(node)) return true;
  if (blocks(node).some((block) => block.nodes.some((inner) => touches(inner, target, memory)))) return true;
  const roots = memory.rootsOf(target);
  const meets = (value: Value) => [...memory.rootsOf(value)].some((root) => roots.has(root));
  return node.kind !== 'length' && (roots.size === 0 || operands(node).some((value) => isReference(value.type) && meets(value)));
}
