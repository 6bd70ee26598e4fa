/**
 * Random statements in which one number and one place in memory change each other: what is overwritten is needed again, as
 * in recurrences, states and accumulators.
 */

import { atom, index, literal, type Surroundings } from './expressions.ts';
import { line, type Maker } from './place.ts';
import type { Variable } from './scope.ts';

const kinds = ['array', 'object', 'rows', 'group', 'objects', 'instance', 'tuple'];

export const feedback: Maker = (place) => {
  const { random, scope } = place;
  const number = scope.pick(random, ({ kind, assignable }) => kind === 'number' && assignable);
  const memory = scope.pick(random, ({ kind, writable }) => writable && kinds.includes(kind));
  if (number === undefined || memory === undefined) return [];
  const [s, e] = [number.name, element(place, memory)];
  const other = element(place, memory);
  const c = random.chance(0.5) ? literal(random) : atom(place);
  const changes = [
    `${e} = Math.sin(${s} * ${e} + ${c});`,
    `${e} = Math.sin(${s} * ${c});`,
    `${e} = ${e} * Math.cos(${s});`,
    `${e} += 0.1 * Math.sin(${s} * ${other});`,
    `${s} = Math.sin(${s} * ${e} + ${c});`,
    `${s} = 0.5 * ${s} * ${e};`,
    `${s} = 0.4 * ${s} + 0.3 * ${e} * ${other};`,
    `${other} = Math.sin(${e} * ${other});`,
  ];
  return Array.from({ length: random.between(2, 4) }, () => line(random.pick(changes))).flat();
};

/** A place that can be assigned; often the same one for the same memory. */
function element(around: Surroundings, { name, kind }: Variable): string {
  const { random } = around;
  const at = random.chance(0.4) ? '0' : index(around, name);
  switch (kind) {
    case 'array':
      return `${name}[${at}]!`;
    case 'rows':
      return `${name}[${at}]![1]!`;
    case 'object':
      return `${name}.a`;
    case 'group':
      return `${name}.${random.pick(['pair.a', 'weight'])}`;
    case 'objects':
      return `${name}[${at}]!.a`;
    case 'instance':
      return `${name}.${random.pick(['total', 'pair.a'])}`;
    default:
      return `${name}[0]`;
  }
}
