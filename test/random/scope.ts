/** What a random program can name at some place. */

import type { Randomness } from './randomness.ts';

export type Kind = 'number' | 'counter' | 'array' | 'list' | 'object' | 'tuple' | 'rows' | 'function' | 'effect';

export interface Variable {
  readonly name: string;
  readonly kind: Kind;
  /** `let`: it may be assigned as a whole. */
  readonly assignable: boolean;
  /** Its elements or fields may be written: it is no parameter. */
  readonly writable: boolean;
  /** Of an array: `Float64Array` or `number[]`. */
  readonly typed?: boolean;
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
