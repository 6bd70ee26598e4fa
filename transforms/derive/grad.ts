/** `@grad`: value and gradient of a scalar-valued function, reverse mode. */

import { BlockBuilder } from '../../src/graph/build.ts';
import type { Parameter } from '../../src/graph/primal.ts';
import type { Graph, Value } from '../../src/graph/types.ts';
import { analyseActivity, everythingActive } from '../activity.ts';
import { analyseMemory, holdsReals, isReference } from '../memory.ts';
import { reverse, seedOne } from '../reverse/reverse.ts';
import { gradientParts, gradientValue } from './gradient-parts.ts';

/**
 * Expects a promoted forward graph that returns one number. Afterwards the graph returns the number and the gradient of
 * each differentiated parameter, in order; its backward part restores forward values, so storage is still to be placed.
 */
export function grad(graph: Graph, differentiated: readonly Parameter[], analyses: boolean): Graph {
  const chosen = differentiated.map((parameter) => parameter.value);
  const others = analyses
    ? []
    : graph.params.filter((param) => isReference(param.type) && holdsReals(param.type) && !chosen.includes(param));
  const gradients = gradientParts(graph, differentiated, others);
  const memory = analyseMemory(gradients.graph);
  const value = returnedValue(gradients.graph);
  const activity = analyses
    ? analyseActivity(gradients.graph, memory, gradients.sources, [value])
    : everythingActive(memory);

  const { forward, backward, adjointOf } = reverse(
    { graph: gradients.graph, memory, activity, direct: gradients.direct, byParts: gradients.byParts },
    seedOne(activity, value),
  );

  const results = new BlockBuilder(graph.origin, true);
  const values = gradients.parts.map((part, i) =>
    gradientValue(results, part, adjointOf, `d_${differentiated[i]!.name}`),
  );
  return {
    ...forward,
    name: `grad_${graph.name}`,
    body: {
      ...forward.body,
      nodes: [...forward.body.nodes, ...backward, ...results.nodes],
      exit: { kind: 'return', values: [value, ...values] },
    },
  };
}

function returnedValue(graph: Graph): Value {
  const { exit } = graph.body;
  if (exit.kind !== 'return' || exit.values.length !== 1) throw new Error('@grad needs a function that returns one number');
  return exit.values[0]!;
}
