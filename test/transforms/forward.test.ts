/** Forward mode, text to text; that it agrees with reverse mode is for `test/dot-product.test.ts`. */

import { expect, it } from 'vitest';
import type { Parameter } from '../../src/graph/primal.ts';
import { parse } from '../../src/graph/parse.ts';
import { print } from '../../src/graph/print.ts';
import type { Value } from '../../src/graph/types.ts';
import { verify } from '../../src/graph/verify.ts';
import { jvp } from '../../transforms/derive/jvp.ts';
import { graphsOf, mapGraphs, programOf } from '../../transforms/procedures/program.ts';
import { eliminateDead } from '../../transforms/eliminate-dead.ts';
import { Interpreter } from '../harness/interpret.ts';

/** With tangents of the named parameters; the tangent of the value when it is run. */
function pushed(text: string, names: readonly string[], analyses = true): { text: string; run: (...args: readonly unknown[]) => number } {
  const graph = parse(text);
  const differentiated = graph.params.filter((param) => names.includes(param.name!)).map(asParameter);
  const made = eliminateDead(jvp(programOf(graph, []), differentiated, analyses).main);
  verify(made, 'forward');
  return { text: print(made), run: (...args) => new Interpreter().run(made, args)[1] as number };
}

function asParameter(value: Value): Parameter {
  return { name: value.name!, text: { text: '', imports: [] }, type: value.type, optional: false, rest: false, value };
}

it('sums the partials of the operands', () => {
  const neuron = pushed(
    `graph neuron(x, theta)
  f = theta * x
  y = tanh f
  return y
`,
    ['x', 'theta'],
  );
  expect(neuron.text).toBe(`graph jvp_neuron(x, theta, t_x, t_theta)
  f = theta * x
  t_f = t_theta * x + t_x * theta
  y = tanh f
  t_y = t_f * (1 - y * y)
  return y, t_y
`);
  expect(neuron.run(0, 2, 1, 5)).toBe(2);
});

it('keeps a zero tangent from an infinite partial', () => {
  const root = pushed('graph root(x, y)\n  r = sqrt x\n  p = y * exp x\n  return r + p\n', ['x', 'y']);
  expect(root.text).toBe(`graph jvp_root(x, y, t_x, t_y)
  r = sqrt x
  t_r = guard(t_x, 0.5 * t_x / r)
  %1 = exp x
  p = y * %1
  t_p = guard(t_y, t_y * %1) + guard(t_x, t_x * %1) * y
  return r + p, t_r + t_p
`);
  expect(root.run(0, 3, 0, 1)).toBe(1);
  expect(root.run(0, 3, 1, 0)).toBe(Number.POSITIVE_INFINITY);
});

it('keeps an infinite tangent from a zero partial, as reverse mode keeps its cotangent from the pole', () => {
  const flat = pushed('graph flat(x, c)\n  r = sqrt x\n  p = r * c\n  return p\n', ['x']);
  expect(flat.text).toContain('guard(t_x, 0.5 * t_x / r)');
  expect(flat.run(0, 0, 1)).toBe(0);
  expect(flat.run(0, 2, 1)).toBe(Number.POSITIVE_INFINITY);
  const logistic = pushed('graph logistic(x)\n  e = exp x\n  y = 1 / (1 + e)\n  return y\n', ['x']);
  expect(logistic.run(1000, 1)).toBeCloseTo(0, 15);
  const bounded = pushed('graph bounded(x)\n  q = 1 / x\n  y = atan q\n  return y\n', ['x']);
  expect(bounded.run(0, 1)).toBeCloseTo(0, 15);
});

it('decides once', () => {
  const gate = pushed(
    `graph gate(x, y)
  c: bool = x > 0
  (r, k: int) = if c
    then
      q = x * y
      yield q, 1
    else yield 2.0, 0
  return r * k
`,
    ['x'],
  );
  expect(gate.text).toBe(`graph jvp_gate(x, y, t_x)
  c: bool = x > 0
  (r, k: int, t_r) = if c
    then
      q = x * y
      t_q = t_x * y
      yield q, 1, t_q
    else yield 2.0, 0, 0.0
  return r * k, t_r * k
`);
});

it('carries tangents, and hands them out at the bound and with a break', () => {
  const powers = pushed(
    `graph powers(x, n)
  s = loop L1 i: int = 0 to n, s.1 = 1.0
      t = s.1 * x
      if t > 9
        then break t
      next t
    done s.1
  return s
`,
    ['x'],
  );
  expect(powers.text).toBe(`graph jvp_powers(x, n, t_x)
  (s, t_s) = loop L1 i: int = 0 to n, s.1 = 1.0, t_s.1 = 0.0
      t = s.1 * x
      t_t = t_s.1 * x + t_x * s.1
      if t > 9
        then break t, t_t
      next t, t_t
  return s, t_s
`);
  expect(powers.run(2, 3, 1)).toBe(12);
  expect(powers.run(3, 9, 1)).toBe(27);
});

it('has an array beside each array', () => {
  const running = pushed(
    `graph running(a: f64[], x)
  n: int = length a
  b: f64[] = alloc copy(a)
  loop L1 i: int = 1 to n
      u = b[i - 1]
      v = b[i]
      b[i] = u * v
  b[0] += x
  w = b[n - 1]
  r = b[0]
  return w + r
`,
    ['a', 'x'],
  );
  expect(running.text).toBe(`graph jvp_running(a: f64[], x, t_a: f64[], t_x)
  n: int = length a
  b: f64[] = alloc copy(a)
  t_b: f64[] = alloc copy(t_a)
  loop L1 i: int = 1 to n
      %1: int = i - 1
      u = b[%1]
      t_u = t_b[%1]
      v = b[i]
      t_v = t_b[i]
      b[i] = u * v
      t_b[i] = t_u * v + t_v * u
  b[0] += x
  t_b[0] += t_x
  %2: int = n - 1
  w = b[%2]
  t_w = t_b[%2]
  r = b[0]
  t_r = t_b[0]
  return w + r, t_w + t_r
`);
});

