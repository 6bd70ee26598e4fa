/** Drives the GradBench tool line by line, and holds its answers against the hand-written gradients and differences. */

import { PassThrough } from 'node:stream';

import { expect, test } from 'vitest';

import { det } from '../../bench/by-hand/det.ts';
import { gmm } from '../../bench/by-hand/gmm.ts';
import { llsq } from '../../bench/by-hand/llsq.ts';
import { lse } from '../../bench/by-hand/lse.ts';
import { lstm } from '../../bench/by-hand/lstm.ts';
import { ode } from '../../bench/by-hand/ode.ts';
import { modules, session } from '../../bench/gradbench/session.ts';
import { gmmInput } from '../../bench/inputs/gmm.ts';
import { llsqInput } from '../../bench/inputs/llsq.ts';
import { baInput } from '../../bench/inputs/ba.ts';
import { htInput } from '../../bench/inputs/ht.ts';
import { kmeansInput } from '../../bench/inputs/kmeans.ts';
import { lseInput } from '../../bench/inputs/lse.ts';
import { lstmInput } from '../../bench/inputs/lstm.ts';
import { matrixInput } from '../../bench/inputs/matrix.ts';
import { odeInput } from '../../bench/inputs/ode.ts';
import { rowsOf } from '../../bench/inputs/rows.ts';
import { kmeans as squaredDistances } from '../../bench/problems/kmeans.ts';
import { disagreement } from '../../bench/measure/agreement.ts';
import { numberAt, placesIn } from '../../bench/measure/numbers.ts';
import { slopeAt } from '../harness/differences.ts';

type Answer = Readonly<Record<string, unknown>>;

/** The answers of a new session to these messages, which get their numbers here. */
async function answers(messages: readonly object[]): Promise<Answer[]> {
  const input = new PassThrough();
  const output = new PassThrough();
  const done = session(input, output);
  messages.forEach((message, id) => input.write(`${JSON.stringify({ id, ...message })}\n`));
  input.end();
  await done;
  output.end();
  const lines = (output.read() as Buffer).toString().trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Answer);
}

async function evaluated(module: string, name: string, input: unknown): Promise<Answer> {
  const messages = [
    { kind: 'start', eval: module },
    { kind: 'define', module },
    { kind: 'evaluate', module, function: name, input },
    { kind: 'analysis', of: 2, valid: true },
  ];
  const [start, define, evaluate, analysis] = await answers(messages);
  expect(start).toEqual({ id: 0, tool: 'gradgen' });
  expect(define).toEqual({ id: 1, success: true });
  expect(evaluate).toMatchObject({ id: 2, success: true });
  expect(analysis).toEqual({ id: 3 });
  return evaluate!;
}

const runs = { min_runs: 3, min_seconds: 0 };

interface Subject {
  readonly module: string;
  readonly names: readonly [primal: string, gradient: string];
  readonly input: object;
  /** What the input holds that is differentiated, and the hand-written gradient in the same order. */
  readonly differentiated: readonly unknown[];
  readonly expected: readonly ArrayLike<number>[];
}

const subjects: Subject[] = [lseSubject(), llsqSubject(), detSubject(), odeSubject(), gmmSubject(), lstmSubject()];

function lseSubject(): Subject {
  const [x] = lseInput(50);
  const input = { x: [...x] };
  const names = ['primal', 'gradient'] as const;
  return { module: 'lse', names, input, differentiated: [input.x], expected: [lse(x).d_x] };
}

function llsqSubject(): Subject {
  const [x, n] = llsqInput(8, 33);
  const input = { x: [...x], n };
  const names = ['primal', 'gradient'] as const;
  return { module: 'llsq', names, input, differentiated: [input.x], expected: [llsq(x, n).d_x] };
}

function detSubject(): Subject {
  const [a, ell] = matrixInput(5);
  const input = { A: [...a], ell };
  const names = ['primal', 'gradient'] as const;
  return { module: 'det', names, input, differentiated: [input.A], expected: [det(a, ell).d_a] };
}

function odeSubject(): Subject {
  const [x, s] = odeInput(6, 7);
  const input = { x: [...x], s };
  const names = ['primal', 'gradient'] as const;
  return { module: 'ode', names, input, differentiated: [input.x], expected: [ode(x, s).d_x] };
}

