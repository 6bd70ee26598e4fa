/** What would be stored where an array has no element has no gradient: the companion throws, and says which index it is. */

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, it } from 'vitest';

import { fixturesFolder } from './harness/fixture-files.ts';
import { evaluate } from './harness/load.ts';

const module = evaluate(readFileSync(path.join(fixturesFolder, 'mutation/displaced.grad.ts'), 'utf8')) as unknown as Readonly<
  Record<string, (...args: readonly unknown[]) => unknown>
>;

it.each([-1, 0.5, Number.NaN])('a plain array at %s', (at) => {
  expect(() => module['grad_displaced']!([1, 2, 3], at)).toThrow(new RangeError(`a has no element at ${at}`));
  expect(() => module['jvp_displaced']!([1, 2, 3], at, [1, 1, 1])).toThrow(new RangeError(`a has no element at ${at}`));
});

it('a row that a matrix does not have, though there is room for it in the workspace', () => {
  const staged = evaluate(readFileSync(path.join(fixturesFolder, 'mechanisms/staged.grad.ts'), 'utf8')) as unknown as typeof module;
  const [l, weights, x] = [[[0.4], [0.6]], [0.9, -1.1], [[1, 2]]];
  expect(() => staged['grad_raggedPoints']!([[0.3]], l, weights, x)).toThrow(TypeError);
  expect(() => staged['grad_raggedPoints']!([[0.3]], l, weights, [])).not.toThrow();
});

it('a typed array behind its end', () => {
  expect(() => module['grad_overTheEnd']!(Float64Array.of(1, 2, 3), 4)).toThrow(/^a has length 3, and 3 is an index into it$/);
});

it('rows one behind the other that are not whole', () => {
  expect(() => module['grad_rowsInOne']!(Float64Array.of(1, 2), 2.5, 2)).toThrow(/^cells has length 5, and 5 is an index into it$/);
  expect(() => module['grad_rowsInOne']!(Float64Array.of(1, 2), 2, 1.5)).toThrow(RangeError);
});

it('an array that is said to be a tuple, and has another length', () => {
  const tuples = evaluate(readFileSync(path.join(fixturesFolder, 'language/tuple-casts.grad.ts'), 'utf8')) as unknown as typeof module;
  expect(() => tuples['grad_volume']!([0.3, -0.7], [1.1, 0.4], 0.6)).toThrow(new RangeError('a tuple of 3 elements is made of 2'));
});
