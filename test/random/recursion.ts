/** Random functions that call themselves or each other. */

import { condition } from './conditions.ts';
import { atom, bounded, expression } from './expressions.ts';
import { bodyOf, callable, constants, type HelperMaker } from './helpers.ts';
import { carried, line, numberVariable, type Maker, type Place } from './place.ts';
import type { Statement } from './program.ts';
import type { Variable } from './scope.ts';
import { statements } from './statements.ts';

const levels = carried('level', 'counter');

/** The body of a recursive function: numbers `f` and `g`, and how many levels are left. */
function recursiveBody(place: Place, result: Place['result'], ...more: readonly Variable[]): Place {
  return bodyOf(place, result, numberVariable('f', true), numberVariable('g', true), levels, ...more);
}

const pairType = '{ a: number; b: number }';
const number = (there: Place): string => bounded(there, 1);

/** Calls itself once or twice, between other statements. */
const direct: HelperMaker = (place, prefix) => {
  const { random } = place;
  const name = place.fresh(`${prefix}_down`);
  const body = recursiveBody(place, number);
  const made = [...constants, { head: `if (level <= 0) return ${bounded(body, 1)};` }, ...statements(body, random.between(0, 2))];
  made.push(...recursiveCall(body, name));
  if (random.chance(0.4)) made.push({ head: `if (${condition(body)}) {`, body: recursiveCall(body, name) });
  made.push(...statements(body, random.between(0, 1)), { head: `return ${bounded(body, 2)};` });
  const head = `function ${name}(f: number, g: number, level: number): number {`;
  return { declaration: { head, body: made }, variable: called(name, random.between(1, 3)) };
};

function recursiveCall(body: Place, name: string): Statement[] {
  const value = `0.6 * ${name}(${bounded(body, 1)}, ${atom(body)}, level - 1)`;
  return line(body.random.pick([`f = ${value} + 0.3 * f;`, `g = Math.sin(g + ${value});`, `f += 0.2 * ${value};`]));
}

/** A call with a number of levels that is known. */
function called(name: string, count: number): Variable {
  const call: Maker = (there) => {
    const value = `${name}(${bounded(there, 1)}, ${atom(there)}, ${there.random.pick([String(count), 'k', 'k + 1'])})`;
    const result = there.fresh('c');
    there.scope.declare(numberVariable(result, false));
    return line(`const ${result} = ${value};`);
  };
  return callable(name, { kind: 'helper', call });
}

/** Two functions that call each other. */
const mutual: HelperMaker = (place, prefix) => {
  const [ping, pong] = [place.fresh(`${prefix}_ping`), place.fresh(`${prefix}_pong`)];
  const half = (name: string, other: string): Statement => {
    const body = recursiveBody(place, number);
    const made = [...constants, { head: `if (level <= 0) return ${bounded(body, 1)};` }, ...statements(body, place.random.between(0, 2))];
    made.push(...recursiveCall(body, other), { head: `return ${bounded(body, 1)};` });
    return { head: `function ${name}(f: number, g: number, level: number): number {`, body: made };
  };
  const declaration = half(ping, pong);
  return { declaration, others: [half(pong, ping)], variable: called(ping, place.random.between(1, 4)) };
};

/** Changes an array from one end to the other. */
const alongAnArray: HelperMaker = (place, prefix) => {
  const { random } = place;
  const name = place.fresh(`${prefix}_along`);
  const target: Variable = { name: 'target', kind: 'array', assignable: false, writable: true, typed: true };
  const body = bodyOf(place, () => '', numberVariable('f', true), target);
  const made = [
    ...constants,
    { head: 'if (i >= target.length) return;' },
    { head: 'target[i] = Math.sin(target[i]! * target[i]! + f);' },
    ...statements(body, random.between(0, 1)),
    { head: `${name}(target, i + ${random.between(1, 2)}, ${random.pick(['f', '0.5 * f + target[i]!', 'Math.cos(f)'])});` },
    ...(random.chance(0.5) ? [{ head: 'target[i]! *= Math.cos(target[(i + 1) % target.length]!);' }] : []),
  ];
  const call: Maker = (there) => {
    const given = there.scope.pick(there.random, ({ kind, typed, writable }) => kind === 'array' && typed === true && writable);
    return given === undefined ? [] : line(`${name}(${given.name}, 0, ${expression(there, 1)});`);
  };
  const head = `function ${name}(target: Float64Array, i: number, f: number): void {`;
  return { declaration: { head, body: made }, variable: callable(name, { kind: 'helper', call }) };
};

