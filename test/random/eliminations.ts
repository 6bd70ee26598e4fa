/**
 * Random functions that write to the rows of flat matrices in nests of loops, beside rows that they read: other rows, their own, or the
 * same ones later. What may run for several rows together, and what must not.
 */

import type { RandomProgram, Statement } from './program.ts';
import { Randomness } from './randomness.ts';

export function generateEliminations(seed: number): RandomProgram {
  const random = new Randomness(seed);
  return {
    seed,
    name: `eliminate${seed}`,
    helpers: [],
    parameters: 'x: Float64Array, v: Float64Array, n: number, w: number, t: number',
    differentiated: ['x', 'v', 't'],
    body: new Eliminations(random).main(),
    // Rows may be shorter than the distance between them, or longer.
    samples: [
      [6, 6],
      [5, 7],
      [7, 5],
      [1, 1],
    ].map(([n = 0, w = 0]) => [random.reals((2 * n + 2) * Math.max(n, w) + 2 * n + 5), random.reals(n + 2), n, w, 0.7]),
  };
}

class Eliminations {
  private readonly random: Randomness;

  constructor(random: Randomness) {
    this.random = random;
  }

  main(): readonly Statement[] {
    const { random } = this;
    return [
      { head: 'let s = t;' },
      { head: 'const a = x.slice();' },
      { head: random.pick(['const b = x.slice();', 'const b = t > 0.5 ? a : x.slice();', 'const b = new Float64Array(x.length);', 'const b = x;']) },
      { head: 'const c = new Float64Array(n + 2);' },
      { head: 'for (let i = 0; i < c.length; i++) c[i] = Math.sin(v[i]! * t);' },
      ...Array.from({ length: random.between(1, 3) }, () => this.nest()),
      { head: 'for (let i = 0; i < a.length; i++) s = 0.8 * s + Math.sin(a[i]!) * (i % 3);' },
      { head: 'for (let i = 0; i < c.length; i++) s += c[i]! * (i + 1) * 0.3;' },
      { head: 'return s;' },
    ];
  }

  private nest(): Statement {
    const { random } = this;
    const isWithin = random.chance(0.5);
    const k = isWithin ? 'k' : random.pick(['0', '1']);
    const i = this.loop('i', random.pick([k, `${k} + 1`, `${k} + 1`, '1', '0']), random.pick(['n', 'n', 'n - 1']));
    const columns = [random.pick([k, `${k} + 1`, '0', '1']), random.pick(['n', 'w', 'w', 'i'])] as const;
    const inner: Statement = {
      head: this.loop('j', ...columns),
      body: Array.from({ length: random.between(1, 2) }, () => this.write(k)),
    };
    const body = [...this.some(() => this.before(k)), { head: 'let d = 0;' }, inner, ...this.some(() => this.behind(k))];
    const rows: Statement = { head: i, body };
    return isWithin ? { head: this.loop('k', '0', random.pick(['n', '3', '2'])), body: [...this.some(() => this.swap()), rows] } : rows;
  }

  private loop(counter: string, from: string, to: string): string {
    if (this.random.chance(0.2)) return `for (let ${counter} = ${to} - 1; ${counter} >= ${from}; ${counter}--) {`;
    return `for (let ${counter} = ${from}; ${counter} < ${to}; ${counter}++) {`;
  }

  private some(make: () => Statement): readonly Statement[] {
    return this.random.chance(0.5) ? [make()] : [];
  }

  private at(k: string): string {
    const { random } = this;
    const row = random.pick(['i', 'i', 'i', k, k, 'i + 1', '0', 'n - 1', '2 * i', '1']);
    const column = random.pick(['j', 'j', 'j', 'j', k, '0', 'j + 1', 'i']);
    const width = random.pick(['w', 'w', 'w', 'w', 'n']);
    return row === '0' ? column : `(${row}) * ${width} + ${column}`;
  }

  private write(k: string): Statement {
    const { random } = this;
    const [to, from, other] = [this.at(k), this.at(k), this.at(k)].map((at) => `(${at}) % a.length`);
    const isChecked = random.chance(0.2);
    const [target, source] = isChecked ? [to, from] : [to!.replace(' % a.length', ''), from!.replace(' % a.length', '')];
    return {
      head: random.pick([
        `a[${target}]! -= 0.3 * c[i]! * a[${source}]!;`,
        `a[${target}] = Math.sin(a[${target}]! + b[${source}]!);`,
        `a[${target}]! += 0.2 * b[${source}]! * a[${other}]!;`,
        `d += a[${target}]! * a[${source}]!;`,
        `c[i] = 0.5 * a[${source}]! + 0.1 * c[i]!;`,
        `d += Math.cos(b[${source}]!) * c[j % c.length]!;`,
      ]),
    };
  }

  private before(k: string): Statement {
    return { head: this.random.pick([`c[i] = a[i * w + ${k}]! / (2 + a[${k} * w + ${k}]! ** 2);`, `a[i * w]! *= Math.cos(c[i]!);`, `a[${k} * w + ${k}] = Math.tanh(a[i * w]!);`, 's += c[i]!;']) };
  }

  private behind(k: string): Statement {
    return { head: this.random.pick(['c[i] = Math.sin(d);', `a[i * w + ${k}] = 0.5 * d + c[i]!;`, `a[${k} * w]! += 0.1 * d;`, 's = 0.7 * s + d;', 'c[0]! += 0.1 * d;']) };
  }

  private swap(): Statement {
    return { head: 'for (let j = 0; j < w; j++) { const kept = a[k * w + j]!; a[k * w + j] = a[(k + 1) * w + j]!; a[(k + 1) * w + j] = kept; }' };
  }
}
