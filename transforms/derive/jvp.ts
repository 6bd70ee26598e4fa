/** Value and directional derivative, forward mode. Not yet asked for by a tag: the tests' partner of reverse mode. */

import type { Parameter } from '../../src/graph/primal.ts';
import type { Graph, Value } from '../../src/graph/types.ts';
import { exitOperands } from '../../src/graph/walk.ts';
import { analyseActivity, everythingActive } from '../activity.ts';
import { forward } from '../forward/forward.ts';
import { analyseMemory, isReference } from '../memory.ts';
import { valueOrDefault } from './gradient-parts.ts';

/**
 * Expects a forward graph. Afterwards it takes a tangent for each differentiated parameter behind the others, in order,
 * and returns the value and its tangent.
 */
export function jvp(graph: Graph, differentiated: readonly Parameter[], analyses: boolean): Graph {
  const chosen = differentiated.map((parameter) => parameter.value);
  const memory = analyseMemory(graph);
  const activity = analyses
    ? analyseActivity(graph, memory, chosen, exitOperands(graph.body.exit))
    : everythingActive(memory);
  const variableOf = (param: Value): Value | undefined => {
    const hasDefault = differentiated.some((parameter) => parameter.value === param && parameter.hasDefault);
    return hasDefault && !isReference(param.type) ? valueOrDefault(graph, param) : undefined;
  };
  return { ...forward({ graph, memory, activity, variableOf }, chosen), name: `jvp_${graph.name}` };
}
