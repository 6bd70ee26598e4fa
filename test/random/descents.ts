/**
 * Random functions that call themselves, or each other: on memory that they share with their callers, in branches and loops, mostly
 * linear in what the calls give. What `join-halves` makes one function of, and what has to stay a pair.
 */

import type { RandomProgram, Statement } from './program.ts';
import { Randomness } from './randomness.ts';

export function generateDescent(seed: number): RandomProgram {
  const random = new Randomness(seed);
  const descent = new Descent(random, random.chance(0.25) ? [`down${seed}`, `on${seed}`] : [`down${seed}`]);
  return {
    seed,
    name: `descent${seed}`,
    helpers: descent.procedures(),
    parameters: 'w: Float64Array, b: Float64Array, x: Float64Array, m: number, n: number, t: number',
    differentiated: ['w', 'b', 'x'],
    body: descent.main(),
    samples: [[3, 4], [1, 2], [0, 2]].map(([m = 0, n = 0]) => [random.reals(8), random.reals(Math.max(m, 1)), random.reals(n), m, n, 0.8]),
  };
}

class Descent {
  private readonly random: Randomness;
  private readonly names: readonly string[];
  /** Whether calls are only added up, so that what they are worth is known before. */
  private readonly isLinear: boolean;
  /** Whether differentiated memory is written while calls are under way. */
  private readonly writes: boolean;

  constructor(random: Randomness, names: readonly string[]) {
    this.random = random;
    this.names = names;
    this.isLinear = random.chance(0.8);
    this.writes = random.chance(0.2);
  }

  procedures(): readonly Statement[] {
    const { random } = this;
    return this.names.map((name) => ({
      head: `function ${name}(w: Float64Array, y: Float64Array, o: Int32Array, z: number, k: number, t: number): number {`,
      body: [
        { head: `if (k <= 0) return ${random.pick(['1', 'z', 'w[0]! * z', 'y[0]! * z', '0'])};` },
        { head: `let acc = ${random.pick(['0', 'z', '0.1', 'w[k]!'])};` },
        { head: `let c = ${random.pick(['0.5', 'z', 't'])};` },
        ...Array.from({ length: random.between(1, 3) }, () => this.statement(0)),
        { head: `acc += 0.5 * ${this.call('0.8 * z')};` },
        { head: `return ${random.pick(['acc', 'acc + c', 'acc * 0.9', this.isLinear ? 'acc + z * c' : 'Math.sin(acc)'])};` },
      ],
    }));
  }

  main(): readonly Statement[] {
    const { random } = this;
    return [
      { head: 'if (m < 1) return 0;' },
      { head: 'const y = new Float64Array(3);' },
      { head: 'y[0] = x[0]!;' },
      { head: 'y[1] = 0.4;' },
      { head: 'const o = new Int32Array(8);' },
      { head: 'for (let i = 0; i < 5; i++) o[i] = (i + 2) % 5;' },
      { head: 'let total = 0.3;' },
      ...Array.from({ length: random.between(1, 3) }, () => this.asked()),
      { head: `total += ${this.first()};` },
      { head: `return ${random.pick(['total', 'total + y[0]!', this.isLinear ? 'total + w[o[0]!]!' : 'total * x[0]!'])};` },
    ];
  }

  private call(z: string, k = this.random.pick(['k - 1', 'k - 2', 'k - 1'])): string {
    return `${this.random.pick(this.names)}(w, y, o, ${z}, ${k}, t)`;
  }

  private number(): string {
    return this.random.pick(['z', 'w[0]!', 'w[k]!', 'w[o[k]!]!', 't', 'Math.sin(z)', '1.5', 'z * w[k]!', 'acc', 'c', 'y[0]!', 'y[o[0]! % 2]!']);
  }

