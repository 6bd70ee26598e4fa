import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { messageOf, sortDiagnostics } from '../../src/diagnostics/message.ts';
import type { Graph, Node } from '../../src/graph/types.ts';
import { verify } from '../../src/graph/verify.ts';
import { visit } from '../../src/graph/walk.ts';
import { compilerOptionsFor } from '../../src/project/compiler-options.ts';
import { createProgram } from '../../src/read/program.ts';

/** Loading the libraries takes a second, so snippets are small and few. */
const options = compilerOptionsFor({ strict: true, target: 'es2023', lib: ['es2023'], types: [] });
const folder = mkdtempSync(path.join(tmpdir(), 'gradgen-read-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;

function read(text: string) {
  const file = path.join(folder, `source${count++}.ts`);
  writeFileSync(file, text);
  return createProgram({ compilerOptions: options, files: [file] }).read(file);
}

function graphOf(text: string): Graph {
  const { primals, diagnostics } = read(text);
  expect(diagnostics.map(messageOf)).toEqual([]);
  const { graph } = primals[0]!;
  verify(graph, 'forward');
  return graph;
}

function nodesOf<K extends Node['kind']>(graph: Graph, kind: K): Extract<Node, { kind: K }>[] {
  const found: Extract<Node, { kind: K }>[] = [];
  visit(graph.body, (node) => {
    if (node.kind === kind) found.push(node as Extract<Node, { kind: K }>);
  });
  return found;
}

const codesOf = (text: string) => sortDiagnostics(read(text).diagnostics).map(({ code, line }) => `${code}:${line}`);

describe('loops', () => {
  const loopOf = (head: string) =>
    nodesOf(graphOf(`/** @grad */ export function f(x: number[], n: number) { let s = 0; ${head} return s; }`), 'loop')[0]!;

  it('is counted with an integer start and step and a bound from outside', () => {
    expect(loopOf('for (let i = 0; i < n; i++) s += x[i]!;').counter).toMatchObject({ test: '<', step: 1 });
    expect(loopOf('for (let i = 9; i >= n; i -= 2) s += x[i]!;').counter).toMatchObject({ test: '>=', step: -2 });
    expect(loopOf('for (let i = 0; x.length > i; i = i + 1) s += x[i]!;').counter).toMatchObject({ test: '<', step: 1 });
  });

  it('is not counted where the counter is changed, real, or the bound moves', () => {
    expect(loopOf('for (let i = 0; i < n; i++) { s += x[i]!; i += s; }').counter).toBeUndefined();
    expect(loopOf('for (let t = n; t < 9; t += 1) s += t;').counter).toBeUndefined();
    expect(loopOf('for (let i = 0; i < s; i++) s += x[i]!;').counter).toBeUndefined();
    expect(loopOf('const a = [1]; for (let i = 0; i < a.length; i++) if (s < n) { s += 1; a.push(s); }').counter).toBeUndefined();
  });

  it('carries only what the body assigns', () => {
    const loop = loopOf('let t = n; t += 1; for (let i = 0; i < n; i++) s += x[i]! * t;');
    expect(loop.body.params.map((param) => param.name)).toEqual(['s']);
  });

  it('carries what an inlined closure assigns', () => {
    const loop = loopOf('const add = (v: number) => { s += v; }; for (const v of x) add(v);');
    expect(loop.body.params.map((param) => param.name)).toEqual(['s']);
  });

  it('breaks a loop with a tag for a return across it', () => {
    const loop = loopOf('for (let i = 0; i < n; i++) { if (x[i]! > 1) return x[i]!; s += x[i]!; }');
    expect(loop.results.map((result) => result.name)).toContain('left');
  });
});

describe('exits', () => {
  it('moves the rest into else behind an early return', () => {
    const graph = graphOf('/** @grad */ export function f(x: number) { if (x < 0) return -x; const y = x * x; return y; }');
    expect(graph.body.nodes.map((node) => node.kind)).toEqual(['literal', 'apply', 'if']);
  });

  it('uses a block that runs once where both arms may go on', () => {
    const graph = graphOf(
      '/** @grad */ export function f(x: number) { if (x < 0) { if (x < -1) return 1; } else x += 1; return x * x; }',
    );
    expect(nodesOf(graph, 'loop').map((loop) => loop.body.exit.kind)).toEqual(['break']);
  });
});

describe('casts', () => {
  it('in front of a value leave nothing behind', () => {
    const graph = graphOf('/** @grad */ export function f(x: number) { return <number>(x * x); }');
    expect(graph.body.nodes.map((node) => node.kind)).toEqual(['apply']);
  });
});

describe('refusals', () => {
  it('reports all of them, each at its place', () => {
    expect(
      codesOf(`/** @grad */
export function f(x: number, g: (v: number) => number) {
  let s = g(x);
  try { s += x; } finally { s = 0; }
  delete (globalThis as { a?: number }).a;
  return s;
}`),
    ).toEqual(['GG2004:3', 'GG2008:4', 'GG2010:5']);
  });

  it('refuses writes to parameters, through aliases and helpers too', () => {
    const body = (text: string) =>
      codesOf(`/** @grad x */ export function f(x: number[], k: number) { const local = [1, 2]; ${text} return x[0]! * k; }`);
    expect(body('x[0] = 1;')).toEqual(['GG2014:1']);
    expect(body('const a = x; a[0] = 1;')).toEqual(['GG2014:1']);
    expect(body('let a = local; for (let i = 0; i < k; i++) { a[0] = 1; a = x; }')).toEqual(['GG2014:1']);
    expect(body('const rows = [local, x]; rows[1]![0] = 1;')).toEqual(['GG2014:1']);
    expect(body('const a = k > 1 ? x : local; a.push(1);')).toEqual(['GG2014:1']);
    expect(body('const a = x.slice(); a[0] = k;')).toEqual([]);
  });

  it('says what tags are missed', () => {
    expect(codesOf('/** @Grad x */\nexport function f(x: number) { return x; }\n// @grad x\nconst y = 1;')).toEqual([
      'GG1002:1',
      'GG1003:3',
    ]);
  });
});

describe('classes', () => {
  it('take parameters of the constructor as fields', () => {
    const graph = graphOf(`
      class Pair { constructor(readonly a: number, public b = 2) { this.b *= a; } sum() { return this.a + this.b; } }
      /** @grad */ export function f(x: number): number { return new Pair(x).sum(); }`);
    expect(nodesOf(graph, 'alloc')).toHaveLength(1);
    expect(nodesOf(graph, 'load')).toHaveLength(2);
  });

  it('leave a method that may be another one to run time', () => {
    const codes = codesOf(`
      class A { k = 1; m() { return this.k; } }
      class B extends A { override m() { return 2; } }
      /** @grad */ export function f(x: number, a: A): number { return x * a.m(); }`);
    expect(codes).toEqual(['GG2004:4']);
  });
});
