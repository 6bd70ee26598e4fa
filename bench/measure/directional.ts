import type { Case } from '../case.ts';
import { Random } from '../inputs/random.ts';
import { disagreement } from './agreement.ts';
import { repeated } from './calls.ts';
import { numberAt, placesIn } from './numbers.ts';
import { timeInTurn } from './time.ts';

/** What derivatives in a direction cost, in nanoseconds. */
export interface Directional {
  readonly name: string;
  readonly primal: number;
  readonly gradient: number;
  readonly jvp: number;
  readonly hvp?: number;
  /** Of the whole Hessian: one of its columns. */
  readonly hessian?: number;
}

type Call = (...args: readonly unknown[]) => unknown;
type Result = Readonly<Record<string, unknown>>;

/** The directional derivative is the gradient times the direction; the Hessian times it is the difference of gradients along it. */
export function checkDirectional(given: Case): void {
  const [args] = given.inputs() as readonly [readonly unknown[]];
  const entries = Object.entries(given.parameters);
  const directions = directionsFor(given, args);
  const gradientAt = (step: number): number[] => {
    const moved = args.map((arg, place) => {
      const which = entries.findIndex(([, other]) => other === place);
      return which < 0 ? arg : along(arg, directions[which], step);
    });
    return numbersOf(entries, (given.generated as Call)(...moved) as Result, 'd');
  };
  const gradient = gradientAt(0);
  const direction = directions.flatMap(allNumbers);
  const inner = gradient.reduce((sum, d, i) => sum + d * direction[i]!, 0);
  const size = gradient.reduce((sum, d, i) => sum + Math.abs(d * direction[i]!), 0);
  const { t_value } = (given.jvp as Call)(...args, ...directions) as { readonly t_value: number };
  agree(given.name, 'jvp', [t_value, size], [inner, size], 1e-9);
  if (given.hvp === undefined) return;
  const step = 1e-6;
  const [ahead, behind] = [gradientAt(step), gradientAt(-step)];
  const product = numbersOf(entries, (given.hvp as Call)(...args, ...directions) as Result, 'h');
  const most = product.reduce((max, h) => Math.max(max, Math.abs(h)), 0);
  agree(given.name, 'hvp (differences)', [...product, most], [...ahead.map((d, i) => (d - behind[i]!) / (2 * step)), most], 1e-4);
}

export function directionalTimesOf(given: Case, seconds: number): Directional {
  const [args] = given.inputs() as readonly [readonly unknown[]];
  const directions = directionsFor(given, args);
  const withOut = (f: Case['generated'], list: readonly unknown[]) => repeated(f, [[...list, (f as Call)(...list)]]);
  const { jvp, hvp, hessian } = given;
  const all = [
    repeated(given.primal, [args], 'r'),
    withOut(given.generated, args),
    // A result of two numbers is cheaper made than filled.
    repeated(jvp!, [[...args, ...directions]], 'r.t_value'),
    ...(hvp ? [withOut(hvp, [...args, ...directions])] : []),
    ...(hessian ? [withOut(hessian, args)] : []),
  ];
  const [primal, gradient, push, ...more] = timeInTurn(all, seconds).map(({ least }) => least);
  const columns = directions.flatMap(allNumbers).length;
  return {
    name: given.name,
    primal: primal!,
    gradient: gradient!,
    jvp: push!,
    ...(hvp && { hvp: more.shift()! }),
    ...(hessian && { hessian: more.shift()! / columns }),
  };
}

function directionsFor(given: Case, args: readonly unknown[]): readonly unknown[] {
  const random = new Random(7);
  return Object.values(given.parameters).map((place) => shaped(args[place], () => random.normal()));
}

function shaped(like: unknown, next: () => number): unknown {
  if (typeof like === 'number') return next();
  if (like instanceof Float64Array) return like.map(next);
  if (Array.isArray(like)) return like.map((part) => shaped(part, next));
  return Object.fromEntries(Object.entries(like as object).map(([key, part]) => [key, shaped(part, next)]));
}

function along(from: unknown, direction: unknown, step: number): unknown {
  const moves = allNumbers(direction);
  const starts = allNumbers(from);
  let i = 0;
  return shaped(from, () => starts[i]! + step * moves[i++]!);
}

function numbersOf(entries: readonly (readonly [string, number])[], result: Result, prefix: string): number[] {
  return entries.flatMap(([name]) => allNumbers(result[`${prefix}_${name}`]));
}

function allNumbers(value: unknown): number[] {
  return typeof value === 'number' ? [value] : placesIn(value).map(numberAt);
}

function agree(problem: string, what: string, a: number[], b: number[], limit: number): void {
  const off = disagreement(a, b);
  if (!(off <= limit)) throw new Error(`${problem}: ${what} is off by ${off}`);
}
