/** Holds one companion against its primal: every promise of the contract that running it can show. */

import type { Companion } from '../../src/graph/primal.ts';
import {
  at,
  firstDifference,
  freeze,
  isTypedArray,
  kindOf,
  leavesOf,
  poisoned,
  printDatum,
  printPath,
  withNumberAt,
} from './data.ts';
import type { Datum, Path } from './data.ts';
import { slopeAt } from './differences.ts';

export type Callable = (...args: readonly Datum[]) => Datum;

export interface Subject {
  readonly companion: Companion;
  readonly primal: Callable;
  readonly gradient: Callable;
  /** Overwrites the file's scratch with NaN. */
  readonly poison?: () => void;
}

export interface Sample {
  readonly args: readonly Datum[];
  /** Exact derivatives, `d_x` and so on; where they are given nothing is compared with differences. */
  readonly expected?: Readonly<Record<string, Datum>>;
}

type Result = Readonly<Record<string, Datum>> & { readonly value: number };

/** What is wrong, one line each; empty where nothing is. */
export function checkSample(subject: Subject, sample: Sample): readonly string[] {
  const problems: string[] = [];
  const args = argumentsOf(subject.companion, sample.args);
  const before = structuredClone(args);
  const wanted = subject.primal(...sample.args) as number;
  const first = attempt(() => call(subject, freeze(structuredClone(args))));
  if (typeof first === 'string') return [`threw ${first}`];

  if (!Object.is(first.value, wanted))
    problems.push(`value: ${printDatum(first.value)}, the primal returns ${printDatum(wanted)}`);
  problems.push(...checkShapes(subject.companion, first, args));
  problems.push(
    ...(sample.expected ? checkExpected(first, sample.expected) : checkSlopes(subject, sample.args, first)),
  );

  const again = attempt(() => call(subject, args));
  problems.push(...compare('second call', first, again));
  const changed = firstDifference(before, args);
  if (changed !== undefined) problems.push(`an argument was changed at ${changed}`);
  problems.push(...checkOut(subject, args, first));
  return problems;
}

/** The result for one sample, with gradients as the companion gives them. */
export function gradientAt(subject: Subject, args: readonly Datum[]): Result {
  return call(subject, argumentsOf(subject.companion, args));
}

/** Largest difference of two results' gradients relative to their size; a text where shapes differ. */
export function gradientDistance(a: Result, b: Result): number | string {
  const [left, right] = [a, b].map((result) => leavesOf(result).filter(({ path }) => path[0] !== 'value'));
  if (left!.length !== right!.length) return `${left!.length} numbers and ${right!.length}`;
  let worst = 0;
  left!.forEach(({ value }, i) => {
    const other = right![i]!.value;
    if (Object.is(value, other)) return;
    const distance = Math.abs(value - other) / Math.max(1, Math.abs(value), Math.abs(other));
    worst = Math.max(worst, Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance);
  });
  return worst;
}

function call(subject: Subject, args: readonly Datum[], out?: Datum): Result {
  subject.poison?.();
  return subject.gradient(...args, out) as Result;
}

/** As the companion takes them: absent ones are undefined, rest arguments one array. */
export function argumentsOf(companion: Companion, args: readonly Datum[]): readonly Datum[] {
  return companion.signature.params.map((parameter, i) => (parameter.rest ? args.slice(i) : args[i]));
}

function checkShapes(companion: Companion, result: Result, args: readonly Datum[]): readonly string[] {
  const names = ['value', ...companion.differentiated.map(({ name }) => `d_${name}`)];
  const extra = Object.keys(result).filter((name) => !names.includes(name));
  const problems = extra.map((name) => `${name} is not asked for`);
  for (const { name, index } of differentiated(companion)) {
    const [gradient, arg] = [result[`d_${name}`], args[index]];
    if (arg === undefined) continue;
    problems.push(...shapeProblems(gradient, arg, [`d_${name}`]));
  }
  return problems;
}

/** A gradient is shaped like its parameter; fields of objects without a derivative are left out. */
function shapeProblems(gradient: Datum, arg: Datum, path: Path): readonly string[] {
  if (typeof arg === 'object' && arg !== null && kindOf(arg) === 'object') {
    if (kindOf(gradient) !== 'object') return [`${printPath(path)} is ${kindOf(gradient)}, an object was expected`];
    return Object.entries(gradient as object).flatMap(([key, part]) =>
      shapeProblems(part, at(arg, [key]), [...path, key]),
    );
  }
  // A number that is absent has the derivative 0.
  if (arg === undefined && gradient === 0) return [];
  if (arg === null && gradient === undefined) return [];
  if (kindOf(gradient) !== kindOf(arg))
    return [`${printPath(path)} is ${kindOf(gradient)}, ${kindOf(arg)} was expected`];
  if (!Array.isArray(arg) && !isTypedArray(arg)) return [];
  const [length, wanted] = [(gradient as Datum[]).length, arg.length];
  if (length !== wanted) return [`${printPath(path)} has length ${length}, ${wanted} was expected`];
  return Array.from(arg as ArrayLike<Datum>).flatMap((part, i) => shapeProblems(at(gradient, [i]), part, [...path, i]));
}

