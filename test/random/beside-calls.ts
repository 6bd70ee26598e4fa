/**
 * Random functions that walk through arrays one loop after the other, before and behind calls of a function that calls itself: what
 * is kept for the backward sweep lies on the stack then, in the order in which it is taken off. Some loops hold one that nobody can
 * fuse, some hand an array to the next.
 */

import type { RandomProgram, Statement } from './program.ts';
import { Randomness } from './randomness.ts';

export function generateBesideCalls(seed: number): RandomProgram {
  const random = new Randomness(seed);
  const walk = new Walk(random, `deep${seed}`);
  return {
    seed,
    name: `walk${seed}`,
    helpers: [
      {
        head: `function deep${seed}(w: Float64Array, z: number, k: number): number {`,
        body: [
          { head: `if (k <= 0) return ${random.pick(['z', 'Math.sin(z)', 'w[0]! * z'])};` },
          { head: `const inner = deep${seed}(w, ${random.pick(['0.8 * z', 'z * w[k % w.length]!', 'Math.cos(z)'])}, k - 1);` },
          { head: `return ${random.pick(['Math.tanh(inner + w[0]!)', 'inner * 0.9 + z', 'inner * inner * 0.3 + w[k % w.length]!'])};` },
        ],
      },
    ],
    parameters: 'w: Float64Array, x: Float64Array, k: number, t: number',
    differentiated: ['w', 'x', 't'],
    body: walk.main(),
    samples: [
      [3, 5, 2],
      [1, 4, 3],
      [4, 1, 0],
    ].map(([m = 0, n = 0, k = 0]) => [random.reals(m), random.reals(n), k, 0.7]),
  };
}

class Walk {
  private readonly random: Randomness;
  private readonly deep: string;
  private arrays = ['x'];

  constructor(random: Randomness, deep: string) {
    this.random = random;
    this.deep = deep;
  }

  main(): readonly Statement[] {
    const { random } = this;
    return [
      { head: 'let s = t;' },
      { head: 'let c = 0.5;' },
      ...Array.from({ length: random.between(3, 7) }, () => this.step()).flat(),
      { head: `return s + c * 0.3 + ${random.pick(['0', `${this.deep}(w, s, 1)`, `${this.array()}[0]! * c`])};` },
    ];
  }

  /** Mostly the last one: loops that hand an array on. */
  private array(): string {
    return this.random.chance(0.6) ? this.arrays.at(-1)! : this.random.pick(this.arrays);
  }

  private made(): string {
    const name = `a${this.arrays.length}`;
    this.arrays = [...this.arrays, name];
    return name;
  }

  /** A number made of the element `e`. */
  private element(e: string): string {
    return this.random.pick([`Math.tanh(${e})`, `Math.sin(${e} + t)`, `Math.exp(-${e}) * ${e}`, `Math.sin(${e} * s)`, `${e} * 0.7 + c`, `Math.tanh(${e} + w[0]!)`, `(${e} > 0.2 ? ${e} * ${e} : Math.cos(${e}))`, `${e} * ${e}`]);
  }

  private step(): readonly Statement[] {
    const { random } = this;
    const from = this.array();
    if (random.chance(0.25)) return [{ head: `${random.pick(['s', 'c'])} = Math.sin(${this.deep}(w, ${random.pick(['s', 'c', 't'])}, ${random.pick(['k', '1'])}) + ${random.pick(['0.3', 's'])});` }];
    const search = { head: `const found = x.findIndex((u) => u > ${random.pick(['0.5', '5', 't'])});` };
    const barred = random.chance(0.5);
    switch (random.pick([0, 0, 1, 1, 2, 3, 4, 5])) {
      case 0: {
        const value = this.element('e');
        const name = this.made();
        if (!barred) return [{ head: `const ${name} = ${from}.map((e) => ${value});` }];
        return [
          {
            head: `const ${name} = ${from}.map((e) => {`,
            body: [search, { head: `return found < 0 ? ${value} : ${this.element('e')};` }],
            tail: '});',
          },
        ];
      }
      case 1:
        return [{ head: `for (const e of ${from}) ${random.pick(['s = Math.tanh(0.6 * s + e);', 'c += e * s;', 's = 0.6 * s + Math.sin(e);', 'if (e > 0) c = Math.cos(c + e);'])}` }];
      case 2: {
        const value = this.element(`${from}[i]!`);
        const name = this.made();
        return [
          { head: `const ${name} = new Float64Array(${from}.length);` },
          { head: `for (let i = 0; i < ${from}.length; i++) {`, body: [...(barred ? [search, { head: 'if (found > 0) c = Math.sin(c + s);' }] : []), { head: `${name}[i] = ${value};` }] },
        ];
      }
      case 3:
        return [{ head: `c = ${from}.reduce((sum, e, i) => sum + ${random.pick(['e * (i + 1)', 'e * sum', 'Math.exp(-e * e)'])}, ${random.pick(['0', 'c', 's'])});` }];
      case 4:
        return [{ head: `{ let m = -5; for (const e of ${from}) m = Math.max(m, ${this.element('e')}); s += Math.sin(m); }` }];
      default: {
        const value = this.element('e');
        return [
          {
            head: `for (let r = 0; r < ${random.pick(['2', 'w.length', 'k'])}; r++) {`,
            body: [
              ...(barred ? [search, { head: 's += found * 0.1;' }] : []),
              { head: `let power = ${random.pick(['1', 'c'])};` },
              { head: `for (const e of ${from}) {`, body: [{ head: `c += power * ${value} * 0.2;` }, { head: 'power *= t;' }] },
              { head: `s = Math.sin(s + ${random.pick(['c', 'power', 'w[r % w.length]!'])});` },
            ],
          },
        ];
      }
    }
  }
}
