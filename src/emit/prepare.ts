/** What is moved before a graph is printed: the order of its first lines, and the value as a constant of its own. */

import { newValue, withChanges } from '../graph/build.ts';
import type { Graph, LengthNode, Node, Value } from '../graph/types.ts';
import { results } from '../graph/walk.ts';

/** Expects a graph that returns its value first. Afterwards that is no variable that the backward sweep may want to reuse. */
export function prepare(graph: Graph): Graph {
  return withValueKept(withLengthsInFront(graph));
}

/** Lengths of arrays that have a gradient: the checks of `out` name them. */
function withLengthsInFront(graph: Graph): Graph {
  const { nodes } = graph.body;
  const withGradient = new Set(nodes.flatMap((node) => (node.kind === 'shadow' && node.gradientOf ? [node.of] : [])));
  const lengths = nodes.filter(
    (node): node is LengthNode => node.kind === 'length' && withGradient.has(node.memory) && graph.params.includes(node.memory),
  );
  const plain = lengths.map((node) => withChanges(node, { backward: false }));
  return { ...graph, body: { ...graph.body, nodes: [...plain, ...nodes.filter((node) => !lengths.includes(node as LengthNode))] } };
}

/** `const value = x;` in front of the backward sweep, where `x` is a variable of the source. */
function withValueKept(graph: Graph): Graph {
  const { nodes, exit } = graph.body;
  if (exit.kind !== 'return') return graph;
  const [value, ...gradients] = exit.values;
  const defined = nodes.findIndex((node) => results(node).includes(value!));
  const turning = nodes.findIndex((node, index) => index > defined && node.backward === true);
  if (defined < 0 || turning < 0 || !isVariable(nodes[defined]!, value!)) return graph;
  const copy = newValue(value!.type, 'value');
  const keep: Node = { kind: 'carry', pieces: [value!], effect: false, result: copy };
  return {
    ...graph,
    body: {
      ...graph.body,
      nodes: [...nodes.slice(0, turning), keep, ...nodes.slice(turning)],
      exit: { kind: 'return', values: [copy, ...gradients] },
    },
  };
}

function isVariable(node: Node, value: Value): boolean {
  return node.kind === 'loop' || (value.name !== undefined && value.name !== 'value' && node.kind !== 'literal');
}
