/**
 * Random functions about memory that lies in memory: rows of a table, records in a list, a list that grows and shrinks, two buffers that
 * change places. Rows and records are made, written over, exchanged, taken out and put in, in loops of every kind, sometimes by a
 * procedure that calls itself and runs a loop from checkpoints.
 */

import type { RandomProgram, Statement } from './program.ts';
import { Randomness } from './randomness.ts';

export function generateContainers(seed: number): RandomProgram {
  const random = new Randomness(seed);
  const shop = new Containers(random, `visit${seed}`);
  const body = shop.main();
  return {
    seed,
    name: `contain${seed}`,
    helpers: shop.helpers(),
    parameters: 'v: number[], w: number[][], p: { a: number; b: number }[], k: number, t: number',
    differentiated: ['v', 'w', 'p', 't'],
    body,
    samples: [
      [3, 3, 2],
      [4, 2, 3],
      [5, 4, 0],
    ].map(([m = 0, n = 0, k = 0]) => {
      const numbers = (size: number): number[] => [...random.reals(size)];
      const records = numbers(n).map((a, i) => ({ a, b: 0.3 * i + 0.1 }));
      return [numbers(m), Array.from({ length: n }, (_row, i) => numbers(3 + (i % 2))), records, k, 0.7];
    }),
  };
}

class Containers {
  private readonly random: Randomness;
  private readonly visit: string;
  private isVisited = false;
  private count = 0;

  constructor(random: Randomness, visit: string) {
    this.random = random;
    this.visit = visit;
  }

  main(): readonly Statement[] {
    const { random } = this;
    return [
      { head: 'let s = t;' },
      { head: 'let c = 0.5;' },
      ...this.rows(),
      ...this.records(),
      ...this.list(),
      { head: 'let here = v.slice();' },
      { head: `let there = ${random.pick(['v.map((e) => e * t)', 'new Array<number>(v.length).fill(0.2)', 'v.slice()'])};` },
      ...Array.from({ length: random.between(2, 5) }, () => this.pass(0)).flat(),
      { head: 'for (const row of rows) for (const e of row) s = 0.6 * s + Math.sin(e);' },
      { head: 'for (let i = 0; i < items.length; i++) s += items[i]!.a * items[i]!.b * (i + 1) * 0.2;' },
      { head: 'for (const e of list) s = 0.7 * s + Math.cos(e);' },
      { head: 'return s + c + here[0]! * there[1]!;' },
    ];
  }

  helpers(): readonly Statement[] {
    const { random } = this;
    if (!this.isVisited) return [];
    const counted = random.chance(0.5) ? [{ head: '/** @checkpoint */' }] : [];
    const changes = Array.from({ length: random.between(1, 2) }, () =>
      random.pick([
        'rows[n % rows.length]![0] = Math.sin(z + rows[0]![1]!);',
        'rows[n % rows.length]![1]! *= Math.cos(z);',
        'rows[0]![n % 2] = rows[rows.length - 1]![0]! * z;',
        'z = Math.sin(z + rows[n % rows.length]![0]!);',
      ]),
    );
    const plain = ['z = Math.sin(z * 1.1 + rows[0]![0]!);', 'z = Math.tanh(z) + 0.1 * rows[n % rows.length]![1]!;'];
    const body = counted.length > 0 ? [{ head: random.pick(plain) }] : changes.map((head) => ({ head }));
    return [
      {
        head: `function ${this.visit}(rows: number[][], y: number, k: number): number {`,
        body: [
          { head: 'let z = y;' },
          { head: `if (k <= 0) return ${random.pick(['z', 'Math.sin(z)', 'rows[0]![0]! * z'])};` },
          ...(random.chance(0.5) ? [{ head: changes[0]!.replaceAll('n %', 'k %') }] : []),
          ...counted,
          { head: `for (let n = 0; n < ${random.pick(['3', 'k', 'rows.length'])}; n++) {`, body },
          { head: `${random.pick(['z =', 'z += 0.3 *', 'z *='])} ${this.visit}(rows, ${random.pick(['z', 'Math.cos(z)', 'rows[0]![1]!'])}, k - 1);` },
          ...(random.chance(0.5) ? [{ head: 'rows[k % rows.length]![0] = Math.cos(z);' }] : []),
          { head: `return ${random.pick(['z', 'Math.tanh(z)', 'z * rows[0]![0]!'])};` },
        ],
      },
    ];
  }

  private fresh(stem: string): string {
    return `${stem}${++this.count}`;
  }

  private rows(): readonly Statement[] {
    return this.random.pick<() => readonly Statement[]>([
      () => [{ head: 'const rows = w.map((row) => row.slice());' }],
      () => [{ head: 'const rows = w.map((row) => row.map((e) => Math.sin(e + t)));' }],
      () => [{ head: 'const rows: number[][] = Array.from({ length: 3 }, (_, i) => [v[i]!, t * i, Math.exp(v[0]!)]);' }],
      () => [
        { head: 'const rows: number[][] = [];' },
        { head: 'for (const row of w) {', body: [{ head: `rows.push(${this.random.pick(['[...row]', '[row[0]!, v[0]! * t, row[2]!]', 'row.slice(0, 2)', 'v.slice()'])});` }] },
      ],
    ])();
  }

