/** The checker itself: a right companion passes, each broken promise is named. */

import { expect, it } from 'vitest';

import { newValue, real, workspaceType } from '../../src/graph/build.ts';
import type { Companion, Parameter } from '../../src/graph/primal.ts';
import { checkSample, type Callable } from './check-companion.ts';

interface Out {
  value: number;
  d_x: Float64Array;
  d_k: number;
}

const primal = (x: Float64Array, k: number): number => k * x.reduce((sum, v) => sum + v ** 3, 0);

function gradient(x: Float64Array, k: number, out?: Out): Out {
  if (out && out.d_x.length !== x.length) throw new RangeError(`out.d_x has length ${out.d_x.length}, x has ${x.length}`);
  const result = out ?? { value: 0, d_x: new Float64Array(x.length), d_k: 0 };
  result.value = primal(x, k);
  x.forEach((v, i) => (result.d_x[i] = 3 * k * v * v));
  result.d_k = x.reduce((sum, v) => sum + v ** 3, 0);
  return result;
}

type Gradient = typeof gradient;

const broken: Record<string, [says: RegExp, Gradient]> = {
  'a wrong number': [/d_k/, (...args) => Object.assign(gradient(...args), { d_k: 1 })],
  'a value of other bits': [/value/, (...args) => Object.assign(gradient(...args), { value: primal(args[0], args[1]) + 1e-12 })],
  'a changed argument': [/argument was changed/, (x, k, out) => gradient(x.fill(x[0]! * (1 + 1e-14), 0, 1), k, out)],
  'accumulation into `out`': [
    /`out`/,
    (x, k, out) => {
      const before = out?.d_x.slice();
      const result = gradient(x, k, out);
      before?.forEach((v, i) => (result.d_x[i]! += v));
      return result;
    },
  ],
  'another result than `out`': [/not what is returned/, (x, k, out) => ({ ...gradient(x, k, out) })],
  'a replaced array': [/was replaced/, (x, k, out) => Object.assign(gradient(x, k, out), { d_x: gradient(x, k).d_x })],
  'a state from call to call': [/second call/, counting()],
  'another container': [/d_x is Array/, (x, k, out) => Object.assign(gradient(x, k, out), { d_x: [...gradient(x, k).d_x] }) as never],
  'an `out` of any length': [/another length/, (x, k, out) => (out?.d_x.length === x.length ? gradient(x, k, out) : gradient(x, k))],
};

it('a right companion has no problems', () => {
  expect(problemsOf(gradient)).toEqual([]);
});

it.each(Object.entries(broken))('%s is noticed', (_name, [says, wrong]) => {
  expect(problemsOf(wrong).join('\n')).toMatch(says);
});

function problemsOf(wrong: Gradient): readonly string[] {
  const params = [parameter('x'), parameter('k')];
  const companion = { signature: { params }, differentiated: params } as unknown as Companion;
  const subject = { companion, primal: primal as Callable, gradient: wrong as unknown as Callable };
  return checkSample(subject, { args: [Float64Array.of(0.5, -1.2), 0.7] });
}

function parameter(name: string): Parameter {
  const type = name === 'x' ? workspaceType : real;
  return { name, text: { text: '', imports: [] }, type, optional: false, rest: false, value: newValue(type, name) };
}

function counting(): Gradient {
  let calls = 0;
  return (x, k, out) => {
    const result = gradient(x, k, out);
    result.d_x[0]! *= 1 + 1e-15 * calls++;
    return result;
  };
}
