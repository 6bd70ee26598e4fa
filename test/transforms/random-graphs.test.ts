/** Random graphs, made without reader and printer: reverse mode, forward mode and the one over the other, against each other and extrapolated differences. */

import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/graph/types.ts';
import { gradientGraph, hvpGraph, jvpGraph } from '../../src/pipeline.ts';
import { at, leavesOf, printPath, withNumberAt, type Datum } from '../harness/data.ts';
import { dotProduct, dotProductProblem, randomTangent } from '../harness/dot-product.ts';
import { Interpreter } from '../harness/interpret.ts';
import { asParameter, Generator, parameters, random, size } from '../harness/random-graph.ts';
import { Randomness } from '../random/randomness.ts';

const seeds = Array.from({ length: Number(process.env['GRAPHS'] ?? 150) }, (_, i) => i + Number(process.env['FROM'] ?? 0));
const chosen = [0, 1, 3] as const;
const wrt = chosen.map((i) => asParameter(parameters[i]!));

type Arguments = [number, number, number, Float64Array];

function argumentsFor(seed: number): Arguments {
  const next = random(seed + 77);
  return [next() * 2 - 1, next() * 2 - 1, next() * 3, Float64Array.from({ length: size }, () => next() * 2 - 1)];
}

/** What the graph returns; `args` may have directions behind them. */
function run(graph: Graph, args: readonly Datum[]): readonly Datum[] {
  return new Interpreter().run(graph, structuredClone(args));
}

function directionFor(args: Arguments, randomness: Randomness): readonly Datum[] {
  return chosen.map((i) => randomTangent(args[i], randomness));
}

/** Extrapolated central differences; undefined where two step sizes disagree (a branch near by). */
function slope(f: (delta: number) => Datum): number | undefined {
  const at = (h: number): number => ((f(h) as number) - (f(-h) as number)) / (2 * h);
  const [coarse, fine, finest] = [at(2e-4), at(1e-4), at(5e-5)];
  const [one, two] = [(4 * fine - coarse) / 3, (4 * finest - fine) / 3];
  return Math.abs(one - two) <= 1e-6 * (1 + Math.abs(two)) ? two : undefined;
}

describe('gradients of random graphs', () => {
  it.each(seeds)('seed %s', (seed) => {
    const graph = new Generator(seed, parameters, 60).graph();
    const args = argumentsFor(seed);
    const [value] = run(graph, args);
    const places = chosen.flatMap((i) => leavesOf(args[i]).map(({ path, value: point }) => ({ path: [i, ...path], point })));
    const expected = places.map(({ path, point }) => slope((delta) => run(graph, withNumberAt(args, path, point + delta) as Arguments)[0]));
    const direction = directionFor(args, new Randomness(seed));
    for (const analyses of [true, false]) {
      const [got, ...gradients] = run(gradientGraph(graph, wrt, { analyses, verified: true }), args);
      expect(got).toBe(value);
      leavesOf(gradients).forEach((leaf, i) => {
        const wanted = expected[i];
        if (wanted === undefined) return;
        const problem = `analyses ${analyses}, ${printPath(places[i]!.path)}: ${leaf.value} for ${wanted}`;
        expect(Math.abs(leaf.value - wanted) / (1 + Math.abs(wanted)), problem).toBeLessThan(1e-5);
      });

      const [again, tangent] = run(jvpGraph(graph, wrt, { analyses, verified: true }), [...args, ...direction]);
      expect(again).toBe(value);
      expect(dotProductProblem(gradients, direction, tangent as number), `analyses ${analyses}`).toBeUndefined();
    }
  });
});

describe('Hessians of random graphs', () => {
  it.each(seeds)('seed %s', (seed) => {
    const graph = new Generator(seed, parameters, 40).graph();
    const args = argumentsFor(seed);
    const randomness = new Randomness(seed);
    const [u, v] = [directionFor(args, randomness), directionFor(args, randomness)];
    for (const analyses of [true, false]) {
      const hessian = hvpGraph(graph, wrt, { analyses, verified: true });
      const [hu, hv] = [u, v].map((direction) => run(hessian, [...args, ...direction]).slice(2 + wrt.length));
      const uv = dotProduct(u, hv);
      expect(dotProductProblem(hu, v, uv), `analyses ${analyses}: not symmetric`).toBeUndefined();

      const push = jvpGraph(graph, wrt, { analyses });
      const curvature = slope((delta) => run(push, [...moved(args, u, delta), ...u])[1]);
      if (curvature === undefined) continue;
      const got = dotProduct(u, hu);
      expect(Math.abs(got - curvature) / (1 + Math.abs(curvature)), `analyses ${analyses}: ${got} for ${curvature}`).toBeLessThan(1e-5);
    }
  });
});

/** `args + delta * direction` */
function moved(args: Arguments, direction: readonly Datum[], delta: number): readonly Datum[] {
  return chosen.reduce<Datum>((result, i, k) => {
    const leaves = leavesOf(direction[k]).map(({ path, value }) => ({ path: [i, ...path], value }));
    return leaves.reduce((part, { path, value }) => withNumberAt(part, path, (at(part, path) as number) + delta * value), result);
  }, args) as readonly Datum[];
}
