/** `@grad`: value and gradient of a scalar-valued function, reverse mode. */

import type { Parameter } from '../../src/graph/primal.ts';
import type { Graph, Value } from '../../src/graph/types.ts';
import type { Program } from '../procedures/program.ts';
import { seedOne } from '../reverse/reverse.ts';
import { pullback } from './pullback.ts';

/**
 * Expects promoted forward graphs, the main one of which returns one number. Afterwards that returns the number and the
 * gradient of each differentiated parameter, in order, and each procedure is a pair; backward parts restore forward values,
 * so storage is still to be placed.
 */
export function grad(program: Program, differentiated: readonly Parameter[], analyses: boolean): Program {
  const value = returnedValue(program.main);
  const { forward, backward, gradients, procedures } = pullback({
    program,
    differentiated,
    analyses,
    useful: [value],
    seed: (activity) => seedOne(activity, value),
  });
  const main: Graph = {
    ...forward,
    name: `grad_${program.main.name}`,
    body: {
      ...forward.body,
      nodes: [...forward.body.nodes, ...backward],
      exit: { kind: 'return', values: [value, ...gradients] },
    },
  };
  return { ...program, main, procedures };
}

function returnedValue(graph: Graph): Value {
  const { exit } = graph.body;
  if (exit.kind !== 'return' || exit.values.length !== 1) throw new Error('@grad needs a function that returns one number');
  return exit.values[0]!;
}
