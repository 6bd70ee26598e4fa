/** Compiles random programs in one go and holds every companion against its primal. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runInThisContext } from 'node:vm';

import type { Primal } from '../../src/graph/primal.ts';
import type { Block } from '../../src/graph/types.ts';
import { blocks } from '../../src/graph/walk.ts';
import { gradientAt, gradientDistance, slopesOf, type Callable, type Subject } from '../harness/check-companion.ts';
import { compileSource, openProgram, printCompanions, product, textOf, withoutAnalyses } from '../harness/compile.ts';
import type { CompiledSource, Deriver } from '../harness/compile.ts';
import { at, firstDifference, leavesOf, poisoned, printDatum, printPath, type Datum } from '../harness/data.ts';
import { directionsOf, dotProduct, dotProductProblem, type Directions } from '../harness/dot-product.ts';
import { hasKinkAt } from '../harness/differences.ts';
import { forwardCompanion, secondOrderCompanion, type Forward, type SecondOrder } from '../harness/forward-companion.ts';
import { evaluate } from '../harness/load.ts';
import { companionsOf, matrixProblem } from '../harness/matrices.ts';
import { sourceOf, type RandomProgram } from './program.ts';
import { Randomness } from './randomness.ts';

export type Verdict =
  | { readonly kind: 'right'; readonly compared: number; readonly skipped: number }
  /** With the codes of the diagnostics. */
  | { readonly kind: 'refused'; readonly codes: readonly string[]; readonly detail: string }
  /** Of the compiler or of the companion. */
  | { readonly kind: 'crashed'; readonly detail: string }
  | { readonly kind: 'wrong'; readonly detail: string };

export interface Outcome {
  readonly program: RandomProgram;
  readonly verdict: Verdict;
  /** How often each kind of node occurs in the primal's graph. */
  readonly nodes: ReadonlyMap<string, number>;
  /** The companion, where there is one. */
  readonly text: string;
}

export interface CheckOptions {
  readonly deriver?: Deriver;
  /** Also against the pipeline without analyses; default true. */
  readonly unoptimised?: boolean;
  /** Also against forward mode; default true. */
  readonly forward?: boolean;
  /** `false`: not against second derivatives, which take as long as all the rest. */
  readonly second?: boolean;
  /** `false`: not with pullbacks, Jacobians and Hessians either. */
  readonly matrices?: boolean;
}