function checkExpected(result: Result, expected: Readonly<Record<string, Datum>>): readonly string[] {
  return leavesOf(expected).flatMap(({ path, value }) => {
    const got = at(result, path);
    const exact = Object.is(got, value) || (got === 0 && value === 0);
    if (exact || Math.abs((got as number) - value) <= 1e-13 * Math.abs(value)) return [];
    return [`${printPath(path)}: ${printDatum(got)}, expected ${printDatum(value)}`];
  });
}

/** Against differences; a slope whose own error is large cannot be compared, which a fixture's samples must avoid. */
function checkSlopes(subject: Subject, args: readonly Datum[], result: Result): readonly string[] {
  const size = Math.abs(result.value);
  return slopesOf(subject, args).flatMap(({ path, slope, error, point }) => {
    const got = at(result, path);
    const tolerance = 1e-6 * Math.max(1e-3, Math.abs(slope), Math.min(1, size / Math.max(1, Math.abs(point))));
    if (typeof got !== 'number') return [`${printPath(path)}: ${printDatum(got)} is no number`];
    if (Math.abs(got - slope) <= tolerance) return [];
    const doubt = error > tolerance ? ` (uncertain by ${error.toExponential(1)})` : '';
    return [`${printPath(path)}: ${printDatum(got)}, differences give ${slope}${doubt}`];
  });
}

export interface Slope {
  /** `['d_w', 3]`. */
  readonly path: Path;
  readonly point: number;
  readonly slope: number;
  readonly error: number;
  /** The primal as a function of the number. */
  readonly along: (x: number) => number;
}

/** One slope for each number that is differentiated. */
export function slopesOf(subject: Pick<Subject, 'companion' | 'primal'>, args: readonly Datum[]): readonly Slope[] {
  return differentiated(subject.companion).flatMap(({ name, index, rest }) => {
    const part = rest ? args.slice(index) : args[index];
    return leavesOf(part).map(({ path, value: point }) => {
      const full = rest ? [index + (path[0] as number), ...path.slice(1)] : [index, ...path];
      const f = (x: number): number => subject.primal(...(withNumberAt(args, full, x) as Datum[])) as number;
      return { path: [`d_${name}`, ...path], point, along: f, ...slopeAt(f, point) };
    });
  });
}

function differentiated(companion: Companion): readonly { name: string; index: number; rest: boolean }[] {
  return companion.signature.params.flatMap(({ name, rest }, index) =>
    companion.differentiated.some((parameter) => parameter.name === name) ? [{ name, index, rest }] : [],
  );
}

/** `out` is filled, returned, and its arrays are the same ones as before; another length is refused. */
function checkOut(subject: Subject, args: readonly Datum[], first: Result): readonly string[] {
  const out = poisoned(first) as Record<string, Datum>;
  const arrays = Object.entries(out).filter(([, part]) => typeof part === 'object');
  const result = attempt(() => call(subject, args, out));
  const problems = [...compare('with `out`', first, result)];
  if (typeof result === 'string') return problems;
  if (result !== (out as unknown)) problems.push('`out` is not what is returned');
  for (const [name, part] of arrays) {
    if (out[name] !== part) problems.push(`\`out.${name}\` was replaced`);
  }
  for (const [name, part] of arrays) {
    if (isTypedArray(part) || (Array.isArray(part) && part.length > 0 && typeof part[0] === 'number')) {
      const wrong = {
        ...out,
        [name]: isTypedArray(part) ? new (part.constructor as typeof Float64Array)(part.length + 1) : [...part, 0],
      };
      const error = attempt(() => call(subject, args, wrong));
      const named = typeof error === 'string' && error.startsWith('RangeError') && error.includes(name);
      const isTuple = subject.companion.differentiated.some((p) => `d_${p.name}` === name && p.type.kind === 'tuple');
      if (!named && !isTuple)
        problems.push(`\`out.${name}\` of another length: ${typeof error === 'string' ? error : 'accepted'}`);
    }
  }
  return problems;
}

function compare(what: string, first: Result, second: Result | string): readonly string[] {
  if (typeof second === 'string') return [`${what}: threw ${second}`];
  const difference = firstDifference(first, second);
  return difference === undefined ? [] : [`${what}: differs at ${difference}`];
}

function attempt<T>(action: () => T): T | string {
  try {
    return action();
  } catch (error) {
    return String(error);
  }
}
