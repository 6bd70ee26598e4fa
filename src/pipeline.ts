/** The method, one line per pass. */

import { eliminateDead } from '../transforms/eliminate-dead.ts';
import { assignFirstContributions } from '../transforms/first-contributions.ts';
import { fillAdjoints } from '../transforms/fill-adjoints.ts';
import { runExtrema } from '../transforms/extrema.ts';
import { joinFirstTaken } from '../transforms/first-taken.ts';
import { fuseLoops } from '../transforms/fuse-loops.ts';
import { fusePlaced } from '../transforms/fuse-placed.ts';
import { fuseMirrors } from '../transforms/fuse-mirrors.ts';
import { analyseMemory } from '../transforms/memory.ts';
import { asPrimal } from '../transforms/derive/as-primal.ts';
import { grad } from '../transforms/derive/grad.ts';
import { isElementwise } from '../transforms/derive/elementwise.ts';
import type { Directional } from '../transforms/derive/directions.ts';
import { hessian } from '../transforms/derive/hessian.ts';
import { canGoTogether, isReverseCheaper, jacobianForward, jacobianReverse } from '../transforms/derive/jacobian.ts';
import { jvp, jvpParts } from '../transforms/derive/jvp.ts';
import { asProducts, withProducts } from '../transforms/derive/products-by-gradient.ts';
import { directionalProgram } from '../transforms/derive/tangent-program.ts';
import { ownResult } from '../transforms/derive/own-result.ts';
import { canInfluence, stopOf } from '../transforms/derive/influence.ts';
import { roundedAt } from '../transforms/derive/rounding.ts';
import { gatherInGradients } from '../transforms/gradients-of-copies.ts';
import { checkpoint, type CheckpointOptions } from '../transforms/checkpoint.ts';
import { hoist } from '../transforms/hoist.ts';
import { keepAdjoints } from '../transforms/keep-adjoints.ts';
import { jam } from '../transforms/jam.ts';
import { hoistScratch, sinkScratch } from '../transforms/scratch.ts';
import { mirrorLastTaken } from '../transforms/last-taken.ts';
import { settleBounds } from '../transforms/settle-bounds.ts';
import { settleLengths, settleLengthsOfMade } from '../transforms/lengths.ts';
import { promote } from '../transforms/promote.ts';
import { reuseArrays } from '../transforms/reuse-arrays.ts';
import { runRecurrencesAgain } from '../transforms/recurrences.ts';
import { settleFacts } from '../transforms/procedures/facts.ts';
import { graphsOf, mapGraphs, mapRules, programOf, type Program } from '../transforms/procedures/program.ts';
import { joinHalves } from '../transforms/procedures/join-halves.ts';
import { split } from '../transforms/procedures/split.ts';
import { dropDeadStores, dropUnchanged } from '../transforms/dead-stores.ts';
import { deriveRunningIndices } from '../transforms/running-indices.ts';
import { outlineSections, type Functions, type SectionSizes } from '../transforms/outline-sections.ts';
import { readBack } from '../transforms/read-back.ts';
import { settleRules } from '../transforms/settle-rules.ts';
import { share, shareSweeps } from '../transforms/share.ts';
import { shareLengths, shareLoads } from '../transforms/share-loads.ts';
import { simplify } from '../transforms/simplify.ts';
import { settleUndo } from '../transforms/storage/memory-policy.ts';
import { storedByCalls, withoutRepetitions } from '../transforms/storage/report.ts';
import { placeStorage } from '../transforms/storage/place.ts';
import { skipZeros } from '../transforms/skip-zeros.ts';
import { keepSpentAdjoints } from '../transforms/spent-adjoints.ts';
import { stage } from '../transforms/stage.ts';
import { sumInLocals } from '../transforms/sum-in-locals.ts';
import { trimGradients } from '../transforms/trim-gradients.ts';
import { vjp, vjpUnchecked } from '../transforms/derive/vjp.ts';
import { unroll } from '../transforms/unroll.ts';
import { outlineOf } from './companion-shapes.ts';
import type { Companion, CompanionKind, Parameter, Primal, RefusedCheckpoint, Request, Signature, Stored } from './graph/primal.ts';
import { recursionIn } from './graph/recursive-types.ts';
import type { Graph, Type } from './graph/types.ts';
import { verify, type Stage } from './graph/verify.ts';
import { visit } from './graph/walk.ts';