/** Halves a range until it is small. */
const divideAndConquer: HelperMaker = (place, prefix) => {
  const name = place.fresh(`${prefix}_range`);
  const body = bodyOf(place, number, numberVariable('left', false), numberVariable('right', false));
  const made: readonly Statement[] = [
    ...constants,
    { head: 'if (to - from < 1) return 0.3;' },
    { head: 'if (to - from === 1) return Math.sin(source[from]!);' },
    { head: 'const middle = (from + to) >> 1;' },
    { head: `const left = ${name}(source, from, middle);` },
    { head: `const right = ${name}(source, middle, to);` },
    { head: `return ${bounded(body, 1)};` },
  ];
  const call: Maker = (there) => {
    const given = there.scope.pick(there.random, ({ kind }) => kind === 'array');
    if (given === undefined) return [];
    const result = there.fresh('c');
    there.scope.declare(numberVariable(result, false));
    return line(`const ${result} = ${name}(${given.name}, 0, ${given.name}.length);`);
  };
  const head = `function ${name}(source: { readonly length: number; readonly [i: number]: number }, from: number, to: number): number {`;
  return { declaration: { head, body: made }, variable: callable(name, { kind: 'helper', call }) };
};

/** Gives an object that the caller takes apart. */
const givesObject: HelperMaker = (place, prefix) => {
  const name = place.fresh(`${prefix}_pair`);
  const body = recursiveBody(place, (there) => `{ a: ${bounded(there, 1)}, b: ${atom(there)} }`);
  const made = [
    ...constants,
    { head: `if (level <= 0) return { a: f, b: ${bounded(body, 1)} };` },
    { head: `const below = ${name}(${bounded(body, 1)}, g, level - 1);` },
  ];
  body.scope.declare({ name: 'below', kind: 'object', assignable: false, writable: true });
  made.push(...statements(body, place.random.between(1, 2)), {
    head: `return ${place.random.pick(['below', '{ ...below, a: Math.sin(below.b + f) }', `{ a: below.b, b: ${bounded(body, 1)} }`])};`,
  });
  const call: Maker = (there) => {
    const value = `${name}(${bounded(there, 1)}, ${atom(there)}, ${there.random.pick(['2', 'k', 'k + 1'])})`;
    const result = there.fresh('o');
    there.scope.declare({ name: result, kind: 'object', assignable: false, writable: true });
    return line(`const ${result} = ${value};`);
  };
  const head = `function ${name}(f: number, g: number, level: number): ${pairType} {`;
  return { declaration: { head, body: made }, variable: callable(name, { kind: 'helper', call }) };
};

/** Changes an object on the way down and on the way up. */
const changesObject: HelperMaker = (place, prefix) => {
  const name = place.fresh(`${prefix}_dive`);
  const target: Variable = { name: 'target', kind: 'object', assignable: false, writable: true };
  const body = bodyOf(place, () => '', numberVariable('f', true), levels, target);
  const made = [
    ...constants,
    { head: 'if (level <= 0) return;' },
    { head: `target.a = ${bounded(body, 1)};` },
    { head: `${name}(target, ${bounded(body, 1)}, level - 1);` },
    ...statements(body, place.random.between(0, 2)),
    { head: `target.b = Math.sin(target.b * target.a + f);` },
  ];
  const call: Maker = (there) => {
    const given = there.scope.pick(there.random, ({ kind, writable }) => kind === 'object' && writable);
    return given === undefined ? [] : line(`${name}(${given.name}, ${bounded(there, 1)}, ${there.random.pick(['2', 'k'])});`);
  };
  const head = `function ${name}(target: ${pairType}, f: number, level: number): void {`;
  return { declaration: { head, body: made }, variable: callable(name, { kind: 'helper', call }) };
};

export const recursiveMakers: readonly HelperMaker[] = [direct, direct, mutual, alongAnArray, divideAndConquer, givesObject, changesObject];