it('copies references to tangents wherever it copies references', () => {
  const aliasing = pushed(
    `graph aliasing(x, c: bool)
  a: f64[] = alloc [x, 2.0]
  b: f64[] = alloc [1.0, 2.0]
  chosen: f64[] = if c
    then yield a
    else yield b
  chosen[1] = x * x
  r = a[1]
  return r
`,
    ['x'],
  );
  expect(aliasing.text).toBe(`graph jvp_aliasing(x, c: bool, t_x)
  a: f64[] = alloc [x, 2.0]
  t_a: f64[] = alloc [t_x, 0.0]
  b: f64[] = alloc [1.0, 2.0]
  t_b: f64[] = alloc [0.0, 0.0]
  (chosen: f64[], t_chosen: f64[]) = if c
    then yield a, t_a
    else yield b, t_b
  chosen[1] = x * x
  t_chosen[1] = t_x * x + t_x * x
  r = a[1]
  t_r = t_a[1]
  return r, t_r
`);
  expect(aliasing.run(3, true, 1)).toBe(6);
  expect(aliasing.run(3, false, 1)).toBe(0);
});

it('gives memory that does not vary a tangent where it stands for memory that does', () => {
  const text = `graph growing(x, c: bool)
  a: real[] = alloc [x]
  b: real[] = alloc [1.0]
  chosen: real[] = if c
    then yield a
    else yield b
  push b, 2.0
  n: int = length chosen
  r = chosen[n - 1]
  return r * x
`;
  const growing = pushed(text, ['x']);
  expect(growing.text).toContain('push t_b, 0.0');
  expect(growing.run(3, false, 1)).toBe(2);
  expect(growing.run(3, true, 1)).toBe(6);
});

it('pushes and pops along', () => {
  const stack = pushed(
    `graph stack(x)
  h: real[] = alloc []
  push h, x * x
  push h, 3.0
  last = pop h
  first = pop h
  return first * last
`,
    ['x'],
  );
  expect(stack.text).toContain(`  push h, 3.0
  push t_h, 0.0
  last = pop h
  t_last = pop t_h
`);
  expect(stack.run(2, 1)).toBe(12);
});

it('has the differentiable fields of an object beside it', () => {
  const records = pushed(
    `graph records(p: {x, label: opaque "string"}, m: f64[][])
  x = p.x
  row: f64[] = m[0]
  o: {row: f64[], x, n: opaque "string"} = alloc {row: row, x: x, n: "o"}
  o.n = "p"
  o.x = x * x
  r: f64[] = o.row
  e = r[1]
  q = o.x
  return q * e
`,
    ['p', 'm'],
  );
  expect(records.text).toContain('jvp_records(p: {x, label: opaque "string"}, m: f64[][], t_p: {x}, t_m: f64[][])');
  expect(records.text).toContain('t_o: {row: f64[], x} = alloc {row: t_row, x: t_x}\n  o.n = "p"\n  o.x = x * x\n  t_o.x =');
  expect(records.run({ x: 3, label: '' }, [[1, 2]], { x: 1 }, [[0, 1]])).toBe(2 * 3 * 2 + 9);
});

it('follows the element that was selected, the first of equals', () => {
  const largest = pushed('graph largest(a: f64[], y)\n  m = max(y, a)\n  return m\n', ['a', 'y']);
  expect(largest.run(Float64Array.of(1, 4, 4), 2, Float64Array.of(1, 2, 3), 9)).toBe(2);
  expect(largest.run(Float64Array.of(1, 4, 4), 4, Float64Array.of(1, 2, 3), 9)).toBe(9);
});

it('has the length of an array for a value, with the kink at 0', () => {
  const size = pushed('graph size(a: f64[])\n  h = hypot a\n  return h\n', ['a']);
  expect(size.run(Float64Array.of(3, 4), Float64Array.of(1, 2))).toBeCloseTo((3 + 8) / 5, 15);
  expect(size.run(Float64Array.of(0, 0), Float64Array.of(1, 2))).toBe(0);
});

it('calls procedures with tangents, and the others as they are', () => {
  const facts = { shared: new Set<Value>(), infinite: new Set<Value>(), discarded: false };
  const procedures = ['graph power(x, n: int)\n  (r) = call power(x, n - 1)\n  return r * x\n', 'graph half(n)\n  return n * 0.5\n'];
  const main = parse('graph outer(x, n: int)\n  (h) = call half(n)\n  (p) = call power(x, n)\n  return p * h\n');
  const program = programOf(main, procedures.map((text) => ({ ...parse(text), procedure: facts })));
  const made = mapGraphs(jvp(program, [asParameter(main.params[0]!)], true), eliminateDead);
  expect(graphsOf(made).slice(0, 2).map(print).join('')).toBe(`graph jvp_outer(x, n: int, t_x)
  h = call half(n)
  (p, t_p) = call tangent power(x, n, t_x)
  return p * h, guard(t_p, t_p * h)
graph power(x, n: int, t_x)
  (r, t_r) = call tangent power(x, n - 1, t_x)
  return r * x, t_r * x + guard(t_x, t_x * r)
`);
});
