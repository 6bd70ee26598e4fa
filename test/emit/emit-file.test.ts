/** Graphs printed, type-checked strictly, and run beside the interpreter. */

import { describe, expect, it } from 'vitest';
import { emitFile, type EmitOptions } from '../../src/emit/emit-file.ts';
import type { Companion } from '../../src/graph/primal.ts';
import type { Graph } from '../../src/graph/types.ts';
import { derive } from '../../src/pipeline.ts';
import { Interpreter } from '../harness/interpret.ts';
import { evaluate } from '../harness/load.ts';
import { alternate, firstExcess, fitLine, gate, logisticMap, neuron, primalOf, runningProducts } from './graphs.ts';
import { shapes } from './shapes.ts';
import { strictProblems } from './strict-check.ts';

const options: EmitOptions = {
  sourceFile: '/project/source.ts',
  relativeSource: 'source.ts',
  outputFile: '/project/source.grad.ts',
  command: 'npx gradgen source.ts',
  comments: 'source',
  specifierStyle: '.ts',
};

function companionOf(graph: Graph): Companion {
  return derive(primalOf(graph), { kind: 'grad', start: 0, length: 0 }, { verified: true });
}

type Printed = Record<string, (...args: unknown[]) => Record<string, unknown>>;

const cases: readonly { readonly graph: Graph; readonly args: readonly (readonly unknown[])[] }[] = [
  { graph: neuron(), args: [[0.5, 2, 0.1, 1]] },
  { graph: gate(), args: [[2, 3], [-2, 3], [0, 1]] },
  { graph: fitLine(), args: [[2, -1, Float64Array.of(1, 2, 3), Float64Array.of(1.5, 2, 4)], [1, 1, new Float64Array(0), new Float64Array(0)]] },
  { graph: logisticMap(), args: [[3.7, 0.3, 5], [3.7, 0.3, 2.5], [3.7, 0.3, -1], [3.7, 0.3, 0]] },
  { graph: firstExcess(), args: [[Float64Array.of(0.5, 0.7, 0.9), 2], [Float64Array.of(0.5, 0.7, 0.9), 50], [new Float64Array(0), 1]] },
  { graph: alternate(), args: [[0.3, 0.1], [0.3, 10]] },
  { graph: runningProducts(), args: [[Float64Array.of(0.5, 0.7, 0.9, -2)], [new Float64Array(0)]] },
];

describe('printed companions', () => {
  it.each(cases)('$graph.name gives what its graph gives', ({ graph, args }) => {
    const companion = companionOf(graph);
    const names = ['value', ...companion.differentiated.map((parameter) => `d_${parameter.name}`)];
    const printed = (evaluate(emitFile([companion], options)) as unknown as Printed)[companion.name]!;
    for (const given of args) {
      const results = new Interpreter().run(companion.graph, given);
      const wanted = Object.fromEntries(names.map((name, i) => [name, results[i]]));
      const first = printed(...given);
      expect(first).toEqual(wanted);
      const out = structuredClone(first);
      for (const name of names) {
        if (out[name] instanceof Float64Array) out[name].fill(Number.NaN);
        else out[name] = Number.NaN;
      }
      expect(printed(...given, out)).toBe(out);
      expect(out).toEqual(wanted);
    }
  });

  it('type-checks under every strict flag', () => {
    const texts = Object.fromEntries(
      [...cases.map(({ graph }) => companionOf(graph)), shapes()].map((companion) => [
        `/project/${companion.signature.name}.grad.ts`,
        emitFile([companion], options),
      ]),
    );
    expect(strictProblems(texts)).toEqual([]);
  });

  it('names the statement that a backward line reverses, once in a run', () => {
    const text = emitFile([companionOf(neuron())], options);
    expect(text).toContain('const d_e = 2 * e; // return e * e\n');
    expect(text.match(/\/\/ f1 = theta \* x/g)).toHaveLength(1);
    expect(emitFile([companionOf(neuron())], { ...options, comments: 'none' })).not.toContain('// f1');
    expect(emitFile([companionOf(neuron())], { ...options, comments: 'lines' })).toContain('// return e * e (source.ts:10)\n');
  });

  it('keeps the structure of the source', () => {
    const text = emitFile([companionOf(gate())], options);
    expect(text).toContain('let r: number;\nif (p > 0) {\nq = Math.exp(-p);\nr = q * x;\n} else {\nr = p * p + y;\n}\n');
    expect(emitFile([companionOf(fitLine())], options)).toContain('s += r * r;\n');
  });

  it('reserves scratch once a file', () => {
    const text = emitFile([companionOf(logisticMap()), companionOf(alternate())], options);
    expect(text.match(/function reserve/g)).toHaveLength(1);
    expect(emitFile([companionOf(neuron())], options)).not.toContain('workspace');
  });
});

describe('gradients of structured parameters', () => {
  const printed = (evaluate(emitFile([shapes()], options)) as unknown as Printed)['grad_shapes']!;
  const args: readonly unknown[] = [[[1, 2], [3]], { x: 1, w: Float64Array.of(1), label: '' }, Float64Array.of(4), Float32Array.of(0.1), [{ x: 1, y: 2 }], [1, 2]];

  it('are fresh without `out`', () => {
    expect(printed(...args)).toEqual({
      value: 2,
      d_m: [[0, 1], [0]],
      d_p: { x: 3, w: Float64Array.of(-1) },
      d_o: Float64Array.of(1),
      d_f: Float32Array.of(1),
      d_q: [{ x: 1, y: 0 }],
      d_t: [0, 2],
    });
    const absent = args.with(2, undefined);
    expect(printed(...absent)).not.toHaveProperty('d_o');
  });

  it('overwrite `out`', () => {
    const out = printed(...args);
    const parts = [out['d_m'], out['d_p'], out['d_f'], out['d_q'], out['d_t']];
    expect(printed(...args, out)).toEqual(printed(...args));
    expect([out['d_m'], out['d_p'], out['d_f'], out['d_q'], out['d_t']]).toEqual(parts);
  });

  it.each([
    ['d_m', [[0], [0]], 'out.d_m[0] has length 1, m[0] has length 2'],
    ['d_p', { x: 0, w: new Float64Array(2) }, 'out.d_p.w has length 2, p.w has length 1'],
    ['d_f', new Float32Array(3), 'out.d_f has length 3, f has length 1'],
    ['d_q', [], 'out.d_q has length 0, q has length 1'],
  ])('refuse an `out` of another shape: %s', (field, wrong, message) => {
    const out = { ...printed(...args), [field]: wrong };
    expect(() => printed(...args, out)).toThrow(new RangeError(message));
  });
});
