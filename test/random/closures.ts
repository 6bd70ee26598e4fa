/** Random functions inside functions: they read and change the variables around them. */

import { condition } from './conditions.ts';
import { bounded } from './expressions.ts';
import { functionBody, line, numberVariable, type Maker } from './place.ts';
import { statements } from './statements.ts';

export const declareClosure: Maker = (place) => {
  const { random } = place;
  return random.weighted<Maker>([
    [2, shortFunction],
    [1.5, longFunction],
    [2, effect],
    [1, predicate],
  ])(place);
};

const shortFunction: Maker = (place) => {
  const [u, w, name] = [place.fresh('u'), place.fresh('u'), place.fresh('h')];
  const body = functionBody(place, undefined);
  body.scope.declare(numberVariable(u, true));
  body.scope.declare(numberVariable(w, false));
  const value = bounded(body, 2);
  place.scope.declare({ name, kind: 'function', assignable: false, writable: false });
  return line(`const ${name} = (${u}: number, ${w}: number): number => ${value};`);
};

/** With statements, and perhaps several ways out. */
const longFunction: Maker = (place) => {
  const { random, scope } = place;
  const [u, w, name] = [place.fresh('u'), place.fresh('u'), place.fresh('h')];
  const body = functionBody(place, (there) => bounded(there, 1));
  body.scope.declare(numberVariable(u, true));
  body.scope.declare(numberVariable(w, true));
  const made = [...statements(body, random.between(1, 3)), { head: `return ${bounded(body, 1)};` }];
  const byDefault = random.chance(0.3);
  const parameters = `(${u}: number, ${w}${byDefault ? ' = 0.6' : ': number'})`;
  const [head, tail] = random.chance(0.5)
    ? [`const ${name} = ${parameters}: number => {`, '};']
    : [`function ${name}${parameters}: number {`, '}'];
  scope.declare({
    name,
    kind: 'function',
    assignable: false,
    writable: false,
    ...(byDefault ? { arity: [1, 2] as const } : {}),
  });
  return [{ head, body: made, tail }];
};

const effect: Maker = (place) => {
  const { random, scope } = place;
  const [u, name] = [place.fresh('u'), place.fresh('g')];
  const resizing = place.resizing && random.chance(0.5);
  const body = { ...functionBody(place, () => ''), resizing };
  body.scope.declare(numberVariable(u, true));
  const made = statements(body, random.between(1, 3));
  scope.declare({ name, kind: 'effect', assignable: false, writable: false, resizes: resizing });
  return [{ head: `const ${name} = (${u}: number): void => {`, body: made, tail: '};' }];
};

const predicate: Maker = (place) => {
  const [u, name] = [place.fresh('u'), place.fresh('is')];
  const body = functionBody(place, undefined);
  body.scope.declare(numberVariable(u, false));
  const value = condition(body);
  place.scope.declare({ name, kind: 'predicate', assignable: false, writable: false });
  return line(`const ${name} = (${u}: number): boolean => ${value};`);
};

export const callEffect: Maker = (place) => {
  const { random, scope } = place;
  const callee = scope.pick(random, ({ kind, resizes }) => kind === 'effect' && (place.resizing || resizes !== true));
  return callee === undefined ? [] : line(`${callee.name}(${bounded(place, 1)});`);
};
