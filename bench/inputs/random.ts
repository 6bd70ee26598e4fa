/** The same numbers in every run and on every engine: a linear congruential generator (Knuth's MMIX), upper bits. */
export class Random {
  private state: bigint;

  constructor(seed = 31337) {
    this.state = BigInt(seed);
  }

  /** Between 0 and 1. */
  uniform(): number {
    this.state = BigInt.asUintN(64, this.state * 6364136223846793005n + 1442695040888963407n);
    return Number(this.state >> 11n) / 2 ** 53;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(limit * this.uniform());
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  uniforms(length: number, low = 0, high = 1): Float64Array {
    return Float64Array.from({ length }, () => this.between(low, high));
  }

  normals(length: number, scale = 1): Float64Array {
    return Float64Array.from({ length }, () => scale * this.normal());
  }
}
