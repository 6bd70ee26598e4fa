/** The companions beside the gradient alone: value, shapes, `out`, wrong lengths, and what they say of one direction. */

import { readFileSync } from 'node:fs';

import { beforeAll, describe, expect, it } from 'vitest';

import type { Companion } from '../src/graph/primal.ts';
import { derive } from '../src/pipeline.ts';
import { argumentsOf, type Callable } from './harness/check-companion.ts';
import { openProgram, printCompanions } from './harness/compile.ts';
import { firstDifference, freeze, isTypedArray, leavesOf, poisoned, type Datum } from './harness/data.ts';
import { differenceAlong, directionsOf, dotProduct, randomTangent } from './harness/dot-product.ts';
import { companionFiles, fixtureName } from './harness/fixture-files.ts';
import { ModuleFolder, type Module } from './harness/load.ts';
import { Randomness } from './random/randomness.ts';

const files = companionFiles();
const folder = new ModuleFolder();

interface Tested {
  readonly companion: Companion;
  readonly module: Module;
  readonly primals: Module;
}

const tested = new Map<string, Tested>();

beforeAll(async () => {
  const program = openProgram(files);
  for (const file of files) {
    const name = fixtureName(file);
    folder.write(name, readFileSync(file, 'utf8'));
    const companions = program.read(file).primals.flatMap((primal) => primal.requests.map((request) => derive(primal, request, { verified: true })));
    folder.write(name.replace(/\.ts$/, '.grad.ts'), printCompanions(companions, file));
    const [primals, module] = [await folder.load(name), await folder.load(name.replace(/\.ts$/, '.grad.ts'))];
    for (const companion of companions) tested.set(`${name} ${companion.name}`, { companion, module, primals });
  }
}, 240_000);

describe.each(files.map((file) => [fixtureName(file), file] as const))('%s', (fixture, file) => {
  it.each(companionNames(file))('%s', (name) => {
    const { companion, module, primals } = tested.get(`${fixture} ${name}`)!;
    const call = module[name] as (...args: readonly Datum[]) => Record<string, Datum>;
    const primal = primals[companion.signature.name] as Callable;
    const samples = primals[`${companion.signature.name}_samples`] as readonly (readonly Datum[])[];
    samples.forEach((sample, i) => {
      const given = argumentsOf(companion, structuredClone(sample));
      const randomness = new Randomness(i + 1);
      const value = primal(...structuredClone(sample));
      const further = furtherFor(companion, given, value, randomness);
      const args = freeze([...given, ...further]);
      const before = structuredClone(args);
      const result = call(...args);
      expect(Object.keys(result)).toEqual(companion.fields.map((field) => field.name).filter((field) => field in result));
      expect(firstDifference(result['value'], value), `sample ${i}: value`).toBeUndefined();
      expect(firstDifference(before, args), `sample ${i}: an argument was changed`).toBeUndefined();

      const out = poisoned(result) as Record<string, Datum>;
      expect(call(...args, out), `sample ${i}: what is returned`).toBe(out);
      expect(firstDifference(result, out), `sample ${i}: with \`out\``).toBeUndefined();
      checkLengths(companion, args, given.length, result, call);
      checkDerivatives(companion, call, primal, sample, given, further, result, `sample ${i}`);
    });
  });
});

/** A direction for each tangent; for `d_value` a random cotangent. */
function furtherFor(companion: Companion, given: readonly Datum[], value: Datum, randomness: Randomness): readonly Datum[] {
  // Along a default nothing moves: there is no argument to compare it with.
  const isAbsent = (name: string): boolean => given[companion.signature.params.findIndex((parameter) => parameter.name === name)] === undefined;
  const directions = directionsOf(companion, given, randomness);
  return companion.further.map(({ like }) => {
    if (like === 'value') return randomTangent(value, randomness);
    return isAbsent(like) && directions[`d_${like}`] !== undefined ? 0 : directions[`d_${like}`];
  });
}

/** Every array that comes from outside with another length is refused, by name. */
function checkLengths(companion: Companion, args: readonly Datum[], count: number, result: Record<string, Datum>, call: Callable): void {
  const longer = (datum: Datum): Datum => (isTypedArray(datum) ? new (datum.constructor as typeof Float64Array)(datum.length + 1) : [...(datum as Datum[]), 0]);
  const isArray = (datum: Datum): boolean => Array.isArray(datum) || isTypedArray(datum);
  companion.further.forEach(({ name, type }, i) => {
    if (type.kind !== 'array' || !isArray(args[count + i])) return;
    const wrong = args.map((arg, at) => (at === count + i ? longer(arg) : arg));
    expect(() => call(...wrong)).toThrow(new RegExp(`^${name} has length`));
  });
  for (const { name, shape } of companion.fields) {
    const hasLength = shape.kind === 'matrix' || (shape.kind === 'value' ? companion.signature.result : shape.type).kind === 'array';
    if (!hasLength || !isArray(result[name])) continue;
    const wrong = { ...(poisoned(result) as object), [name]: longer(result[name]) };
    const before = structuredClone(wrong);
    expect(() => call(...args, wrong)).toThrow(new RegExp(`^out.${name} has length`));
    expect(firstDifference(before, wrong), `${name}: something was written before the lengths were compared`).toBeUndefined();
  }
}

