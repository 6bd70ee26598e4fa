/**
 * Random functions that run through arrays of the same length, stage by stage: what is put into one loop, and what stands between the
 * loops, a store, a sum, a list that grows, another name, moves. Loops run up and down, look at neighbours, are nested.
 */

import type { RandomProgram, Statement } from './program.ts';
import { Randomness } from './randomness.ts';

export function generateStages(seed: number): RandomProgram {
  const random = new Randomness(seed);
  const isTyped = random.chance(0.5);
  const stages = new Stages(random, isTyped, `scale${seed}`);
  const type = isTyped ? 'Float64Array' : 'number[]';
  return {
    seed,
    name: `stages${seed}`,
    helpers: [
      {
        head: `function scale${seed}(a: ${type}, b: ${type}, t: number): number {`,
        body: [
          { head: 'let norm = 0.1;' },
          { head: 'for (let i = 0; i < a.length; i++) {', body: [{ head: random.pick(['a[i]! += t * b[i]!;', 'a[i] = Math.sin(a[i]! * t) + b[i]!;', 'a[i]! *= b[i]!;']) }, { head: 'norm += a[i]! * b[i]!;' }] },
          { head: random.pick(['return norm;', 'return Math.tanh(norm) * t;']) },
        ],
      },
    ],
    parameters: `x: ${type}, y: ${type}, k: number, t: number`,
    differentiated: ['x', 'y', 't'],
    body: stages.main(),
    samples: [
      [4, 2],
      [3, 0],
      [1, 1],
    ].map(([n = 0, k = 0]) => {
      const numbers = (): Float64Array | number[] => (isTyped ? random.reals(n) : [...random.reals(n)]);
      return [numbers(), numbers(), k, 0.7];
    }),
  };
}

class Stages {
  private readonly random: Randomness;
  private readonly isTyped: boolean;
  private readonly scale: string;
  private arrays = ['x', 'y'];
  /** Those that may be written. */
  private own: string[] = [];
  private count = 0;

  constructor(random: Randomness, isTyped: boolean, scale: string) {
    this.random = random;
    this.isTyped = isTyped;
    this.scale = scale;
  }

  main(): readonly Statement[] {
    const { random } = this;
    return [
      { head: 'let s = t;' },
      { head: 'let c = 0.4;' },
      { head: `const list = ${random.pick(['[t, 0.5]', '[0.3]', '[...x]'])};` },
      ...this.made(),
      ...Array.from({ length: random.between(4, 9) }, () => (random.chance(0.45) ? this.between() : random.chance(0.4) ? this.made() : this.stage())).flat(),
      ...this.own.slice(-3).map((a) => ({ head: `for (const e of ${a}) s = 0.6 * s + Math.sin(e);` })),
      { head: `for (const e of list) c = 0.7 * c + Math.cos(e);` },
      { head: `return s + c * list.length + ${this.own[0]!}[0]!;` },
    ];
  }

  private fresh(stem: string): string {
    return `${stem}${++this.count}`;
  }

  /** Mostly one of the last ones. */
  private source(): string {
    return this.random.chance(0.6) ? this.arrays.at(-1)! : this.random.pick(this.arrays);
  }

  private target(): string {
    return this.random.chance(0.6) ? this.own.at(-1)! : this.random.pick(this.own);
  }

  private declare(name: string): void {
    this.arrays = [...this.arrays, name];
    this.own = [...this.own, name];
  }

  /** An element of some array near index `i` of a loop from `first` to `last`. */
  private element(i: string): string {
    const a = this.source();
    return this.random.weighted([
      [5, `${a}[${i}]!`],
      [1, `${a}[0]!`],
      [1, `${a}[${a}.length - 1 - ${i}]!`],
      [1, `${a}[${a}.length - 1]!`],
      [1, `${a}[(${i} + 1) % ${a}.length]!`],
      [0.7, `list[${i} % list.length]!`],
      [0.7, 'list.length'],
    ]);
  }

  private number(): string {
    return this.random.pick(['s', 'c', 't', 's', 'c', `${this.source()}[0]!`, 'list[list.length - 1]!', 'k', `${this.source()}[k % x.length]!`]);
  }

  private value(e: string, i: string): string {
    const { random } = this;
    const other = random.chance(0.6) ? this.element(i) : this.number();
    return random.pick([`Math.sin(${e} + ${other})`, `${e} * ${other}`, `Math.tanh(${e}) + 0.3 * ${other}`, `Math.exp(-${e} * ${e})`, `0.5 * ${e}`, `(${e} > ${other} ? ${e} : Math.cos(${other}))`, `${e} * ${e} * 0.4 - ${other}`]);
  }

