/** The method, one line per pass. */

import { eliminateDead } from '../transforms/eliminate-dead.ts';
import { fuseMirrors } from '../transforms/fuse-mirrors.ts';
import { analyseMemory } from '../transforms/memory.ts';
import { grad } from '../transforms/derive/grad.ts';
import { canInfluence, stopOf } from '../transforms/derive/influence.ts';
import { hoist } from '../transforms/hoist.ts';
import { hoistScratch, sinkScratch } from '../transforms/scratch.ts';
import { promote } from '../transforms/promote.ts';
import { settleFacts } from '../transforms/procedures/facts.ts';
import { graphsOf, mapGraphs, programOf, type Program } from '../transforms/procedures/program.ts';
import { split } from '../transforms/procedures/split.ts';
import { share } from '../transforms/share.ts';
import { shareLoads } from '../transforms/share-loads.ts';
import { simplify } from '../transforms/simplify.ts';
import { settleUndo } from '../transforms/storage/memory-policy.ts';
import { placeStorage } from '../transforms/storage/place.ts';
import { sumInLocals } from '../transforms/sum-in-locals.ts';
import { trimGradients } from '../transforms/trim-gradients.ts';
import { unroll } from '../transforms/unroll.ts';
import type { Companion, Parameter, Primal, ProcedurePart, Request } from './graph/primal.ts';
import type { Graph } from './graph/types.ts';
import { verify, type Stage } from './graph/verify.ts';

export interface PipelineOptions {
  /** `false`: everything is active and everything is stored; the tests' partner of the real pipeline. */
  readonly analyses?: boolean;
  /** Checks the graph after every pass (tests and debug runs). */
  readonly verified?: boolean;
  /** Sees the graph after every pass. */
  readonly observe?: (pass: string, graph: Graph) => void;
}

interface Pass {
  readonly name: string;
  /** What holds behind it. */
  readonly stage: Stage;
  readonly run: (program: Program) => Program;
}

/** The companion that a tag asks for. Expects graphs as the reader makes them. */
export function derive(primal: Primal, request: Request, options: PipelineOptions = {}): Companion {
  const read = settleFacts(programOf(primal.graph, primal.procedures));
  const differentiated = differentiatedParameters(read, primal, request);
  const { main, parts } = gradient(read, differentiated, options);
  const { signature } = primal;
  const capitalised = signature.name.charAt(0).toUpperCase() + signature.name.slice(1);
  return {
    kind: request.kind,
    name: `grad_${signature.name}`,
    resultName: `${capitalised}Grad`,
    signature,
    differentiated,
    graph: main,
    procedures: parts,
    withoutInfluence: differentiated
      .filter((parameter) => !canInfluence(read, parameter.value))
      .map((parameter) => ({ parameter: parameter.name, stop: stopOf(primal.graph, parameter.value) })),
  };
}

/** Value and gradient of a graph that returns one number and calls nothing, storage placed. */
export function gradientGraph(primal: Graph, differentiated: readonly Parameter[], options: PipelineOptions = {}): Graph {
  return gradient(programOf(primal, []), differentiated, options).main;
}

function gradient(
  primal: Program,
  differentiated: readonly Parameter[],
  options: PipelineOptions,
): { readonly main: Graph; readonly parts: readonly ProcedurePart[] } {
  const analyses = options.analyses ?? true;
  const each = (run: (graph: Graph) => Graph) => (program: Program) => mapGraphs(program, run);
  const ifAnalysed = (run: (graph: Graph) => Graph) => each((graph) => (analyses ? run(graph) : graph));
  const forward: readonly Pass[] = [
    { name: 'unroll', stage: 'forward', run: each(unroll) },
    { name: 'promote', stage: 'forward', run: each(promote) },
    { name: 'eliminate dead', stage: 'forward', run: each(eliminateDead) },
    { name: 'share loads', stage: 'forward', run: ifAnalysed((graph) => shareLoads(share(graph))) },
    { name: 'hoist', stage: 'forward', run: ifAnalysed(hoist) },
    { name: 'sink scratch', stage: 'forward', run: each(sinkScratch) },
  ];
  const reversed: readonly Pass[] = [
    { name: 'reverse', stage: 'reversed', run: (program) => grad(program, differentiated, analyses) },
    { name: 'simplify', stage: 'reversed', run: each((graph) => eliminateDead(simplify(graph))) },
    { name: 'share', stage: 'reversed', run: ifAnalysed(share) },
    { name: 'fuse mirrors', stage: 'reversed', run: ifAnalysed((graph) => (graph.procedure ? graph : fuseMirrors(graph))) },
    { name: 'hoist scratch', stage: 'reversed', run: each((graph) => (graph.procedure ? graph : hoistScratch(graph))) },
    { name: 'sum in locals', stage: 'reversed', run: ifAnalysed(sumInLocals) },
    { name: 'settle undo', stage: 'reversed', run: each((graph) => settleUndo(graph, analyseMemory(graph), { analyses })) },
    { name: 'clean up', stage: 'reversed', run: each((graph) => eliminateDead(simplify(graph))) },
    { name: 'place storage', stage: 'placed', run: each((graph) => placeStorage(graph, { analyses })) },
    { name: 'clean up', stage: 'placed', run: each((graph) => eliminateDead(simplify(graph))) },
    { name: 'trim gradients', stage: 'placed', run: each(trimGradients) },
  ];
  const passed = (program: Program, passes: readonly Pass[]): Program =>
    passes.reduce((before, pass) => checked(pass.run(before), pass.name, pass.stage, options), program);

  const optimised = passed(primal, forward);
  const placed = passed(optimised, reversed);
  const { main, parts } = split(placed, optimised);
  for (const graph of [main, ...parts.map((part) => part.graph)]) check(graph, 'split', 'placed', options);
  return { main, parts };
}

function checked(program: Program, pass: string, stage: Stage, options: PipelineOptions): Program {
  for (const graph of graphsOf(program)) check(graph, pass, stage, options);
  return program;
}

function check(graph: Graph, pass: string, stage: Stage, { observe, verified }: PipelineOptions): void {
  observe?.(pass, graph);
  if (verified) verify(graph, stage);
}

/** Those named after the tag; without names, those that can influence the result through arithmetic. */
function differentiatedParameters(program: Program, primal: Primal, request: Request): readonly Parameter[] {
  const { params } = primal.signature;
  if (request.named) return params.filter((parameter) => request.named!.includes(parameter.name));
  return params.filter((parameter) => canInfluence(program, parameter.value));
}
