/** What only differentiation looks at goes: `stop(x)` is `x`, and results of rules are the values in their places. */

import type { Block, Graph, Node, Value } from '../src/graph/types.ts';
import { mapBlocks, substitute, visit, withNodes } from '../src/graph/walk.ts';
import { eliminateDead } from './eliminate-dead.ts';

/** Expects a graph of which all derivatives have been taken. */
export function settleRules(graph: Graph): Graph {
  const instead = new Map<Value, Value>();
  visit(graph.body, (node) => settle(node, instead));
  if (instead.size === 0) return graph;
  const last = (value: Value): Value => {
    const other = instead.get(value);
    return other === undefined ? value : last(other);
  };
  const body = substitute(withoutRules(graph.body), last);
  return eliminateDead({ ...graph, body });
}

function withoutRules(block: Block): Block {
  return withNodes(block, block.nodes.filter((node) => node.kind !== 'rule').map((node) => mapBlocks(node, withoutRules)));
}

function settle(node: Node, instead: Map<Value, Value>): void {
  if (node.kind === 'rule') node.results.forEach((result, i) => instead.set(result, node.values[i]!));
  if (node.kind === 'apply' && node.op === 'stop') instead.set(node.result, node.operands[0]!);
}
