/** The scalarising and cleaning passes, text to text; what they make of a graph gives the same bits when it is run. */

import { describe, expect, it } from 'vitest';
import { parse } from '../../src/graph/parse.ts';
import { print } from '../../src/graph/print.ts';
import type { Graph } from '../../src/graph/types.ts';
import { verify, type Stage } from '../../src/graph/verify.ts';
import { eliminateDead } from '../../transforms/eliminate-dead.ts';
import { promote } from '../../transforms/promote.ts';
import { share } from '../../transforms/share.ts';
import { simplify } from '../../transforms/simplify.ts';
import { unroll } from '../../transforms/unroll.ts';
import { Interpreter } from '../harness/interpret.ts';

function after(pass: (graph: Graph) => Graph, text: string, stage: Stage): Graph {
  const graph = parse(text);
  verify(graph, stage);
  const changed = pass(graph);
  verify(changed, stage);
  return changed;
}

const scalars = (graph: Graph): Graph => eliminateDead(promote(unroll(graph)));

function expectSameBits(text: string, changed: Graph, args: readonly (readonly unknown[])[]): void {
  const graph = parse(text);
  for (const arg of args) expect(new Interpreter().run(changed, arg)).toEqual(new Interpreter().run(graph, arg));
}

describe('promote', () => {
  it('forwards stores through references that alias', () => {
    const text = `graph swapRow(x, y)
  a0 = alloc [x * y, y]
  a1 = alloc [x, 2.0]
  m: real[][] = alloc [a0, a1]
  row: real[] = m[1]
  m[0] = row
  r = row[0]
  row[0] = r * y
  b: real[] = m[0]
  c: real[] = m[1]
  b0 = b[0]
  c0 = c[0]
  return b0 * c0 + x
`;
    const changed = after(scalars, text, 'forward');
    expect(print(changed)).toBe('graph swapRow(x, y)\n  a1_0 = x * y\n  return a1_0 * a1_0 + x\n');
    expectSameBits(text, changed, [[3, 2], [0, -1]]);
  });

  it('goes through an object that a branch chose', () => {
    const text = `graph chosen(x, y)
  p = alloc {x: x, y: y}
  q = alloc {x: y, y: 1.0}
  t: {x, y} = if x > y
    then yield p
    else yield q
  tx = t.x
  t.x = tx * x
  px = p.x
  qx = q.x
  ty = t.y
  return px * qx + ty
`;
    const changed = after(scalars, text, 'forward');
    expect(print(changed)).not.toContain('alloc');
    expectSameBits(text, changed, [[3, 2], [2, 3], [Number.NaN, 1]]);
  });

  it('splits a carried reference whose objects are all known', () => {
    const text = `graph flight(v0: {x, y}, h, n)
  p: {x, y} = alloc {x: 0.0, y: 0.0}
  (p.1: {x, y}, v: {x, y}) = loop L1 k: int = 0 to n, p.2: {x, y} = p, v.1: {x, y} = v0
      vx = v.1.x
      vy = v.1.y
      px = p.2.x
      p.3: {x, y} = alloc {x: px + vx * h, y: vy}
      v.2: {x, y} = alloc {x: vy, y: vx * h}
      next p.3, v.2
  a = p.1.x
  b = v.y
  return a * b
`;
    const changed = after(scalars, text, 'forward');
    expect(print(changed)).toBe(`graph flight(v0: {x, y}, h, n)
  v0_x = v0.x
  v0_y = v0.y
  (p_x, v_y) = loop L1 k: int = 0 to n, p_x.1 = 0.0, v_x = v0_x, v_y.1 = v0_y
      p_x.2 = p_x.1 + v_x * h
      v_y.2 = v_x * h
      next p_x.2, v_y.1, v_y.2
    done p_x.1, v_y.1
  return p_x * v_y
`);
    expectSameBits(text, changed, [[{ x: 1, y: 2 }, 0.5, 3], [{ x: 1, y: 2 }, 0.5, 0]]);
  });

  it('leaves memory with a store after its copy was carried', () => {
    const text = `graph kept(x, n: int)
  p = alloc {x: x}
  r: {x} = loop L1 k: int = 0 to n, q: {x} = p
      a = q.x
      p.x = a + 1
      f = alloc {x: a * 2}
      next f
  b = r.x
  c = p.x
  return b + c
`;
    const changed = after(scalars, text, 'forward');
    expect(print(changed)).toContain('p.x = ');
    expectSameBits(text, changed, [[1, 0], [1, 1], [1, 3]]);
  });

  it('carries the slots that a loop stores into, through branches, breaks and unrolled loops', () => {
    const text = `graph slots(x, y, n: int)
  s: f64[] = alloc zeros 3
  s[0] = x
  t = loop L1 k: int = 0 to n, t.1 = 0.0
      loop L2 i: int = 0 to 3
          e = s[i]
          if e > 10
            then
              s[0] = y
            else
              s[i] = e * 1.5 + y
      u = s[0]
      v = s[2]
      if u > 40
        then break u
      m = max s
      next t.1 + u * v + m
  w = s[1]
  return t + w
`;
    const changed = after(scalars, text, 'forward');
    expect(print(changed)).not.toContain('alloc');
    expectSameBits(text, changed, [[1.1, 2, 5], [0, -1, 3], [50, 1, 2], [1, 1, 0]]);
  });

  it('makes one object of what different paths return', () => {
    const text = `graph early(x, n)
  r: [real, real] = loop L1
      if x > 1
        then
          a: [real, real] = alloc [x, 1.0]
          break a
      b: [real, real] = alloc [x * n, 2.0]
      break b
  p = r[0]
  r[1] = p + 1
  q = r[1]
  return p * q
`;
    const changed = after(scalars, text, 'forward');
    expect(print(changed)).not.toContain('alloc');
    expectSameBits(text, changed, [[2, 3], [0.5, 4]]);
  });

  it('leaves computed indices and escaping objects', () => {
    const text = `graph kept(x, i: int)
  a = alloc [x, 1.0]
  v = a[i]
  return v
`;
    expect(print(after(scalars, text, 'forward'))).toContain('alloc [x, 1.0]');
  });
});

