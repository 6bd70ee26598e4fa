/**
 * Random functions that call themselves, or each other, and change what they share with their callers: arrays, objects, lists that grow and
 * shrink, arrays of their own that they hand on or return. Results are used, used in part, or left.
 */

import type { RandomProgram, Statement } from './program.ts';
import { Randomness } from './randomness.ts';

export function generateErrands(seed: number): RandomProgram {
  const random = new Randomness(seed);
  const names = random.chance(0.3) ? [`go${seed}`, `on${seed}`] : [`go${seed}`];
  const errands = new Errands(random, names, `pair${seed}`);
  return {
    seed,
    name: `errands${seed}`,
    helpers: errands.procedures(),
    parameters: 'x: Float64Array, k: number, t: number',
    differentiated: ['x', 't'],
    body: errands.main(),
    samples: [
      [4, 3],
      [3, 1],
      [5, 0],
    ].map(([n = 0, k = 0]) => [random.reals(n), k, 0.7]),
  };
}

class Errands {
  private readonly random: Randomness;
  private readonly names: readonly string[];
  private readonly pair: string;
  private count = 0;

  constructor(random: Randomness, names: readonly string[], pair: string) {
    this.random = random;
    this.names = names;
    this.pair = pair;
  }

  procedures(): readonly Statement[] {
    const { random } = this;
    const gone = this.names.map((name) => ({
      head: `function ${name}(m: Float64Array, o: { a: number; b: number }, l: number[], y: number, k: number): number {`,
      body: [
        { head: 'let z = y;' },
        ...(random.chance(0.3) ? this.statement(1) : []),
        { head: `if (k <= 0) return ${random.pick(['z', 'Math.sin(z)', 'm[0]! * z', 'o.a', '0', 'l.length * z', 'Math.cos(o.b + z)'])};` },
        ...Array.from({ length: random.between(1, 4) }, () => this.statement(0)).flat(),
        { head: `return ${random.pick(['z', 'Math.tanh(z)', 'z * o.a', 'z + m[(k + 2) % m.length]!', 'o.b', this.call('z')])};` },
      ],
    }));
    return [
      ...gone,
      {
        head: `function ${this.pair}(y: number, w: number, k: number): [number, number] {`,
        body: [
          { head: `if (k <= 0) return ${random.pick(['[y, w]', '[w * y, Math.sin(y)]', '[y, 0.3]'])};` },
          { head: `const [p, q] = ${this.pair}(${random.pick(['Math.sin(y)', 'y * w', 'w'])}, ${random.pick(['w * 0.7', 'y', 'w + y'])}, k - 1);` },
          { head: `return ${random.pick(['[p * y, q + w]', '[q, p]', '[Math.tanh(p + q), y]', '[p, p]'])};` },
        ],
      },
    ];
  }

  main(): readonly Statement[] {
    const { random } = this;
    return [
      { head: 'const m = x.slice();' },
      { head: `const o = ${random.pick(['{ a: x[0]!, b: t }', '{ a: 0.4, b: x[1]! * t }'])};` },
      { head: `const l = ${random.pick(['[t, x[0]!]', '[0.4, x[1]!]', 'Array.from(x)'])};` },
      { head: 'let z = t;' },
      ...Array.from({ length: random.between(2, 4) }, () => this.statement(0, ['k', '2', '3'])).flat(),
      { head: 'for (const e of m) z = 0.6 * z + Math.sin(e);' },
      { head: 'for (const e of l) z = 0.7 * z + Math.cos(e);' },
      { head: 'return z + o.a * o.b;' },
    ];
  }

  private fresh(stem: string): string {
    return `${stem}${++this.count}`;
  }

  private call(y: string, depths = ['k - 1', 'k - 1', 'k - 2']): string {
    const { random } = this;
    const m = random.weighted([
      [6, 'm'],
      [0.7, 'm.slice()'],
      [0.7, 'm.subarray(1)'],
      [0.5, 'm.map((e) => e * t0)'.replace('t0', '0.8')],
    ]);
    const o = random.weighted([
      [6, 'o'],
      [1, '{ a: o.b, b: o.a }'],
      [0.5, '{ ...o, a: z }'],
    ]);
    return `${random.pick(this.names)}(${m}, ${o}, l, ${y}, ${random.pick(depths)})`;
  }

