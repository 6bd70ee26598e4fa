/**
 * Random functions in which numbers are infinite, NaN, or have infinite derivatives, and are discarded: by a selection, a branch, `max` or
 * `min`, a store over them, a jump, or because the loop ends. Whether they are is up to `z`, which holds zeros and is not
 * differentiated: differences see no kink.
 */

import type { RandomProgram, Statement } from './program.ts';
import { Randomness } from './randomness.ts';

export function generatePoles(seed: number): RandomProgram {
  const random = new Randomness(seed);
  const poles = new Poles(random, `deep${seed}`, `risk${seed}`);
  const body = poles.main();
  return {
    seed,
    name: `poles${seed}`,
    helpers: poles.helpers(),
    parameters: 'x: Float64Array, z: Float64Array, k: number, t: number',
    differentiated: ['x', 't'],
    body,
    samples: [
      [4, [0, 1, 0, 2], 2],
      [3, [0, 0, 0], 1],
      [4, [2, 0, 1, 1], 0],
    ].map(([n, z, k]) => [random.reals(n as number).map(Math.abs), Float64Array.from(z as number[]), k as number, 0.7]),
  };
}

class Poles {
  private readonly random: Randomness;
  private readonly deep: string;
  private readonly risk: string;
  private count = 0;

  constructor(random: Randomness, deep: string, risk: string) {
    this.random = random;
    this.deep = deep;
    this.risk = risk;
  }

  helpers(): readonly Statement[] {
    const { random } = this;
    return [
      { head: `function ${this.risk}(e: number, z: number): number {`, body: [{ head: `return ${this.risky('e', 'z')};` }] },
      {
        head: `function ${this.deep}(m: Float64Array, e: number, z: number, k: number): number {`,
        body: [
          { head: `if (k <= 0) return ${random.pick([this.risky('e', 'z'), 'e', 'z > 0 ? e : Math.sin(e)'])};` },
          ...(random.chance(0.4) ? [{ head: `m[k % m.length] = ${random.pick(['z > 0 ? Math.sin(e) : 0.3', 'z > 0 ? e / z : 0.2', 'z > 0 ? e * m[0]! : k'])};` }] : []),
          { head: `const inner = ${this.deep}(m, ${random.pick(['0.8 * e', 'Math.cos(e)', this.risky('e', 'z')])}, z, k - 1);` },
          { head: `return ${random.pick(['inner * 0.5 + e', 'z > 0 ? Math.sin(inner) : e', 'inner * inner * 0.1', 'e * inner', 'Math.min(inner, e)'])};` },
        ],
      },
    ];
  }

  main(): readonly Statement[] {
    const { random } = this;
    return [
      { head: 'let s = t;' },
      { head: 'let c = 0.5;' },
      { head: 'const m = new Float64Array(3).fill(0.4);' },
      { head: `const a = ${random.pick(['x.map((e) => Math.sin(e) + 1.1)', 'new Float64Array(x.length).fill(t)', 'x.slice()'])};` },
      ...Array.from({ length: random.between(2, 4) }, () => this.pass()).flat(),
      { head: 'for (const e of a) s = 0.6 * s + Math.sin(e);' },
      { head: 'return s + c * m[0]! + m[1]! * m[2]!;' },
    ];
  }

  private fresh(stem: string): string {
    return `${stem}${++this.count}`;
  }

  /** Infinite, undefined or of infinite derivative where `z` is 0. */
  private risky(e: string, z: string): string {
    const { random } = this;
    return random.pick([
      `${e} / ${z}`,
      `Math.log(${z} * ${e})`,
      `Math.sqrt(${z} * ${e})`,
      `(${z} * ${e}) ** 0.5`,
      `(${z} * ${e}) ** -1`,
      `${z} ** -${e}`,
      `Math.exp(900 * (1 - Math.min(1, ${z})) + ${e})`,
      `1 / (${z} * ${e} * ${e})`,
      `Math.sin(${e} / ${z})`,
      `Math.cbrt(${z} * ${e})`,
      `Math.asin(1 - ${z} * ${e} * 0.5)`,
      `Math.hypot(${z} * ${e}, ${z})`,
      `Math.log(1.3 * ${z}) * ${e}`,
      `Math.atan2(${z} * ${e}, ${z})`,
      `${e} * ${e} / (${z} + 0)`,
      `Math.tanh(Math.log(${z} * ${e}))`,
      `Math.exp(-${e} / ${z})`,
      `Math.acosh(1 + ${z} * ${e})`,
      `Math.tanh(Math.log(${z} - 0.5) * ${e})`,
      `Math.atan(Math.sqrt(${z} - 0.5)) * ${e}`,
    ]);
  }

  private element(i: string): string {
    return this.random.pick([`x[${i} % x.length]!`, `a[${i} % a.length]!`, 'x[0]!', 't', 'Math.abs(s) + 0.1', `Math.abs(m[${i} % 3]!) + 0.2`]);
  }

  private target(i: string): string {
    return this.random.pick(['s', 's', 'c', `a[${i} % a.length]`, `m[${i} % 3]`]);
  }

  /** What comes out finite although `r` is not. */
  private chosen(r: string, z: string, other: string): string {
    return this.random.pick([`${z} > 0 ? ${r} : ${other}`, `${z} === 0 ? ${other} : Math.sin(${r})`, `Number.isFinite(${r}) && ${z} > 0 ? Math.tanh(${r}) : ${other}`, `${z} > 0 ? ${r} * ${other} : 0`, `${z} > 0 ? Math.tanh(${r} * ${r}) : Math.sin(${other})`]);
  }

