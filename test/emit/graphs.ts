/** Graphs as the reader makes them, built by hand. */

import { atIndex, BlockBuilder, integer, newLoopId, newValue, real, workspaceType } from '../../src/graph/build.ts';
import type { Parameter, Primal } from '../../src/graph/primal.ts';
import type { Graph, Origin, Type, Value } from '../../src/graph/types.ts';

export function primalOf(graph: Graph): Primal {
  const params: Parameter[] = graph.params.map((value) => ({
    name: value.name!,
    text: { text: value.type.kind === 'array' ? value.type.container : 'number', imports: [] },
    type: value.type,
    optional: false,
    rest: false,
    value,
  }));
  return {
    graph,
    procedures: [],
    rules: [],
    signature: {
      name: graph.name,
      exported: true,
      file: '/project/source.ts',
      documentation: [],
      params,
      typeParameters: '',
      result: real,
      resultText: { text: 'number', imports: [] },
      resultCanBeWritten: true,
    },
    requests: [],
  };
}

export function parametersOf(types: Record<string, Type>): Value[] {
  return Object.entries(types).map(([name, type]) => newValue(type, name));
}

export function at(line: number, text: string): Origin {
  return { file: 'source.ts', line, column: 3, text };
}

/** `f1 = theta * x; f2 = f1 + b; f3 = Math.tanh(f2); e = f3 - y; return e * e`. */
export function neuron(): Graph {
  const params = parametersOf({ x: real, theta: real, b: real, y: real });
  const [x, theta, bias, y] = params as [Value, Value, Value, Value];
  const b = new BlockBuilder(at(6, 'f1 = theta * x'));
  const f1 = b.apply('mul', [theta, x], { name: 'f1' });
  b.origin = at(7, 'f2 = f1 + b');
  const f2 = b.apply('add', [f1, bias], { name: 'f2' });
  b.origin = at(8, 'f3 = Math.tanh(f2)');
  const f3 = b.apply('tanh', [f2], { name: 'f3' });
  b.origin = at(9, 'e = f3 - y');
  const e = b.apply('sub', [f3, y], { name: 'e' });
  b.origin = at(10, 'return e * e');
  const value = b.apply('mul', [e, e]);
  return { name: 'neuron', params, body: b.block({ kind: 'return', values: [value] }) };
}

/** Two arms that use a shared value; see worked example 2. */
export function gate(): Graph {
  const params = parametersOf({ x: real, y: real });
  const [x, y] = params as [Value, Value];
  const b = new BlockBuilder(at(3, 'p = x * y'));
  const p = b.apply('mul', [x, y], { name: 'p' });
  b.origin = at(5, 'p > 0');
  const c = b.apply('gt', [p, b.literal(0)]);
  const then = new BlockBuilder(at(6, 'q = Math.exp(-p)'));
  const q = then.apply('exp', [then.apply('neg', [p])], { name: 'q' });
  then.origin = at(7, 'r = q * x');
  const r1 = then.apply('mul', [q, x], { name: 'r' });
  const otherwise = new BlockBuilder(at(9, 'r = p * p + y'));
  const r2 = otherwise.apply('add', [otherwise.apply('mul', [p, p]), y], { name: 'r' });
  const r = newValue(real, 'r');
  b.if(c, then.block({ kind: 'yield', values: [r1] }), otherwise.block({ kind: 'yield', values: [r2] }), [r]);
  b.origin = at(11, 'return r * p');
  const value = b.apply('mul', [r, p]);
  return { name: 'gate', params, body: b.block({ kind: 'return', values: [value] }) };
}

/** The mean squared residual of a line; see worked example 3. */
export function fitLine(): Graph {
  const params = parametersOf({ a: real, b: real, x: workspaceType, y: workspaceType });
  const [a, intercept, x, y] = params as [Value, Value, Value, Value];
  const b = new BlockBuilder(at(7, 's = 0'));
  const n = b.length(x);
  const i = newValue(integer, 'i');
  const s1 = newValue(real, 's');
  const inner = new BlockBuilder(at(8, 'r = a * x[i] + b - y[i]'));
  const line = inner.apply('add', [inner.apply('mul', [a, inner.load(x, atIndex(i), real)]), intercept]);
  const r = inner.apply('sub', [line, inner.load(y, atIndex(i), real)], { name: 'r' });
  inner.origin = at(9, 's += r * r');
  const s2 = inner.apply('add', [s1, inner.apply('mul', [r, r])], { name: 's' });
  const s = newValue(real, 's');
  b.loop({
    id: newLoopId(),
    counter: { variable: i, from: b.literal(0), to: n, test: '<', step: 1 },
    initial: [b.literal(0)],
    body: inner.block({ kind: 'yield', values: [s2] }, [s1]),
    done: [s1],
    results: [s],
  });
  b.origin = at(11, 'return s / x.length');
  const value = b.apply('div', [s, n]);
  return { name: 'fitLine', params, body: b.block({ kind: 'return', values: [value] }) };
}

