/** Value and directional derivative, forward mode. Not yet asked for by a tag: the tests' partner of reverse mode. */

import type { Parameter, ProcedurePart } from '../../src/graph/primal.ts';
import type { Graph, Value } from '../../src/graph/types.ts';
import { exitOperands } from '../../src/graph/walk.ts';
import { tangentPlaces } from '../forward/call.ts';
import { forward } from '../forward/forward.ts';
import { reachOf } from '../forward/infinite-tangents.ts';
import { analyseTangentMemory } from '../forward/tangent-memory.ts';
import { isReference } from '../memory.ts';
import { analyseProgram, everythingActiveIn } from '../procedures/interface.ts';
import { graphsOf, type Program } from '../procedures/program.ts';
import { prune } from '../procedures/prune.ts';
import { constantResults, markWritten } from '../procedures/written.ts';
import { valueOrDefault } from './gradient-parts.ts';

/**
 * Expects forward graphs. Afterwards the main one takes a tangent for each differentiated parameter behind the others, in
 * order, and returns its values and their tangents; procedures take and give the tangents that may be other than zero. Several
 * directions, each with all of its tangents behind the one before, are for programs without procedures.
 */
export function jvp(program: Program, differentiated: readonly Parameter[], analyses: boolean, directions = 1): Program {
  const { main } = program;
  const chosen = differentiated.map((parameter) => parameter.value);
  const returned = exitOperands(main.body.exit);
  const { memoryOf, activityOf } = analyses ? analyseProgram(program, chosen, returned) : everythingActiveIn(program);
  const isActiveIn = new Map(
    graphsOf(program).map((graph) => [graph, analyseTangentMemory(graph, memoryOf(graph), activityOf(graph))]),
  );
  const places = new Map([...program.procedures].map(([name, graph]) => [name, tangentPlaces(graph, isActiveIn.get(graph)!)]));
  const elsewhere = reachOf(graphsOf(program));
  const shared = (graph: Graph) => ({
    graph,
    memory: memoryOf(graph),
    isActive: isActiveIn.get(graph)!,
    placesOf: (callee: string) => places.get(callee)!,
    ruleOf: (rule: string) => program.rules.get(rule)!,
    elsewhere,
  });
  const variableOf = (param: Value): Value | undefined => {
    const hasDefault = differentiated.some((parameter) => parameter.value === param && parameter.hasDefault);
    return hasDefault && !isReference(param.type) ? valueOrDefault(main, param) : undefined;
  };
  const procedures = [...program.procedures].map(([name, graph]): [string, Graph] => {
    const { params, results } = places.get(name)!;
    return [
      name,
      forward({
        ...shared(graph),
        differentiated: params.map((place) => graph.params[place]!),
        returned: exitOperands(graph.body.exit).map((value, i) => (results.includes(i) ? value : undefined)),
        variableOf: () => undefined,
      }),
    ];
  });
  return {
    ...program,
    main: { ...forward({ ...shared(main), differentiated: chosen, returned, variableOf, directions }), name: `jvp_${main.name}` },
    procedures: new Map(procedures),
  };
}

/** Each function a graph of its own: what is called with tangents, and what is called as it is. */
export function jvpParts(pushed: Program, primal: Program): { readonly main: Graph; readonly parts: readonly ProcedurePart[] } {
  const parts = [...pushed.procedures].flatMap(([callee, graph]): readonly ProcedurePart[] => {
    const read = primal.procedures.get(callee)!;
    const facts = { callee, written: new Set<Value>(), constant: constantResults(read) };
    return [
      { ...facts, variant: 'value', graph: read },
      { ...facts, variant: 'tangent', graph },
    ];
  });
  const pruned = prune(pushed.main, parts);
  return { ...pruned, parts: markWritten(pruned.parts) };
}