function gmmSubject(): Subject {
  const [d, k, n, m] = [3, 4, 20, 1];
  const [alpha, mu, q, l, x, gamma] = gmmInput(d, k, n);
  const input = {
    d,
    k,
    n,
    m,
    gamma,
    alpha: [...alpha],
    mu: rowsOf(mu, k),
    q: rowsOf(q, k),
    l: rowsOf(l, k),
    x: rowsOf(x, n),
  };
  const { d_alpha, d_mu, d_q, d_l } = gmm(alpha, mu, q, l, x, gamma, m);
  return {
    module: 'gmm',
    names: ['objective', 'jacobian'],
    input,
    differentiated: [input.alpha, input.mu, input.q, input.l],
    expected: [d_alpha, d_mu, d_q, d_l],
  };
}

function lstmSubject(): Subject {
  const [layers, characters] = [2, 9];
  const [main, extra, state, sequence] = lstmInput(layers, characters);
  const { d_main, d_extra } = lstm(main, extra, state, sequence);
  const input = {
    main_params: rowsOf(main, 2 * layers),
    extra_params: rowsOf(extra, 3),
    state: rowsOf(state, 2 * layers),
    sequence: rowsOf(sequence, characters),
  };
  return {
    module: 'lstm',
    names: ['objective', 'jacobian'],
    input,
    differentiated: [input.main_params, input.extra_params],
    expected: [d_main, d_extra],
  };
}

const numbersIn = (value: unknown) => placesIn(value).map(numberAt);

test.each(subjects.map((subject) => [subject.module, subject] as const))(
  '%s: the gradient is that by hand, and that of extrapolated differences',
  async (module, { names: [primal, gradient], input, differentiated, expected }) => {
    const { output, timings } = await evaluated(module, gradient, { ...input, ...runs });
    const found = numbersIn(output);
    expect(timings).toHaveLength(3);
    expect((timings as { name: string }[]).every(({ name }) => name === 'evaluate')).toBe(true);
    const byHand = expected.flatMap((part) => Array.from(part));
    expect(disagreement(found, byHand)).toBeLessThan(1e-9);

    const places = placesIn(differentiated);
    const slopes = places.map((place) => {
      const { holder, key } = place;
      const x = numberAt(place);
      const at = (value: number) => {
        holder[key] = value;
        const result = primalOf(module, primal, input);
        holder[key] = x;
        return result;
      };
      return slopeAt(at, x).slope;
    });
    expect(disagreement(found, slopes)).toBeLessThan(1e-6);
  },
);

/** The tool's own primal, called without a session: differences ask for thousands of values. ode's is its last component. */
function primalOf(module: string, name: string, input: object): number {
  const f = modules[module]![name]!;
  const { output } = f({ ...input, min_runs: 1, min_seconds: 0 } as never);
  return Array.isArray(output) ? (output as number[]).at(-1)! : (output as number);
}

test('hello: a number in, a number out', async () => {
  expect(await evaluated('hello', 'square', 4)).toMatchObject({ output: 16 });
  expect(await evaluated('hello', 'double', 4)).toMatchObject({ output: 8 });
});

test('ode answers with the whole solution: for few components that of the exact one', async () => {
  const { output } = await evaluated('ode', 'primal', { x: [0.5, 1.5, 1], s: 1, ...runs });
  const exact = [1, 0.5 * 1.5 * 2, (0.5 * 1.5 * 8) / 6];
  expect(disagreement(output as number[], exact)).toBeLessThan(1e-12);
});

test('kmeans: the direction of Newton leads from each mean of a cluster to its centroid', async () => {
  const [centroids, points, d] = kmeansInput(4, 60, 3);
  const input = { centroids: rowsOf(centroids, 4), points: rowsOf(points, 60), ...runs };
  const { output } = await evaluated('kmeans', 'dir', input);
  const nearest = input.points.map((point) => {
    const distances = input.centroids.map((centroid) => centroid.reduce((sum, c, j) => sum + (c - point[j]!) ** 2, 0));
    return distances.indexOf(Math.min(...distances));
  });
  const expected = input.centroids.map((centroid, c) => {
    const own = input.points.filter((_, i) => nearest[i] === c);
    return centroid.map((x, j) => x - own.reduce((sum, point) => sum + point[j]!, 0) / own.length);
  });
  expect(disagreement(numbersIn(output), expected.flat())).toBeLessThan(1e-9);
  expect(d).toBe(3);
  const cost = await evaluated('kmeans', 'cost', input);
  expect(disagreement([cost['output'] as number], [squaredDistances(centroids, points, d)])).toBe(0);
});