export interface PipelineOptions {
  /** `false`: everything is active and everything is stored; the tests' partner of the real pipeline. */
  readonly analyses?: boolean;
  /** Checks the graph after every pass (tests and debug runs). */
  readonly verified?: boolean;
  /** What the backward sweep needs is kept in arrays of the function, so that the derivative can be differentiated. */
  readonly isKeptInside?: boolean;
  /** What the backward sweep needs is kept on a stack, as beside calls that stay calls; the tests' partner of the workspace. */
  readonly isOnStack?: boolean;
  /** How long functions may become, where that is not V8's limit (tests). */
  readonly sections?: SectionSizes;
  /** Is told what is kept for the backward sweep, one placement after the other. */
  readonly report?: (stored: readonly Stored[]) => void;
  readonly checkpoints?: CheckpointOptions;
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
  const read = programAsRead(primal);
  const differentiated = differentiatedParameters(read, primal, request);
  const { kind } = request;
  const { signature } = primal;
  const stored: Stored[] = [];
  const refusedCheckpoints: RefusedCheckpoint[] = [];
  const whole = composition(kind, signature)(read, differentiated, {
    ...options,
    report: (more) => void stored.push(...more),
    checkpoints: { ...options.checkpoints, refuse: (refused) => void refusedCheckpoints.push(refused) },
  });
  const { main, parts } = options.isKeptInside ? whole : outlineSections(whole, options.sections);
  for (const graph of [main, ...parts.map((part) => part.graph)]) check(graph, 'outline sections', 'placed', options);
  const rounded = roundedAt(
    read,
    differentiated.map(({ value }) => value),
  );
  return {
    ...outlineOf(kind, signature, differentiated),
    graph: main,
    stored: withoutRepetitions([...stored, ...storedByCalls(parts)]),
    procedures: parts,
    refusedCheckpoints,
    withoutInfluence: differentiated
      .filter((parameter) => !canInfluence(read, parameter.value))
      .map((parameter) => ({ parameter: parameter.name, stop: stopOf(primal.graph, parameter.value) })),
    ...(rounded && { rounded }),
  };
}

/**
 * The companion as a function that another one calls: its graph, to be read like the function's own statements. Where it would
 * make a gradient like a record that contains itself, the name of the record.
 */
export function nested(primal: Primal, request: Request, options: PipelineOptions = {}): Companion | string {
  const companion = derive(primal, request, { ...options, isKeptInside: true });
  return recursiveGradient(companion.graph) ?? { ...companion, graph: asPrimal(companion.graph) };
}

function recursiveGradient({ body }: Graph): string | undefined {
  let found: string | undefined;
  visit(body, (node) => void (found ??= node.kind === 'shadow' ? recursionIn(node.of.type) : undefined));
  return found;
}

type Composition = (read: Program, differentiated: readonly Parameter[], options: PipelineOptions) => Functions;

function composition(kind: CompanionKind, { result }: Signature): Composition {
  switch (kind) {
    case 'grad':
      return gradient;
    case 'jvp':
      return tangents;
    case 'vjp':
      return pulledBack;
    case 'hvp':
      return hessianProduct;
    case 'jacobian':
      return (read, differentiated, options) => (isReverseCheaper(result, differentiated, read.rules) ? jacobianByRows : jacobianByColumns)(read, differentiated, result, options);
    default:
      return hessianMatrix;
  }
}

