/** Random functions of the module, and calls of them. */

import { bounded, atom, expression, literal } from './expressions.ts';
import { newPair } from './objects.ts';
import { inner, line, numberVariable, type Maker, type Place } from './place.ts';
import type { Statement } from './program.ts';
import type { Variable } from './scope.ts';
import { statements } from './statements.ts';

/** A function of the module, and what names it in the functions after it. */
export interface Helper {
  readonly declaration: Statement;
  /** Functions that it calls and that nothing else names. */
  readonly others?: readonly Statement[];
  readonly variable: Variable;
}

/** Makes a helper in `place`, an empty scope of the module; names begin with `prefix`. */
export type HelperMaker = (place: Place, prefix: string) => Helper;

export const callHelper: Maker = (place) => {
  const helper = place.scope.pick(place.random, ({ kind }) => kind === 'helper');
  return helper?.call?.(place) ?? [];
};

/** What loops and conditions of a helper need. */
export const constants: readonly Statement[] = [{ head: 'const k: number = 1;' }, { head: 'const n: number = 2;' }];

export function bodyOf(place: Place, result: Place['result'], ...parameters: readonly Variable[]): Place {
  const body = inner(place, { depth: 2, loops: 2, labels: [], inSwitch: false, resizing: true, result });
  for (const parameter of parameters) body.scope.declare(parameter);
  body.scope.declare({ name: 'k', kind: 'counter', assignable: false, writable: false });
  return body;
}

export const callable = (name: string, more: Partial<Variable> = {}): Variable => ({
  name,
  kind: 'function',
  assignable: false,
  writable: false,
  ...more,
});

/** Two numbers to one, with returns of its own. */
const numbersToOne: HelperMaker = (place, prefix) => {
  const { random } = place;
  const name = place.fresh(`${prefix}_mix`);
  const body = bodyOf(place, (there) => bounded(there, 1), numberVariable('f', true), numberVariable('g', true));
  const made = [...constants, ...statements(body, random.between(1, 3)), { head: `return ${bounded(body, 2)};` }];
  return { declaration: { head: `function ${name}(f: number, g: number): number {`, body: made }, variable: callable(name) };
};

/** Defaults, and a rest parameter. */
const withDefaults: HelperMaker = (place, prefix) => {
  const { random } = place;
  const name = place.fresh(`${prefix}_all`);
  const list: Variable = { name: 'others', kind: 'list', assignable: false, writable: false };
  const body = bodyOf(place, (there) => bounded(there, 1), numberVariable('f', true), numberVariable('g', true), list);
  const made = [
    ...constants,
    ...statements(body, random.between(0, 2)),
    { head: 'for (const h of others) g = 0.5 * g + Math.sin(h * f);' },
    { head: `return ${bounded(body, 2)};` },
  ];
  const head = `function ${name}(f: number, g = ${random.pick([literal(random), '0.5 * f'])}, ...others: readonly number[]): number {`;
  return { declaration: { head, body: made }, variable: callable(name, { arity: [1, 4] }) };
};

/** Calls back. */
const higherOrder: HelperMaker = (place, prefix) => {
  const { random } = place;
  const name = place.fresh(`${prefix}_apply`);
  const body = bodyOf(place, (there) => bounded(there, 1), numberVariable('f', true), callable('step'));
  const made = [
    ...constants,
    { head: `for (let i = 0; i < ${random.between(1, 3)}; i++) {`, body: [{ head: `f = Math.sin(step(f, ${random.pick(['i', '0.3', 'f'])}));` }] },
    ...statements(body, random.between(0, 1)),
    { head: `return ${bounded(body, 1)};` },
  ];
  const head = `function ${name}(step: (a: number, b: number) => number, f: number): number {`;
  return { declaration: { head, body: made }, variable: callable(name, { kind: 'callee' }) };
};

/** Changes one array by another; they may be the same. */
const blend: HelperMaker = (place, prefix) => {
  const name = place.fresh(`${prefix}_blend`);
  const change = { head: 'target[i] = Math.sin(target[i]! * source[i % source.length]! + rate);' };
  const call: Maker = ({ random, scope, ...more }) => {
    const target = scope.pick(random, ({ kind, writable }) => kind === 'array' && writable);
    const source = scope.pick(random, ({ kind }) => kind === 'array');
    if (target === undefined || source === undefined) return [];
    return line(`${name}(${target.name}, ${source.name}, ${bounded({ random, scope, ...more }, 1)});`);
  };
  const numbers = (change: string): string => `{ readonly length: number; ${change}[i: number]: number }`;
  const declaration: Statement = {
    head: `function ${name}(target: ${numbers('')}, source: ${numbers('readonly ')}, rate: number): void {`,
    body: [{ head: 'for (let i = 0; i < target.length; i++) {', body: [change] }],
  };
  return { declaration, variable: callable(name, { kind: 'helper', call }) };
};

