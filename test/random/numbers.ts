/** Random statements about numbers. */

import { condition } from './conditions.ts';
import { atom, bounded, expression, index, literal } from './expressions.ts';
import { carried, line, numberVariable, type Maker, type Place } from './place.ts';

export const declareNumber: Maker = (place) => {
  const { random, scope } = place;
  const assignable = random.chance(0.6);
  const name = place.fresh(assignable ? 's' : 'c');
  const value = random.chance(0.2) ? literal(random) : bounded(place, 2);
  scope.declare(numberVariable(name, assignable));
  return line(assignable ? `let ${name}: number = ${value};` : `const ${name} = ${value};`);
};

export const declareFlag: Maker = (place) => {
  const { random, scope } = place;
  if (random.chance(0.6)) {
    const name = place.fresh('is');
    const value = condition(place);
    scope.declare(carried(name, 'flag'));
    return line(`const ${name} = ${value};`);
  }
  const name = place.fresh('z');
  const value = `${condition(place)} ? ${bounded(place, 1)} : undefined`;
  scope.declare(carried(name, 'perhaps'));
  return line(`const ${name}: number | undefined = ${value};`);
};

export const assignNumber: Maker = (place) => {
  const { random, scope } = place;
  const target = scope.pick(random, ({ kind, assignable }) => kind === 'number' && assignable);
  if (target === undefined) return declareNumber(place);
  const other = scope.pick(random, ({ kind, assignable, name }) => kind === 'number' && assignable && name !== target.name);
  if (other !== undefined && random.chance(0.08)) return line(`${target.name} = ${other.name} = ${bounded(place, 2)};`);
  return line(`${change(place, target.name)};`);
};

/** An assignment to a number that stays bounded. */
export function change(place: Place, target: string): string {
  const { random } = place;
  return random.weighted([
    [4, `${target} = ${bounded(place, 3)}`],
    [2, `${target} += 0.1 * ${bounded(place, 1)}`],
    [1, `${target} -= 0.1 * Math.sin(${atom(place)})`],
    [2, `${target} *= Math.cos(${expression(place, 1)})`],
    [1, `${target} /= 1.2 + (${atom(place)}) ** 2`],
    [0.5, `${target} %= 1.3`],
    [0.3, `${target} ||= ${bounded(place, 1)}`],
    [1, `${target} = 0.5 * ${target} + ${bounded(place, 1)}`],
    [1, `${target} = Math.sin(${target} * ${target} + ${atom(place)})`],
  ]);
}

/** Destructuring: swaps and rotations of variables and elements. */
export const exchange: Maker = (place) => {
  const { random, scope } = place;
  const numbers = scope.of('number').filter(({ assignable }) => assignable);
  const array = scope.pick(random, ({ kind, writable }) => (kind === 'array' || kind === 'rows') && writable);
  if (array !== undefined && random.chance(0.5)) {
    const [i, j] = [index(place, array.name), index(place, array.name)];
    const { name } = array;
    return line(`[${name}[${i}], ${name}[${j}]] = [${name}[${j}]!, ${name}[${i}]!];`);
  }
  if (numbers.length < 2) return [];
  const [a, b] = [numbers[numbers.length - 1]!.name, numbers[random.below(numbers.length - 1)]!.name];
  return line(
    random.pick([`[${a}, ${b}] = [${b}, ${a}];`, `[${a}, ${b}] = [${b}, Math.sin(${a} + ${literal(random)})];`, `({ x: ${a}, y: ${b} = 0.5 } = { x: ${b}, y: ${a} });`]),
  );
};

/** Values out of objects, tuples and arrays into new variables. */
export const takeApart: Maker = (place) => {
  const { random, scope } = place;
  const source = scope.pick(random, ({ kind }) => kind === 'object' || kind === 'tuple' || kind === 'array' || kind === 'group');
  if (source === undefined) return [];
  const [a, b] = [place.fresh('d'), place.fresh('d')];
  const { name } = source;
  const pattern = {
    object: random.pick([`{ a: ${a}, b: ${b} }`, `{ b: ${b}, ...${a}r }`]),
    tuple: `[${a}, ${b}]`,
    array: `[${a} = 0.3, , ${b} = 0.2]`,
    group: `{ pair: { b: ${a} }, weight: ${b} }`,
  }[source.kind as 'object'];
  scope.declare(numberVariable(b, false));
  if (pattern.includes('...')) scope.declare({ name: `${a}r.a`, kind: 'number', assignable: true, writable: false });
  else scope.declare(numberVariable(a, false));
  return line(`const ${pattern} = ${name};`);
};