/** Value and gradient of a graph that returns one number and calls nothing, storage placed. */
export function gradientGraph(primal: Graph, differentiated: readonly Parameter[], options: PipelineOptions = {}): Graph {
  return gradient(programOf(primal, []), differentiated, options).main;
}

/** Value and directional derivative: behind the primal's parameters, a tangent for each differentiated one. */
export function tangents(primal: Program, differentiated: readonly Parameter[], options: PipelineOptions = {}): Functions {
  const { analyses = true } = options;
  const optimised = passed(primal, forwardPasses(analyses), options);
  return jvpParts(passed(optimised, tangentPasses(differentiated, options, 'forward'), options), settled(optimised, options));
}

/** The same of a graph that calls nothing. */
export function jvpGraph(primal: Graph, differentiated: readonly Parameter[], options: PipelineOptions = {}): Graph {
  return tangents(programOf(primal, []), differentiated, options).main;
}

/**
 * Forward over reverse, for a graph that calls nothing: value and gradient, then the directional derivatives of both. That of
 * the gradient is the Hessian times the direction.
 */
export function hvpGraph(primal: Graph, differentiated: readonly Parameter[], options: PipelineOptions = {}): Graph {
  return secondOrder(programOf(primal, []), differentiated, options).main;
}

/** The same without the tangent of the value. */
function hessianProduct(primal: Program, differentiated: readonly Parameter[], options: PipelineOptions, along = differentiated): Functions {
  if (primal.procedures.size > 0) {
    const [gradients, products] = [gradient(primal, differentiated, options), productsThroughCalls(primal, differentiated, options)];
    return finished({ main: withProducts(gradients.main, products.main), parts: [...gradients.parts, ...products.parts] }, options);
  }
  const { main, parts } = secondOrder(primal, differentiated, options, along);
  return { main: withoutResult(main, 1 + differentiated.length), parts };
}

/** `along`: the parameters that have a direction. */
function secondOrder(primal: Program, differentiated: readonly Parameter[], options: PipelineOptions, along = differentiated): Functions {
  const { analyses = true } = options;
  const optimised = passed(primal, [...forwardPasses(analyses), sinking], options);
  const passes = [
    ...reversePasses(differentiated, options, grad),
    ...tangentPasses(along, options, 'reversed'),
    ...storagePasses(options),
  ];
  return { main: passed(optimised, passes, options).main, parts: [] };
}

/** Reverse over forward, where calls stay calls: the directional derivative and its gradient, which is a Hessian product. */
function productsThroughCalls(primal: Program, differentiated: readonly Parameter[], options: PipelineOptions): Functions {
  const { analyses = true } = options;
  const optimised = passed(primal, forwardPasses(analyses), options);
  const pushed = passed(optimised, tangentPasses(differentiated, { ...options, isKeptInside: true }, 'forward'), options);
  const { program, params } = directionalProgram(pushed, optimised);
  const own = differentiated.map((parameter) => ({ ...parameter, value: params[optimised.main.params.indexOf(parameter.value)]! }));
  const { main, parts } = gradient(program, own, options);
  return { main: asProducts(main, primal.main.params), parts };
}

function withoutResult(graph: Graph, place: number): Graph {
  const { exit } = graph.body;
  if (exit.kind !== 'return') return graph;
  const values = exit.values.filter((_value, i) => i !== place);
  return eliminateDead({ ...graph, body: { ...graph.body, exit: { kind: 'return', values } } });
}

/** So many directions of a Jacobian share one run of the function: more do not fit into registers. */
const directionsTogether = 4;

