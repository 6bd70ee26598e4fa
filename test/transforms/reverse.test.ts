/** Reversal and storage on graphs built by hand, run by the interpreter, with and without fusing. */

import { describe, expect, it } from 'vitest';
import { atIndex, BlockBuilder, integer, newLoopId, newValue, real, workspaceType } from '../../src/graph/build.ts';
import type { Parameter } from '../../src/graph/primal.ts';
import type { Graph, Type, Value } from '../../src/graph/types.ts';
import { gradientGraph } from '../../src/pipeline.ts';
import { Interpreter } from '../harness/interpret.ts';

const array = workspaceType;

function parameters(...types: Record<string, Type>[]): Value[] {
  return types.flatMap((entry) => Object.entries(entry).map(([name, type]) => newValue(type, name)));
}

function asParameter(value: Value): Parameter {
  return { name: value.name!, text: { text: 'number', imports: [] }, type: value.type, optional: false, rest: false, value };
}

function gradients(graph: Graph, wrt: readonly Value[], args: readonly unknown[], analyses: boolean): readonly unknown[] {
  return new Interpreter().run(gradientGraph(graph, wrt.map(asParameter), { analyses, verified: true }), args);
}

function primal(graph: Graph, args: readonly unknown[]): number {
  return new Interpreter().run(graph, args)[0] as number;
}

function differences(graph: Graph, args: readonly unknown[], index: number): number | number[] {
  const at = (delta: number, k?: number): number => {
    const changed = args.map((arg, i) => {
      if (i !== index) return arg instanceof Float64Array ? arg.slice() : arg;
      if (k === undefined) return (arg as number) + delta;
      const copy = (arg as Float64Array).slice();
      copy[k]! += delta;
      return copy;
    });
    return primal(graph, changed);
  };
  const h = 1e-5;
  const slope = (k?: number): number => (at(h, k) - at(-h, k)) / (2 * h);
  const arg = args[index];
  return arg instanceof Float64Array ? [...arg].map((_, k) => slope(k)) : slope();
}

function check(graph: Graph, wrt: readonly number[], args: readonly unknown[]): void {
  const chosen = wrt.map((i) => graph.params[i]!);
  for (const analyses of [true, false]) {
    const [value, ...parts] = gradients(graph, chosen, args, analyses);
    expect(value).toBe(primal(graph, args));
    wrt.forEach((index, i) => {
      const expected = [differences(graph, args, index)].flat();
      const got = typeof parts[i] === 'number' ? [parts[i]] : [...(parts[i] as Float64Array)];
      expected.forEach((slope, k) => expect(got[k], `analyses ${analyses}, parameter ${index}`).toBeCloseTo(slope, 5));
    });
  }
}

export function logisticMap(): Graph {
  const params = parameters({ r: real }, { x0: real }, { n: real });
  const [r, x0, n] = params as [Value, Value, Value];
  const b = new BlockBuilder();
  const k = newValue(integer, 'k');
  const x = newValue(real, 'x');
  const inner = new BlockBuilder();
  const left = inner.apply('mul', [r, x]);
  const next = inner.apply('mul', [left, inner.apply('sub', [inner.literal(1), x])], { name: 'x' });
  const result = newValue(real, 'x');
  b.loop({
    id: newLoopId(),
    counter: { variable: k, from: b.literal(0), to: n, test: '<', step: 1 },
    initial: [x0],
    body: inner.block({ kind: 'yield', values: [next] }, [x]),
    done: [x],
    results: [result],
  });
  return { name: 'logisticMap', params, body: b.block({ kind: 'return', values: [result] }) };
}

export function firstExcess(): Graph {
  const params = parameters({ x: array }, { limit: real });
  const [x, limit] = params as [Value, Value];
  const b = new BlockBuilder();
  const n = b.length(x);
  const i = newValue(integer, 'i');
  const p1 = newValue(real, 'p');
  const inner = new BlockBuilder();
  const xi = inner.load(x, atIndex(i), real, 'x_i');
  const p2 = inner.apply('mul', [p1, inner.apply('add', [inner.literal(1), inner.apply('mul', [xi, xi])])], { name: 'p' });
  const c = inner.apply('gt', [p2, limit]);
  const arm = new BlockBuilder();
  const r = arm.apply('mul', [arm.apply('sub', [p2, limit]), xi]);
  const exit = arm.block({ kind: 'break', values: [arm.literal(1), r, arm.unassigned(real)] });
  inner.if(c, exit, new BlockBuilder().block({ kind: 'yield', values: [] }), []);
  const p3 = inner.apply('add', [p2, inner.apply('sin', [xi])], { name: 'p' });
  const [left, excess, p] = [newValue(integer, 'left'), newValue(real, 'r'), newValue(real, 'p')];
  b.loop({
    id: newLoopId(),
    counter: { variable: i, from: b.literal(0), to: n, test: '<', step: 1 },
    initial: [b.literal(1)],
    body: inner.block({ kind: 'yield', values: [p3] }, [p1]),
    done: [b.literal(0), b.unassigned(real), p1],
    results: [left, excess, p],
  });
  const test = b.apply('eq', [left, b.literal(1)]);
  const otherwise = new BlockBuilder();
  const log = otherwise.apply('log', [p]);
  const value = newValue(real, 'value');
  b.if(
    test,
    new BlockBuilder().block({ kind: 'yield', values: [excess] }),
    otherwise.block({ kind: 'yield', values: [log] }),
    [value],
  );
  return { name: 'firstExcess', params, body: b.block({ kind: 'return', values: [value] }) };
}