/** `for (let k = 0; k < n; k++) x = r * x * (1 - x)`. */
export function logisticMap(): Graph {
  const params = parametersOf({ r: real, x0: real, n: real });
  const [r, x0, n] = params as [Value, Value, Value];
  const b = new BlockBuilder(at(4, 'x = r * x * (1 - x)'));
  const k = newValue(integer, 'k');
  const x = newValue(real, 'x');
  const inner = new BlockBuilder(at(4, 'x = r * x * (1 - x)'));
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

/** A `return` inside the loop, and work after the exit; see worked example 5. */
export function firstExcess(): Graph {
  const params = parametersOf({ x: workspaceType, limit: real });
  const [x, limit] = params as [Value, Value];
  const b = new BlockBuilder(at(7, 'p = 1'));
  const n = b.length(x);
  const i = newValue(integer, 'i');
  const p1 = newValue(real, 'p');
  const inner = new BlockBuilder(at(8, 'p *= 1 + x[i] * x[i]'));
  const xi = inner.load(x, atIndex(i), real, 'x_i');
  const p2 = inner.apply('mul', [p1, inner.apply('add', [inner.literal(1), inner.apply('mul', [xi, xi])])], { name: 'p' });
  const c = inner.apply('gt', [p2, limit]);
  const arm = new BlockBuilder(at(9, 'return (p - limit) * x[i]'));
  const r = arm.apply('mul', [arm.apply('sub', [p2, limit]), xi]);
  const exit = arm.block({ kind: 'break', values: [arm.literal(1), r, arm.unassigned(real)] });
  inner.if(c, exit, new BlockBuilder().block({ kind: 'yield', values: [] }), []);
  inner.origin = at(10, 'p += Math.sin(x[i])');
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
  const otherwise = new BlockBuilder(at(12, 'return Math.log(p)'));
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

/** `while (a > tolerance) [a, b] = [b, a * scale]`: a swap that is carried, and a loop that ends by its condition. */
export function alternate(): Graph {
  const params = parametersOf({ scale: real, tolerance: real });
  const [scale, tolerance] = params as [Value, Value];
  const b = new BlockBuilder(at(3, '[a, b] = [b, a * scale]'));
  const [a, other] = [newValue(real, 'a'), newValue(real, 'b')];
  const inner = new BlockBuilder(b.origin);
  const c = inner.apply('gt', [a, tolerance]);
  const empty = (): BlockBuilder => new BlockBuilder();
  inner.if(c, empty().block({ kind: 'yield', values: [] }), empty().block({ kind: 'break', values: [a, other] }), []);
  const next = inner.apply('mul', [a, scale]);
  const [ra, rb] = [newValue(real, 'a'), newValue(real, 'b')];
  b.loop({
    id: newLoopId(),
    initial: [b.literal(2), b.literal(3)],
    body: inner.block({ kind: 'yield', values: [other, next] }, [a, other]),
    done: [],
    results: [ra, rb],
  });
  const value = b.apply('mul', [ra, b.apply('add', [rb, scale])]);
  return { name: 'alternate', params, body: b.block({ kind: 'return', values: [value] }) };
}

/** In-place products over a copy, then the sum of squares. */
export function runningProducts(): Graph {
  const params = parametersOf({ x: workspaceType });
  const [x] = params as [Value];
  const b = new BlockBuilder(at(3, 'a = x.slice()'));
  const n = b.length(x);
  const a = b.alloc(workspaceType, { kind: 'copy', of: x }, 'a');
  const inner = new BlockBuilder(at(4, 'a[i] = a[i] * a[i - 1]'));
  const i = newValue(integer, 'i');
  const u = inner.load(a, atIndex(i), real);
  const v = inner.load(a, atIndex(inner.apply('sub', [i, inner.literal(1)])), real);
  inner.store(a, atIndex(i), inner.apply('mul', [u, v]));
  b.loop({
    id: newLoopId(),
    counter: { variable: i, from: b.literal(1), to: n, test: '<', step: 1 },
    initial: [],
    body: inner.block({ kind: 'yield', values: [] }),
    done: [],
    results: [],
  });
  const sum = new BlockBuilder(at(6, 's += a[i] * a[i]'));
  const j = newValue(integer, 'i');
  const s1 = newValue(real, 's');
  const w = sum.load(a, atIndex(j), real);
  const s2 = sum.apply('add', [s1, sum.apply('mul', [w, w])], { name: 's' });
  const s = newValue(real, 's');
  b.loop({
    id: newLoopId(),
    counter: { variable: j, from: b.literal(0), to: n, test: '<', step: 1 },
    initial: [b.literal(0)],
    body: sum.block({ kind: 'yield', values: [s2] }, [s1]),
    done: [s1],
    results: [s],
  });
  return { name: 'runningProducts', params, body: b.block({ kind: 'return', values: [s] }) };
}
