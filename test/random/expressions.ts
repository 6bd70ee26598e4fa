/**
 * Random expressions. Variables stay within about ±3, arguments of functions within their domains, and a value that could
 * grow is led through a bounded function.
 */

import { condition } from './conditions.ts';
import type { Randomness } from './randomness.ts';
import { isCallable, type Scope, type Variable } from './scope.ts';

export interface Surroundings {
  readonly random: Randomness;
  readonly scope: Scope;
  /** Names that nothing else has. */
  readonly fresh: (stem: string) => string;
}

/** `E` and `F` are operands. Results stay within ±4 for operands within ±3. */
const unary = [
  'Math.sin(E)',
  'Math.cos(E)',
  'Math.tanh(E)',
  'Math.atan(E)',
  'Math.exp(-(E) * (E))',
  'Math.exp(Math.sin(E))',
  'Math.log(2 + (E) * (E))',
  'Math.sqrt(1 + (E) * (E))',
  'Math.cbrt(1.5 + (E) * (E))',
  'Math.log1p((E) * (E))',
  'Math.log2(3 + Math.sin(E))',
  'Math.log10(4 + Math.abs(E))',
  'Math.expm1(Math.cos(E))',
  'Math.sinh(Math.sin(E))',
  'Math.cosh(Math.tanh(E))',
  'Math.asinh(E)',
  'Math.acosh(1.5 + (E) * (E))',
  'Math.atanh(0.8 * Math.tanh(E))',
  'Math.asin(0.9 * Math.sin(E))',
  'Math.acos(0.9 * Math.cos(E))',
  'Math.tan(0.6 * Math.tanh(E))',
  'Math.abs(E)',
  '(1.3 + Math.abs(E)) ** 0.7',
  '(1.2 + (E) ** 2) ** -0.5',
  '0.3 * (E) ** 2',
  '0.1 * (E) ** 3',
  '-(E)',
  'Math.floor(E)',
  'Math.round(2 * (E)) * 0.3',
  'Math.trunc(E) * 0.5',
  'Math.sign(E)',
  '((E) % 1.7)',
] as const;

const binary = [
  '0.5 * (E) * (F)',
  '0.5 * (E) * (F)',
  '((E) + (F)) * 0.5',
  '0.6 * (E) - 0.4 * (F)',
  '(E) / (1.5 + (F) * (F))',
  'Math.max(E, F)',
  'Math.min(E, F)',
  'Math.hypot(E, F, 0.5)',
  'Math.atan2(E, 1.2 + (F) * (F))',
  '(1.1 + Math.abs(E)) ** Math.sin(F)',
  'Math.sin((E) + (F))',
  'Math.min(Math.max(E, -0.7), F)',
] as const;

/** A number. `depth` bounds how many operations are nested. */
export function expression(around: Surroundings, depth: number): string {
  const { random } = around;
  if (depth <= 0 || random.chance(0.15)) return atom(around);
  const fill = (template: string): string => {
    const operands = { E: expression(around, depth - 1), F: atom(around) };
    return template.replaceAll(/\b[EF]\b/g, (name) => operands[name as 'E' | 'F']);
  };
  return random.weighted<() => string>([
    [5, () => fill(random.pick(unary))],
    [6, () => fill(random.pick(binary))],
    [1, () => `(${condition(around)} ? ${expression(around, depth - 1)} : ${atom(around)})`],
    [1, () => call(around, depth)],
    [0.4, () => shortCircuit(around, depth)],
    [0.4, () => assignmentAsValue(around, depth)],
    [0.6, () => overElements(around)],
  ])();
}

/** Of a function in scope, or of a method. */
function call(around: Surroundings, depth: number): string {
  const { random, scope } = around;
  const called = ['function', 'instance', 'callee'];
  const callee = scope.pick(random, ({ kind }) => called.includes(kind));
  if (callee === undefined) return atom(around);
  const { name } = callee;
  if (callee.kind === 'callee') return `${name}(${functionOfTwo(around)}, ${expression(around, depth - 1)})`;
  if (callee.kind === 'instance') {
    return random.chance(0.5) ? `${name}.value(${expression(around, depth - 1)})` : `${name}.add(${bounded(around, depth - 1)}).total`;
  }
  const count = random.between(...(callee.arity ?? [2, 2]));
  const others = Array.from({ length: count - 1 }, () => atom(around));
  return `${name}(${[expression(around, depth - 1), ...others].join(', ')})`;
}

/** As an argument: a name, or written there. */
function functionOfTwo(around: Surroundings): string {
  const { random, scope } = around;
  const known = scope.pick(random, ({ kind, arity }) => kind === 'function' && (arity === undefined || arity[1] <= 2));
  if (known !== undefined && random.chance(0.5)) return known.name;
  const [u, w] = [around.fresh('u'), around.fresh('u')];
  return `(${u}, ${w}) => Math.sin(${u} * ${atom(around)} + 0.5 * ${w})`;
}

