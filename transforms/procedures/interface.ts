/** What the two halves of a procedure hand to each other's callers beside the primal's arguments and results. */

import type { CallNode, Graph, Value } from '../../src/graph/types.ts';
import { everythingActive, type Activity, type CallFlow, activityOf, usefulIn, variedIn } from '../activity.ts';
import { analyseMemory, holdsReals, isReference, type Memory } from '../memory.ts';
import { adjointName } from '../reverse/frame.ts';
import { graphsOf, type Program } from './program.ts';

/** Places of parameters and results of the primal procedure, in order. */
export interface PairInterface {
  /** Memory that is handed over with its shadow. */
  readonly shadowParams: readonly number[];
  /** Memory that comes back with its shadow. */
  readonly shadowResults: readonly number[];
  /** Numbers whose cotangent the backward half takes. */
  readonly cotangents: readonly number[];
  /** Numbers whose adjoint it gives. */
  readonly adjoints: readonly number[];
  /** What these are called where the argument has no name. */
  readonly adjointNames: readonly (string | undefined)[];
}

export interface ProgramActivity {
  readonly activityOf: (graph: Graph) => Activity;
  readonly memoryOf: (graph: Graph) => Memory;
  /** Of a procedure that has a derivative to contribute. */
  readonly interfaceOf: (callee: string) => PairInterface;
}

/** What goes through a procedure, over all calls of it: places of parameters and results. */
interface Flow {
  /** Parameters that depend on something differentiated, and what then depends on them. */
  readonly variedParams: Set<number>;
  readonly variedResults: Set<number>;
  readonly variedMemory: Set<number>;
  /** Memory that is returned, and that callers make depend on something differentiated. */
  readonly variedReturned: Set<number>;
  /** Results, and memory as the call leaves it, that are asked for, and the parameters that therefore are. */
  readonly usefulResults: Set<number>;
  readonly usefulMemory: Set<number>;
  readonly usefulParams: Set<number>;
}

/** Varied and useful values of a whole program: what a call does is what its procedure does. */
export function analyseProgram(program: Program, differentiated: readonly Value[], useful: readonly Value[]): ProgramActivity {
  const memories = new Map(graphsOf(program).map((graph) => [graph, analyseMemory(graph)]));
  const flows = new Map<string, Flow>([...program.procedures.keys()].map((name) => [name, emptyFlow()]));
  let changed = true;
  const add = (set: Set<number>, place: number): void => {
    if (set.has(place)) return;
    set.add(place);
    changed = true;
  };
  const calls: CallFlow = {
    varies: (call, marks) => {
      const flow = flows.get(call.callee)!;
      call.operands.forEach((operand, i) => marks.reachesDeep(operand) && add(flow.variedParams, i));
      call.results.forEach((result, i) => isReference(result.type) && marks.reachesDeep(result) && add(flow.variedReturned, i));
      for (const place of flow.variedResults) marks.markDeep(call.results[place]!);
      for (const place of flow.variedMemory) marks.markDeep(call.operands[place]!);
    },
    reaches: (call, marks) => {
      const flow = flows.get(call.callee)!;
      const { shared } = program.procedures.get(call.callee)!.procedure!;
      const { params } = program.procedures.get(call.callee)!;
      call.results.forEach((result, i) => marks.reachesDeep(result) && add(flow.usefulResults, i));
      call.operands.forEach((operand, i) => shared.has(params[i]!) && isReference(operand.type) && marks.reachesDeep(operand) && add(flow.usefulMemory, i));
      for (const place of flow.usefulParams) marks.markDeep(call.operands[place]!);
    },
  };
  const marked = new Map<Graph, { readonly varied: ReadonlySet<Value>; readonly useful: ReadonlySet<Value> }>();
  while (changed) {
    changed = false;
    for (const graph of graphsOf(program)) {
      const memory = memories.get(graph)!;
      const flow = flows.get(graph.name);
      const isProcedure = graph.procedure !== undefined && flow !== undefined;
      const returned = graph.body.exit.kind === 'return' ? graph.body.exit.values : [];
      const has = (set: ReadonlySet<Value>, value: Value): boolean =>
        isReference(value.type) ? [...memory.reachableFrom(value)].some((root) => set.has(root)) : set.has(value);

      const sources = isProcedure
        ? [...[...flow.variedParams].map((place) => graph.params[place]!), ...[...flow.variedReturned].map((place) => returned[place]!)]
        : differentiated;
      const varied = variedIn(graph, memory, sources, calls);
      const asked = isProcedure
        ? [...[...flow.usefulResults].map((place) => returned[place]!), ...[...flow.usefulMemory].map((place) => graph.params[place]!)]
        : useful;
      const reaching = usefulIn(graph, memory, asked, calls);
      marked.set(graph, { varied, useful: reaching });
      if (!isProcedure) continue;
      returned.forEach((value, i) => has(varied, value) && add(flow.variedResults, i));
      graph.params.forEach((param, i) => {
        if (graph.procedure!.shared.has(param) && isReference(param.type) && has(varied, param)) add(flow.variedMemory, i);
        if (has(reaching, param)) add(flow.usefulParams, i);
      });
    }
  }
  return programActivity(program, memories, (graph) => activityOf(memories.get(graph)!, marked.get(graph)!.varied, marked.get(graph)!.useful));
}

/** Everything that could be differentiated is: the tests' partner of the real analysis. */
export function everythingActiveIn(program: Program): ProgramActivity {
  const memories = new Map(graphsOf(program).map((graph) => [graph, analyseMemory(graph)]));
  return programActivity(program, memories, (graph) => everythingActive(memories.get(graph)!));
}

function programActivity(program: Program, memories: ReadonlyMap<Graph, Memory>, of: (graph: Graph) => Activity): ProgramActivity {
  const activities = new Map(graphsOf(program).map((graph) => [graph, of(graph)]));
  const interfaces = new Map([...program.procedures].map(([name, graph]) => [name, interfaceOf(graph, activities.get(graph)!)]));
  return {
    activityOf: (graph) => activities.get(graph)!,
    memoryOf: (graph) => memories.get(graph)!,
    interfaceOf: (callee) => interfaces.get(callee)!,
  };
}

function interfaceOf(graph: Graph, activity: Activity): PairInterface {
  const returned = graph.body.exit.kind === 'return' ? graph.body.exit.values : [];
  const places = (values: readonly Value[], wanted: (value: Value) => boolean): readonly number[] =>
    values.flatMap((value, i) => (wanted(value) && holdsReals(value.type) && activity.isActive(value) ? [i] : []));
  const adjoints = places(graph.params, (param) => !isReference(param.type));
  return {
    shadowParams: places(graph.params, (param) => isReference(param.type)),
    shadowResults: places(returned, (value) => isReference(value.type)),
    cotangents: places(returned, (value) => !isReference(value.type)),
    adjoints,
    adjointNames: adjoints.map((place) => adjointName(graph.params[place]!)),
  };
}

/** Whether a call has a derivative to contribute where it stands: then it is one of a pair. */
export function isActiveCall(call: CallNode, activity: Activity): boolean {
  return call.operands.some((operand) => activity.isActive(operand)) || call.results.some((result) => isReference(result.type) && holdsReals(result.type) && activity.isActive(result));
}

function emptyFlow(): Flow {
  return {
    variedParams: new Set(),
    variedResults: new Set(),
    variedMemory: new Set(),
    variedReturned: new Set(),
    usefulResults: new Set(),
    usefulMemory: new Set(),
    usefulParams: new Set(),
  };
}