/** Against differences along a random direction: of the function, and of the gradient for second derivatives. */
function checkDerivatives(companion: Companion, call: Callable, primal: Callable, sample: readonly Datum[], given: readonly Datum[], further: readonly Datum[], result: Record<string, Datum>, label: string): void {
  const { kind, differentiated, signature } = companion;
  const made = directionsOf(companion, given, new Randomness(100));
  const takesTangents = kind === 'jvp' || kind === 'hvp';
  const directions = differentiated.map(({ name }, i) => (takesTangents ? further[i] : given[placeOf(companion, name)] === undefined ? 0 : made[`d_${name}`]));
  const cotangent = kind === 'vjp' ? further[0] : randomTangent(result['value'], new Randomness(99));
  const byArgument = signature.params.map(({ name }) => directions[differentiated.findIndex((parameter) => parameter.name === name)]);
  const tolerance = holdsSingle([sample, result['value']]) ? 1e-3 : 1e-6;
  const compare = (what: string, got: number, slope: number): void => {
    expect(Math.abs(got - slope) <= tolerance * Math.max(1, Math.abs(slope)), `${label}: ${what} is ${got}, differences give ${slope}`).toBe(true);
  };

  const moving = given.map((arg, i) => (arg === undefined ? undefined : byArgument[i]));
  const slope = differenceAlong(primal, sample, moving, cotangent);
  if (kind === 'jvp') compare('J t', dotProduct(cotangent, result['t_value']), slope);
  if (kind === 'jacobian') compare('J t', bilinear(cotangent, differentiated.map(({ name }) => result[`J_${name}`]), directions), slope);
  if (kind === 'vjp' || kind === 'hvp' || kind === 'hessian') {
    const scale = kind === 'vjp' ? 1 : (cotangent as number);
    compare('the gradient along t', scale * differentiated.reduce((sum, { name }, i) => sum + dotProduct(result[`d_${name}`], directions[i]), 0), slope);
  }
  if (kind !== 'hvp' && kind !== 'hessian') return;
  const others = differentiated.map(({ name }) => directionsOf(companion, given, new Randomness(101))[`d_${name}`]);
  const gradientAlong = (...args: readonly Datum[]): number => {
    const moved = call(...argumentsOf(companion, args), ...further) as Record<string, Datum>;
    return differentiated.reduce((sum, { name }, i) => sum + dotProduct(moved[`d_${name}`], others[i]), 0);
  };
  const second = differenceAlong(gradientAlong, sample, moving, 1);
  if (kind === 'hvp') compare('H t', differentiated.reduce((sum, { name }, i) => sum + dotProduct(result[`h_${name}`], others[i]), 0), second);
  else compare('H t', bilinear(others, [result['H']], directions), second);
}

/** `u` times the matrices, side by side, times `v`. */
function bilinear(u: Datum, matrices: readonly Datum[], v: readonly Datum[]): number {
  const left = leavesOf(u).map(({ value }) => value);
  const blocks = matrices.length === 1 ? [v] : v;
  return matrices.reduce<number>((sum, matrix, k) => {
    const right = leavesOf(blocks[k]).map(({ value }) => value);
    expect((matrix as Float64Array).length).toBe(left.length * right.length);
    return sum + left.reduce((all, a, row) => all + right.reduce((inner, b, column) => inner + a * b * (matrix as Float64Array)[row * right.length + column]!, 0), 0);
  }, 0);
}

function placeOf({ signature }: Companion, name: string): number {
  return signature.params.findIndex((parameter) => parameter.name === name);
}

/** Differences of single precision are coarse. */
function holdsSingle(datum: Datum): boolean {
  if (datum instanceof Float32Array) return true;
  return typeof datum === 'object' && datum !== null && !isTypedArray(datum) && Object.values(datum).some(holdsSingle);
}

/** Read off the text, so that a function that is refused still has its tests. */
function companionNames(file: string): readonly string[] {
  const names: string[] = [];
  for (const match of readFileSync(file, 'utf8').matchAll(/^\/\*\*(?:(?!\*\/)[^])*\*\/\nexport (?:function|const) (\w+)/gm)) {
    for (const tag of match[0].matchAll(/@(grad|vjp|jvp|jacobian|hvp|hessian)\b/g)) names.push(`${tag[1]}_${match[1]}`);
  }
  return names;
}