  private records(): readonly Statement[] {
    return this.random.pick<() => readonly Statement[]>([
      () => [{ head: 'const items = p.map((q) => ({ ...q }));' }],
      () => [{ head: 'const items = p.map((q, i) => ({ a: Math.sin(q.a), b: q.b * t + i }));' }],
      () => [
        { head: 'const items: { a: number; b: number }[] = [];' },
        { head: 'for (const e of v) {', body: [{ head: 'items.push({ a: e, b: e * t });' }] },
      ],
    ])();
  }

  private list(): readonly Statement[] {
    return this.random.pick<() => readonly Statement[]>([
      () => [{ head: 'const list = v.slice();' }],
      () => [{ head: 'const list = [v[0]!, t, v[1]! * t];' }],
      () => [{ head: 'const list: number[] = [t];' }, { head: 'for (const e of v) {', body: [{ head: 'list.push(Math.sin(e));' }] }],
    ])();
  }

  /** A position in `container`, which holds something. */
  private at(container: string, counters: readonly string[]): string {
    const { random } = this;
    const counter = random.pick(counters);
    return random.pick(['0', '0', `${container}.length - 1`, `${counter} % ${container}.length`, `(${counter} * ${counter} + k) % ${container}.length`, `k % ${container}.length`]);
  }

  private number(counters: readonly string[]): string {
    const { random } = this;
    return random.pick([
      's',
      'c',
      't',
      'v[0]!',
      `rows[${this.at('rows', counters)}]![${random.pick(['0', '1'])}]!`,
      `items[${this.at('items', counters)}]!.${random.pick(['a', 'b'])}`,
      `list[${this.at('list', counters)}]!`,
      `here[${this.at('here', counters)}]!`,
      'p[0]!.b',
      'w[0]![1]!',
    ]);
  }

  private value(counters: readonly string[]): string {
    const { random } = this;
    const [x, y] = [this.number(counters), this.number(counters)];
    return random.pick([`Math.sin(${x} + ${y})`, `Math.tanh(${x} * ${y})`, `0.5 * ${x} + 0.3 * Math.cos(${y})`, x, `Math.exp(-${x} * ${x})`, `Math.sin(${x}) * Math.cos(${y})`, `(${x} > ${y} ? Math.sin(${x}) : Math.cos(${y}))`]);
  }

  private step(counters: readonly string[]): readonly Statement[] {
    const { random } = this;
    const value = this.value(counters);
    const number = this.number(counters);
    const row = `rows[${this.at('rows', counters)}]!`;
    const item = `items[${this.at('items', counters)}]!`;
    const one = (head: string): readonly Statement[] => [{ head }];
    return random.weighted<() => readonly Statement[]>([
      [2, () => one(`${random.pick(['s', 'c'])} = ${value};`)],
      [2, () => one(`${row}[${random.pick(['0', '1'])}] = ${value};`)],
      [1, () => one(`${row}[${random.pick(['0', '1'])}]! ${random.pick(['+=', '*=', '-='])} ${value};`)],
      [2, () => this.exchange('rows', 'number[]', counters)],
      [1, () => one(`rows[${this.at('rows', counters)}] = ${random.pick(['here.slice()', `[${value}, ${number}, t]`, `${row}.map((e) => e * ${number} * 0.5)`, `${row}.slice()`, row])};`)],
      [1, () => this.rowSums(row, number)],
      [2, () => one(`${item}.${random.pick(['a', 'b'])} ${random.pick(['=', '+=', '*='])} ${value};`)],
      [1, () => one(`items[${this.at('items', counters)}] = ${random.pick([`{ a: ${value}, b: ${number} }`, `{ ...${item}, b: ${value} }`, item])};`)],
      [1, () => this.exchange('items', '{ a: number; b: number }', counters)],
      [1, () => this.record(item, value)],
      [1, () => this.stack('items', `{ a: ${value}, b: ${number} }`, (top) => `s = Math.sin(s + ${top}.a * ${top}.b);`)],
      [2, () => this.stack('list', value, (top) => `c = Math.sin(c + ${top} * ${number});`)],
      [1, () => one(`list[${this.at('list', counters)}] = ${value};`)],
      [1, () => this.buffers(value)],
      [1, () => this.visited(number)],
      [1, () => [{ head: `if (${number} > ${random.pick(['0.2', 's', '0.6'])}) {`, body: this.step(counters) }]],
    ])();
  }

  private exchange(container: string, type: string, counters: readonly string[]): readonly Statement[] {
    const [i, j] = [this.at(container, counters), this.at(container, counters)];
    if (this.random.chance(0.4)) return [{ head: `[${container}[${i}], ${container}[${j}]] = [${container}[${j}]!, ${container}[${i}]!];` }];
    const first = this.fresh('first');
    return [{ head: '{', body: [{ head: `const ${first}: ${type} = ${container}[${i}]!;` }, { head: `${container}[${i}] = ${container}[${j}]!;` }, { head: `${container}[${j}] = ${first};` }] }];
  }