  private statement(depth: number): Statement {
    const { random } = this;
    const kinds: (readonly [number, () => Statement])[] = [
      [6, () => this.added()],
      [2, () => ({ head: `acc += ${this.number()} * ${this.number()};` })],
      [1, () => ({ head: `c = Math.sin(${this.number()} + c);` })],
      [1, () => ({ head: '{', body: [{ head: 'const first: number = o[k]!;' }, { head: 'o[k] = o[0]!;' }, { head: 'o[0] = first;' }] })],
    ];
    if (!this.isLinear) kinds.push([2, () => ({ head: `c = ${this.call(random.pick(['z', 'c']), 'k - 1')} * ${this.number()};` })], [1, () => ({ head: 'acc = Math.tanh(acc);' })]);
    if (this.writes) kinds.push([1, () => ({ head: `y[k % 2] = ${this.number()};` })], [1, () => ({ head: `y[1]! += 0.2 * ${this.number()};` })]);
    if (depth < 2) kinds.push([2, () => this.branch(depth + 1)], [2, () => this.loop(depth + 1)]);
    return random.weighted(kinds)();
  }

  private added(): Statement {
    const { random } = this;
    const weight = this.isLinear ? random.pick(['z', 'w[0]!', 'w[k]!', 't', 'Math.sin(z)', 'w[o[k]!]!']) : this.number();
    const z = random.pick(['z', '0.5 * z', 'z + 0.1', 'z * w[k]!', 'Math.cos(z)', this.isLinear ? 't' : 'c']);
    return { head: `acc ${random.pick(['+=', '-='])} ${random.pick(['', '0.3 * ', `${weight} * `])}${this.call(z)};` };
  }

  private branch(depth: number): Statement {
    const { random } = this;
    const head = `if (${random.pick(['k % 2 === 0', 'z > 0.2', 'o[k]! > 1'])}) {`;
    const body = [this.statement(depth), this.statement(depth)];
    return random.chance(0.5) ? { head, body, otherwise: [this.statement(depth)] } : { head, body };
  }

  private loop(depth: number): Statement {
    const { random } = this;
    const last = `acc += ${random.pick(['w[i]! * z', 'w[i]! * w[k]!', 'z', 'c * 0.1'])};`;
    return { head: `for (let i = ${random.pick(['0', '0', '1'])}; i < ${random.pick(['2', 'k'])}; i++) {`, body: [this.statement(depth), { head: last }] };
  }

  private first(): string {
    const { random } = this;
    const [name] = this.names;
    const z = random.pick(['x[0]!', 'x[1]!', 'x[0]! * b[0]!', '0.4', this.isLinear ? '0.3' : 'total']);
    return `${name}(w, y, o, ${z}, ${random.pick(['n % 4', '2', '3', '1'])}, t)`;
  }

  /** A statement of the main function. */
  private asked(): Statement {
    const { random } = this;
    const weight = random.pick(['', '0.5 * ', 'b[0]! * ', this.isLinear ? 'x[1]! * ' : 'total * ']);
    const kinds: (readonly [number, () => Statement])[] = [
      [4, () => ({ head: `total ${random.pick(['+=', '-='])} ${weight}${this.first()};` })],
      [2, () => ({ head: 'for (let i = 0; i < m; i++) {', body: [{ head: `total += b[i]! * ${this.first().replace('x[0]!', 'x[i % n]!')};` }, ...this.besides()] })],
      [1, () => ({ head: 'if (m > 2) {', body: [{ head: `total += ${this.first()};` }] })],
      [1, () => ({ head: 'total += w[o[1]!]! * y[1]!;' })],
    ];
    if (!this.isLinear) kinds.push([1, () => ({ head: 'total = Math.sin(total);' })]);
    if (this.writes) kinds.push([1, () => ({ head: 'y[0] = Math.sin(x[1]!);' })]);
    return random.weighted(kinds)();
  }

  private besides(): readonly Statement[] {
    const { random } = this;
    const written = this.writes && random.chance(0.3) ? [{ head: 'y[i % 2] = x[i % n]!;' }] : [];
    const read = random.chance(0.15) ? [{ head: 'total += x[o[i % 5]! % n]!;' }] : [];
    return [...written, ...read];
  }
}