/** The Jacobian in forward mode. Where calls stay calls, one function with tangents serves all directions. */
export function jacobianByColumns(primal: Program, differentiated: readonly Parameter[], result: Type, options: PipelineOptions): Functions {
  const { analyses = true } = options;
  const optimised = passed(primal, forwardPasses(analyses), options);
  const push = (along: readonly Parameter[], directions = 1): Program => passed(optimised, tangentPasses(along, options, 'forward', directions), options);
  const whole = primal.procedures.size > 0 ? push(differentiated) : undefined;
  const directional = (parameter: Parameter): Directional => {
    if (whole) return { graph: whole.main, along: differentiated, directions: 1 };
    if (isElementwise(optimised.main, parameter.value)) return { graph: push([parameter]).main, along: [parameter], directions: 1, diagonal: true };
    const directions = canGoTogether(parameter) ? directionsTogether : 1;
    return { graph: push([parameter], directions).main, along: [parameter], directions };
  };
  const plain = settled(optimised, options);
  const main = jacobianForward({ primal: plain.main, differentiated, result }, directional);
  return finished(jvpParts({ ...optimised, main, procedures: whole?.procedures ?? new Map() }, plain), options);
}

/** The same in reverse mode. */
export function jacobianByRows(primal: Program, differentiated: readonly Parameter[], result: Type, options: PipelineOptions): Functions {
  const { analyses = true } = options;
  const optimised = passed(primal, [...forwardPasses(analyses), sinking], options);
  const placed = passed(optimised, [...reversePasses(differentiated, options, vjpUnchecked), ...storagePasses(options)], options);
  const plain = settled(optimised, options);
  const main = jacobianReverse({ primal: plain.main, differentiated, result }, placed.main);
  return finished(split({ ...placed, main }, plain), options);
}

/** Value, gradient and Hessian. Where calls stay calls, one function gives the products with all directions. */
function hessianMatrix(primal: Program, differentiated: readonly Parameter[], options: PipelineOptions): Functions {
  if (primal.procedures.size > 0) {
    const [gradients, products] = [gradient(primal, differentiated, options), productsThroughCalls(primal, differentiated, options)];
    const whole: Directional = { graph: withOnlyResults(products.main, 1), along: differentiated, directions: 1 };
    return finished({ main: hessian(gradients.main, differentiated, () => whole), parts: [...gradients.parts, ...products.parts] }, options);
  }
  const along = (parameter: Parameter): Directional => {
    const { main } = hessianProduct(primal, differentiated, options, [parameter]);
    return { graph: withOnlyResults(main, 1 + differentiated.length), along: [parameter], directions: 1 };
  };
  return finished({ main: hessian(gradient(primal, differentiated, options).main, differentiated, along), parts: [] }, options);
}

/** What was put together is looked through once more. */
function finished({ main, parts }: Functions, options: PipelineOptions): Functions {
  const clean = eliminateDead(simplify(main));
  check(clean, 'put together', 'placed', options);
  return { main: clean, parts };
}

/** Without those in front. */
function withOnlyResults(graph: Graph, from: number): Graph {
  const { exit } = graph.body;
  if (exit.kind !== 'return') return graph;
  return { ...graph, body: { ...graph.body, exit: { kind: 'return', values: exit.values.slice(from) } } };
}

function gradient(primal: Program, differentiated: readonly Parameter[], options: PipelineOptions): Functions {
  return reversed(primal, differentiated, grad, options);
}

/** Value and gradient for a given cotangent of the value, the parameter behind the primal's. */
function pulledBack(primal: Program, differentiated: readonly Parameter[], options: PipelineOptions): Functions {
  return reversed(primal, differentiated, vjp, options);
}

function reversed(primal: Program, differentiated: readonly Parameter[], reverse: Reverse, options: PipelineOptions): Functions {
  const { analyses = true } = options;
  const optimised = passed(primal, [...forwardPasses(analyses), sinking], options);
  const joining: Pass = { name: 'join halves', stage: 'reversed', run: (program) => (analyses ? joinHalves(program) : program) };
  const placed = passed(optimised, [...reversePasses(differentiated, options, reverse), joining, ...storagePasses(options)], options);
  const { main, parts } = split(placed, settled(optimised, options));
  for (const graph of [main, ...parts.map((part) => part.graph)]) check(graph, 'split', 'placed', options);
  return { main, parts };
}

