/**
 * A loop that does nothing but fill typed arrays stops at their length.
 *
 *     const row = new Float64Array(d);
 *     for (let j = 0; j < d; j++) row[j] = …            for (let j = 0; j < row.length; j++) row[j] = …
 *
 * Nobody proves that `d` is whole (`data.length / rows`). Where it is not, `j < d` has one iteration more, which stores nothing. With
 * the length as its bound the loop can be put together with others that run through the array. Runs on forward graphs.
 */

import { BlockBuilder, withChanges } from '../src/graph/build.ts';
import type { AllocNode, Block, Graph, LoopNode, Node, StoreNode, Value } from '../src/graph/types.ts';
import { exitOperands, mapBlocks, visit, withNodes } from '../src/graph/walk.ts';
import { isTyped } from './memory.ts';

export function settleBounds(graph: Graph): Graph {
  const allocs = new Map<Value, AllocNode>();
  visit(graph.body, (node) => void (node.kind === 'alloc' && allocs.set(node.result, node)));
  return { ...graph, body: settleIn(graph.body, allocs) };
}

function settleIn(block: Block, allocs: ReadonlyMap<Value, AllocNode>): Block {
  const nodes = block.nodes.flatMap((node): readonly Node[] => {
    const filled = node.kind === 'loop' ? filledBy(node, allocs) : undefined;
    if (filled === undefined || node.kind !== 'loop') return [mapBlocks(node, (inner) => settleIn(inner, allocs))];
    const builder = new BlockBuilder(node.origin, node.backward);
    const to = builder.length(filled);
    return [...builder.nodes, withChanges(node, { counter: { ...node.counter!, to } })];
  });
  return withNodes(block, nodes);
}

/** One of the arrays that the loop fills, where that is all it does and each was made with the loop's bound as its size. */
function filledBy({ counter, body, results }: LoopNode, allocs: ReadonlyMap<Value, AllocNode>): Value | undefined {
  if (counter?.to === undefined || counter.to.type.kind === 'integer' || counter.after !== undefined || counter.test !== '<' || counter.step !== 1) return undefined;
  if (results.length > 0 || body.params.length > 0 || body.exit.kind !== 'yield' || exitOperands(body.exit).length > 0) return undefined;
  const stores = body.nodes.filter((node): node is StoreNode => node.kind === 'store');
  const fills = stores.every(({ memory, key }) => {
    const init = allocs.get(memory)?.init;
    return isTyped(memory) && init?.kind === 'zeros' && init.length === counter.to && key.kind === 'index' && key.index === counter.variable;
  });
  return fills && body.nodes.every(isQuiet) ? stores[0]?.memory : undefined;
}

function isQuiet({ kind }: Node): boolean {
  return kind === 'store' || kind === 'literal' || kind === 'apply' || kind === 'load' || kind === 'length';
}
