/** The method, one line per pass. */

import { eliminateDead } from '../transforms/eliminate-dead.ts';
import { fuseMirrors } from '../transforms/fuse-mirrors.ts';
import { analyseMemory } from '../transforms/memory.ts';
import { grad } from '../transforms/derive/grad.ts';
import { canInfluence, stopOf } from '../transforms/derive/influence.ts';
import { hoist } from '../transforms/hoist.ts';
import { hoistScratch, sinkScratch } from '../transforms/scratch.ts';
import { promote } from '../transforms/promote.ts';
import { share } from '../transforms/share.ts';
import { shareLoads } from '../transforms/share-loads.ts';
import { simplify } from '../transforms/simplify.ts';
import { settleUndo } from '../transforms/storage/memory-policy.ts';
import { placeStorage } from '../transforms/storage/place.ts';
import { sumInLocals } from '../transforms/sum-in-locals.ts';
import { trimGradients } from '../transforms/trim-gradients.ts';
import { unroll } from '../transforms/unroll.ts';
import type { Companion, Parameter, Primal, Request } from './graph/primal.ts';
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
  readonly run: (graph: Graph) => Graph;
}

/** The companion that a tag asks for. Expects a graph as the reader makes it. */
export function derive(primal: Primal, request: Request, options: PipelineOptions = {}): Companion {
  const differentiated = differentiatedParameters(primal, request);
  const graph = gradientGraph(primal.graph, differentiated, options);
  const { signature } = primal;
  const capitalised = signature.name.charAt(0).toUpperCase() + signature.name.slice(1);
  return {
    kind: request.kind,
    name: `grad_${signature.name}`,
    resultName: `${capitalised}Grad`,
    signature,
    differentiated,
    graph,
    withoutInfluence: differentiated
      .filter((parameter) => !canInfluence(primal.graph, parameter.value))
      .map((parameter) => ({ parameter: parameter.name, stop: stopOf(primal.graph, parameter.value) })),
  };
}

/** Value and gradient of a graph that returns one number, storage placed. */
export function gradientGraph(primal: Graph, differentiated: readonly Parameter[], options: PipelineOptions = {}): Graph {
  const analyses = options.analyses ?? true;
  const passes: readonly Pass[] = [
    { name: 'unroll', stage: 'forward', run: unroll },
    { name: 'promote', stage: 'forward', run: promote },
    { name: 'eliminate dead', stage: 'forward', run: eliminateDead },
    { name: 'share loads', stage: 'forward', run: (graph) => (analyses ? shareLoads(share(graph)) : graph) },
    { name: 'hoist', stage: 'forward', run: (graph) => (analyses ? hoist(graph) : graph) },
    { name: 'sink scratch', stage: 'forward', run: sinkScratch },
    { name: 'reverse', stage: 'reversed', run: (graph) => grad(graph, differentiated, analyses) },
    { name: 'simplify', stage: 'reversed', run: (graph) => eliminateDead(simplify(graph)) },
    { name: 'share', stage: 'reversed', run: (graph) => (analyses ? share(graph) : graph) },
    { name: 'fuse mirrors', stage: 'reversed', run: (graph) => (analyses ? fuseMirrors(graph) : graph) },
    { name: 'hoist scratch', stage: 'reversed', run: hoistScratch },
    { name: 'sum in locals', stage: 'reversed', run: (graph) => (analyses ? sumInLocals(graph) : graph) },
    { name: 'settle undo', stage: 'reversed', run: (graph) => settleUndo(graph, analyseMemory(graph), { analyses }) },
    { name: 'clean up', stage: 'reversed', run: (graph) => eliminateDead(simplify(graph)) },
    { name: 'place storage', stage: 'placed', run: (graph) => placeStorage(graph, { analyses }) },
    { name: 'clean up', stage: 'placed', run: (graph) => eliminateDead(simplify(graph)) },
    { name: 'trim gradients', stage: 'placed', run: trimGradients },
  ];
  let graph = primal;
  for (const pass of passes) {
    graph = pass.run(graph);
    options.observe?.(pass.name, graph);
    if (options.verified) verify(graph, pass.stage);
  }
  return graph;
}

/** Those named after the tag; without names, those that can influence the result through arithmetic. */
function differentiatedParameters(primal: Primal, request: Request): readonly Parameter[] {
  const { params } = primal.signature;
  if (request.named) return params.filter((parameter) => request.named!.includes(parameter.name));
  return params.filter((parameter) => canInfluence(primal.graph, parameter.value));
}