const each = (run: (graph: Graph) => Graph) => (program: Program) => mapGraphs(program, run);
const eachAndRules = (run: (graph: Graph) => Graph) => (program: Program) => mapRules(mapGraphs(program, run), run);
const cleaned = each((graph) => eliminateDead(simplify(graph)));

/** What both modes begin with. */
function forwardPasses(analyses: boolean): readonly Pass[] {
  return [
    { name: 'unroll', stage: 'forward', run: eachAndRules(unroll) },
    { name: 'promote', stage: 'forward', run: eachAndRules(promote) },
    { name: 'eliminate dead', stage: 'forward', run: eachAndRules(eliminateDead) },
    { name: 'settle bounds', stage: 'forward', run: eachAndRules((graph) => (analyses ? settleBounds(graph) : graph)) },
    { name: 'settle lengths', stage: 'forward', run: eachAndRules((graph) => (analyses ? settleLengths(graph) : graph)) },
    { name: 'fuse loops', stage: 'forward', run: eachAndRules((graph) => (analyses ? fuseLoops(graph) : graph)) },
    { name: 'run extrema', stage: 'forward', run: eachAndRules((graph) => (analyses ? runExtrema(graph) : graph)) },
    { name: 'share loads', stage: 'forward', run: eachAndRules((graph) => (analyses ? dropDeadStores(shareLoads(share(graph))) : graph)) },
    { name: 'hoist', stage: 'forward', run: eachAndRules((graph) => (analyses ? hoist(graph) : graph)) },
  ];
}

const sinking: Pass = { name: 'sink scratch', stage: 'forward', run: each(sinkScratch) };

type Reverse = typeof grad;

/** The backward sweep behind the forward one. */
function reversePasses(differentiated: readonly Parameter[], { analyses = true, checkpoints }: PipelineOptions, reverse: Reverse): readonly Pass[] {
  return [
    { name: 'checkpoint', stage: 'forward', run: each((graph) => checkpoint(graph, checkpoints)) },
    { name: 'reverse', stage: 'reversed', run: (program) => reverse(program, differentiated, analyses) },
    { name: 'simplify', stage: 'reversed', run: cleaned },
    { name: 'settle lengths', stage: 'reversed', run: each((graph) => (analyses ? shareLengths(settleLengthsOfMade(graph)) : graph)) },
    { name: 'share', stage: 'reversed', run: each((graph) => (analyses ? share(graph) : graph)) },
  ];
}

/** Tangents beside everything. */
function tangentPasses(differentiated: readonly Parameter[], options: PipelineOptions, stage: Stage, directions = 1): readonly Pass[] {
  const { analyses = true } = options;
  return [
    { name: 'push tangents', stage, run: (program) => jvp(program, differentiated, analyses, directions) },
    // Partials are the same for all directions.
    ...(directions > 1 ? [{ name: 'share', stage, run: each(share) }] : []),
    { name: 'clean up', stage, run: cleaned },
    ...(stage === 'forward' ? settling(options, stage) : []),
  ];
}

/** All derivatives have been taken, unless this one is differentiated itself. */
function settling({ isKeptInside = false }: PipelineOptions, stage: Stage): readonly Pass[] {
  return isKeptInside ? [] : [{ name: 'settle rules', stage, run: each(settleRules) }];
}

function settled(program: Program, options: PipelineOptions): Program {
  return passed(program, settling(options, 'forward'), options);
}

