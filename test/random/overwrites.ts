/**
 * Random functions that make arrays and then write over them, element by element or here and there, in counted loops and in ones that
 * are not: what the backward sweep puts back, keeps, or reads again where it was stored.
 */

import type { RandomProgram, Statement } from './program.ts';
import { Randomness } from './randomness.ts';

export function generateOverwrites(seed: number): RandomProgram {
  const random = new Randomness(seed);
  return {
    seed,
    name: `over${seed}`,
    helpers: [],
    parameters: 'v: Float64Array, w: Float64Array, k: number, t: number',
    differentiated: ['v', 'w', 't'],
    body: new Overwrites(random).main(),
    samples: [
      [4, 4, 1],
      [5, 5, 2],
      [4, 6, 0],
    ].map(([m = 0, n = 0, k = 0]) => [random.reals(m), random.reals(n), k, 0.7]),
  };
}

class Overwrites {
  private readonly random: Randomness;
  private readonly arrays = ['a', 'b'];

  constructor(random: Randomness) {
    this.random = random;
  }

  main(): readonly Statement[] {
    const { random } = this;
    return [
      { head: 'let s = t;' },
      ...this.arrays.flatMap((array) => this.made(array)),
      ...Array.from({ length: random.between(2, 4) }, () => this.pass(0)).flat(),
      { head: 'for (const e of a) s = 0.6 * s + Math.sin(e);' },
      { head: 'for (let i = 0; i < b.length; i++) s += b[i]! * (i + 1) * 0.3;' },
      { head: 'return s;' },
    ];
  }

  private made(array: string): readonly Statement[] {
    const { random } = this;
    const value = random.pick(['Math.exp(v[i]! * t)', 'Math.tanh(v[i]!)', 'Math.sin(v[i]! * 0.2 * k)', 'v[i]!', 'Math.sqrt(1 + v[i]! * v[i]!)', '1 / (1 + w[i % w.length]! ** 2)']);
    const size = 'v.length';
    if (random.chance(0.3)) return [{ head: `const ${array} = Float64Array.from(v, (_e, i) => ${value});` }];
    const also = random.chance(0.3) ? [{ head: `s += ${array}[i]! * ${array}[0]!;` }] : [];
    const head = random.chance(0.3) ? `let i = 0; i < ${size}; i += 1` : `let i = 0; i < ${array}.length; i++`;
    return [{ head: `const ${array} = new Float64Array(${size});` }, { head: `for (${head}) {`, body: [{ head: `${array}[i] = ${value};` }, ...also] }];
  }

  private index(counters: readonly string[]): string {
    const { random } = this;
    const counter = random.pick(counters);
    return random.pick(['0', '1', '2', `${counter} % a.length`, `(${counter} * ${counter}) % a.length`, `(${counter} + k) % a.length`, 'k % a.length', 'a.length - 1']);
  }

  private write(counters: readonly string[]): Statement {
    const { random } = this;
    const [array, other] = [random.pick(this.arrays), random.pick(this.arrays)];
    const [at, from] = [this.index(counters), this.index(counters)];
    return {
      head: random.pick([
        `${array}[${at}] = Math.sin(${array}[${at}]! + ${other}[${from}]!);`,
        `${array}[${at}]! *= Math.cos(${other}[${from}]!);`,
        `${array}[${at}] = Math.tanh(${other}[${from}]! * s);`,
        `${array}[${at}]! += 0.3 * ${other}[${from}]! * ${other}[${from}]!;`,
        `s = Math.sin(s + ${array}[${at}]! * ${other}[${from}]!);`,
        `if (${other}[${from}]! > 0.1) ${array}[${at}] = Math.exp(-${other}[${from}]!);`,
      ]),
    };
  }

  private pass(depth: number): readonly Statement[] {
    const { random } = this;
    const counter = `n${depth}`;
    const counters = depth === 0 ? [counter] : [counter, 'n0'];
    const writes = Array.from({ length: random.between(1, 3) }, () => this.write(counters));
    const body = depth === 0 && random.chance(0.25) ? [...writes, ...this.pass(1)] : writes;
    switch (random.between(0, 3)) {
      case 0:
        return [
          {
            head: '{',
            body: [
              { head: `let ${counter} = 0;` },
              { head: 'do {', body: [{ head: `${counter}++;` }, ...body], tail: `} while (${counter} < ${random.pick(['3', 'k'])});` },
            ],
          },
        ];
      case 1:
        return [{ head: `for (let ${counter} = 0; ${counter} < ${random.pick(['3', 'k', 'a.length'])}; ${counter}++) {`, body }];
      case 2:
        return [{ head: `for (let ${counter} = ${random.pick(['2', 'a.length - 1'])}; ${counter} >= 0; ${counter}--) {`, body: [...body, ...(random.chance(0.4) ? [{ head: 'if (s > 5) break;' }] : [])] }];
      default:
        return [{ head: `{ const ${counter} = 1 + k;`, body: writes }];
    }
  }
}
