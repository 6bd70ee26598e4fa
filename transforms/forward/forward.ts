/**
 * Forward mode: beside each value its tangent, in the primal's order (Griewank & Walther 2008, §3.1).
 *
 * Expects any well-formed graph. Afterwards it takes, behind the primal's parameters, one tangent for each differentiated
 * one, and returns, behind the primal's results, their tangents.
 */

import { BlockBuilder, newValue } from '../../src/graph/build.ts';
import type { Graph, LiteralValue, Value } from '../../src/graph/types.ts';
import { visit } from '../../src/graph/walk.ts';
import type { Activity } from '../activity.ts';
import { isReference, shadowType, type Memory } from '../memory.ts';
import { analyseInfinity } from '../reverse/infinity.ts';
import { pushBlock } from './block.ts';
import { analyseTangentMemory } from './tangent-memory.ts';
import { tangentName, Tangents } from './tangents.ts';

export interface ForwardInput {
  readonly graph: Graph;
  readonly memory: Memory;
  readonly activity: Activity;
  /** The variable behind a parameter with a default: the derivative of an absent argument is that at the default. */
  readonly variableOf: (param: Value) => Value | undefined;
}

/** What the parts of the pass share. */
export interface Push {
  readonly tangents: Tangents;
  /** Of a number: it has a tangent. Of a reference: tangent memory lies beside what it means. */
  readonly isActive: (value: Value) => boolean;
  /** Whether a value may be infinite for finite parameters: then products with it are guarded. */
  readonly mayBeInfinite: (value: Value) => boolean;
  readonly literalOf: (value: Value) => LiteralValue | undefined;
}

export function forward({ graph, memory, activity, variableOf }: ForwardInput, differentiated: readonly Value[]): Graph {
  const literals = literalsOf(graph);
  const isActive = analyseTangentMemory(graph, memory, activity);
  const tangents = new Tangents((value) => literals.has(value));
  const push: Push = {
    tangents,
    isActive,
    mayBeInfinite: analyseInfinity(graph, memory),
    literalOf: (value) => literals.get(value),
  };

  const directions = differentiated.map((param) => newValue(shadowType(param.type), tangentName(param)));
  differentiated.forEach((param, i) => {
    for (const value of [param, variableOf(param)]) if (value) tangents.set(value, directions[i]!);
  });
  const start = new BlockBuilder(graph.origin);
  for (const param of graph.params) {
    // The parameter is fixed, but it may stand where a differentiated one or local memory can stand, too.
    const isFixed = isReference(param.type) && isActive(param) && !differentiated.includes(param);
    if (isFixed) tangents.set(param, tangents.zeros(param, start));
  }

  const body = pushBlock(push, graph.body, { yield: [], break: [] }, start.nodes);
  return { ...graph, params: [...graph.params, ...directions], body };
}

function literalsOf(graph: Graph): ReadonlyMap<Value, LiteralValue> {
  const literals = new Map<Value, LiteralValue>();
  visit(graph.body, (node) => {
    if (node.kind === 'literal') literals.set(node.result, node.value);
  });
  return literals;
}
