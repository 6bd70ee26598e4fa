/** Forward mode as a function that runs. There is no tag for it yet, so the printer is handed a companion that looks like one. */

import type { Companion, Parameter, Primal, Request } from '../../src/graph/primal.ts';
import type { Type } from '../../src/graph/types.ts';
import { differentiatedParameters, jvpGraph, type PipelineOptions } from '../../src/pipeline.ts';
import type { Datum } from './data.ts';

/** `jvp_f(…params, …tangents)` returns the value and, in the place of its one gradient, the tangent of the value. */
export type Forward = (...argsAndTangents: readonly Datum[]) => { readonly value: number; readonly d_value: number };

/** Types of tangents are not right; nothing checks them. */
export function forwardCompanion(primal: Primal, request: Request, options: PipelineOptions = {}): Companion {
  const { signature } = primal;
  const differentiated = differentiatedParameters(primal, request);
  const graph = jvpGraph(primal.graph, differentiated, { verified: true, ...options });
  const directions = graph.params.slice(signature.params.length);
  const tangents = differentiated.map(({ name }, i) => parameter(`t_${name}`, directions[i]!.type, directions[i]));
  return {
    kind: 'jvp',
    name: `jvp_${signature.name}`,
    resultName: `Jvp_${signature.name}`,
    signature: { ...signature, params: [...signature.params, ...tangents] },
    differentiated: [parameter('value', signature.result)],
    graph,
    withoutInfluence: [],
  };
}

function parameter(name: string, type: Type, value: Parameter['value'] = { id: 0, type }): Parameter {
  return { name, text: { text: 'never', imports: [] }, type, optional: false, rest: false, value };
}
