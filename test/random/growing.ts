/** Random statements about arrays that grow and shrink. */

import { atom, bounded } from './expressions.ts';
import { line, type Maker, type Place } from './place.ts';
import type { Statement } from './program.ts';
import type { Variable } from './scope.ts';

export const growing: Maker = (place) => {
  const { random, scope } = place;
  const [a, c] = [bounded(place, 1), atom(place)];
  const list = scope.pick(random, ({ kind }) => kind === 'list')?.name;
  const array = scope.pick(random, ({ kind, typed }) => kind === 'array' && typed === false)?.name;
  const [name, e] = [place.fresh('q'), place.fresh('e')];
  const value = random.weighted([
    [3, `[${a}, ${c}]`],
    [1, '[]'],
    [list ? 1 : 0, `${list}.slice(${random.between(-2, 1)})`],
    [list ? 1 : 0, `${list}.concat(${a})`],
    [array ? 1 : 0, `${array}.concat(${c}, ${list ?? array})`],
    [array ? 1 : 0, `${array}.filter((${e}) => ${e} > ${c})`],
    [array ? 1 : 0, `${array}.flatMap((${e}) => (${e} > 0.5 ? [${e}, ${e} * ${c}] : []))`],
    [list ? 1 : 0, `[${c}, ...${list}]`],
  ]);
  scope.declare({ name, kind: 'list', assignable: false, writable: true });
  return line(`const ${name}: number[] = ${value};`);
};

/** Gives the list another length, or moves its elements. */
export function resize(place: Place, { name }: Variable): Statement[] {
  const { random } = place;
  const [a, c] = [bounded(place, 1), atom(place)];
  return random.weighted<() => Statement[]>([
    [4, () => line(`${name}.push(${a});`)],
    [1, () => line(`${name}.push(${c}, ${a});`)],
    [1.5, () => line(`${name}.unshift(${a});`)],
    [2, () => [{ head: `if (${name}.length > 2) {`, body: taken(place, `${name}.pop()!`) }]],
    [1.5, () => [{ head: `if (${name}.length > 1) {`, body: taken(place, `${name}.shift()!`) }]],
    [1, () => line(`${name}.splice(1, ${random.between(0, 2)}, ${c});`)],
    [1, () => line(`${name}.splice(${random.between(-2, 1)}, 1);`)],
    [1, () => line(`${name}.reverse();`)],
    [0.7, () => line(`${name}.copyWithin(0, 1);`)],
    [1, () => taken(place, `(${name}.pop() ?? ${c})`)],
    [1, () => [{ head: `if (${name}.length > 1) ${name}[1] = Math.sin(${name}[0]! + ${a});` }]],
  ])();
}

function taken(place: Place, element: string): Statement[] {
  const target = place.scope.pick(place.random, ({ kind, assignable }) => kind === 'number' && assignable);
  return target === undefined ? line(`${element};`) : line(`${target.name} = Math.sin(${target.name} + ${element});`);
}
