/**
 * Random functions whose loops run over the ends of arrays, in front of their beginnings, and between their elements: what is missing is
 * no number, and is left out. Rows have lengths of their own, bounds are no whole numbers, or come from the data.
 */

import type { RandomProgram, Statement } from './program.ts';
import { Randomness } from './randomness.ts';

export function generateGaps(seed: number): RandomProgram {
  const random = new Randomness(seed);
  const isTyped = random.chance(0.5);
  const type = isTyped ? 'Float64Array' : 'number[]';
  const numbers = (n: number): Float64Array | number[] => (isTyped ? random.reals(n) : [...random.reals(n)]);
  const gaps = new Gaps(random);
  return {
    seed,
    name: `gaps${seed}`,
    helpers: [],
    parameters: `x: ${type}, w: ${type}, rows: number[][], counts: readonly number[], k: number`,
    differentiated: ['x', 'w', 'rows'],
    body: gaps.main(),
    samples: [
      [4, 6, 3, 9],
      [5, 2, 2, 3],
      [1, 1, 0, 2],
    ].map(([n = 0, m = 0, r = 0, trips = 0]) => [
      numbers(n),
      numbers(m),
      Array.from({ length: r }, () => [...random.reals(random.below(5))]),
      Array.from({ length: trips }, () => random.pick([0, 1, 2, 3, 1.5, -1, 5])),
      random.pick([2, 2.5, 3, -1]),
    ]),
  };
}

class Gaps {
  private readonly random: Randomness;
  private arrays = ['x', 'w'];
  private count = 0;

  constructor(random: Randomness) {
    this.random = random;
  }

  main(): readonly Statement[] {
    const { random } = this;
    const outside = random.chance(0.5) ? this.made() : [];
    return [
      { head: 'let total = 0.2;' },
      ...outside,
      ...Array.from({ length: random.between(1, 2) }, () => this.nest()),
      { head: 'return total;' },
    ];
  }

  private fresh(stem: string): string {
    return `${stem}${++this.count}`;
  }

  /** An array that the function makes; who comes behind it may read and fill it. */
  private made(): readonly Statement[] {
    const { random } = this;
    const a = this.fresh('a');
    const size = random.pick(['x.length', 'w.length', 'x.length', '3', 'x.length + 1']);
    const made = random.pick([`new Float64Array(${size})`, `new Float64Array(${size})`, `new Array<number>(${size}).fill(0.3)`]);
    this.arrays = [...this.arrays, a];
    const i = this.fresh('i');
    return [
      { head: `const ${a} = ${made};` },
      { head: `for (let ${i} = 0; ${i} < ${a}.length; ${i}++) {`, body: [{ head: `${a}[${i}] = ${this.guarded(i, [])};` }] },
    ];
  }

  private nest(): Statement {
    const { random } = this;
    const known = this.arrays;
    const [head, outer] = random.pick([
      ['for (let r = 0; r < counts.length; r++) {', ['r']],
      ['for (const row of rows) {', []],
      ['for (let r = 0; r < 9; r++) {', ['r']],
      ['for (let r = 0; r < rows.length; r++) {', ['r']],
    ] as const);
    const body = [
      ...(random.chance(0.5) ? this.made() : []),
      { head: 'let u = 0.1;' },
      ...(random.chance(0.3) ? [{ head: 'let t = 0;' }] : []),
    ];
    const isRunning = body.some(({ head: text }) => text === 'let t = 0;');
    const rows = head.includes('row of') ? ['row'] : [];
    const inner = Array.from({ length: random.between(1, 4) }, () => this.loop(outer, rows, isRunning, 1));
    const end = random.pick(['total += Math.sin(u);', 'total += Math.tanh(u) * 0.3;', 'if (u > 0.2) total += u * u; else total -= 0.5 * u;']);
    this.arrays = known;
    return { head, body: [...body, ...inner, { head: end }] };
  }

  private loop(counters: readonly string[], rows: readonly string[], isRunning: boolean, depth: number): Statement {
    const { random } = this;
    const i = this.fresh('i');
    const array = random.pick([...this.arrays, ...rows]);
    const bound = random.weighted([
      [4, `${array}.length`],
      [2, 'w.length'],
      [1, 'k'],
      [1, `${array}.length + 1`],
      [1, counters.includes('r') ? 'counts[r]!' : 'k'],
      [1, counters.includes('r') ? 'rows[r % rows.length]!.length' : 'x.length'],
    ]);
    const safe = bound.startsWith('rows') ? `(rows.length > 0 ? ${bound} : 0)` : bound;
    const head = random.chance(0.8) ? `for (let ${i} = ${random.pick(['0', '0', '0', '1', '-1'])}; ${i} < ${safe}; ${i}++) {` : `for (let ${i} = ${array}.length; ${i} >= 0; ${i}--) {`;
    const all = [...counters, i];
    const body: Statement[] = Array.from({ length: random.between(1, 2) }, () => this.step(i, all, rows, isRunning)).flat();
    if (depth < 2 && random.chance(0.35)) body.push(this.loop(all, rows, isRunning, depth + 1));
    return { head, body };
  }

  private step(i: string, counters: readonly string[], rows: readonly string[], isRunning: boolean): readonly Statement[] {
    const { random } = this;
    const value = this.guarded(i, counters, rows, isRunning);
    const own = this.arrays.filter((name) => name.startsWith('a'));
    const target = own.at(-1);
    const statements: Statement[] = [
      random.pick([
        { head: `u += ${value};` },
        { head: `u = 0.6 * u + ${value};` },
        { head: `if (${this.element(i, counters, rows, isRunning)} < 0.3) u += ${value};` },
        target === undefined ? { head: `u += ${value} * u * 0.2;` } : { head: `if (${i} >= 0 && ${i} < ${target}.length) ${target}[${i}] = ${value} + 0.4 * ${target}[${i}]!;` },
      ]),
    ];
    return isRunning && random.chance(0.6) ? [...statements, { head: 't++;' }] : statements;
  }

  /** A number, whether there is an element or not. */
  private guarded(i: string, counters: readonly string[], rows: readonly string[] = [], isRunning = false): string {
    const { random } = this;
    const element = this.element(i, counters, rows, isRunning);
    const other = random.pick(['0.3', 'x[0]!', '0.5', 'x[0]! * 0.7']);
    const used = random.pick([element, `Math.sin(${element})`, `${element} * ${element}`, `${element} * x[0]!`, `Math.cos(${element})`]);
    return `(${element} > -9 ? ${used} : ${other})`;
  }

  private element(i: string, counters: readonly string[], rows: readonly string[], isRunning: boolean): string {
    const { random } = this;
    const array = random.pick([...this.arrays, ...rows, ...rows]);
    const index = random.weighted([
      [5, i],
      [1, `${i} + 1`],
      [1, `${i} - 1`],
      [1, `2 * ${i}`],
      [1, `${random.pick([...counters, i])} + ${i}`],
      [0.7, `x.length - 1 - ${i}`],
      [0.7, `k * ${random.pick([...counters, i])} + ${i}`],
      [0.7, `counts[${i}]!`],
      [isRunning ? 3 : 0, 't'],
    ]);
    if (counters.includes('r') && random.chance(0.2)) return `(r < rows.length ? rows[r]![${index}]! : 0.2)`;
    return `${array}[${index}]!`;
  }
}
