/**
 * What each procedure may assume of its parameters, from all calls of it.
 *
 * Expects a program of forward graphs; afterwards `procedure` of each graph says which memory is written while its calls are
 * under way, what may be infinite, and whether the results may be discarded. Least fixpoints: nothing is so until some call
 * makes it so.
 */

import type { Graph, ProcedureFacts, Value } from '../../src/graph/types.ts';
import { isReference, type Memory, analyseMemory } from '../memory.ts';
import { analyseInfinity } from '../reverse/infinity.ts';
import { analyseDiscarded } from '../reverse/zero-cotangents.ts';
import { callsIn, graphsOf, mapGraphs, type Program } from './program.ts';

export function settleFacts(program: Program): Program {
  if (program.procedures.size === 0) return program;
  const nothing: ProcedureFacts = { shared: new Set(), infinite: new Set(), discarded: false };
  const withNothing = mapGraphs(program, (graph) => (graph.procedure ? { ...graph, procedure: { ...graph.procedure, ...nothing } } : graph));
  return until(until(withNothing, shareMemory), spread);
}

/** Applies `step` until it changes nothing. */
function until(program: Program, step: (program: Program) => Program): Program {
  const next = step(program);
  return next === program ? program : until(next, step);
}

/** Memory that a call is handed is shared unless it only ever is an argument of the companion, or a constant. */
function shareMemory(program: Program): Program {
  return collect(program, (graph) => {
    const memory = analyseMemory(graph);
    return (callee, operand) => {
      if (!isReference(operand.type) || [...memory.reachableFrom(operand)].every((root) => memory.isReadOnly(root))) return undefined;
      return callee.shared;
    };
  }, (facts, found) => ({ ...facts, shared: found }));
}

/** Infinities and zero cotangents go from callers to what they call. */
function spread(program: Program): Program {
  const infinite = collect(program, (graph) => {
    const memory = analyseMemory(graph);
    const mayBe = analyseInfinity(graph, memory, 'neighbours');
    return (callee, operand) => (isInfinite(operand, mayBe, memory) ? callee.infinite : undefined);
  }, (facts, found) => ({ ...facts, infinite: found }));
  const discarded = new Set<string>();
  for (const graph of graphsOf(infinite)) {
    const isDiscarded = analyseDiscarded(graph);
    for (const call of callsIn(graph)) if (call.results.some(isDiscarded)) discarded.add(call.callee);
  }
  const isNew = [...discarded].some((name) => !infinite.procedures.get(name)!.procedure!.discarded);
  if (!isNew) return infinite;
  return mapGraphs(infinite, (graph) => (graph.procedure && discarded.has(graph.name) ? { ...graph, procedure: { ...graph.procedure, discarded: true } } : graph));
}

function isInfinite(value: Value, mayBe: (value: Value) => boolean, memory: Memory): boolean {
  return isReference(value.type) ? [...memory.reachableFrom(value)].some(mayBe) : mayBe(value);
}

/**
 * Adds parameters to a set of facts, for each argument of each call that `ask` names the set for. The program itself where
 * nothing is added.
 */
function collect(
  program: Program,
  ask: (graph: Graph) => (callee: ProcedureFacts, operand: Value) => ReadonlySet<Value> | undefined,
  put: (facts: ProcedureFacts, found: ReadonlySet<Value>) => ProcedureFacts,
): Program {
  const found = new Map<string, Set<Value>>();
  for (const graph of graphsOf(program)) {
    const of = ask(graph);
    for (const call of callsIn(graph)) {
      const callee = program.procedures.get(call.callee)!;
      call.operands.forEach((operand, i) => {
        const known = of(callee.procedure!, operand);
        const param = callee.params[i]!;
        if (known === undefined || known.has(param)) return;
        const set = found.get(call.callee) ?? new Set(known);
        found.set(call.callee, set.add(param));
      });
    }
  }
  if (found.size === 0) return program;
  return mapGraphs(program, (graph) => {
    const set = graph.procedure && found.get(graph.name);
    return set ? { ...graph, procedure: put(graph.procedure!, set) } : graph;
  });
}