  private step(i: string): readonly Statement[] {
    const { random } = this;
    const [r, z, e] = [this.fresh('r'), this.fresh('z'), this.element(i)];
    const target = this.target(i);
    const made: readonly Statement[] = [
      { head: `const ${z} = z[${i} % z.length]!;` },
      { head: `const ${r} = ${random.weighted([[5, this.risky(e, z)], [1, `${this.risk}(${e}, ${z})`], [1.5, `${this.deep}(m, ${e}, ${z}, ${random.pick(['k', '1', '2'])})`]])};` },
    ];
    const between = random.pick([r, r, r, `Math.sin(${r})`, `${r} * ${e}`, `Math.sqrt(${r})`, `(${r} + s)`]);
    const add = (value: string): string => `${target} = Math.sin((${target.includes('[') ? `${target}!` : target}) + (${value}));`;
    const [array, back] = [this.fresh('b'), this.fresh('u')];
    return [
      {
        head: '{',
        body: [
          ...made,
          ...random.pick<() => readonly Statement[]>([
            () => [{ head: add(this.chosen(between, z, e)) }],
            () => [{ head: `if (${z} > 0) ${add(between)}` }],
            () => [{ head: `if (${z} > 0) {`, body: [{ head: add(between) }], otherwise: [{ head: `c = Math.cos(c + ${e});` }] }],
            () => [{ head: `let ${back} = ${between};` }, { head: `if (!(${z} > 0)) ${back} = ${e};` }, { head: add(back) }],
            () => [{ head: `const ${array} = [${between}, ${e}];` }, { head: `if (${z} === 0) ${array}[0] = Math.cos(${e});` }, { head: add(`${array}[0]! * ${array}[1]!`) }],
            () => [{ head: `const ${array} = { v: ${between}, w: ${e} };` }, { head: `${target} = ${z} > 0 ? Math.sin(${array}.v) : ${array}.w;` }],
            () => [{ head: `const ${array} = new Float64Array(2);` }, { head: `${array}[0] = ${between};` }, { head: `${array}[1] = ${e};` }, { head: add(`${array}[${z} > 0 ? 0 : 1]!`) }],
            () => [{ head: `switch (${z} > 0 ? 1 : 0) {`, body: [{ head: 'case 0:' }, { head: add(e) }, { head: 'break;' }, { head: 'default:' }, { head: add(between) }] }],
          ])(),
        ],
      },
    ];
  }

  private pass(): readonly Statement[] {
    const { random } = this;
    const i = this.fresh('i');
    const [last, r] = [this.fresh('last'), this.fresh('q')];
    const steps = Array.from({ length: random.between(1, 2) }, () => this.step(i)).flat();
    const risky = this.risky(this.element(i), `z[${i}]!`);
    switch (random.between(0, 5)) {
      case 0:
        return [{ head: '{', body: [{ head: `const ${i} = k;` }, ...steps] }];
      case 1:
        return [
          { head: `let ${last} = 0.3;` },
          { head: `for (let ${i} = 0; ${i} < z.length; ${i}++) {`, body: [{ head: `const ${r} = ${risky};` }, { head: random.pick([`if (z[${i}] === 0) continue;`, `if (!(z[${i}]! > 0)) break;`]) }, { head: `s = Math.sin(s + ${last} * ${r});` }, { head: `${last} = ${random.pick([r, `Math.tanh(${r})`])};` }, ...steps] },
        ];
      case 2:
        return [
          { head: `const ${last} = Array.from(z, (q, ${i}) => ${this.risky(this.element(i), 'q')});` },
          { head: `for (let ${i} = 0; ${i} < z.length; ${i}++) {`, body: [{ head: random.pick([`if (z[${i}]! > 0) s += Math.sin(${last}[${i}]!);`, `c = Math.sin(c + (z[${i}]! > 0 ? ${last}[${i}]! : t));`, `if (z[${i}] === 0) ${last}[${i}] = ${this.element(i)};`]) }, ...steps] },
          { head: `for (let ${i} = 0; ${i} < z.length; ${i}++) {`, body: [{ head: `if (z[${i}]! > 0) s = Math.cos(s + ${last}[${i}]!);` }] },
        ];
      case 3:
        return [{ head: '{', body: [{ head: `let ${i} = 0;` }, { head: 'do {', body: [...steps, { head: `${i}++;` }], tail: `} while (${i} < 3);` }] }];
      case 4:
        return [
          { head: `let ${last} = ${random.pick(['9', 't'])};` },
          { head: `for (let ${i} = 0; ${i} < z.length; ${i}++) ${last} = Math.min(${last}, Math.abs(${random.pick([`x[0]! / z[${i}]!`, `t / (z[${i}]! * x[${i}]!)`, `Math.log(1.3 * z[${i}]!) * t`, `Math.exp(900 * (1 - Math.min(1, z[${i}]!)) + t)`])}));` },
          { head: `s = Math.sin(s + ${last});` },
        ];
      default:
        return [{ head: `for (let ${i} = 0; ${i} < ${random.pick(['z.length', 'k', '3'])}; ${i}++) {`, body: steps }];
    }
  }
}
