/** A random class: fields, a constructor, methods that read and change them; sometimes it extends another. */

import { bounded, literal } from './expressions.ts';
import { constants } from './helpers.ts';
import { inner, numberVariable, type Place } from './place.ts';
import type { Statement } from './program.ts';
import type { Variable } from './scope.ts';
import { statements } from './statements.ts';

export interface RandomClass {
  readonly declarations: readonly Statement[];
  readonly variable: Variable;
}

export function randomClass(place: Place, prefix: string): RandomClass {
  const { random } = place;
  const base = `${prefix}_Cell`;
  const declarations = [baseClass(place, base)];
  const derived = random.chance(0.3);
  if (derived) declarations.push(derivedClass(place, `${prefix}_Other`, base));
  const name = derived ? `${prefix}_Other` : base;
  return { declarations, variable: { name, kind: 'class', assignable: false, writable: false } };
}

function baseClass(place: Place, name: string): Statement {
  const { random } = place;
  const setUp: readonly Statement[] = [
    { head: `this.total = ${random.pick(['start', 'Math.sin(start)', 'start * rate'])};` },
    { head: 'this.rate = rate;' },
  ];
  return {
    head: `class ${name} {`,
    body: [
      { head: 'total: number;' },
      { head: `rate = ${literal(random)};` },
      {
        head: `constructor(start: number, readonly pair: { a: number; b: number }, rate = ${random.real(1)}) {`,
        body: setUp,
      },
      method(place, 'value(f: number): number {', (there) => bounded(there, 1)),
      adding(place, name),
    ],
  };
}

function derivedClass(place: Place, name: string, base: string): Statement {
  const body = methodBody(place, (there) => bounded(there, 1));
  const value = `return 0.5 * super.value(f) + 0.3 * ${bounded(body, 1)};`;
  return { head: `class ${name} extends ${base} {`, body: [{ head: 'override value(f: number): number {', body: [...constants, { head: value }] }] };
}

function adding(place: Place, name: string): Statement {
  const body = methodBody(place, () => 'this');
  const change = { head: 'this.total = 0.5 * this.total + Math.sin(f * this.rate);' };
  return { head: `add(f: number): ${name} {`, body: [...constants, change, ...statements(body, place.random.between(0, 1)), { head: 'return this;' }] };
}

function method(place: Place, head: string, result: (there: Place) => string): Statement {
  const body = methodBody(place, result);
  const made = [...constants, ...statements(body, place.random.between(0, 2))];
  return { head, body: [...made, { head: `return ${result(body)};` }] };
}

/** A method's variables: its parameter, and the fields by their full names. */
function methodBody(place: Place, result: Place['result']): Place {
  const body = inner(place, { depth: 3, loops: 3, labels: [], inSwitch: false, resizing: true, result });
  body.scope.declare(numberVariable('f', true));
  body.scope.declare(numberVariable('this.total', true));
  body.scope.declare(numberVariable('this.rate', true));
  body.scope.declare({ name: 'this.pair', kind: 'object', assignable: false, writable: true });
  return body;
}
