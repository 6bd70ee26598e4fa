import type { Case } from '../case.ts';
import { disagreement } from './agreement.ts';
import { bytesPerCall } from './allocation.ts';
import { repeated } from './calls.ts';
import { centralDifferences, spread } from './differences.ts';
import { numberAt, placesIn, type Place } from './numbers.ts';
import { timeInTurn } from './time.ts';

export interface Times {
  readonly name: string;
  /** Nanoseconds of a call: least, and in the middle. */
  readonly primal: number;
  readonly generated: number;
  readonly byHand: number;
  readonly differences: number;
  readonly medians: readonly number[];
  /** How many numbers the gradient has. */
  readonly length: number;
}

export interface Bytes {
  /** Bytes that a call allocates, beyond what the primal does. */
  readonly primal: number;
  readonly generated: number;
  readonly byHand: number;
}

/** Differences along so many elements stand for all of them. */
const mostDifferences = 16;

type Call = (...args: readonly unknown[]) => unknown;

/** Generated and hand-written gradient, the differences too, or an error that says which of them is on its own. */
export function checkCase(given: Case): void {
  for (const args of given.inputs()) {
    const value = (given.primal as Call)(...args);
    const generated = (given.generated as Call)(...args) as Record<string, unknown>;
    const byHand = (given.byHand as Call)(...args) as Record<string, unknown>;
    if (!Object.is(generated.value, value)) throw new Error(`${given.name}: value is ${generated.value}, not ${value}`);
    agree(given.name, 'value by hand', [byHand.value as number], [value as number], 1e-9);
    for (const [parameter, place] of Object.entries(given.parameters)) {
      const name = `d_${parameter}`;
      const [a, b] = [generated, byHand].map((result) => allNumbers(result[name]));
      agree(given.name, name, a!, b!, 1e-9);
      checkDifferences(given, args, place, b!, name);
    }
  }
}

function allNumbers(gradient: unknown): number[] {
  return typeof gradient === 'number' ? [gradient] : placesIn(gradient).map(numberAt);
}

function checkDifferences(given: Case, args: readonly unknown[], parameter: number, gradient: number[], name: string) {
  const places = placesOf(args, [parameter]);
  const chosen = spread(places, 8);
  const estimates = centralDifferences(() => (given.primal as Call)(...args) as number, chosen, new Float64Array(8));
  const picked = chosen.map((place) => gradient[places.indexOf(place)]!);
  // Against the whole gradient's size: differences of a large value are coarse where the gradient is small.
  const scale = gradient.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  agree(
    given.name,
    `${name} (differences)`,
    [...picked, scale],
    [...estimates.subarray(0, chosen.length), scale],
    1e-4,
  );
}

function agree(problem: string, what: string, a: number[], b: number[], limit: number): void {
  const off = disagreement(a, b);
  if (!(off <= limit)) throw new Error(`${problem}: ${what} is off by ${off}`);
}

/** Where the differentiated numbers lie; a scalar lies in the list of arguments itself. */
function placesOf(args: readonly unknown[], parameters: readonly number[]): Place[] {
  return parameters.flatMap((key) =>
    typeof args[key] === 'number'
      ? [{ holder: args as unknown as Record<string | number, unknown>, key }]
      : placesIn(args[key]),
  );
}

export function timesOf(given: Case, seconds: number): Times {
  const lists = given.inputs();
  const args = lists[0]!;
  const places = placesOf(args, Object.values(given.parameters));
  const chosen = spread(places, mostDifferences);
  const estimates = new Float64Array(chosen.length);
  const primal = repeated(given.primal, lists, 'r');
  const value = new Function('f', 'list', `return () => f(${args.map((_, i) => `list[${i}]`).join(', ')})`);
  const valueOf = value(given.primal, args) as () => number;
  const differences = (count: number) => {
    for (let i = 0; i < count; i++) centralDifferences(valueOf, chosen, estimates);
  };
  const timings = timeInTurn([primal, ...gradientsOf(given, lists)], seconds);
  const [slow] = timeInTurn([differences], seconds / 4);
  const share = places.length / chosen.length;
  const [p, g, h] = timings.map(({ least }) => least);
  return {
    name: given.name,
    primal: p!,
    generated: g!,
    byHand: h!,
    differences: slow!.least * share,
    medians: timings.map(({ median }) => median),
    length: places.length,
  };
}

export function bytesOf(given: Case): Bytes {
  const lists = given.inputs();
  const primal = bytesPerCall(repeated(given.primal, lists, 'r'));
  const [generated, byHand] = gradientsOf({ ...given, scalarResult: false }, lists).map(bytesPerCall);
  return { primal, generated: generated! - primal, byHand: byHand! - primal };
}

/** The calls of both gradients, into an `out` of their own each unless the result is scalar. */
function gradientsOf(given: Case, lists: readonly (readonly unknown[])[]) {
  return [given.generated, given.byHand].map((gradient) => {
    const out = (gradient as Call)(...lists[0]!) as object;
    if (!given.scalarResult)
      return repeated(
        gradient,
        lists.map((list) => [...list, out]),
      );
    return repeated(
      gradient,
      lists,
      Object.keys(out)
        .map((name) => `r.${name}`)
        .join(' + '),
    );
  });
}
