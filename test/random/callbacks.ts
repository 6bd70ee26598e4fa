/** Random calls of array methods that call back, with functions written there or named. */

import { condition } from './conditions.ts';
import { atom, bounded } from './expressions.ts';
import { carried, functionBody, line, numberVariable, type Maker, type Place } from './place.ts';
import type { Statement } from './program.ts';
import type { Variable } from './scope.ts';
import { statements } from './statements.ts';

export const overArray: Maker = (place) => {
  const { random, scope } = place;
  const array = scope.pick(random, ({ kind }) => kind === 'array' || kind === 'list' || kind === 'objects');
  if (array === undefined) return [];
  return random.weighted<(place: Place, array: Variable) => Statement[]>([
    [2, mapped],
    [2, forEach],
    [2, reduced],
    [1, filtered],
    [1, flattened],
    [1, found],
    [1.5, named],
  ])(place, array);
};

/** The body of a callback, with a name for the element and, sometimes, for the index. */
function callback(place: Place, array: Variable, result: Place['result']): { readonly body: Place; readonly parameters: string } {
  const body = functionBody(place, result);
  const [e, i] = [place.fresh('e'), place.fresh('i')];
  declareElement(body, array, e);
  if (place.random.chance(0.6)) return { body, parameters: `(${e})` };
  body.scope.declare(carried(i, 'counter'));
  return { body, parameters: `(${e}, ${i})` };
}

function declareElement(body: Place, array: Variable, name: string): void {
  if (array.kind === 'objects') body.scope.declare({ name, kind: 'object', assignable: false, writable: array.writable });
  else body.scope.declare(numberVariable(name, false));
}

function mapped(place: Place, array: Variable): Statement[] {
  const { random, scope } = place;
  const { body, parameters } = callback(place, array, (there) => bounded(there, 1));
  const made = [...statements(body, random.between(1, 2)), { head: `return ${bounded(body, 1)};` }];
  const name = place.fresh('a');
  const fixed = array.kind !== 'list';
  scope.declare({ name, kind: fixed ? 'array' : 'list', assignable: false, writable: true, typed: array.typed ?? false });
  return [{ head: `const ${name} = ${array.name}.map(${parameters} => {`, body: made, tail: '});' }];
}

function forEach(place: Place, array: Variable): Statement[] {
  const { body, parameters } = callback(place, array, () => '');
  const made = statements(body, place.random.between(1, 3));
  return [{ head: `${array.name}.forEach(${parameters} => {`, body: made, tail: '});' }];
}

function reduced(place: Place, array: Variable): Statement[] {
  const { random, scope } = place;
  const [s, e, i, name] = [place.fresh('s'), place.fresh('e'), place.fresh('i'), place.fresh('c')];
  const start = atom(place);
  const body = functionBody(place, (there) => bounded(there, 1));
  body.scope.declare(numberVariable(s, true));
  declareElement(body, array, e);
  body.scope.declare(carried(i, 'counter'));
  const made = [...statements(body, random.between(1, 2)), { head: `return ${bounded(body, 2)};` }];
  scope.declare(numberVariable(name, false));
  const method = random.pick(['reduce', 'reduce', 'reduceRight']);
  const type = array.kind === 'objects' ? '<number>' : '';
  return [{ head: `const ${name} = ${array.name}.${method}${type}((${s}, ${e}, ${i}) => {`, body: made, tail: `}, ${start});` }];
}

function filtered(place: Place, array: Variable): Statement[] {
  if (array.kind === 'objects' || array.typed === true) return forEach(place, array);
  const { body, parameters } = callback(place, array, condition);
  const made = [...statements(body, 1), { head: `return ${condition(body)};` }];
  const name = place.fresh('q');
  place.scope.declare({ name, kind: 'list', assignable: false, writable: true });
  return [{ head: `const ${name} = ${array.name}.filter(${parameters} => {`, body: made, tail: '});' }];
}

function flattened(place: Place, array: Variable): Statement[] {
  if (array.typed === true) return mapped(place, array);
  const items = (there: Place): string => there.random.pick(['[]', `[${bounded(there, 1)}]`, `[${atom(there)}, ${atom(there)}]`]);
  const { body, parameters } = callback(place, array, items);
  const made = [...statements(body, 1), { head: `return ${items(body)};` }];
  const name = place.fresh('q');
  place.scope.declare({ name, kind: 'list', assignable: false, writable: true });
  return [{ head: `const ${name} = ${array.name}.flatMap<number>(${parameters} => {`, body: made, tail: '});' }];
}

/** The search may change variables until it ends. */
function found(place: Place, array: Variable): Statement[] {
  const { random, scope } = place;
  const { body, parameters } = callback(place, array, condition);
  const made = [...statements(body, 1), { head: `return ${condition(body)};` }];
  const name = place.fresh('c');
  const methods = array.kind === 'objects' ? ['some', 'every', 'findIndex'] : ['some', 'every', 'find', 'findLast', 'findIndex'];
  const method = random.pick(methods);
  const kind = { some: 'flag', every: 'flag', find: 'perhaps', findLast: 'perhaps', findIndex: 'counter' } as const;
  // An index of -1 is no index.
  const tail = method === 'findIndex' ? '}) + 1;' : '});';
  scope.declare(carried(name, kind[method as keyof typeof kind]));
  return [{ head: `const ${name} = ${array.name}.${method}(${parameters} => {`, body: made, tail }];
}

/** Hands over a function that has a name. */
function named(place: Place, array: Variable): Statement[] {
  const { random, scope } = place;
  const fits = ({ kind, arity }: Variable): boolean => kind === 'function' && (arity === undefined || arity[1] <= 2);
  const callee = scope.pick(random, fits);
  const effect = scope.pick(random, ({ kind, resizes }) => kind === 'effect' && resizes !== true);
  if (array.kind === 'objects') return forEach(place, array);
  if (effect !== undefined && random.chance(0.4)) return line(`${array.name}.forEach(${effect.name});`);
  if (callee === undefined) return reduced(place, array);
  if (random.chance(0.5)) {
    const name = place.fresh('c');
    const start = atom(place);
    scope.declare(numberVariable(name, false));
    return line(`const ${name} = ${array.name}.${random.pick(['reduce', 'reduceRight'])}(${callee.name}, ${start});`);
  }
  const name = place.fresh('a');
  const fixed = array.kind !== 'list';
  scope.declare({ name, kind: fixed ? 'array' : 'list', assignable: false, writable: true, typed: array.typed ?? false });
  return line(`const ${name} = ${array.name}.map(${callee.name});`);
}