/** `&&`, `||` and `??` as values. */
function shortCircuit(around: Surroundings, depth: number): string {
  const { random, scope } = around;
  const perhaps = scope.pick(random, ({ kind }) => kind === 'perhaps');
  const list = scope.pick(random, ({ kind }) => kind === 'list' || kind === 'array');
  const [left, right] = [expression(around, depth - 1), atom(around)];
  return random.weighted([
    [1, `(Math.floor(${left}) || ${right})`],
    [1, `(Math.max(${left}, 0) || ${right})`],
    [1, `(Math.max(${left}, 0) && ${right})`],
    [perhaps ? 3 : 0, `(${perhaps?.name} ?? ${right})`],
    [list ? 2 : 0, `(${list?.name}[${random.between(1, 4)}] ?? ${right})`],
    [list ? 2 : 0, `(${list?.name}.at(${random.between(-3, 3)}) ?? ${right})`],
  ]);
}

/** `(s = …)`, also behind a comma. */
function assignmentAsValue(around: Surroundings, depth: number): string {
  const { random, scope } = around;
  const target = scope.pick(random, ({ kind, assignable }) => kind === 'number' && assignable);
  if (target === undefined) return atom(around);
  const { name } = target;
  const value = bounded(around, depth - 1);
  return random.pick([
    `(${name} = ${value})`,
    `(${name} *= Math.cos(${atom(around)}))`,
    `(${name} = ${value}, ${name} * ${atom(around)})`,
    `(${name} += 0.1 * ${value}, 0.5 * ${name})`,
  ]);
}

/** Something that all elements of an array take part in. */
function overElements(around: Surroundings): string {
  const { random, scope } = around;
  const array = scope.pick(random, ({ kind }) => kind === 'array');
  if (array === undefined) return atom(around);
  const { name } = array;
  const [s, e, i] = ['s', 'e', 'i'].map((stem) => around.fresh(stem)) as [string, string, string];
  const other = atom(around);
  return random.pick([
    `${name}.reduce((${s}, ${e}) => 0.4 * ${s} + Math.sin(${e} * ${other}), ${atom(around)})`,
    `${name}.reduceRight((${s}, ${e}, ${i}) => 0.4 * ${s} * ${e} + 0.1 * ${i} * ${other}, 0.5)`,
    `${name}.map((${e}) => Math.cos(${e} + ${other})).reduce((${s}, ${e}) => 0.3 * ${s} + ${e})`,
    `0.3 * Math.max(...${name})`,
    `0.3 * Math.min(${other}, ...${name})`,
    `0.3 * Math.hypot(...${name}, 0.4)`,
    `(${name}.find((${e}) => ${e} > ${literal(random)}) ?? ${other})`,
  ]);
}

/** Something that is read: a variable, an element, a field, a literal. */
export function atom(around: Surroundings): string {
  const { random, scope } = around;
  const variable = scope.pick(random, ({ kind }) => !isCallable(kind));
  if (variable === undefined || random.chance(0.08)) return literal(random);
  return part(around, variable);
}

/** A number of a variable. */
function part(around: Surroundings, { name, kind }: Variable): string {
  const { random } = around;
  switch (kind) {
    case 'number':
      return name;
    case 'counter':
      return `0.2 * ${name}`;
    case 'flag':
      return `(${name} ? 0.7 : ${literal(random)})`;
    case 'perhaps':
      return `(${name} ?? ${literal(random)})`;
    case 'array':
      return `${name}[${index(around, name)}]!`;
    case 'list':
      return random.chance(0.3) ? `0.1 * ${name}.length` : `(${name}.length > 1 ? ${name}[1]! : 0.3)`;
    case 'object':
      return `${name}.${random.pick(['a', 'b'])}`;
    case 'tuple':
      return `${name}[${random.below(2)}]`;
    case 'rows':
      return `${name}[${index(around, name)}]![${random.below(3)}]!`;
    case 'group':
      return `${name}.${random.pick(['pair.a', 'pair.b', 'weight', `list[${random.below(3)}]!`])}`;
    case 'objects':
      return `${name}[${index(around, name)}]!.${random.pick(['a', 'b'])}`;
    case 'tree':
      return random.pick([`${name}.value`, `(${name}.left?.value ?? ${literal(random)})`]);
    case 'instance':
      return `${name}.${random.pick(['total', 'rate', 'pair.a'])}`;
    default:
      return literal(random);
  }
}

export function literal(random: Randomness): string {
  const value = random.real(1.8);
  return value < 0 ? `(${value})` : String(value);
}

/** In range for arrays of at least three elements. */
export function index(around: Surroundings, array: string): string {
  const { random, scope } = around;
  const counter = scope.pick(random, ({ kind }) => kind === 'counter');
  if (counter === undefined || random.chance(0.4)) return random.pick(['0', '0', '1', '2', `${array}.length - 1`]);
  const shifted = random.pick([
    counter.name,
    `(${counter.name} + 1)`,
    `(2 * ${counter.name})`,
    `(${counter.name} * ${counter.name})`,
  ]);
  return `${shifted} % ${array}.length`;
}

/** A number that stays within ±3 whatever the variables are. */
export function bounded(around: Surroundings, depth: number): string {
  const inner = expression(around, depth);
  return around.random.weighted([
    [3, `Math.sin(${inner})`],
    [2, `1.5 * Math.tanh(${inner})`],
    [2, `Math.cos(${inner}) + ${literal(around.random)}`],
    [1, `Math.atan(${inner})`],
    [1, `2 * Math.sin(0.5 * (${inner}))`],
  ]);
}
