/** Random truth values. */

import { atom, expression, literal, type Surroundings } from './expressions.ts';

/** A comparison, of active values or of counters; sometimes several. */
export function condition(around: Surroundings): string {
  const { random } = around;
  if (random.chance(0.85)) return simple(around);
  const [left, right] = [simple(around), simple(around)];
  return random.pick([`${left} && ${right}`, `${left} || ${right}`, `!(${left})`, `(${left}) !== (${right})`]);
}

function simple(around: Surroundings): string {
  const { random, scope } = around;
  const counter = scope.pick(random, ({ kind }) => kind === 'counter');
  if (counter !== undefined && random.chance(0.4)) {
    const { name } = counter;
    return random.pick([`${name} % 2 === 0`, `${name} > 1`, `${name} !== 2`, `(${name} & 1) === 1`]);
  }
  const flag = scope.pick(random, ({ kind }) => kind === 'flag');
  if (flag !== undefined && random.chance(0.2)) return random.pick([flag.name, `!${flag.name}`]);
  const predicate = scope.pick(random, ({ kind }) => kind === 'predicate');
  if (predicate !== undefined && random.chance(0.2)) return `${predicate.name}(${expression(around, 1)})`;
  const array = scope.pick(random, ({ kind }) => kind === 'array' || kind === 'list');
  if (array !== undefined && random.chance(0.1)) return search(around, array.name);
  const other = random.chance(0.5) ? literal(random) : atom(around);
  return `${expression(around, 1)} ${random.pick(['>', '<', '>=', '<='])} ${other}`;
}

/** Whether some or all elements are so. */
function search(around: Surroundings, array: string): string {
  const { random } = around;
  const e = around.fresh('e');
  const test = `${e} ${random.pick(['>', '<'])} ${random.chance(0.5) ? literal(random) : atom(around)}`;
  return random.pick([
    `${array}.some((${e}) => ${test})`,
    `${array}.every((${e}) => ${test})`,
    `${array}.findIndex((${e}) => ${test}) >= 0`,
  ]);
}
