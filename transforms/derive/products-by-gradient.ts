/** Hessian products that are gradients of directional derivatives, put together with what else a companion returns. */

import { newValue } from '../../src/graph/build.ts';
import type { Graph, Node, Value } from '../../src/graph/types.ts';
import { copyBlock, exitOperands, substitute } from '../../src/graph/walk.ts';

/** The gradients are Hessian products: with `out` they are `out.h_x`. `params`: what the graph's first parameters are called in the function. */
export function asProducts(graph: Graph, params: readonly Value[]): Graph {
  const renamed = new Map<Value, Value>(params.map((param, i) => [graph.params[i]!, param]));
  const nodes = graph.body.nodes.map((node): Node => {
    if (node.kind !== 'shadow' || node.gradientOf === undefined) return node;
    const result = newValue(node.result.type, `h_${node.gradientOf.join('_')}`);
    renamed.set(node.result, result);
    return { ...node, isHessianProduct: true, result };
  });
  const body = substitute({ ...graph.body, nodes }, (value) => renamed.get(value) ?? value);
  return { ...graph, params: graph.params.map((param) => renamed.get(param) ?? param), body };
}

/** Value, gradients and products. `products` takes the directions behind the parameters that both have, and returns the derivative along them first. */
export function withProducts(gradient: Graph, products: Graph): Graph {
  const bodies = [gradient, products].map(({ body }) => copyBlock(body, new Map()));
  // What is checked of `out` is checked before anything is written.
  const ends = bodies.map(({ nodes }) => nodes.findLastIndex((node) => node.kind === 'shadow' && node.gradientOf !== undefined) + 1);
  const nodes = [...bodies.flatMap((body, i) => body.nodes.slice(0, ends[i])), ...bodies.flatMap((body, i) => body.nodes.slice(ends[i]))];
  const [values, along] = bodies.map(({ exit }) => exitOperands(exit));
  const params = [...gradient.params, ...products.params.slice(gradient.params.length)];
  return { ...gradient, params, body: { params: [], nodes, exit: { kind: 'return', values: [...values!, ...along!.slice(1)] } } };
}
