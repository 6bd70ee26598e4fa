/** The text form: what is printed is read back as the same text. */

import { describe, expect, it } from 'vitest';
import { parse } from '../../src/graph/parse.ts';
import { print } from '../../src/graph/print.ts';
import { verify, type Stage } from '../../src/graph/verify.ts';

const graphs: Record<string, readonly [Stage, string]> = {
  'a straight line': [
    'forward',
    `graph neuron(x, theta, b)
  f = theta * x + b @7
  y = tanh f @8
  z = (y - 1) * -y + max(y, 2.5, x) @9
  return z
`,
  ],
  'branches and literals': [
    'forward',
    `graph gate(x, flag: bool, o: real?)
  r = unassigned
  c: bool = x > 0 && !flag
  (r.1, k: int) = if c
    then
      q = exp -x @6
      yield q * x, 1
    else yield r, 0
  if present o
    then throw "no"
  s = 1e-7
  n: opaque "string" = "text"
  return r.1 + s - 0.0 * -2.0
`,
  ],
  'loops, exits, counters': [
    'forward',
    `graph dist(n, m: int)
  s = loop L1 i: int = 0 to n after k: int, s.1 = 0.0 @8
      s.2 = s.1 + i
      if s.2 > 9
        then break s.2
      next s.2
  t = loop L2 j: int = m to >= 1 by -2, t.1 = s
      next t.1 * j
    done s
  u = loop L3 u.1 = t
      if u.1 > 100
        then break u.1
        else
          u.2 = u.1 * 2
      next u.1 + 1
  w = loop L4
      if u > k
        then break 1.0
      break 2.0
  loop L5 trip: int = 0 on
      if trip >= m
        then break
  return s + t + u + w
`,
  ],
  memory: [
    'forward',
    `graph memory(a: f64[], p: Point{x, y: int, "a-b": opaque "string"}, m: real[][], t: [real, f32[]])
  n: int = length a
  b: f64[] = alloc zeros n
  h: real[] = alloc scratch holes n
  e: i32<real>[] = alloc [1, 2]
  a_0 = a[0]
  %1: int = p.y
  o: {x, y: int} = alloc {x: a_0, y: %1}
  c: f64[] = alloc copy(a, 1, n)
  row: real[] = m[0]
  %2 = p.x
  row[1] = %2
  o.y = 3
  b[n - 1] += 2.0
  push h, n
  last = pop h
  pop h
  v: f64[] = view(a, 1)
  s: opaque "string" = p["a-b"]
  d: opaque "number" = carry effect module {"kind":"module","name":"f","file":"/f.ts","access":{"kind":"global"}} "(" n ", 1)"
  (r, q: int) = call other(a, last)
  return r
`,
  ],
  'the backward sweep': [
    'reversed',
    `graph logistic(r, x0, n: int)
  x = loop L1 k: int = 0 to n, x.1 = x0 @4
      h = r * x.1 @4
      next h * (1 - x.1)
  d_a: f64[] = alloc zeros 4 ~
  (d_x, d_r) = back L1 as L2 leaving k.1: int = ^n - 1 to >= 0 by -1, d_x.1 = 1.0, d_r.1 = 0.0 ~4
      d_x.2 = d_x.1 * ^h ~4
      undo d_a[0] = ^h ~4
      d_a[1] += guard(d_x.2, 2 * ^x.1) ~4
      next d_x.2, d_r.1 + d_x.2
  d_s: f64[] = shadow d_a for "p" "weights" ~
  return x, d_r, d_x
`,
  ],
  workspace: [
    'placed',
    `graph placed(n)
  ws: f64[] = workspace 64
  grow ws, ceil n
  ws[0] = n
  %1 = ws[0]
  return %1
`,
  ],
};

describe('text form', () => {
  for (const [name, [stage, text]] of Object.entries(graphs)) {
    it(`reads back ${name}`, () => {
      const graph = parse(text);
      expect(print(graph)).toBe(text);
      verify(graph, stage);
    });
  }

  it('reads operations where values are expected', () => {
    expect(print(parse('graph f(x)\n  a = alloc f64[2]\n  y = x * x + sqrt x @2\n  return y'))).toContain('y = x * x + sqrt x @2');
  });

  it('names the line that it cannot read', () => {
    expect(() => parse('graph f(x)\n  y = x +* 2\n  return y')).toThrow('y = x +* 2');
  });
});
