/** What a random program can name at some place. */

import type { Maker } from './place.ts';
import type { Randomness } from './randomness.ts';

export type Kind =
  | 'number'
  /** An integer that is not differentiated. */
  | 'counter'
  | 'flag'
  /** A number or nothing. */
  | 'perhaps'
  /** Of numbers, at least three. */
  | 'array'
  /** Of numbers, of any length. */
  | 'list'
  /** `{ a, b }`. */
  | 'object'
  /** Two numbers. */
  | 'tuple'
  /** Three numbers in each of three or more rows. */
  | 'rows'
  /** `{ pair: { a, b }, list, weight }`. */
  | 'group'
  /** At least two objects `{ a, b }`. */
  | 'objects'
  /** A class of the program; its instances have `total`, `rate`, `pair`, `add` and `value`. */
  | 'class'
  | 'instance'
  /** `{ value, left?, right? }`. */
  | 'tree'
  /** Numbers to one. */
  | 'function'
  /** One number to nothing, but it changes variables. */
  | 'effect'
  /** A function of two numbers and a number to one: `apply(h, 0.3)`. */
  | 'callee'
  /** One number to a truth value. */
  | 'predicate'
  /** A function of the module that is called in a statement. */
  | 'helper';

export interface Variable {
  readonly name: string;
  readonly kind: Kind;
  /** `let`: it may be assigned as a whole. */
  readonly assignable: boolean;
  /** Its elements or fields may be written: it is no parameter. */
  readonly writable: boolean;
  /** Of an array: `Float64Array` or `number[]`. */
  readonly typed?: boolean;
  /** Of a function: the fewest and the most arguments; two where it is left out. */
  readonly arity?: readonly [number, number];
  /** Of an effect: calling it may change the length of an array. */
  readonly resizes?: boolean;
  /** Of a helper: statements with a call of it. */
  readonly call?: Maker;
}

export class Scope {
  private readonly variables: Variable[] = [];
  private readonly parent: Scope | undefined;

  constructor(parent?: Scope) {
    this.parent = parent;
  }

  declare(variable: Variable): void {
    this.variables.push(variable);
  }

  all(): readonly Variable[] {
    const outer = this.parent?.all() ?? [];
    return [...outer.filter(({ name }) => !this.variables.some((own) => own.name === name)), ...this.variables];
  }

  of(...kinds: readonly Kind[]): readonly Variable[] {
    return this.all().filter(({ kind }) => kinds.includes(kind));
  }

  /** One of them, recent ones more often; undefined where there is none. */
  pick(random: Randomness, fits: (variable: Variable) => boolean): Variable | undefined {
    const candidates = this.all().filter(fits);
    if (candidates.length === 0) return undefined;
    const recent = candidates.slice(-4);
    return random.pick(random.chance(0.5) ? recent : candidates);
  }
}

/** Names of functions and classes: no values. */
export function isCallable(kind: Kind): boolean {
  return ['function', 'effect', 'predicate', 'class', 'callee', 'helper'].includes(kind);
}
