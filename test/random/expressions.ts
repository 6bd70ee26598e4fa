/**
 * Random expressions. Variables stay within about ±3, arguments of functions within their domains, and a value that could
 * grow is led through a bounded function.
 */

import type { Randomness } from './randomness.ts';
import type { Scope } from './scope.ts';

export interface Surroundings {
  readonly random: Randomness;
  readonly scope: Scope;
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
  ])();
}

function call(around: Surroundings, depth: number): string {
  const callee = around.scope.pick(around.random, ({ kind }) => kind === 'function');
  if (callee === undefined) return atom(around);
  return `${callee.name}(${expression(around, depth - 1)}, ${atom(around)})`;
}

/** Something that is read: a variable, an element, a field, a literal. */
export function atom(around: Surroundings): string {
  const { random, scope } = around;
  const variable = scope.pick(random, ({ kind }) => kind !== 'function' && kind !== 'effect');
  if (variable === undefined || random.chance(0.08)) return literal(random);
  const { name } = variable;
  switch (variable.kind) {
    case 'number':
      return name;
    case 'counter':
      return `0.2 * ${name}`;
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
  if (counter === undefined || random.chance(0.3)) return random.pick(['0', '1', '2', `${array}.length - 1`]);
  const shifted = random.pick([
    counter.name,
    `(${counter.name} + 1)`,
    `(2 * ${counter.name})`,
    `(${counter.name} * ${counter.name})`,
  ]);
  return `${shifted} % ${array}.length`;
}

/** A comparison, of active values or of counters; sometimes two. */
export function condition(around: Surroundings): string {
  const { random, scope } = around;
  const simple = (): string => {
    const counter = scope.pick(random, ({ kind }) => kind === 'counter');
    if (counter !== undefined && random.chance(0.4)) {
      return random.pick([`${counter.name} % 2 === 0`, `${counter.name} > 1`, `${counter.name} !== 2`]);
    }
    const other = random.chance(0.5) ? literal(random) : atom(around);
    return `${expression(around, 1)} ${random.pick(['>', '<', '>=', '<='])} ${other}`;
  };
  if (random.chance(0.85)) return simple();
  return random.pick([`${simple()} && ${simple()}`, `${simple()} || ${simple()}`, `!(${simple()})`]);
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
