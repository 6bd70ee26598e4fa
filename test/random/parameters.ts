/** Random parameters of a differentiated function, and arguments for them. */

import type { Datum } from '../harness/data.ts';
import type { Randomness } from './randomness.ts';
import type { Variable } from './scope.ts';

export interface Parameter {
  /** As it is written: `x: number`. */
  readonly text: string;
  /** What the body may name; none where the parameter is taken apart or only bounds a loop. */
  readonly variables: readonly Variable[];
  readonly differentiated: boolean;
  readonly argument: (random: Randomness) => Datum;
}

const trips = [0, 1, 2, 3, 3, 4, 2.5, -1];

/** Some that every program has, then `more`, then some of the others. */
export function parameters(random: Randomness, more: readonly Parameter[]): readonly Parameter[] {
  const always = [
    scalar('x', random.chance(0.3)),
    scalar('y', random.chance(0.3)),
    active('v: Float64Array', { kind: 'array', typed: true }, (r) => Float64Array.from(numbers(r, r.between(3, 4)))),
    active('w: readonly number[]', { kind: 'array', typed: false }, (r) => numbers(r, 3)),
    active('p: { a: number; b: number }', { kind: 'object' }, pair),
    given('n: number', undefined, (r) => r.pick(trips)),
    given('k: number', 'counter', (r) => r.below(3)),
  ];
  const others = [
    active('t: readonly [number, number]', { kind: 'tuple' }, (r) => numbers(r, 2)),
    active('rows: readonly (readonly number[])[]', { kind: 'rows' }, (r) => [0, 1, 2].map(() => numbers(r, 3))),
    active(
      'q: { readonly pair: { a: number; b: number }; readonly list: readonly number[]; readonly weight: number }',
      { kind: 'group' },
      (r) => ({ pair: pair(r), list: numbers(r, 3), weight: r.real(1.5) }),
    ),
    active('cells: readonly { a: number; b: number }[]', { kind: 'objects' }, (r) => [pair(r), pair(r), pair(r)]),
    active('z?: number', { kind: 'perhaps' }, (r) => (r.chance(0.6) ? r.real(1.5) : undefined)),
    active('u = 0.8', { kind: 'number', assignable: true }, (r) => (r.chance(0.6) ? r.real(1.5) : undefined)),
  ].filter(() => random.chance(0.15));
  // A required one cannot follow an optional one, and the rest comes last.
  const isOptional = ({ text }: Parameter): boolean => /\?:| = /.test(text);
  return [...always, ...more, ...others.filter((other) => !isOptional(other)), ...others.filter(isOptional)];
}

function scalar(name: string, assignable: boolean): Parameter {
  return active(`${name}: number`, { kind: 'number', assignable }, (r) => r.real(1.5));
}

function active(text: string, variable: Omit<Partial<Variable>, 'name'> & Pick<Variable, 'kind'>, argument: Parameter['argument']): Parameter {
  const name = /^\w+/.exec(text)![0];
  return { text, variables: [{ name, assignable: false, writable: false, ...variable }], differentiated: true, argument };
}

function given(text: string, kind: Variable['kind'] | undefined, argument: Parameter['argument']): Parameter {
  const name = /^\w+/.exec(text)![0];
  const variables = kind === undefined ? [] : [{ name, kind, assignable: false, writable: false }];
  return { text, variables, differentiated: false, argument };
}

function pair(random: Randomness): Datum {
  const [a, b] = numbers(random, 2);
  return { a, b };
}

function numbers(random: Randomness, count: number): number[] {
  return Array.from({ length: count }, () => random.real(1.5));
}
