/** Pseudo-random choices that a seed determines (mulberry32). */
export class Randomness {
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 0x9e3779b1) >>> 0;
    this.next();
  }

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** An integer in [0, n). */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** One of the options, with their weights. */
  weighted<T>(options: readonly (readonly [weight: number, item: T])[]): T {
    let rest = this.next() * options.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, item] of options) {
      rest -= weight;
      if (rest < 0) return item;
    }
    return options[options.length - 1]![1];
  }

  /** A number with three digits, `1.37` or `-0.482`, away from 0. */
  real(largest: number): number {
    const size = 0.2 + this.next() * (largest - 0.2);
    return Number((this.chance(0.3) ? -size : size).toPrecision(3));
  }

  reals(length: number): Float64Array {
    return Float64Array.from({ length }, () => this.real(0.7));
  }
}
