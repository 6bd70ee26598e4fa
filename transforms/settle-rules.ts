/** What only differentiation looks at goes: `stop(x)` is `x`. */

import type { Graph, Node, Value } from '../src/graph/types.ts';
import { substitute, visit } from '../src/graph/walk.ts';
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
  return eliminateDead({ ...graph, body: substitute(graph.body, last) });
}

function settle(node: Node, instead: Map<Value, Value>): void {
  if (node.kind === 'apply' && node.op === 'stop') instead.set(node.result, node.operands[0]!);
}