describe('eliminateDead', () => {
  it('drops sums that only feed themselves, stores that nobody loads, results and breaks that nobody reads', () => {
    const text = `graph dead(x, n)
  a: f64[] = alloc zeros 4
  a[1] = x
  b: f64[] = alloc zeros 4
  old = b[0]
  b[0] += old
  (s, t, u) = loop L1 k: int = 0 to n after k.1: int, s.1 = 0.0, t.1 = 1.0, u.1 = 2.0
      if s.1 > 9
        then break s.1, t.1, u.1
      next s.1 + x, u.1, t.1
  (p, q) = if x > 0
    then yield t, x
    else yield u, s
  if p > 0
    then yield
  return q
`;
    expect(print(after(eliminateDead, text, 'forward'))).toBe(`graph dead(x, n)
  s = loop L1 k: int = 0 to n, s.1 = 0.0
      if s.1 > 9
        then break s.1
      next s.1 + x
  q = if x > 0
    then yield x
    else yield s
  return q
`);
  });

  it('keeps what throws, what may not end, and gradients', () => {
    const text = `graph kept(x, a: f64[])
  d_a: f64[] = shadow a for "a"
  d_a[0] += x
  if x < 0
    then throw "negative"
  loop L1
      if x > 1
        then break
  return x, d_a
`;
    expect(print(after(eliminateDead, text, 'forward'))).toBe(text);
  });
});

describe('simplify', () => {
  it('uses the algebra of adjoints in backward code only', () => {
    const text = `graph algebra(x, y)
  f = x * 1 + 0 @1
  d = f * 1.0 ~1
  e = d * ^x + d * ^x ~1
  g = guard(1.0, e) - (-^y) ~1
  h = 0 * g + select(true, g, d) ~1
  return f, h
`;
    expect(print(after((graph) => eliminateDead(simplify(graph)), text, 'reversed'))).toBe(`graph algebra(x, y)
  f = x * 1 + 0 @1
  e = 2 * ^x * f ~1
  g = e + ^y ~1
  return f, g
`);
  });

  it('collects the coefficient of a carried adjoint', () => {
    const text = `graph logistic(r, x0, n: int)
  x = loop L1 k: int = 0 to n, x.1 = x0
      a = r * x.1
      b = 1 - x.1
      next a * b
  (d_x, d_r) = back L1 as L2 k.1: int = ^n - 1 to >= 0 by -1, d_x.1 = 1.0, d_r.1 = 0.0 ~
      d_a = d_x.1 * ^b ~
      d_x.2 = d_a * ^r - d_x.1 * ^a ~
      next d_x.2, d_r.1 + d_a * ^x.1
  return x, d_r, d_x
`;
    const changed = after((graph) => eliminateDead(simplify(graph)), text, 'reversed');
    expect(print(changed)).toContain('d_x.2 = d_x.1 * (^b * ^r - ^a) ~');
  });

  it('removes carried values that never change, known conditions and equal results', () => {
    const text = `graph plumbing(x, n: int)
  (s, t) = loop L1 i: int = 0 to n, s.1 = x, t.1 = 0.0
      s.2 = if i > 2
        then yield s.1
        else yield s.1
      next s.2, t.1 + s.2
  u = if 1 < 2
    then yield t
    else yield s
  return u + s
`;
    expect(print(after((graph) => eliminateDead(simplify(graph)), text, 'forward'))).toBe(`graph plumbing(x, n: int)
  t = loop L1 i: int = 0 to n, t.1 = 0.0
      next t.1 + x
  return t + x
`);
  });
});

describe('share', () => {
  it('restores what the forward sweep has computed', () => {
    const text = `graph kepler(E)
  c = cos E @1
  s = E * c @2
  d = ^s * cos ^E ~2
  e = ^s + cos ^E ~2
  return s, d, e
`;
    expect(print(after((graph) => eliminateDead(share(graph)), text, 'reversed'))).toBe(`graph kepler(E)
  c = cos E @1
  s = E * c @2
  d = ^s * ^c ~2
  e = ^s + ^c ~2
  return s, d, e
`);
  });
});
