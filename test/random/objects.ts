/** Random statements about objects: literals, spread, objects in objects and in arrays, instances. */

import { condition } from './conditions.ts';
import { atom, bounded, index } from './expressions.ts';
import { change } from './numbers.ts';
import { line, type Maker, type Place } from './place.ts';
import type { Statement } from './program.ts';
import type { Scope, Variable } from './scope.ts';

export const objects: Maker = (place) => {
  const { random, scope } = place;
  const type = scope.pick(random, ({ kind }) => kind === 'class');
  return random.weighted<Maker>([
    [4, declarePair],
    [1.5, declareGroup],
    [1.5, declareObjects],
    [type ? 3 : 0, (inside) => declareInstance(inside, type!.name)],
  ])(place);
};

const declarePair: Maker = (place) => {
  const { random, scope } = place;
  const value = newPair(place);
  const assignable = random.chance(0.4);
  const name = place.fresh('o');
  scope.declare({ name, kind: 'object', assignable, writable: true });
  return line(`${assignable ? 'let' : 'const'} ${name} = ${value};`);
};

/** A fresh object `{ a, b }`. */
export function newPair(place: Place): string {
  const { random, scope } = place;
  const [a, b] = [bounded(place, 1), atom(place)];
  const other = scope.pick(random, ({ kind }) => kind === 'object')?.name;
  return random.weighted([
    [3, `{ a: ${a}, b: ${b} }`],
    [1, `(${condition(place)} ? { a: ${b}, b: ${a} } : { a: ${a}, b: 0.4 })`],
    [other ? 1 : 0, `{ ...${other} }`],
    [other ? 1 : 0, `{ ...${other}, a: ${a} }`],
    [other ? 0.5 : 0, `{ ...${other}, ...{ b: ${b} } }`],
    [other ? 0.5 : 0, `{ ...${other}, ...(${condition(place)} ? { a: ${a} } : { b: ${b} }) }`],
  ]);
}

/** A fresh object, or one that has another name already. */
function somePair(place: Place): string {
  const { random, scope } = place;
  const other = scope.pick(random, ({ kind, writable }) => kind === 'object' && writable);
  return other !== undefined && random.chance(0.4) ? other.name : newPair(place);
}

const declareGroup: Maker = (place) => {
  const { random, scope } = place;
  const array = scope.pick(random, ({ kind, typed, writable }) => kind === 'array' && typed === false && writable);
  const list = array !== undefined && random.chance(0.5) ? array.name : `[${atom(place)}, ${bounded(place, 1)}, 0.7]`;
  const value = `{ pair: ${somePair(place)}, list: ${list}, weight: ${atom(place)} }`;
  const name = place.fresh('g');
  scope.declare({ name, kind: 'group', assignable: false, writable: true });
  return line(`const ${name} = ${value};`);
};

const declareObjects: Maker = (place) => {
  const { random, scope } = place;
  const array = scope.pick(random, ({ kind, typed }) => kind === 'array' && typed === false);
  const [name, e, i] = [place.fresh('b'), place.fresh('e'), place.fresh('i')];
  const value =
    array !== undefined && random.chance(0.4)
      ? `${array.name}.map((${e}, ${i}) => ({ a: ${e} * ${atom(place)}, b: 0.2 * ${i} }))`
      : `[${somePair(place)}, ${somePair(place)}, ${newPair(place)}]`;
  scope.declare({ name, kind: 'objects', assignable: false, writable: true });
  return line(`const ${name}: { a: number; b: number }[] = ${value};`);
};

function declareInstance(place: Place, type: string): Statement[] {
  const { random } = place;
  const name = place.fresh('n');
  const value = `new ${type}(${bounded(place, 1)}, ${somePair(place)}${random.chance(0.5) ? `, ${atom(place)}` : ''})`;
  place.scope.declare({ name, kind: 'instance', assignable: false, writable: true });
  return line(`const ${name} = ${value};`);
}

/** Writes a field, or puts another object where one is. */
export function changeObjects(place: Place, target: Variable, scope: Scope): Statement[] {
  const { random } = place;
  const { name } = target;
  switch (target.kind) {
    case 'object':
      if (target.assignable && random.chance(0.4)) return line(`${name} = ${replacement(place, target, scope)};`);
      return line(`${change(place, `${name}.${random.pick(['a', 'b'])}`)};`);
    case 'group':
      if (random.chance(0.25)) return line(`${name}.pair = ${somePair(place)};`);
      return line(`${change(place, `${name}.${random.pick(['pair.a', 'pair.b', 'weight'])}`)};`);
    case 'objects': {
      const element = `${name}[${index(place, name)}]`;
      if (random.chance(0.3)) return line(`${element} = ${random.chance(0.4) ? `${name}[${index(place, name)}]!` : somePair(place)};`);
      return line(`${change(place, `${element}!.${random.pick(['a', 'b'])}`)};`);
    }
    case 'instance':
      if (random.chance(0.5)) return line(`${name}.add(${bounded(place, 1)});`);
      return line(`${change(place, `${name}.${random.pick(['total', 'pair.a', 'pair.b'])}`)};`);
    default:
      return [];
  }
}

function replacement(place: Place, { name }: Variable, scope: Scope): string {
  const other = scope.pick(place.random, ({ kind, writable }) => kind === 'object' && writable);
  if (other !== undefined && place.random.chance(0.5)) return other.name;
  return `{ a: ${name}.b, b: ${bounded(place, 2)} }`;
}
