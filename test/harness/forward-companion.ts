/** Forward mode as functions that run. There are no tags for it yet, so the printer is handed companions that look like `@grad`'s. */

import type { Companion, Parameter, Primal, Request } from '../../src/graph/primal.ts';
import type { Graph, Type } from '../../src/graph/types.ts';
import { differentiatedParameters, hvpGraph, tangents, type PipelineOptions } from '../../src/pipeline.ts';
import { settleFacts } from '../../transforms/procedures/facts.ts';
import { programOf, type Program } from '../../transforms/procedures/program.ts';
import type { Datum } from './data.ts';

/** `jvp_f(…params, …tangents)` returns the value and, in the place of its one gradient, the tangent of the value, `d_t_value`. */
export type Forward = (...argsAndTangents: readonly Datum[]) => { readonly value: number; readonly d_t_value: number };

export function forwardCompanion(primal: Primal, request: Request, options: PipelineOptions = {}): Companion {
  const program = programFor(primal);
  const differentiated = differentiatedParameters(program, primal, request);
  const { main, parts } = tangents(program, differentiated, { verified: true, ...options });
  const results = [parameter('t_value', primal.signature.result)];
  return { ...companionOf(primal, 'jvp', differentiated, main), differentiated: results, procedures: parts };
}

/** `hvp_f(…params, …tangents)` returns the value, gradients `d_p`, the tangent `d_t_value` and Hessians times the tangents, `d_h_p`. */
export type SecondOrder = (...argsAndTangents: readonly Datum[]) => Readonly<Record<string, Datum>>;

export function secondOrderCompanion(primal: Primal, request: Request, options: PipelineOptions = {}): Companion {
  const differentiated = differentiatedParameters(programFor(primal), primal, request);
  const graph = hvpGraph(primal.graph, differentiated, { verified: true, ...options });
  const products = differentiated.map(({ name, type }) => parameter(`h_${name}`, type));
  const results = [...differentiated, parameter('t_value', primal.signature.result), ...products];
  return { ...companionOf(primal, 'hvp', differentiated, graph), differentiated: results };
}

function programFor(primal: Primal): Program {
  return settleFacts(programOf(primal.graph, primal.procedures));
}

/** Types of tangents and results are not right; nothing checks them. */
function companionOf({ signature }: Primal, kind: 'jvp' | 'hvp', differentiated: readonly Parameter[], graph: Graph): Companion {
  const directions = graph.params.slice(signature.params.length);
  const tangents = differentiated.map(({ name }, i) => parameter(`t_${name}`, directions[i]!.type, directions[i]));
  return {
    kind,
    name: `${kind}_${signature.name}`,
    resultName: `${kind}_${signature.name}_result`,
    signature: { ...signature, params: [...signature.params, ...tangents] },
    differentiated,
    graph,
    procedures: [],
    withoutInfluence: [],
  };
}

function parameter(name: string, type: Type, value: Parameter['value'] = { id: 0, type }): Parameter {
  return { name, text: { text: 'never', imports: [] }, type, optional: false, rest: false, value };
}