/** Gives a tuple, which is taken apart where it is called. */
const tupleOfTwo: HelperMaker = (place, prefix) => {
  const name = place.fresh(`${prefix}_two`);
  const result = (there: Place): string => `[${bounded(there, 1)}, ${atom(there)}]`;
  const body = bodyOf(place, result, numberVariable('f', true), numberVariable('g', true));
  const made = [...constants, ...statements(body, place.random.between(1, 2)), { head: `return ${result(body)};` }];
  const call: Maker = (there) => {
    const [a, b] = [there.fresh('d'), there.fresh('d')];
    const value = `${name}(${bounded(there, 1)}, ${atom(there)})`;
    there.scope.declare(numberVariable(a, false));
    there.scope.declare(numberVariable(b, true));
    return line(`let [${a}, ${b}] = ${value};`);
  };
  const head = `function ${name}(f: number, g: number): [number, number] {`;
  return { declaration: { head, body: made }, variable: callable(name, { kind: 'helper', call }) };
};

/** Takes an object, which may be absent, and gives a fresh one. */
const objectToObject: HelperMaker = (place, prefix) => {
  const name = place.fresh(`${prefix}_turn`);
  const from: Variable = { name: 'from', kind: 'object', assignable: false, writable: false };
  const body = bodyOf(place, newPair, numberVariable('f', true), from);
  const made = [
    ...constants,
    { head: `const from = given ?? { a: f, b: 0.3 };` },
    ...statements(body, place.random.between(1, 2)),
    { head: `return ${newPair(body)};` },
  ];
  const call: Maker = (there) => {
    const given = there.scope.pick(there.random, ({ kind }) => kind === 'object');
    const value = `${name}(${bounded(there, 1)}${given === undefined || there.random.chance(0.2) ? '' : `, ${given.name}`})`;
    const result = there.fresh('o');
    there.scope.declare({ name: result, kind: 'object', assignable: false, writable: true });
    return line(`const ${result} = ${value};`);
  };
  const head = `function ${name}(f: number, given?: { a: number; b: number }): { a: number; b: number } {`;
  return { declaration: { head, body: made }, variable: callable(name, { kind: 'helper', call }) };
};

/** Changes the object that it is given and hands it back. */
const changeObject: HelperMaker = (place, prefix) => {
  const name = place.fresh(`${prefix}_shift`);
  const target: Variable = { name: 'target', kind: 'object', assignable: false, writable: true };
  const body = bodyOf(place, () => 'target', numberVariable('f', true), target);
  const made = [...constants, ...statements(body, place.random.between(1, 2)), { head: `target.a = ${bounded(body, 1)};` }, { head: 'return target;' }];
  const call: Maker = (there) => {
    const given = there.scope.pick(there.random, ({ kind, writable }) => kind === 'object' && writable);
    if (given === undefined) return [];
    const value = `${name}(${given.name}, ${bounded(there, 1)})`;
    const result = there.fresh('o');
    there.scope.declare({ name: result, kind: 'object', assignable: false, writable: true });
    return line(`const ${result} = ${value};`);
  };
  const head = `function ${name}(target: { a: number; b: number }, f: number): { a: number; b: number } {`;
  return { declaration: { head, body: made }, variable: callable(name, { kind: 'helper', call }) };
};

/** Gives a new array. */
const newArray: HelperMaker = (place, prefix) => {
  const { random } = place;
  const name = place.fresh(`${prefix}_scan`);
  const result: Variable = { name: 'scanned', kind: 'array', assignable: false, writable: true, typed: true };
  const source: Variable = { name: 'source', kind: 'array', assignable: false, writable: false };
  const body = bodyOf(place, () => 'scanned', numberVariable('f', true), source, result);
  const element = { head: 'f = scanned[i] = Math.sin(f + source[i]!);' };
  const made = [
    ...constants,
    { head: 'const scanned = new Float64Array(source.length);' },
    { head: 'for (let i = 0; i < source.length; i++) {', body: [element] },
    ...statements(body, random.between(0, 2)),
    { head: 'return scanned;' },
  ];
  const call: Maker = (there) => {
    const given = there.scope.pick(there.random, ({ kind, typed }) => kind === 'array' && typed === true);
    if (given === undefined) return [];
    const value = `${name}(${given.name}, ${expression(there, 1)})`;
    const array = there.fresh('a');
    there.scope.declare({ ...result, name: array });
    return line(`const ${array} = ${value};`);
  };
  const head = `function ${name}(source: Float64Array, f: number): Float64Array {`;
  return { declaration: { head, body: made }, variable: callable(name, { kind: 'helper', call }) };
};

/** Works for elements of any type. */
const generic: HelperMaker = (place, prefix) => {
  const name = place.fresh(`${prefix}_middle`);
  const call: Maker = (there) => {
    const given = there.scope.pick(there.random, ({ kind, typed }) => (kind === 'array' && typed === false) || kind === 'objects');
    if (given === undefined) return [];
    const result = there.fresh('e');
    const kind = given.kind === 'objects' ? 'object' : 'number';
    there.scope.declare({ name: result, kind, assignable: false, writable: kind === 'object' && given.writable });
    return line(`const ${result} = ${name}(${given.name}, ${there.random.below(4)});`);
  };
  const declaration = { head: `function ${name}<T>(items: readonly T[], at: number): T {`, body: [{ head: 'return items[at % items.length]!;' }] };
  return { declaration, variable: callable(name, { kind: 'helper', call }) };
};

export const helperMakers: readonly HelperMaker[] = [
  numbersToOne,
  numbersToOne,
  withDefaults,
  higherOrder,
  blend,
  tupleOfTwo,
  objectToObject,
  changeObject,
  newArray,
  generic,
];