  private number(): string {
    return this.random.pick(['z', 'z', 'm[0]!', 'm[(k + 2) % m.length]!', 'o.a', 'o.b', 'l[l.length - 1]!', '0.5', 'k', 'm[m.length - 1]!', 'l[0]!']);
  }

  private value(): string {
    const [a, b] = [this.number(), this.number()];
    return this.random.pick([a, `Math.sin(${a} + ${b})`, `Math.tanh(${a}) * ${b}`, `0.5 * ${a} + 0.2 * ${b}`, `${a} * ${b} * 0.5`, `(${a} > ${b} ? Math.sin(${a}) : Math.cos(${b}))`]);
  }

  private statement(depth: number, depths?: readonly string[]): readonly Statement[] {
    const { random } = this;
    const call = (y = this.value()): string => this.call(y, depths as string[] | undefined);
    const one = (head: string): readonly Statement[] => [{ head }];
    const options: (readonly [number, () => readonly Statement[]])[] = [
      [1.5, () => one(`z = ${this.value()};`)],
      [1.5, () => one(`m[${random.pick(['0', '(k + 2) % m.length', 'm.length - 1'])}] = ${this.value()};`)],
      [1, () => one(`m[${random.pick(['0', '(k + 2) % m.length'])}]! ${random.pick(['*=', '+='])} ${this.value()};`)],
      [1.5, () => one(`o.${random.pick(['a', 'b'])} ${random.pick(['=', '+=', '*='])} ${this.value()};`)],
      [1, () => one(`if (l.length < 8) l.push(${this.value()});`)],
      [1, () => one('if (l.length > 1) z += Math.sin(l.pop()!);')],
      [0.5, () => one(`l[(k + 2) % l.length] = ${this.value()};`)],
    ];
    if (depth === 0) {
      const pair = this.fresh('p');
      const own = this.fresh('own');
      options.push(
        [3, () => one(`z ${random.pick(['=', '+=', '*='])} ${random.pick(['', '0.5 * ', `${this.number()} * `])}${call()};`)],
        [1.5, () => one(`${call()};`)],
        [1, () => one(`z = Math.sin(${call()} + ${this.number()});`)],
        [0.7, () => one(`z = ${call()} * ${call()};`)],
        [1, () => one(`o.${random.pick(['a', 'b'])} = ${call()};`)],
        [1, () => one(`m[${random.pick(['0', '(k + 2) % m.length'])}] = ${call()};`)],
        [0.7, () => [{ head: `const ${pair} = ${this.pair}(${this.number()}, ${this.number()}, ${random.pick(['k', '2'])});` }, { head: `z ${random.pick(['=', '+='])} ${random.pick([`${pair}[0] * ${pair}[1]`, `${pair}[0]`, `${pair}[1] + z`])};` }]],
        [0.7, () => [{ head: `const ${own} = Float64Array.of(${this.value()}, z);` }, { head: `z += ${random.pick(this.names)}(${own}, o, l, ${this.number()}, ${random.pick(depths ?? ['k - 1', 'k - 2'])}) + ${own}[1]!;` }]],
      );
    }
    if (depth < 2) {
      options.push([1.2, () => [{ head: `if (${this.number()} > ${random.pick(['0.4', 'z', '0.1'])}) {`, body: this.statement(depth === 0 ? random.below(2) : 1, depths), ...(random.chance(0.4) && { otherwise: this.statement(1) }) }]]);
      const n = this.fresh('n');
      if (depth === 0) {
        options.push([1, () => [{ head: `for (let ${n} = 0; ${n} < ${random.pick(['2', 'k', '2'])}; ${n}++) {`, body: [...this.statement(random.below(2), depths), ...(random.chance(0.3) ? [{ head: `if (z > 0.9) ${random.pick(['break', 'continue', 'return z'])};` }, ...this.statement(1)] : [])] }]]);
      }
    }
    return random.weighted(options)();
  }
}