test('ba: the blocks of the sparse Jacobian are those of differences', async () => {
  const [cameras, points, weights, features] = baInput(1, 1, 1);
  const input = { n: 2, m: 3, p: 20, cam: [...cameras], x: [...points], w: weights[0]!, feat: [...features], ...runs };
  const { output } = await evaluated('ba', 'jacobian', input);
  const { rows, cols, vals } = output as { rows: number[]; cols: number[]; vals: number[] };
  expect(rows).toEqual([...Array.from({ length: 30 }, (_, i) => 15 * i), 31 * 20]);
  const columns = [...Array.from({ length: 11 }, (_, j) => j), 22, 23, 24, 31];
  expect(cols).toEqual([...columns, ...columns, 50]);
  const observation = { cam: input.cam, x: input.x, w: input.w };
  const block = [0, 1].flatMap((row) =>
    placesIn(observation).map((place) => {
      const { holder, key } = place;
      const x = numberAt(place);
      const at = (value: number) => {
        holder[key] = value;
        const { output: found } = modules['ba']!['objective']!({ ...input, ...observation, min_runs: 1, min_seconds: 0 } as never);
        holder[key] = x;
        return (found as { reproj_error: { elements: number[] } }).reproj_error.elements[row]!;
      };
      return slopeAt(at, x).slope;
    }),
  );
  expect(disagreement(vals.slice(0, 30), block)).toBeLessThan(1e-6);
  expect(vals[30]).toBe(-2 * input.w);
});

test.each([true, false])('ht: the columns of the Jacobian are differences of the objective (places in triangles: %s)', async (isComplicated) => {
  const [theta, us, hand, correspondences, points] = htInput(12, 5);
  const bones = hand.parents.length;
  const input = {
    theta: [...theta],
    us: isComplicated ? rowsOf(us, 5) : [],
    data: {
      correspondences: [...correspondences],
      points: rowsOf(points, 5),
      model: {
        parents: [...hand.parents],
        base_relatives: hand.baseRelatives.map((matrix) => rowsOf(matrix, 4)),
        inverse_base_absolutes: hand.inverseBaseAbsolutes.map((matrix) => rowsOf(matrix, 4)),
        base_positions: rowsOf(hand.basePositions, 12),
        weights: rowsOf(hand.weights, 12),
        triangles: rowsOf(Float64Array.from(hand.triangles), 12),
        is_mirrored: hand.isMirrored,
      },
    },
    ...runs,
  };
  expect(bones).toBe(22);
  const { output } = await evaluated('ht', 'jacobian', input);
  const objective = (): number[] => modules['ht']!['objective']!({ ...input, min_runs: 1, min_seconds: 0 } as never).output as number[];
  /** Along a change of the input by `step`. */
  const column = (move: (step: number) => void): number[] => {
    const at = (step: number) => {
      move(step);
      const errors = objective();
      move(-step);
      return errors;
    };
    return Array.from({ length: 15 }, (_, row) => slopeAt((step) => at(step)[row]!, 0).slope);
  };
  const along = isComplicated ? [0, 1].map((j) => column((step) => input.us.forEach((pair) => ((pair as number[])[j]! += step)))) : [];
  const angles = input.theta.map((_, i) => column((step) => (input.theta[i]! += step)));
  const columns = [...along, ...angles];
  expect((output as number[][]).every((row) => row.length === columns.length)).toBe(true);
  const expected = Array.from({ length: 15 }, (_, row) => columns.map((values) => values[row]!));
  expect(disagreement(numbersIn(output), expected.flat())).toBeLessThan(1e-6);
});

test.each(['rr', 'rf', 'fr', 'ff'])('particle and saddle: %s gives the known optima', async (modes) => {
  const { output } = await evaluated('particle', modes, { w: 0, ...runs });
  expect(output as number).toBeCloseTo(0.2071918746486116, 12);
  const { output: point } = await evaluated('saddle', modes, { start: [1, 1], ...runs });
  expect(point).toEqual(Array.from({ length: 4 }, () => 8.246324826140356e-6));
});

test('a module that is not there is undefined, not an error of the session', async () => {
  const [, define] = await answers([{ kind: 'start' }, { kind: 'define', module: 'fft' }]);
  expect(define).toEqual({ id: 1, success: false, error: 'no module fft' });
});

test('there are twelve', () => {
  expect(Object.keys(modules)).toHaveLength(12);
});

test('a function that is not there, or an input that does not fit, fails alone', async () => {
  const evaluate = { kind: 'evaluate', module: 'lse', input: null };
  const [missing, unfit, after] = await answers([
    { ...evaluate, function: 'hessian' },
    { ...evaluate, function: 'primal' },
    { kind: 'define', module: 'lse' },
  ]);
  expect(missing).toEqual({ id: 0, success: false, error: 'no function lse::hessian' });
  expect(unfit).toMatchObject({ id: 1, success: false });
  expect(after).toEqual({ id: 2, success: true });
});
