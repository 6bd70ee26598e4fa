/** Random statements about memory of a fixed size: arrays, matrices, objects, tuples. */

import { condition } from './conditions.ts';
import { atom, bounded, expression, index } from './expressions.ts';
import { growing, resize } from './growing.ts';
import { change } from './numbers.ts';
import { changeObjects, objects } from './objects.ts';
import { line, type Maker, type Place } from './place.ts';
import type { Variable } from './scope.ts';

export const declareMemory: Maker = (place) => {
  const { random } = place;
  return random.weighted<Maker>([
    [6, declareArray],
    [1.5, growing],
    [4, objects],
    [1, declareTuple],
    [1.5, declareRows],
  ])(place);
};

const declareArray: Maker = (place) => {
  const { random, scope } = place;
  const [a, b, c] = [bounded(place, 1), bounded(place, 1), atom(place)];
  const other = scope.pick(random, ({ kind, typed }) => kind === 'array' && typed === true)?.name;
  const plain = scope.pick(random, ({ kind, typed }) => kind === 'array' && typed === false)?.name;
  const [name, i] = [place.fresh('a'), place.fresh('i')];
  const declare = (typed: boolean, value: string) => (): ReturnType<Maker> => {
    scope.declare({ name, kind: 'array', assignable: false, writable: true, typed });
    return line(`const ${name} = ${value};`);
  };
  return random.weighted<() => ReturnType<Maker>>([
    [2, declare(true, 'new Float64Array(4)')],
    [1, declare(true, `new Float64Array(3).fill(${c})`)],
    [1, declare(true, `Float64Array.of(${a}, ${b}, ${c})`)],
    [other ? 1 : 0, declare(true, `${other}.slice()`)],
    [other ? 1 : 0, declare(true, `Float64Array.from(${other}, (${i}) => Math.sin(${i} * ${c}))`)],
    [2, declare(false, `[${a}, ${b}, ${c}]`)],
    [0.5, declare(false, `new Array<number>(3).fill(${c})`)],
    [0.5, declare(false, `Array.from({ length: 3 }, (_, ${i}) => Math.cos(${i} + ${c}))`)],
    [0.5, declare(false, `Array.of(${c}, ${a}, ${b})`)],
    [plain ? 1 : 0, declare(false, `[...${plain}, ${a}]`)],
    [other ? 0.5 : 0, declare(false, `[${a}, ...${other}]`)],
    [plain ? 0.5 : 0, declare(false, `${plain}.toReversed()`)],
    [plain ? 0.5 : 0, declare(false, `${plain}.with(1, ${a})`)],
  ])();
};

const declareTuple: Maker = (place) => {
  const name = place.fresh('t');
  const value = `[${bounded(place, 1)}, ${atom(place)}]`;
  place.scope.declare({ name, kind: 'tuple', assignable: true, writable: true });
  return line(`let ${name}: [number, number] = ${value};`);
};

const declareRows: Maker = (place) => {
  const { random, scope } = place;
  const [a, b, c] = [bounded(place, 1), bounded(place, 1), atom(place)];
  const other = scope.pick(random, ({ kind }) => kind === 'rows')?.name;
  const [name, i, j] = [place.fresh('m'), place.fresh('i'), place.fresh('j')];
  const value = random.weighted([
    [2, `[[${a}, ${b}, ${c}], [${c}, 0.5, ${a}], [${b}, ${a}, 1]]`],
    [1, `Array.from({ length: 3 }, (_, ${i}) => [${i} * 0.3, ${c}, Math.sin(${i} + ${b})])`],
    [1, `Array.from({ length: 3 }, (_, ${i}) => Array.from({ length: 3 }, (_other, ${j}) => Math.cos(${i} - ${j} * ${c})))`],
    [other ? 1 : 0, `${other}.map((${i}) => ${i}.map((${j}) => 0.5 * ${j} + Math.sin(${c})))`],
    [other ? 1 : 0, `${other}.map((${i}) => ${i}.slice())`],
  ]);
  scope.declare({ name, kind: 'rows', assignable: false, writable: true });
  return line(`const ${name}: number[][] = ${value};`);
};

export const writeMemory: Maker = (place) => {
  const { random, scope } = place;
  const target = scope.pick(random, ({ writable, kind }) => writable && (kind !== 'list' || place.resizing));
  return target === undefined ? declareMemory(place) : write(place, target);
};

function write(place: Place, target: Variable): ReturnType<Maker> {
  const { random, scope } = place;
  const { name } = target;
  switch (target.kind) {
    case 'array':
      return random.chance(0.15)
        ? line(`${movement(place, target)};`)
        : line(`${elementChange(place, `${name}[${index(place, name)}]`)};`);
    case 'rows': {
      // Rows change places, or one is in two of them.
      if (random.chance(0.2)) return line(`${name}[${random.below(3)}] = ${name}[${index(place, name)}]!;`);
      return line(`${elementChange(place, `${name}[${index(place, name)}]![${random.below(3)}]`)};`);
    }
    case 'list':
      return resize(place, target);
    case 'tuple':
      if (random.chance(0.5)) return line(`${name} = [${name}[1], ${bounded(place, 2)}];`);
      return line(`${change(place, `${name}[${random.below(2)}]`)};`);
    default:
      return changeObjects(place, target, scope);
  }
}

/** Elements change places, or several are written at once. */
function movement(place: Place, { name, typed }: Variable): string {
  const { random, scope } = place;
  const other = scope.pick(random, ({ kind, name: third }) => kind === 'array' && third !== name)?.name ?? name;
  return random.pick([
    `${name}.fill(${bounded(place, 1)}, 1, 3)`,
    `${name}.reverse()`,
    `${name}.copyWithin(0, 1, ${random.between(2, 3)})`,
    `${name}.copyWithin(1, 0)`,
    ...(typed ? [`${name}.set(${other}.slice(0, 2), 1)`, `${name}.subarray(1).fill(${atom(place)})`] : []),
  ]);
}

function elementChange(place: Place, element: string): string {
  return place.random.weighted([
    [3, `${element} = ${bounded(place, 2)}`],
    [1, `${element} = Math.sin(${element}! * ${element}! + ${atom(place)})`],
    [1, `${element} = ${atom(place)}`],
    [1, `${element}! += 0.1 * ${bounded(place, 1)}`],
    [1, `${element}! *= Math.cos(${expression(place, 1)})`],
  ]);
}

/** Another name for memory; sometimes a condition says which. */
export const alias: Maker = (place) => {
  const { random, scope } = place;
  const rows = scope.pick(random, ({ kind, writable }) => kind === 'rows' && writable);
  if (rows !== undefined && random.chance(0.3)) {
    const name = place.fresh('r');
    const row = `${rows.name}[${index(place, rows.name)}]!`;
    scope.declare({ name, kind: 'array', assignable: false, writable: true, typed: false });
    return line(`const ${name} = ${row};`);
  }
  const aliased = ['array', 'object', 'rows', 'group', 'objects'];
  const source = scope.pick(random, ({ kind, writable }) => writable && aliased.includes(kind));
  if (source === undefined) return [];
  const other = scope.pick(
    random,
    ({ kind, writable, typed }) => writable && kind === source.kind && typed === source.typed,
  );
  const name = place.fresh('r');
  const choice = condition(place);
  scope.declare({ ...source, name, assignable: false });
  if (other !== undefined && random.chance(0.4))
    return line(`const ${name} = ${choice} ? ${source.name} : ${other.name};`);
  if (source.typed && random.chance(0.3)) return line(`const ${name} = ${source.name}.subarray(0, 3);`);
  return line(`const ${name} = ${source.name};`);
};