  private rowSums(row: string, number: string): readonly Statement[] {
    const [name, j] = [this.fresh('row'), this.fresh('j')];
    const inner = this.random.pick([`${name}[${j}]! -= 0.4 * ${number} * ${name}[0]!;`, `s += ${name}[${j}]! * 0.2;`, `${name}[${j}] = Math.sin(${name}[${j}]! + ${number});`, `${name}[${j}] = ${name}[0]! * ${number};`]);
    return [{ head: '{', body: [{ head: `const ${name} = ${row};` }, { head: `for (let ${j} = 0; ${j} < ${name}.length; ${j}++) {`, body: [{ head: inner }] }] }];
  }

  private record(item: string, value: string): readonly Statement[] {
    const q = this.fresh('q');
    return [{ head: '{', body: [{ head: `const ${q} = ${item};` }, { head: `${q}.a = ${value};` }, { head: `s += ${q}.a * ${q}.b * 0.3;` }, ...(this.random.chance(0.5) ? [{ head: `${q}.b = Math.sin(${q}.a);` }] : [])] }];
  }

  private stack(container: string, value: string, use: (top: string) => string): readonly Statement[] {
    const { random } = this;
    const top = this.fresh('top');
    const taken = (how: string): readonly Statement[] => [{ head: `if (${container}.length > 2) {`, body: [{ head: `const ${top} = ${container}.${how}()!;` }, { head: use(top) }] }];
    return random.weighted<() => readonly Statement[]>([
      [3, () => [{ head: `if (${container}.length < 9) ${container}.push(${value});` }]],
      [3, () => taken('pop')],
      [1, () => taken('shift')],
      [1, () => [{ head: `if (${container}.length < 9) ${container}.unshift(${value});` }]],
      [0.5, () => [{ head: `if (${container}.length > 3) ${container}.splice(1, 1);` }]],
      [0.5, () => [{ head: `if (${container}.length > 3) ${container}.length--;` }]],
      [0.5, () => [{ head: `${container}.reverse();` }]],
    ])();
  }

  private buffers(value: string): readonly Statement[] {
    const { random } = this;
    const [i, old] = [this.fresh('i'), this.fresh('old')];
    const filled = { head: `for (let ${i} = 0; ${i} < here.length; ${i}++) {`, body: [{ head: `there[${i}] = ${random.pick([`Math.sin(here[${i}]! + here[(${i} + 1) % here.length]!)`, `0.5 * here[${i}]! + 0.2 * there[${i}]!`, `here[${i}]! * ${value}`])};` }] };
    const exchanged = random.pick([
      [{ head: '[here, there] = [there, here];' }],
      [{ head: '{', body: [{ head: `const ${old} = here;` }, { head: 'here = there;' }, { head: `there = ${old};` }] }],
      [{ head: 'here = there;' }, { head: 'there = here.slice();' }],
    ]);
    return random.chance(0.7) ? [filled, ...exchanged] : [filled];
  }

  private visited(number: string): readonly Statement[] {
    this.isVisited = true;
    return [{ head: `${this.random.pick(['s', 'c'])} = Math.sin(${this.visit}(rows, ${number}, ${this.random.pick(['k', '2'])}));` }];
  }

  private pass(depth: number): readonly Statement[] {
    const { random } = this;
    const n = `n${depth}`;
    const counters = depth === 0 ? [n] : [n, 'n0'];
    const steps = Array.from({ length: random.between(1, 3) }, () => this.step(counters)).flat();
    const body = depth === 0 && random.chance(0.3) ? [...steps, ...this.pass(1)] : steps;
    switch (random.between(0, 5)) {
      case 0:
        return [{ head: '{', body: [{ head: `let ${n} = 0;` }, { head: 'do {', body: [{ head: `${n}++;` }, ...body], tail: `} while (${n} < ${random.pick(['3', 'k'])});` }] }];
      case 1:
      case 2:
        return [{ head: `for (let ${n} = 0; ${n} < ${random.pick(['3', 'k', 'rows.length', 'v.length'])}; ${n}++) {`, body }];
      case 3:
        return [{ head: `for (let ${n} = ${random.pick(['2', 'rows.length - 1'])}; ${n} >= 0; ${n}--) {`, body: [...body, ...(random.chance(0.4) ? [{ head: random.pick(['if (s > 0.9) break;', 'if (c > 0.6) continue;']) }] : [])] }];
      case 4:
        return [{ head: '{', body: [{ head: `let ${n} = 0;` }, { head: `while (${random.pick(['list.length > 2', 's < 1.2'])} && ${n} < 5) {`, body: [{ head: `${n}++;` }, ...(random.chance(0.5) ? [{ head: 'if (list.length > 2) s += Math.sin(list.pop()!) * 0.2;' }] : []), ...body] }] }];
      default:
        return [{ head: '{', body: [{ head: `const ${n} = 1 + k;` }, ...steps] }];
    }
  }
}
