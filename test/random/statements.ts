/** Random statements: everything that changes variables and memory, and every way through the code. */

import { bounded, atom, condition, expression, index, literal, type Surroundings } from './expressions.ts';
import type { Statement } from './program.ts';
import { Scope, type Variable } from './scope.ts';

export interface Place extends Surroundings {
  /** Names that nothing else has. */
  readonly fresh: (stem: string) => string;
  /** How deep loops and branches are nested. */
  readonly depth: number;
  readonly loops: number;
  /** What a jump may name: labels of loops around, innermost last; undefined for a loop without. */
  readonly labels: readonly LoopLabel[];
  /** May it end here? Not in closures. */
  readonly returns: boolean;
  /** `break` means a `switch` here. */
  readonly inSwitch: boolean;
}

interface LoopLabel {
  readonly name: string;
  used: boolean;
}

type Maker = (place: Place) => Statement[];

export function statements(place: Place, count: number): Statement[] {
  const list: Statement[] = [];
  while (list.length < count) list.push(...statement(place));
  return list;
}

function statement(place: Place): Statement[] {
  const nested = place.depth < 3;
  const maker = place.random.weighted<Maker>([
    [4, declareNumber],
    [2, declareMemory],
    [6, assignNumber],
    [5, writeMemory],
    [1.2, alias],
    [1, moveThings],
    [1, declareClosure],
    [1, callEffect],
    [1, exchange],
    [nested ? 3 : 0, branch],
    [nested && place.loops < 3 ? 4 : 0, loop],
    [nested ? 1 : 0, choose],
    [nested ? 0.5 : 0, labelledBlock],
    [place.depth > 0 && place.depth < 4 ? 1.5 : 0, jump],
  ]);
  const made = maker(place);
  return made.length > 0 ? made : assignNumber(place);
}

function line(head: string): Statement[] {
  return [{ head }];
}

function inner(place: Place, changes: Partial<Place> = {}): Place {
  return { ...place, scope: new Scope(place.scope), depth: place.depth + 1, ...changes };
}

const number = (name: string, assignable: boolean): Variable => ({ name, kind: 'number', assignable, writable: false });

// ------------------------------------------------------------------------------------------------ numbers

const declareNumber: Maker = (place) => {
  const { random, scope } = place;
  const assignable = random.chance(0.6);
  const name = place.fresh(assignable ? 's' : 'c');
  const value = random.chance(0.2) ? literal(random) : bounded(place, 2);
  scope.declare(number(name, assignable));
  return line(assignable ? `let ${name}: number = ${value};` : `const ${name} = ${value};`);
};

const assignNumber: Maker = (place) => {
  const { random, scope } = place;
  const target = scope.pick(random, ({ kind, assignable }) => kind === 'number' && assignable);
  return target === undefined ? declareNumber(place) : line(`${change(place, target.name)};`);
};

/** An assignment to a number that stays bounded. */
function change(place: Place, target: string): string {
  const { random } = place;
  return random.weighted([
    [4, `${target} = ${bounded(place, 3)}`],
    [2, `${target} += 0.1 * ${bounded(place, 1)}`],
    [1, `${target} -= 0.1 * Math.sin(${atom(place)})`],
    [2, `${target} *= Math.cos(${expression(place, 1)})`],
    [1, `${target} /= 1.2 + (${atom(place)}) ** 2`],
    [1, `${target} = 0.5 * ${target} + ${bounded(place, 1)}`],
    [1, `${target} = Math.sin(${target} * ${target} + ${atom(place)})`],
  ]);
}

// ------------------------------------------------------------------------------------------------ memory

const declareMemory: Maker = (place) => {
  const { random, scope } = place;
  const array = scope.pick(random, ({ kind, typed }) => kind === 'array' && typed === true);
  const [a, b, c] = [bounded(place, 1), bounded(place, 1), atom(place)];
  const declare = (kind: Variable['kind'], stem: string, more: Partial<Variable> = {}): string => {
    const name = place.fresh(stem);
    scope.declare({ name, kind, assignable: false, writable: true, ...more });
    return name;
  };
  return random.weighted<() => Statement[]>([
    [
      2,
      () =>
        line(
          `const ${declare('array', 'a', { typed: true })} = ${array ? `${array.name}.slice()` : 'new Float64Array(4)'};`,
        ),
    ],
    [1, () => line(`const ${declare('array', 'a', { typed: true })} = new Float64Array(3).fill(${c});`)],
    [1, () => line(`const ${declare('array', 'a', { typed: true })} = Float64Array.of(${a}, ${b}, ${c});`)],
    [2, () => line(`const ${declare('array', 'l', { typed: false })} = [${a}, ${b}, ${c}];`)],
    [1, () => line(`const ${declare('list', 'q')}: number[] = [${a}, ${c}];`)],
    [2, () => line(`${random.pick(['const', 'const'])} ${declare('object', 'o')} = { a: ${a}, b: ${c} };`)],
    [1, () => line(`let ${declare('object', 'o', { assignable: true })} = { a: ${c}, b: ${b} };`)],
    [1, () => line(`let ${declare('tuple', 't', { assignable: true })}: [number, number] = [${a}, ${c}];`)],
    [1, () => line(`const ${declare('rows', 'm')} = [[${a}, ${b}, ${c}], [${c}, 0.5, ${a}], [${b}, ${a}, 1]];`)],
  ])();
};