/** `a[i] = a[i] * a[i - 1]` in sweeps over a copy, then the sum of squares. */
export function runningProducts(): Graph {
  const params = parameters({ x: array }, { sweeps: real });
  const [x, sweeps] = params as [Value, Value];
  const b = new BlockBuilder();
  const n = b.length(x);
  const a = b.alloc(array, { kind: 'copy', of: x }, 'a');
  const outer = new BlockBuilder();
  const inner = new BlockBuilder();
  const i = newValue(integer, 'i');
  const u = inner.load(a, atIndex(i), real);
  const v = inner.load(a, atIndex(inner.apply('sub', [i, inner.literal(1)])), real);
  inner.store(a, atIndex(i), inner.apply('mul', [u, inner.apply('sin', [v])]));
  outer.loop({
    id: newLoopId(),
    counter: { variable: i, from: outer.literal(1), to: n, test: '<', step: 1 },
    initial: [],
    body: inner.block({ kind: 'yield', values: [] }),
    done: [],
    results: [],
  });
  b.loop({
    id: newLoopId(),
    counter: { variable: newValue(integer, 'k'), from: b.literal(0), to: sweeps, test: '<', step: 1 },
    initial: [],
    body: outer.block({ kind: 'yield', values: [] }),
    done: [],
    results: [],
  });
  const sum = new BlockBuilder();
  const s = newValue(real, 's');
  const j = newValue(integer, 'j');
  const w = sum.load(a, atIndex(j), real);
  const next = sum.apply('add', [s, sum.apply('mul', [w, w])]);
  const total = newValue(real, 's');
  b.loop({
    id: newLoopId(),
    counter: { variable: j, from: b.literal(0), to: n, test: '<', step: 1 },
    initial: [b.literal(0)],
    body: sum.block({ kind: 'yield', values: [next] }, [s]),
    done: [s],
    results: [total],
  });
  return { name: 'runningProducts', params, body: b.block({ kind: 'return', values: [total] }) };
}

/** A `while` inside a `for`: x is halved until it is below the limit, how often nobody knows. */
export function halvings(): Graph {
  const params = parameters({ x: array }, { limit: real });
  const [x, limit] = params as [Value, Value];
  const b = new BlockBuilder();
  const n = b.length(x);
  const i = newValue(integer, 'i');
  const s1 = newValue(real, 's');
  const body = new BlockBuilder();
  const first = body.load(x, atIndex(i), real, 'y');
  const y = newValue(real, 'y');
  const inner = new BlockBuilder();
  const goesOn = inner.apply('gt', [y, limit]);
  inner.if(
    goesOn,
    new BlockBuilder().block({ kind: 'yield', values: [] }),
    new BlockBuilder().block({ kind: 'break', values: [y] }),
    [],
  );
  const next = inner.apply('mul', [inner.apply('sin', [y]), inner.apply('mul', [y, inner.literal(0.5)])]);
  const last = newValue(real, 'y');
  body.loop({ id: newLoopId(), initial: [first], body: inner.block({ kind: 'yield', values: [next] }, [y]), done: [], results: [last] });
  const s2 = body.apply('mul', [body.apply('add', [s1, body.apply('mul', [last, first])]), body.apply('cos', [first])]);
  const s = newValue(real, 's');
  b.loop({
    id: newLoopId(),
    counter: { variable: i, from: b.literal(0), to: n, test: '<', step: 1 },
    initial: [b.literal(0.5)],
    body: body.block({ kind: 'yield', values: [s2] }, [s1]),
    done: [s1],
    results: [s],
  });
  return { name: 'halvings', params, body: b.block({ kind: 'return', values: [s] }) };
}

describe('reverse', () => {
  it.each([-1, 0, 1, 2, 2.5, 3, Number.NaN])('reverses a carried value over %s trips', (n) => {
    check(logisticMap(), [0, 1], [3.1, 0.3, n]);
  });

  it.each([
    [[0.3, 0.7, 1.1], 1.4],
    [[0.3, 0.7, 1.1], 100],
    [[], 1],
    [[2], 1],
  ])('reverses an exit on a path of its own: %j', (x, limit) => {
    check(firstExcess(), [0, 1], [Float64Array.from(x), limit]);
  });

  it.each([0, 1, 2, 3])('reverses memory that is overwritten, %s sweeps', (sweeps) => {
    check(runningProducts(), [0], [Float64Array.of(0.4, 1.3, 0.8, 1.9), sweeps]);
  });

  it('reverses loops whose trips nobody knows, inside a loop', () => {
    check(halvings(), [0], [Float64Array.of(2.4, 1.3, 0.8, 2.9), 0.3]);
    check(halvings(), [0], [Float64Array.of(0.1, 2.2), 0.05]);
  });
});
