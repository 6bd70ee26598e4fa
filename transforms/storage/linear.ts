/** Sums of multiples of unknowns, `i - k + 3`: what is known of indices is proved on these. */

/** Unknowns are told apart by their key. */
export interface Unknown {
  readonly key: string;
}

interface Term<U> {
  readonly unknown: U;
  readonly factor: number;
}

export class Linear<U extends Unknown> {
  readonly constant: number;
  private readonly byKey: ReadonlyMap<string, Term<U>>;

  private constructor(constant: number, byKey: ReadonlyMap<string, Term<U>>) {
    this.constant = constant;
    this.byKey = byKey;
  }

  static number<U extends Unknown>(constant: number): Linear<U> {
    return new Linear(constant, new Map());
  }

  static unknown<U extends Unknown>(unknown: U): Linear<U> {
    return new Linear(0, new Map([[unknown.key, { unknown, factor: 1 }]]));
  }

  get terms(): readonly Term<U>[] {
    return [...this.byKey.values()];
  }

  get isNumber(): boolean {
    return this.byKey.size === 0;
  }

  plus(other: Linear<U>, times = 1): Linear<U> {
    const sum = new Map(this.byKey);
    for (const { unknown, factor } of other.terms) {
      const total = (sum.get(unknown.key)?.factor ?? 0) + times * factor;
      if (total === 0) sum.delete(unknown.key);
      else sum.set(unknown.key, { unknown, factor: total });
    }
    return new Linear(this.constant + times * other.constant, sum);
  }

  minus(other: Linear<U>): Linear<U> {
    return this.plus(other, -1);
  }

  times(factor: number): Linear<U> {
    return Linear.number<U>(0).plus(this, factor);
  }

  /** The same with another sum for an unknown. */
  with(unknown: U, sum: Linear<U>): Linear<U> {
    const factor = this.byKey.get(unknown.key)?.factor ?? 0;
    return this.plus(Linear.unknown(unknown), -factor).plus(sum, factor);
  }
}