const writeMemory: Maker = (place) => {
  const { random, scope } = place;
  const target = scope.pick(random, ({ writable }) => writable);
  if (target === undefined) return declareMemory(place);
  const { name } = target;
  switch (target.kind) {
    case 'array':
      return random.chance(0.1) && target.typed
        ? line(`${name}.fill(${bounded(place, 1)}, 1, 3);`)
        : line(`${elementChange(place, `${name}[${index(place, name)}]`)};`);
    case 'rows':
      return line(`${elementChange(place, `${name}[${index(place, name)}]![${random.below(3)}]`)};`);
    case 'list':
      return random.chance(0.6)
        ? line(`${name}.push(${bounded(place, 1)});`)
        : [{ head: `if (${name}.length > 2) {`, body: popped(place, name) }];
    case 'object':
      if (target.assignable && random.chance(0.4)) return line(`${name} = { a: ${name}.b, b: ${bounded(place, 2)} };`);
      return line(`${change(place, `${name}.${random.pick(['a', 'b'])}`)};`);
    case 'tuple':
      if (target.assignable && random.chance(0.5)) return line(`${name} = [${name}[1], ${bounded(place, 2)}];`);
      return line(`${change(place, `${name}[${random.below(2)}]`)};`);
    default:
      return [];
  }
};

function elementChange(place: Place, element: string): string {
  return place.random.weighted([
    [3, `${element} = ${bounded(place, 2)}`],
    [1, `${element} = Math.sin(${element}! * ${element}! + ${atom(place)})`],
    [1, `${element} = ${atom(place)}`],
    [1, `${element}! += 0.1 * ${bounded(place, 1)}`],
    [1, `${element}! *= Math.cos(${expression(place, 1)})`],
  ]);
}

function popped(place: Place, list: string): Statement[] {
  const target = place.scope.pick(place.random, ({ kind, assignable }) => kind === 'number' && assignable);
  return target === undefined
    ? line(`${list}.pop();`)
    : line(`${target.name} = Math.sin(${target.name} + ${list}.pop()!);`);
}

