/**
 * Time and memory of the generated gradients of some fixtures, against their primals, in one run.
 *
 *   npm run bench [-- --json FILE]
 *
 * Ratio: minimum of many batches, primal and gradient interleaved. Bytes: heapUsed over 2,000 warm calls with `out`, less
 * what the primal allocates the same way. The goldens in `fixtures/` are what runs.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ts } from 'ts-morph';

const root = new URL('..', import.meta.url);

function wave(length, phase, scale = 0.5) {
  return Float64Array.from({ length }, (_, i) => scale * Math.sin(1.7 * i + phase));
}

const network = (inputs, hidden) => ({
  hidden: Array.from({ length: hidden }, (_, h) => wave(inputs, h)),
  hiddenBias: wave(hidden, 0.3),
  output: wave(hidden, 1.1),
  outputBias: 0.2,
});

const problems = [
  { file: 'nodes/sigmoid-neuron', name: 'sigmoidNeuron', args: [0.5, 2] },
  {
    file: 'models/softmax-regression',
    name: 'softmaxLoss',
    args: [wave(60, 0.1), wave(3, 0.2), wave(2000, 0.7), Int32Array.from({ length: 100 }, (_, i) => i % 3), 0.01],
  },
  {
    file: 'models/two-layer',
    name: 'networkLoss',
    args: [network(32, 64), Array.from({ length: 64 }, (_, s) => wave(32, s)), Array.from({ length: 64 }, (_, s) => Math.cos(s))],
  },
  { file: 'models/lstm', name: 'lstmInPlace', args: [wave(4 * 8 * 10, 0.4), wave(8, 0.2), wave(100, 0.1)] },
  {
    file: 'models/gaussian-mixture',
    name: 'mixtureLoss',
    args: [wave(5, 0.1), wave(50, 0.2), wave(5, 0.3, 0.1), wave(10000, 0.4), 10],
  },
  {
    file: 'models/lotka-volterra',
    name: 'lotkaVolterra',
    args: [
      Float64Array.of(0.55, 0.028, 0.024, 0.8),
      Float64Array.of(33, 6),
      Float64Array.from({ length: 40 }, (_, i) => 20 + 10 * Math.sin(i)),
      10,
    ],
  },
];

function transpile(path, directory) {
  const source = readFileSync(new URL(path, root), 'utf8');
  const options = { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } };
  const text = ts.transpileModule(source, options).outputText;
  const file = join(directory, `${path.replaceAll('/', '_')}.mjs`);
  writeFileSync(file, text);
  return import(pathToFileURL(file).href);
}

/** A call with these arguments that allocates nothing itself (a spread would make an array each time). */
function bind(f, args) {
  const names = args.map((_, i) => `a${i}`);
  return new Function('f', ...names, `let last; return () => { last = f(${names.join(', ')}); };`)(f, ...args);
}

/** Best time of one call in nanoseconds, both functions in turn. */
function compare(primal, gradient) {
  const repeat = (f) => {
    let count = 1;
    for (;;) {
      const start = process.hrtime.bigint();
      for (let i = 0; i < count; i++) f();
      if (Number(process.hrtime.bigint() - start) > 1e6) return count;
      count *= 2;
    }
  };
  for (let i = 0; i < 300; i++) {
    primal();
    gradient();
  }
  const counts = [repeat(primal), repeat(gradient)];
  const best = [Infinity, Infinity];
  for (let batch = 0; batch < 120; batch++) {
    [primal, gradient].forEach((f, k) => {
      const start = process.hrtime.bigint();
      for (let i = 0; i < counts[k]; i++) f();
      best[k] = Math.min(best[k], Number(process.hrtime.bigint() - start) / counts[k]);
    });
  }
  return best;
}

/** The median of the last nine of eighteen rounds: what the engine allocates to optimise is no part of a call. */
function bytesPerCall(f, args) {
  // `Reflect.apply` is not inlined: what the engine saves by merging a function with its caller is not counted.
  for (let i = 0; i < 3000; i++) Reflect.apply(f, undefined, args);
  const rounds = Array.from({ length: 18 }, () => {
    globalThis.gc();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 2000; i++) Reflect.apply(f, undefined, args);
    return (process.memoryUsage().heapUsed - before) / 2000;
  });
  return rounds.slice(9).sort((a, b) => a - b)[4];
}

async function measure({ file, name, args }) {
  const directory = mkdtempSync(join(tmpdir(), 'gradgen-bench-'));
  try {
    const primal = (await transpile(`fixtures/${file}.ts`, directory))[name];
    const gradient = (await transpile(`fixtures/${file}.grad.ts`, directory))[`grad_${name}`];
    const out = gradient(...args);
    if (!Object.is(out.value, primal(...args))) throw new Error(`${name}: value differs`);
    const bytes = bytesPerCall(gradient, [...args, out]) - bytesPerCall(primal, args);
    const [p, g] = compare(bind(primal, args), bind(gradient, [...args, out]));
    return { name, primal: p, gradient: g, ratio: g / p, bytes };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const only = process.env.GRADGEN_BENCH;
if (only !== undefined) {
  console.log(JSON.stringify(await measure(problems.find(({ name }) => name === only))));
} else {
  // A process for each problem: what one has taught the engine does not reach the next.
  const script = fileURLToPath(import.meta.url);
  const flags = ['--expose-gc', '--max-semi-space-size=128'];
  const rows = problems.map(({ name }) =>
    JSON.parse(execFileSync(process.execPath, [...flags, script], { env: { ...process.env, GRADGEN_BENCH: name }, encoding: 'utf8' })),
  );
  const microseconds = (nanoseconds) => (nanoseconds / 1000).toFixed(3).padStart(10);
  console.log(`node ${process.version}`);
  console.log(`${'function'.padEnd(16)} primal µs gradient µs   ratio  bytes/call above primal`);
  for (const row of rows) {
    const figures = [row.ratio.toFixed(2).padStart(7), row.bytes.toFixed(1).padStart(8)];
    console.log(row.name.padEnd(16), microseconds(row.primal), microseconds(row.gradient), ...figures);
  }
  const json = process.argv.indexOf('--json');
  if (json > 0) writeFileSync(process.argv[json + 1], `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`);
}
