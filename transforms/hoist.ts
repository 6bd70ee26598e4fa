/**
 * Computes expensive operations, and loads, before a loop where they are the same in every iteration.
 *
 * Runs on forward graphs, before differentiation: what is hoisted is reversed once, with its cotangent summed over the loop
 * (Enzyme's and RooFit's lesson). Bits are kept: the operation is pure, on the same operands. Of operations only
 * what costs at least a division moves, with the cheap arithmetic that leads to it. Loads move because the engine repeats
 * them (Node 20), and because one that stays would be kept for each iteration of the loop.
 */

import type { Block, Graph, LoopNode, Node, Value } from '../src/graph/types.ts';
import { mapBlocks, operands, ownedValues, results, visit, withNodes } from '../src/graph/walk.ts';
import { loadsAhead, type LoadsAhead } from './loads-ahead.ts';
import { analyseMemory, isReference, type Memory } from './memory.ts';
import { isExpensive } from './storage/recompute.ts';

export function hoist(graph: Graph): Graph {
  const memory = analyseMemory(graph);
  const definitions = new Map<Value, Node>();
  visit(graph.body, (node) => results(node).forEach((value) => definitions.set(value, node)));
  return { ...graph, body: hoistIn(graph.body, { memory, definitions, loads: loadsAhead(graph, memory) }) };
}

interface Known {
  readonly memory: Memory;
  readonly definitions: ReadonlyMap<Value, Node>;
  readonly loads: LoadsAhead;
}

/** Whether it is computed from an element that may not be there: `0 * Math.cos(undefined)` is not 0. */
function isDoubtful(node: Node, known: Known): boolean {
  if (node.kind !== 'apply') return false;
  return node.operands.some((operand) => {
    const source = known.definitions.get(operand);
    return source?.kind === 'load' ? !known.loads.isCertain(source) : source !== undefined && isDoubtful(source, known);
  });
}

/** Inner loops first, so that what leaves them can leave the outer ones too. */
function hoistIn(block: Block, known: Known): Block {
  const nodes = block.nodes.flatMap((node): readonly Node[] => {
    const inner = mapBlocks(node, (owned) => hoistIn(owned, known));
    if (inner.kind !== 'loop' || inner.body.exit.kind === 'break') return [inner];
    const { up, loop } = invariants(inner, known);
    return [...up, loop];
  });
  return withNodes(block, nodes);
}

function invariants(loop: LoopNode, known: Known): { up: readonly Node[]; loop: LoopNode } {
  const inside = new Set<Value>(ownedValues(loop));
  for (const node of loop.body.nodes) for (const value of results(node)) inside.add(value);
  const steady = new Map<Value, Node>();
  for (const node of loop.body.nodes) {
    const isSteady = isRepeatable(node, loop, known) && operands(node).every((value) => !inside.has(value) || steady.has(value));
    if (isSteady) for (const value of results(node)) steady.set(value, node);
  }
  const moved = new Set<Node>();
  const move = (node: Node): void => {
    if (moved.has(node)) return;
    moved.add(node);
    for (const value of operands(node)) {
      const source = steady.get(value);
      if (source) move(source);
    }
  };
  for (const node of steady.values()) {
    const isWorthIt = node.kind === 'load' || (node.kind === 'apply' && isExpensive(node, (value) => steady.get(value)));
    if (isWorthIt && !isDoubtful(node, known)) move(node);
  }
  if (moved.size === 0) return { up: [], loop };
  const up = loop.body.nodes.filter((node) => moved.has(node));
  return { up, loop: { ...loop, body: { ...loop.body, nodes: loop.body.nodes.filter((node) => !moved.has(node)) } } };
}

/** Pure, and without harm where the loop turns out not to run. */
function isRepeatable(node: Node, loop: LoopNode, known: Known): boolean {
  const { memory } = known;
  switch (node.kind) {
    case 'literal':
      return !node.unassigned;
    case 'apply':
      return node.op !== 'unwrap' && node.operands.every((operand) => !isReference(operand.type));
    case 'load': {
      const roots = memory.rootsOf(node.memory);
      return !isReference(node.result.type) && roots.size > 0 && known.loads.mayMove(node) && !isWrittenIn(loop.body, roots, memory);
    }
    default:
      return false;
  }
}

function isWrittenIn(body: Block, roots: ReadonlySet<unknown>, memory: Memory): boolean {
  let isWritten = false;
  visit(body, (node) => {
    if (node.kind === 'call') isWritten = true;
    if (node.kind !== 'store' && node.kind !== 'accumulate' && node.kind !== 'resize') return;
    const written = memory.rootsOf(node.memory);
    if (written.size === 0 || [...written].some((root) => roots.has(root))) isWritten = true;
  });
  return isWritten;
}