const alias: Maker = (place) => {
  const { random, scope } = place;
  const source = scope.pick(random, ({ kind, writable }) => writable && (kind === 'array' || kind === 'object'));
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

/** Destructuring: swaps and rotations of variables and elements, fields into variables. */
const exchange: Maker = (place) => {
  const { random, scope } = place;
  const numbers = scope.of('number').filter(({ assignable }) => assignable);
  const array = scope.pick(random, ({ kind, writable }) => kind === 'array' && writable);
  if (array !== undefined && random.chance(0.5)) {
    const [i, j] = [index(place, array.name), index(place, array.name)];
    const { name } = array;
    return line(`[${name}[${i}], ${name}[${j}]] = [${name}[${j}]!, ${name}[${i}]!];`);
  }
  if (numbers.length < 2) return [];
  const [a, b] = [numbers[numbers.length - 1]!.name, numbers[random.below(numbers.length - 1)]!.name];
  return line(
    random.chance(0.5) ? `[${a}, ${b}] = [${b}, ${a}];` : `[${a}, ${b}] = [${b}, Math.sin(${a} + ${literal(random)})];`,
  );
};

/** Values out of objects, tuples and arrays into new variables. */
const moveThings: Maker = (place) => {
  const { random, scope } = place;
  const source = scope.pick(random, ({ kind }) => kind === 'object' || kind === 'tuple');
  if (source === undefined) return [];
  const [a, b] = [place.fresh('d'), place.fresh('d')];
  scope.declare(number(a, false));
  scope.declare(number(b, false));
  return line(
    source.kind === 'object' ? `const { a: ${a}, b: ${b} } = ${source.name};` : `const [${a}, ${b}] = ${source.name};`,
  );
};

// ------------------------------------------------------------------------------------------------ closures

const declareClosure: Maker = (place) => {
  const { random, scope } = place;
  const [u, w] = [place.fresh('u'), place.fresh('u')];
  const body = inner(place, { returns: false, labels: [], inSwitch: false, loops: 3, depth: 4 });
  body.scope.declare(number(u, true));
  const effect = random.chance(0.5);
  const name = place.fresh(effect ? 'g' : 'h');
  if (effect) {
    const made = statements(body, random.between(1, 2));
    scope.declare({ name, kind: 'effect', assignable: false, writable: false });
    return [{ head: `const ${name} = (${u}: number): void => {`, body: made, tail: '};' }];
  }
  body.scope.declare(number(w, false));
  const value = bounded(body, 2);
  scope.declare({ name, kind: 'function', assignable: false, writable: false });
  return line(`const ${name} = (${u}: number, ${w}: number): number => ${value};`);
};

const callEffect: Maker = (place) => {
  const callee = place.scope.pick(place.random, ({ kind }) => kind === 'effect');
  return callee === undefined ? [] : line(`${callee.name}(${bounded(place, 1)});`);
};

// ------------------------------------------------------------------------------------------------ control flow

const branch: Maker = (place) => {
  const { random } = place;
  const head = `if (${condition(place)}) {`;
  const body = statements(inner(place), random.between(1, 3));
  if (random.chance(0.5)) return [{ head, body }];
  return [{ head, body, otherwise: statements(inner(place), random.between(1, 2)) }];
};

const loop: Maker = (place) => {
  const { random, scope } = place;
  const label: LoopLabel = { name: place.fresh('loop'), used: false };
  const body = inner(place, { loops: place.loops + 1, labels: [...place.labels, label], inSwitch: false });
  const i = place.fresh('i');
  const array = scope.pick(random, ({ kind }) => kind === 'array');
  const bound = random.weighted([
    [3, 'n'],
    [2, String(random.between(1, 3))],
    [array ? 2 : 0, `${array?.name}.length`],
    [1, 'k + 1'],
  ]);
  const counter: Variable = { name: i, kind: 'counter', assignable: false, writable: false };
  const forms: readonly (readonly [number, () => Statement[]])[] = [
    [5, () => counted(`for (let ${i} = 0; ${i} < ${bound}; ${i}++) {`)],
    [1, () => counted(`for (let ${i} = 3; ${i} >= k; ${i}--) {`)],
    [1, () => counted(`for (let ${i} = 1; ${i} <= ${bound}; ${i} += 2) {`)],
    [2, () => uncounted(`while (${i} < ${bound}) {`, '}')],
    [1, () => uncounted('do {', `} while (${i} < ${bound});`)],
    [1, () => uncounted('while (true) {', '}', `if (${i} > ${random.pick(['k', 'n', '2'])}) break;`)],
    [array ? 2 : 0, elements],
  ];
  return random.weighted(forms)();

  function counted(head: string): Statement[] {
    body.scope.declare(counter);
    const made = statements(body, random.between(1, 4));
    return [{ head: labelled(head), body: made }];
  }

  function uncounted(head: string, tail: string, leave?: string): Statement[] {
    body.scope.declare(counter);
    const start = [`${i}++;`, ...(leave ? [leave] : [])].map((text) => ({ head: text }));
    const made = [...start, ...statements(body, random.between(1, 4))];
    scope.declare(counter);
    return [{ head: `let ${i} = 0;` }, { head: labelled(head), body: made, tail }];
  }

  function elements(): Statement[] {
    const e = place.fresh('e');
    body.scope.declare(number(e, false));
    const made = statements({ ...body }, random.between(1, 3));
    return [{ head: labelled(`for (const ${e} of ${array!.name}) {`), body: made }];
  }

  function labelled(head: string): string {
    return label.used ? `${label.name}: ${head}` : head;
  }
};

const choose: Maker = (place) => {
  const { random, scope } = place;
  const counter = scope.pick(random, ({ kind }) => kind === 'counter');
  const subject = counter !== undefined && random.chance(0.5) ? `${counter.name} % 4` : 'k % 3';
  const cases = ['case 0:', 'case 1:', 'case 2:'].slice(0, random.between(2, 3));
  if (random.chance(0.6)) cases.splice(random.below(cases.length + 1), 0, 'default:');
  const groups = cases.map((head): Statement => {
    const made = statements(inner(place, { inSwitch: true }), random.between(1, 2));
    const ends = /^(?:return|continue|break)\b/.test(made[made.length - 1]!.head);
    return { head: `${head} {`, body: ends || random.chance(0.3) ? made : [...made, { head: 'break;' }] };
  });
  return [{ head: `switch (${subject}) {`, body: groups }];
};

const labelledBlock: Maker = (place) => {
  const name = place.fresh('block');
  const first = statements(inner(place), 1);
  const skip = { head: `if (${condition(place)}) break ${name};` };
  return [{ head: `${name}: {`, body: [...first, skip, ...statements(inner(place), 2)] }];
};

/** Always behind a condition, so that nothing is unreachable. */
const jump: Maker = (place) => {
  const { random, labels } = place;
  const nearest = labels[labels.length - 1];
  const outer = random.pick(labels.length > 0 ? labels : [undefined]);
  const through = (word: string): string => {
    outer!.used = true;
    return `${word} ${outer!.name};`;
  };
  const how = random.weighted<(() => string) | undefined>([
    [nearest ? 3 : 0, () => 'continue;'],
    [nearest && !place.inSwitch ? 3 : 0, () => 'break;'],
    [outer ? 1 : 0, () => through('break')],
    [outer ? 1 : 0, () => through('continue')],
    [place.returns ? 1 : 0, () => `return ${bounded(place, 1)};`],
    [0.01, undefined],
  ]);
  if (how === undefined) return [];
  const head = how();
  if (random.chance(0.6))
    return [{ head: `if (${condition(place)}) {`, body: [...assignNumber(inner(place)), { head }] }];
  return line(`if (${condition(place)}) ${head}`);
};