/** One outcome for each program, in order. */
export function checkPrograms(programs: readonly RandomProgram[], options: CheckOptions = {}): readonly Outcome[] {
  const parent = path.resolve('node_modules/.cache/gradgen-tests');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, 'random-'));
  try {
    const files = programs.map((program, i) => {
      const file = path.join(folder, `${program.name}-${i}.ts`);
      writeFileSync(file, sourceOf(program));
      return file;
    });
    const compiler = openProgram(files);
    return programs.map((program, i) => checkProgram(program, compiler, files[i]!, options));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkProgram(
  program: RandomProgram,
  compiler: ReturnType<typeof openProgram>,
  file: string,
  options: CheckOptions,
): Outcome {
  const nodes = new Map<string, number>();
  let text = '';
  const counting: Deriver = (primal, request) => {
    countNodes(primal, nodes);
    return (options.deriver ?? product)(primal, request);
  };
  const judge = (): Verdict => {
    const compiled = compileSource(compiler, file, counting);
    text = compiled.text;
    const failure = failureOf(compiled, program.name);
    if (failure) return failure;
    const subject = subjectOf(program, compiled);
    const plain = options.unoptimised === false ? undefined : compileSource(compiler, file, withoutAnalyses);
    const plainFailure = plain && failureOf(plain, program.name);
    if (plainFailure) return { kind: 'crashed', detail: `without analyses: ${plainFailure.detail}` };
    const forward = options.forward === false ? undefined : compileSource(compiler, file, forwardCompanion);
    const forwardFailure = forward && failureOf(forward, program.name);
    if (forwardFailure) return { kind: 'crashed', detail: `forward: ${forwardFailure.detail}` };
    const push = forward && (evaluate(forward.text)[`jvp_${program.name}`] as Forward);
    const isSecond = options.forward !== false && options.second !== false;
    const second = isSecond ? compileSource(compiler, file, secondOrderCompanion) : undefined;
    const secondFailure = second && failureOf(second, program.name);
    if (secondFailure) return { kind: 'crashed', detail: `forward over reverse: ${secondFailure.detail}` };
    const multiply = second && (evaluate(second.text)[`hvp_${program.name}`] as SecondOrder);
    const verdict = compare(program, subject, { ...(push && { push }), ...(multiply && { multiply }) }, plain && subjectOf(program, plain));
    return isSecond && options.matrices !== false && verdict.kind === 'right' ? matricesVerdict(program, compiler.read(file).primals[0]!, file, verdict) : verdict;
  };
  try {
    return { program, verdict: judge(), nodes, text };
  } catch (error) {
    return { program, verdict: { kind: 'crashed', detail: textOf(error) }, nodes, text };
  }
}

function failureOf(
  compiled: CompiledSource,
  name: string,
): Extract<Verdict, { kind: 'refused' | 'crashed' }> | undefined {
  const codes = compiled.diagnostics
    .map(({ code }) => code)
    .filter((code) => code.startsWith('GG2') || code.startsWith('GG1'));
  const entry = compiled.functions.find((candidate) => candidate.name === name);
  if (entry?.companion) return undefined;
  const refusal = compiled.functions.find((candidate) => candidate.name === '(refused)');
  if (refusal) return { kind: 'refused', codes: [...new Set(codes)], detail: refusal.problem! };
  return { kind: 'crashed', detail: entry?.problem ?? 'the reader did not find it' };
}

function subjectOf(program: RandomProgram, compiled: CompiledSource): Subject {
  const module = evaluate(compiled.text);
  const poison = module['__poison'] as (() => void) | undefined;
  return {
    companion: compiled.functions.find(({ name }) => name === program.name)!.companion!,
    primal: evaluate(sourceOf(program))[program.name] as Callable,
    gradient: module[`grad_${program.name}`] as Callable,
    ...(poison ? { poison } : {}),
  };
}

// ------------------------------------------------------------------------------------------------ running

interface Others {
  readonly push?: Forward;
  readonly multiply?: SecondOrder;
}

function compare(program: RandomProgram, subject: Subject, { push, multiply }: Others, plain: Subject | undefined): Verdict {
  let compared = 0;
  let skipped = 0;
  for (const [i, args] of program.samples.entries()) {
    const wanted = timed('the primal', () => subject.primal(...args)) as number;
    if (!Number.isFinite(wanted)) {
      skipped++;
      continue;
    }
    const before = structuredClone(args);
    const result = timed('the gradient', () => gradientAt(subject, args)) as { value: number };
    const wrong = (detail: string): Verdict => ({
      kind: 'wrong',
      detail: `sample ${i}, ${printDatum(args)}: ${detail}`,
    });
    if (!Object.is(result.value, wanted)) return wrong(`value ${result.value}, the primal returns ${wanted}`);
    const changed = firstDifference(before, args);
    if (changed !== undefined) return wrong(`an argument was changed at ${changed}`);
    const again = timed('the gradient with `out`', () => subject.gradient(...args, poisoned(result)));
    const differs = firstDifference(result, again);
    if (differs !== undefined) return wrong(`with \`out\` it differs at ${differs}`);
    for (const { path: place, slope, error, point, along } of slopesOf(subject, args)) {
      const got = at(result, place) as number;
      const scale = Math.max(Math.abs(slope), Math.abs(wanted) / Math.max(1, Math.abs(point)), 1e-2);
      if (!(error < 1e-5 * scale)) skipped++;
      else if (Math.abs(got - slope) <= 2e-6 * scale + 10 * error) compared++;
      else if (hasKinkAt(along, point)) skipped++;
      else return wrong(`${printPath(place)} is ${got}, differences give ${slope}`);
    }
    const disagreement = push && forwardProblem(subject, push, args, result, new Randomness(i + 1));
    if (disagreement !== undefined) return wrong(`forward mode: ${disagreement}`);
    const asymmetry = multiply && secondProblem(subject, multiply, args, result, i);
    if (asymmetry !== undefined) return wrong(`forward over reverse: ${asymmetry}`);
    if (plain) {
      const distance = gradientDistance(result, timed('the gradient without analyses', () => gradientAt(plain, args)) as typeof result);
      if (!(Number(distance) < 1e-8)) return wrong(`without analyses the gradient differs by ${distance}`);
    }
  }
  return { kind: 'right', compared, skipped };
}

/** The pullback, the Jacobian in both modes, and the Hessian. */
function matricesVerdict(program: RandomProgram, primal: Primal, file: string, right: Verdict): Verdict {
  const companions = companionsOf(primal);
  const module = evaluate(printCompanions(companions, file));
  for (const [i, args] of program.samples.entries()) {
    const gradient = (module[`grad_${program.name}`] as Callable)(...args);
    if (!leavesOf(gradient).every(({ value }) => Number.isFinite(value))) continue;
    const detail = timed('matrices', () => matrixProblem(companions, module, args, i + 1));
    if (detail !== undefined) return { kind: 'wrong', detail: `sample ${i}, ${printDatum(args)}: ${String(detail)}` };
  }
  return right;
}

/** Both modes have the primal's value, and agree along a random direction. */
function forwardProblem(
  subject: Subject,
  push: Forward,
  args: readonly Datum[],
  { value, ...gradients }: { readonly value: number },
  random: Randomness,
): string | undefined {
  const directions = directionsOf(subject.companion, args, random);
  const pushed = timed('forward mode', () => push(...args, ...Object.values(directions))) as ReturnType<Forward>;
  if (!Object.is(pushed.value, value)) return `the value is ${pushed.value}, the primal returns ${value}`;
  return dotProductProblem(gradients, directions, pushed.t_value);
}

/** Forward over reverse has the same gradient, and `u H v = v H u`. */
function secondProblem({ companion }: Subject, multiply: SecondOrder, args: readonly Datum[], { value, ...gradients }: { readonly value: number }, seed: number): string | undefined {
  const [u, v] = [1, 2].map((k) => directionsOf(companion, args, new Randomness(10 * seed + k))) as [Directions, Directions];
  const [alongU, alongV] = [u, v].map((direction) => timed('forward over reverse', () => multiply(...args, ...Object.values(direction))) as ReturnType<SecondOrder>);
  const parts = (result: ReturnType<SecondOrder>, prefix: string): Directions =>
    Object.fromEntries(companion.differentiated.map(({ name }) => [`d_${name}`, result[`${prefix}_${name}`]]));
  const differs = gradientDistance({ value, ...gradients }, { value, ...parts(alongU!, 'd') });
  if (!(Number(differs) < 1e-9)) return `another gradient, by ${differs}`;
  const [hu, hv] = [parts(alongU!, 'h'), parts(alongV!, 'h')];
  const numbers = leavesOf([hu, hv]).map((leaf) => leaf.value);
  if (!numbers.every(Number.isFinite)) return undefined;
  const size = leavesOf(gradients).reduce((sum, leaf) => sum + Math.abs(leaf.value), Math.max(0, ...numbers.map(Math.abs)));
  return dotProductProblem(hu, v, dotProduct(hv, u), size, 1e-10);
}

/** @throws Error when it takes longer than two seconds: a loop that does not end. */
function timed(what: string, action: () => Datum): Datum {
  const shared = globalThis as { randomCheck?: () => Datum };
  shared.randomCheck = action;
  try {
    return runInThisContext('randomCheck()', { timeout: 2000 }) as Datum;
  } catch (error) {
    throw new Error(`${what}: ${textOf(error)}`, { cause: error });
  }
}

function countNodes(primal: Primal, counts: Map<string, number>): void {
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  const visit = (block: Block): void => {
    count(`exit ${block.exit.kind}`);
    for (const node of block.nodes) {
      count(node.kind === 'loop' ? `loop ${node.counter?.to ? 'counted' : 'by break'}` : node.kind);
      if (node.kind === 'apply') count(`apply ${node.op}`);
      blocks(node).forEach(visit);
    }
  };
  visit(primal.graph.body);
}
