/** A random program of the supported language, determined by its seed. */

import { bounded } from './expressions.ts';
import type { RandomProgram, Statement } from './program.ts';
import { Randomness } from './randomness.ts';
import { Scope } from './scope.ts';
import { statements, type Place } from './statements.ts';

const trips = [0, 1, 2, 3, 3, 4, 2.5, -1];

export function generate(seed: number): RandomProgram {
  const random = new Randomness(seed);
  const name = `random${seed}`;
  const helpers = [scalarHelper(random, `${name}_mix`), memoryHelper(`${name}_blend`)];
  const place = mainPlace(random, name);
  const body = statements(place, random.between(8, 16));
  body.push(...ending(place, name));
  return {
    seed,
    name,
    helpers,
    parameters:
      'x: number, y: number, v: Float64Array, w: readonly number[], p: { a: number; b: number }, n: number, k: number',
    differentiated: ['x', 'y', 'v', 'w', 'p'],
    body,
    samples: [0, 1, 2].map(() => sample(random)),
  };
}

function sample(random: Randomness): readonly unknown[] {
  const numbers = (count: number): number[] => Array.from({ length: count }, () => random.real(1.5));
  const [x, y, a, b] = numbers(4);
  const [v, w] = [Float64Array.from(numbers(random.between(3, 4))), numbers(3)];
  return [x, y, v, w, { a, b }, random.pick(trips), random.below(3)];
}

function newPlace(random: Randomness, scope: Scope): Place {
  let count = 0;
  const fresh = (stem: string): string => `${stem}${++count}`;
  return { random, scope, fresh, depth: 0, loops: 0, labels: [], returns: true, inSwitch: false };
}

function mainPlace(random: Randomness, name: string): Place {
  const scope = new Scope();
  const plain = { assignable: false, writable: false };
  for (const parameter of ['x', 'y'])
    scope.declare({ ...plain, name: parameter, kind: 'number', assignable: random.chance(0.3) });
  scope.declare({ ...plain, name: 'v', kind: 'array', typed: true });
  scope.declare({ ...plain, name: 'w', kind: 'array', typed: false });
  scope.declare({ ...plain, name: 'p', kind: 'object' });
  scope.declare({ ...plain, name: 'k', kind: 'counter' });
  scope.declare({ ...plain, name: `${name}_mix`, kind: 'function' });
  return newPlace(random, scope);
}

/** Two numbers to one, with a loop and returns of its own. */
function scalarHelper(random: Randomness, name: string): Statement {
  const place = newPlace(random, new Scope());
  for (const parameter of ['f', 'g'])
    place.scope.declare({ name: parameter, kind: 'number', assignable: true, writable: false });
  place.scope.declare({ name: 'k', kind: 'counter', assignable: false, writable: false });
  const body: Statement[] = [{ head: 'const k: number = 1;' }, { head: 'const n: number = 2;' }];
  body.push(...statements({ ...place, depth: 2, loops: 2 }, random.between(1, 3)));
  body.push({ head: `return ${bounded(place, 2)};` });
  return { head: `function ${name}(f: number, g: number): number {`, body };
}

/** Changes one array by another; they may be the same. */
function memoryHelper(name: string): Statement {
  const head = 'for (let i = 0; i < target.length; i++) {';
  const change = { head: 'target[i] = Math.sin(target[i]! * source[i % source.length]! + rate);' };
  return {
    head: `function ${name}(target: Float64Array, source: Float64Array, rate: number): void {`,
    body: [{ head, body: [change] }],
  };
}

/** Gathers what the program has computed, so that it matters. */
function ending(place: Place, name: string): Statement[] {
  const { random, scope } = place;
  const list: Statement[] = [];
  const typed = scope.all().filter((variable) => variable.kind === 'array' && variable.typed);
  const writable = typed.filter((variable) => variable.writable);
  if (writable.length > 0 && random.chance(0.5)) {
    const [target, source] = [random.pick(writable).name, random.pick(typed).name];
    list.push({ head: `${name}_blend(${target}, ${source}, ${bounded(place, 1)});` });
  }
  list.push({ head: 'let result = 0;' });
  for (const array of scope.all().filter(({ kind }) => kind === 'array' || kind === 'list')) {
    list.push({ head: `for (const e of ${array.name}) result = 0.6 * result + Math.sin(e);` });
  }
  const terms = scope.all().flatMap(({ name: term, kind }) => {
    if (kind === 'number') return [term];
    if (kind === 'object') return [`${term}.a * ${term}.b`];
    if (kind === 'tuple') return [`${term}[0] * ${term}[1]`];
    return kind === 'rows' ? [`${term}[0]![1]!`, `${term}[2]![0]!`] : [];
  });
  list.push({
    head: `return result + ${terms.map((term, i) => `${(0.3 + 0.1 * (i % 7)).toFixed(1)} * ${term}`).join(' + ')};`,
  });
  return list;
}
