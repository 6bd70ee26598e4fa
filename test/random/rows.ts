/**
 * Random functions made of nests of loops over the rows of a matrix: what `jam`, `recurrences`, `fill-adjoints` and the fusing of loops
 * put together differently. Bounds from 0 or 1, fractional, downwards; zero to nine rows.
 */

import type { RandomProgram, Statement } from './program.ts';
import { Randomness } from './randomness.ts';

export function generateRows(seed: number): RandomProgram {
  const random = new Randomness(seed);
  const nests = Array.from({ length: random.between(1, 3) }, () => {
    const nest = rowLoop(random);
    return random.chance(0.25) ? { head: 'for (let s = 0; s < 2; s++) {', body: [nest] } : nest;
  });
  const body: Statement[] = [
    { head: 'const y = new Float64Array(m);' },
    { head: 'const h = new Float64Array(Math.max(m, n)).fill(0.3);' },
    { head: 'const g = new Float64Array(3).fill(0.2);' },
    { head: 'let total = 0;' },
    { head: 'let c = 0.5;' },
    { head: 'let largest = -1;' },
    ...nests,
    { head: 'for (let r = 0; r < m; r++) total += y[r]! * y[r]! * (r + 1) + Math.sin(h[r]!);' },
    { head: 'return total + c + 0.1 * largest + g[0]! * g[1]!;' },
  ];
  const sizes = [random.pick([[3, 4], [4, 3], [5, 5]]), random.pick([[9, 4], [7, 8], [8, 2]]), random.pick([[0, 2], [1, 1], [2, 3]])];
  return {
    seed,
    name: `rows${seed}`,
    helpers: [],
    parameters: 'w: Float64Array, b: Float64Array, x: Float64Array, m: number, n: number, t: number',
    differentiated: ['w', 'b', 'x'],
    body,
    samples: sizes.map(([m = 0, n = 0]) => [random.reals(Math.max(m * n, m * (n + 1))), random.reals(m), random.reals(n), m, n, 0.8]),
  };
}

function rowLoop(random: Randomness): Statement {
  const head = random.chance(0.3)
    ? 'for (let r = m - 1; r >= 0; r--) {'
    : `for (let r = ${random.pick(['0', '0', '1'])}; r < ${random.pick(['m', 'm', 'm - 0.25', 'b.length'])}; r++) {`;
  const body: Statement[] = [{ head: `let sum = ${random.pick(['b[r]!', '0', 'c', 'h[r]!'])};` }, ...elementLoop(random, 'sum')];
  if (random.chance(0.3)) {
    body.push({ head: 'let other = 0.1;' }, { head: '{', body: elementLoop(random, 'other') }, { head: 'sum += other * 0.3;' });
  }
  body.push(...random.pick(endings).map((text) => ({ head: text })));
  return { head, body };
}

/** What becomes of the sum of a row. */
const endings = [
  ['y[r] = Math.tanh(sum);'],
  ['y[r] = sum;', 'total += sum * sum;'],
  ['if (sum > 0.2) total += sum * r; else total -= Math.sin(sum);'],
  ['total += Math.sin(sum) * total * 0.01;'],
  ['y[r] = sum;', 'c = Math.sin(c + sum);'],
  ['h[r] = Math.cos(sum);'],
  ['y[r]! += Math.sin(sum);'],
  ['g[r % 3]! += sum * 0.5;'],
  ['largest = Math.max(largest, sum);'],
  ['total += g[r % 3]! * sum;', 'g[r % 3] = Math.sin(sum);'],
];

const elements = [
  'w[r * n + i]! * x[i]!',
  'w[r * n + i]! * w[r * n + i]!',
  'Math.sin(w[r * n + i]!) * x[i]!',
  'x[i]! * p',
  'w[r * n + i]! * h[i]!',
  '(w[r * n + i]! - x[i]!) * x[i]!',
  'x[i]! * c',
  'p * x[i]! * b[r]!',
  'w[i * m + r]! * x[i]!',
];

function elementLoop(random: Randomness, sum: string): readonly Statement[] {
  const runs = random.chance(0.4);
  const body: Statement[] = [{ head: `${sum} ${random.pick(['+=', '-=', '+='])} ${random.pick(elements)};` }];
  if (runs) body.push({ head: `p ${random.pick(['*= t', '*= b[0]!', '= p * t + 0.1', '= -p'])};` });
  if (random.chance(0.2)) body.push({ head: `${sum} += 0.1 * x[i]!;` });
  const to = random.pick(['n', 'n', 'x.length', 'n - 0.5']);
  return [{ head: runs ? 'let p = 1;' : 'const p = t;' }, { head: `for (let i = ${random.pick(['0', '0', '1', '0'])}; i < ${to}; i++) {`, body }];
}
