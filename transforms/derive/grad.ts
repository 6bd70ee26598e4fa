/** `@grad`: value and gradient of a scalar-valued function, reverse mode. */

import { BlockBuilder } from '../../src/graph/build.ts';
import type { Parameter } from '../../src/graph/primal.ts';
import type { Graph, Value } from '../../src/graph/types.ts';
import { holdsReals, isReference } from '../memory.ts';
import { analyseProgram, everythingActiveIn } from '../procedures/interface.ts';
import type { Program } from '../procedures/program.ts';
import { reverse, seedOne } from '../reverse/reverse.ts';
import { gradientParts, gradientValue } from './gradient-parts.ts';
import { pair } from './pair.ts';

/**
 * Expects promoted forward graphs, the main one of which returns one number. Afterwards that returns the number and the
 * gradient of each differentiated parameter, in order, and each procedure is a pair; backward parts restore forward values,
 * so storage is still to be placed.
 */
export function grad(program: Program, differentiated: readonly Parameter[], analyses: boolean): Program {
  const graph = program.main;
  const chosen = differentiated.map((parameter) => parameter.value);
  const others = analyses
    ? []
    : graph.params.filter((param) => isReference(param.type) && holdsReals(param.type) && !chosen.includes(param));
  const gradients = gradientParts(graph, differentiated, others);
  const whole = { ...program, main: gradients.graph };
  const value = returnedValue(gradients.graph);
  const analysed = analyses ? analyseProgram(whole, gradients.sources, [value]) : everythingActiveIn(whole);
  const { interfaceOf } = analysed;
  const activity = analysed.activityOf(gradients.graph);

  const { forward, backward, adjointOf } = reverse(
    {
      graph: gradients.graph,
      memory: analysed.memoryOf(gradients.graph),
      activity,
      direct: gradients.direct,
      byParts: gradients.byParts,
      interfaceOf,
    },
    seedOne(activity, value),
  );

  const results = new BlockBuilder(graph.origin, true);
  const values = gradients.parts.map((part, i) =>
    gradientValue(results, part, adjointOf, `d_${differentiated[i]!.name}`),
  );
  const main: Graph = {
    ...forward,
    name: `grad_${graph.name}`,
    body: {
      ...forward.body,
      nodes: [...forward.body.nodes, ...backward, ...results.nodes],
      exit: { kind: 'return', values: [value, ...values] },
    },
  };
  const pairs = [...program.procedures].map(([name, procedure]): [string, Graph] => [
    name,
    pair({ graph: procedure, memory: analysed.memoryOf(procedure), activity: analysed.activityOf(procedure), interfaceOf }),
  ]);
  return { main, procedures: new Map(pairs) };
}

function returnedValue(graph: Graph): Value {
  const { exit } = graph.body;
  if (exit.kind !== 'return' || exit.values.length !== 1) throw new Error('@grad needs a function that returns one number');
  return exit.values[0]!;
}