  private made(): readonly Statement[] {
    const { random } = this;
    const from = this.source();
    const i = this.fresh('i');
    const value = this.value('e', i);
    const name = this.fresh('a');
    const zeros = this.isTyped ? `new Float64Array(${from}.length)` : `new Array<number>(${from}.length).fill(0)`;
    const statements = random.weighted<readonly Statement[]>([
      [3, [{ head: `const ${name} = ${from}.map((e, ${i}) => ${value});` }]],
      [3, [{ head: `const ${name} = ${zeros};` }, { head: `for (let ${i} = 0; ${i} < ${random.pick([from, name, 'x'])}.length; ${i}++) {`, body: [{ head: `const e = ${from}[${i}]!;` }, { head: `${name}[${i}] = ${value};` }] }]],
      [1, [{ head: `const ${name} = ${from}.slice();` }]],
      [1, [{ head: `const ${name} = ${zeros};` }, { head: 'for (let r = 0; r < x.length; r++) {', body: [{ head: 'let sum = 0;' }, { head: `for (let ${i} = 0; ${i} < y.length; ${i}++) sum += ${from}[${i}]! * ${random.pick([`y[r]!`, `Math.sin(r - ${i})`, 't', `x[${i}]!`])};` }, { head: `${name}[r] = sum;` }] }]],
      [1, [{ head: `const ${name} = ${zeros};` }, { head: '{', body: [{ head: `let run = ${random.pick(['s', '0.2', 'c'])};` }, { head: `for (let ${i} = 0; ${i} < ${from}.length; ${i}++) {`, body: [{ head: `const e = ${from}[${i}]!;` }, { head: `run = Math.sin(run + ${value});` }, { head: `${name}[${i}] = run;` }] }] }]],
      [0.7, [{ head: `const ${name} = ${from}.${this.isTyped ? 'subarray(0)' : 'slice().reverse()'};` }]],
    ]);
    const isView = this.isTyped && statements[0]!.head.includes('subarray') && !this.own.includes(from);
    if (isView) this.arrays = [...this.arrays, name];
    else this.declare(name);
    return this.own.length > 0 ? statements : [...statements, ...this.made()];
  }

  private stage(): readonly Statement[] {
    const { random } = this;
    const [a, i] = [this.target(), this.fresh('i')];
    const e = random.pick([`${a}[${i}]!`, this.element(i)]);
    const value = this.value(e, i);
    const up = `for (let ${i} = ${random.pick(['0', '0', '1'])}; ${i} < ${random.pick([`${a}.length`, `${a}.length`, 'x.length', `${a}.length - 1`])}; ${i}++) {`;
    const down = `for (let ${i} = ${a}.length - 1; ${i} >= ${random.pick(['0', '0', '1'])}; ${i}--) {`;
    const head = random.chance(0.75) ? up : down;
    return random.pick<() => readonly Statement[]>([
      () => [{ head, body: [{ head: `${a}[${i}] = ${value};` }] }],
      () => [{ head, body: [{ head: `${a}[${i}]! ${random.pick(['+=', '*=', '-='])} ${value};` }] }],
      () => [{ head, body: [{ head: `${random.pick(['s', 'c'])} += 0.3 * ${value};` }] }],
      () => [{ head, body: [{ head: `s = Math.sin(s + ${value});` }, { head: `${a}[${i}] = ${random.pick(['s', 'c', `${a}[${i}]! * s`])};` }] }],
      () => [{ head: `for (let ${i} = 1; ${i} < ${a}.length; ${i}++) {`, body: [{ head: `${a}[${i}]! += ${random.pick([`0.3 * ${a}[${i} - 1]!`, `${this.source()}[${i} - 1]! * t`])};` }] }],
      () => [{ head: `for (let ${i} = 0; ${i} < ${a}.length - 1; ${i}++) {`, body: [{ head: `${a}[${i}] = ${random.pick([`Math.sin(${a}[${i} + 1]!)`, `${this.source()}[${i} + 1]! * c`])};` }] }],
      () => [{ head: `c = ${this.source()}.reduce((sum, e, ${i}) => sum + ${this.value('e', i)}, ${random.pick(['0', 'c', 's'])});` }],
      () => [{ head: `for (let r = 0; r < ${random.pick(['k', '2'])}; r++) {`, body: [{ head: up, body: [{ head: `${a}[${i}] = ${value};` }] }, { head: `s += ${a}[r % ${a}.length]!;` }] }],
      () => [{ head, body: [{ head: `list.push(${value});` }] }],
      () => [{ head, body: [{ head: `if (${e} > ${random.pick(['0.3', 'c'])}) ${a}[${i}] = ${value};` }] }],
      () => [{ head: `s += ${this.scale}(${a}, ${random.pick(this.arrays.filter((other) => other !== a))}, ${random.pick(['t', 'c'])});` }],
    ])();
  }

  private between(): readonly Statement[] {
    const { random } = this;
    const a = this.target();
    const name = this.fresh('q');
    return random.pick<() => readonly Statement[]>([
      () => [{ head: `s = Math.sin(s + ${this.number()});` }],
      () => [{ head: `c = ${this.number()} * 0.5 + ${this.number()} * c;` }],
      () => [{ head: `${a}[${random.pick(['0', `k % ${a}.length`, `${a}.length - 1`])}] = ${random.pick(['s', 'c * t', `Math.sin(${a}[0]!)`])};` }],
      () => [{ head: `list.push(${this.number()});` }],
      () => [{ head: 'if (list.length > 2) list.pop();' }],
      () => [{ head: `for (let r = 0; r < k; r++) {`, body: [{ head: random.pick(['if (list.length > 1) list.pop();', `list.push(s * ${a}[r % ${a}.length]!);`, `list[r % list.length]! *= t;`]) }] }],
      () => [{ head: `const ${name} = ${this.number()} * list.length;` }, { head: `s += Math.sin(${name});` }],
      () => {
        this.own = [...this.own, name];
        this.arrays = [...this.arrays, name];
        return [{ head: `const ${name} = ${a};` }];
      },
      () => [{ head: `${a}.${random.pick(['reverse()', 'fill(s, 1)', 'fill(0.2, 0, 1)', 'copyWithin(0, 1)'])};` }],
      () => [{ head: `if (${this.number()} > 0.4) {`, body: [{ head: `${a}[0] = ${this.number()};` }] }],
      () => [{ head: `for (let r = 0; r < ${a}.length; r++) {`, body: [{ head: `if (${a}[r]! > 0.8) break;` }, { head: `s += ${a}[r]! * c;` }] }],
    ])();
  }
}
