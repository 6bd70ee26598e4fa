/** A random tree type with functions that grow, fold and change trees of it. */

import type { Datum } from '../harness/data.ts';
import { atom, bounded } from './expressions.ts';
import { bodyOf, callable, constants } from './helpers.ts';
import type { Parameter } from './parameters.ts';
import { carried, line, numberVariable, type Maker, type Place } from './place.ts';
import type { Statement } from './program.ts';
import type { Randomness } from './randomness.ts';
import type { Variable } from './scope.ts';
import { statements } from './statements.ts';

export interface RandomTrees {
  readonly declarations: readonly Statement[];
  readonly variables: readonly Variable[];
  /** A tree that the program is given. */
  readonly parameter: Parameter;
}

export function randomTrees(place: Place, prefix: string): RandomTrees {
  const type = `${prefix}_Tree`;
  const fields = ['value: number;', `left?: ${type};`, `right?: ${type};`].map((head) => ({ head }));
  const [grow, fold, shake] = [`${prefix}_grow`, `${prefix}_fold`, `${prefix}_shake`];
  const tree: Variable = { name: 'tree', kind: 'tree', assignable: false, writable: false };
  return {
    declarations: [
      { head: `interface ${type} {`, body: fields },
      growing(place, grow, type),
      folding(place, fold, type),
      shaking(place, shake, type),
    ],
    variables: [helper(grow, declareTree(grow)), helper(fold, foldTree(fold)), helper(shake, shakeTree(shake))],
    parameter: { text: `tree: ${type}`, variables: [tree], differentiated: true, argument: (random) => randomTree(random, 2) },
  };
}

function helper(name: string, call: Maker): Variable {
  return callable(name, { kind: 'helper', call });
}

/** Makes a tree of some levels; one side may be missing. */
function growing(place: Place, name: string, type: string): Statement {
  const body = bodyOf(place, undefined, numberVariable('f', true), carried('level', 'counter'));
  const below = (): string => `${name}(${bounded(body, 1)}, level - 1)`;
  const both = `{ value: ${bounded(body, 1)}, left: ${below()}, right: ${below()} }`;
  return {
    head: `function ${name}(f: number, level: number): ${type} {`,
    body: [
      ...constants,
      { head: 'if (level <= 0) return { value: f };' },
      ...statements(body, place.random.between(0, 1)),
      { head: `if (f > 0.4) return { value: f, left: ${below()} };` },
      { head: `return ${both};` },
    ],
  };
}

function folding(place: Place, name: string, type: string): Statement {
  const value: Variable = { name: 'tree.value', kind: 'number', assignable: false, writable: false };
  const body = bodyOf(place, (there) => bounded(there, 1), numberVariable('f', true), value);
  return {
    head: `function ${name}(tree: ${type}, f: number): number {`,
    body: [
      ...constants,
      { head: `if (tree.left) f = Math.sin(f + ${name}(tree.left, ${bounded(body, 1)}) * tree.value);` },
      ...statements(body, place.random.between(0, 2)),
      { head: `if (tree.right !== undefined) f = 0.5 * f + 0.6 * ${name}(tree.right, f);` },
      { head: `return ${bounded(body, 2)};` },
    ],
  };
}

/** Changes the values; sometimes it puts another tree where one is. */
function shaking(place: Place, name: string, type: string): Statement {
  const { random } = place;
  const value: Variable = { name: 'tree.value', kind: 'number', assignable: true, writable: false };
  const body = bodyOf(place, undefined, numberVariable('f', true), value);
  const change = `if (f > 0) tree.left = { value: ${bounded(body, 1)} };`;
  return {
    head: `function ${name}(tree: ${type}, f: number): void {`,
    body: [
      ...constants,
      ...statements(body, random.between(1, 2)),
      { head: `if (tree.left) ${name}(tree.left, ${bounded(body, 1)});` },
      ...(random.chance(0.3) ? [{ head: change }] : []),
      { head: `tree.value = Math.sin(tree.value + f);` },
      { head: `if (tree.right) ${name}(tree.right, ${bounded(body, 1)});` },
    ],
  };
}

function declareTree(grow: string): Maker {
  return (there) => {
    const name = there.fresh('tree');
    const value = `${grow}(${bounded(there, 1)}, ${there.random.pick(['1', '2', 'k'])})`;
    there.scope.declare({ name, kind: 'tree', assignable: false, writable: true });
    return line(`const ${name} = ${value};`);
  };
}

function foldTree(fold: string): Maker {
  return (there) => {
    const tree = there.scope.pick(there.random, ({ kind }) => kind === 'tree');
    if (tree === undefined) return [];
    const value = `${fold}(${tree.name}, ${atom(there)})`;
    const name = there.fresh('c');
    there.scope.declare(numberVariable(name, false));
    return line(`const ${name} = ${value};`);
  };
}

function shakeTree(shake: string): Maker {
  return (there) => {
    const tree = there.scope.pick(there.random, ({ kind, writable }) => kind === 'tree' && writable);
    return tree === undefined ? [] : line(`${shake}(${tree.name}, ${bounded(there, 1)});`);
  };
}

function randomTree(random: Randomness, levels: number): Datum {
  const value = random.real(1.5);
  if (levels === 0) return { value };
  return {
    value,
    ...(random.chance(0.7) ? { left: randomTree(random, levels - 1) } : {}),
    ...(random.chance(0.7) ? { right: randomTree(random, levels - 1) } : {}),
  };
}