/** What is kept for the backward sweep, and where. */
function storagePasses(options: PipelineOptions): readonly Pass[] {
  const { analyses = true, isKeptInside = false, isOnStack = false, report = () => {} } = options;
  const ifAnalysed = (run: (graph: Graph) => Graph) => each((graph) => (analyses ? run(graph) : graph));
  return [
    ...settling(options, 'reversed'),
    { name: 'fuse mirrors', stage: 'reversed', run: ifAnalysed((graph) => (graph.procedure ? graph : fuseMirrors(graph))) },
    { name: 'mirror last taken', stage: 'reversed', run: ifAnalysed((graph) => joinFirstTaken(simplify(mirrorLastTaken(graph)))) },
    { name: 'keep spent adjoints', stage: 'reversed', run: ifAnalysed(keepSpentAdjoints) },
    { name: 'hoist scratch', stage: 'reversed', run: each((graph) => (graph.procedure ? graph : hoistScratch(graph))) },
    { name: 'keep adjoints', stage: 'reversed', run: ifAnalysed(keepAdjoints) },
    { name: 'assign first contributions', stage: 'reversed', run: ifAnalysed(assignFirstContributions) },
    { name: 'drop unchanged', stage: 'reversed', run: ifAnalysed(dropUnchanged) },
    { name: 'gather in gradients', stage: 'reversed', run: ifAnalysed(gatherInGradients) },
    { name: 'sum in locals', stage: 'reversed', run: ifAnalysed(sumInLocals) },
    { name: 'running indices', stage: 'reversed', run: ifAnalysed(deriveRunningIndices) },
    { name: 'run recurrences again', stage: 'reversed', run: ifAnalysed((graph) => (graph.procedure ? graph : runRecurrencesAgain(graph))) },
    { name: 'fill adjoints', stage: 'reversed', run: ifAnalysed(fillAdjoints) },
    { name: 'settle undo', stage: 'reversed', run: each((graph) => settleUndo(graph, analyseMemory(graph), { analyses })) },
    { name: 'read back', stage: 'reversed', run: ifAnalysed(readBack) },
    { name: 'clean up', stage: 'reversed', run: cleaned },
    { name: 'place storage', stage: 'placed', run: each((graph) => placeStorage(graph, { analyses, isKeptInside, isOnStack, report })) },
    { name: 'clean up', stage: 'placed', run: cleaned },
    { name: 'share', stage: 'placed', run: ifAnalysed(shareSweeps) },
    { name: 'skip zeros', stage: 'placed', run: ifAnalysed((graph) => eliminateDead(skipZeros(graph))) },
    { name: 'reuse arrays', stage: 'placed', run: ifAnalysed(reuseArrays) },
    { name: 'stage', stage: 'placed', run: ifAnalysed((graph) => (isKeptInside ? graph : stage(graph))) },
    { name: 'jam', stage: 'placed', run: ifAnalysed(jam) },
    { name: 'fuse placed', stage: 'placed', run: ifAnalysed(fusePlaced) },
    { name: 'trim gradients', stage: 'placed', run: each(trimGradients) },
  ];
}

function passed(program: Program, passes: readonly Pass[], options: PipelineOptions): Program {
  return passes.reduce((before, pass) => checked(pass.run(before), pass.name, pass.stage, options), program);
}

function checked(program: Program, pass: string, stage: Stage, options: PipelineOptions): Program {
  for (const graph of graphsOf(program)) check(graph, pass, stage, options);
  return program;
}

function check(graph: Graph, pass: string, stage: Stage, { observe, verified }: PipelineOptions): void {
  observe?.(pass, graph);
  if (verified) verify(graph, stage);
}

/** What a tag without names differentiates. */
export function influentialParameters(primal: Primal): readonly Parameter[] {
  return differentiatedParameters(programAsRead(primal), primal, {});
}

function programAsRead({ graph, procedures, rules }: Primal): Program {
  return settleFacts(programOf(ownResult(graph), procedures, rules));
}

/** Those named after the tag; without names, those that can influence the result through arithmetic. */
export function differentiatedParameters(program: Program, primal: Primal, request: Pick<Request, 'named'>): readonly Parameter[] {
  const { params } = primal.signature;
  if (request.named) return params.filter((parameter) => request.named!.includes(parameter.name));
  return params.filter((parameter) => canInfluence(program, parameter.value));
}
