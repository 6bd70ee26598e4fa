/** The package as npm packs it, in a project of its own. `npm test` builds first. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

import { folderWith } from '../project/temporary-folder.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const strict = {
  target: 'es2022',
  lib: ['es2022'],
  types: [],
  module: 'nodenext',
  rootDir: 'src',
  outDir: 'build',
  declaration: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitReturns: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  isolatedDeclarations: true,
  noPropertyAccessFromIndexSignature: true,
  erasableSyntaxOnly: true,
};

const project = {
  'package.json': '{ "name": "app", "type": "module", "private": true }',
  'tsconfig.json': JSON.stringify({ compilerOptions: strict, include: ['src'] }),
  'src/helpers.ts': `export const slope = 0.5;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function residual({ x, y }: Point, w: Float64Array): number {
  const miss = w[0]! + w[1]! * x - y;
  return miss > 0 ? miss : slope * miss;
}
`,
  'src/model.ts': `import { residual, type Point } from './helpers.js';

/** @grad w */
export function loss(w: Float64Array, points: readonly Point[]): number {
  let sum = 0;
  for (const point of points) sum += residual(point, w) ** 2;
  return sum;
}
`,
  'src/network.ts': `import { crossEntropy, matVec, softplus } from 'gradgen/linalg';
import { stopGradient } from 'gradgen/intrinsics';

/** @grad w */
export function networkLoss(w: Float64Array, x: readonly number[], label: number): number {
  const scores = softplus(matVec(w, x, 2, x.length));
  return crossEntropy(scores, label) + stopGradient(0 * w[0]!);
}
`,
  'src/main.ts': `import { grad_networkLoss } from './network.grad.js';
import { networkLoss } from './network.js';
import { grad_loss } from './model.grad.js';
import { loss } from './model.js';

const points = [{ x: 1, y: 2 }, { x: 2, y: -1 }];
const at = (bias: number): number => loss(new Float64Array([bias, 0.2]), points);
const { value, d_w } = grad_loss(new Float64Array([0.1, 0.2]), points);
const difference = (at(0.1001) - at(0.0999)) / 0.0002;
if (value !== at(0.1) || Math.abs(difference - d_w[0]!) > 1e-6) throw new Error('wrong');
const network = (w: number): number => networkLoss(new Float64Array([w, 0.2, -0.3, 0.4]), [1, 2], 1);
const { d_w: d_network } = grad_networkLoss(new Float64Array([0.1, 0.2, -0.3, 0.4]), [1, 2], 1);
if (Math.abs((network(0.1001) - network(0.0999)) / 0.0002 - d_network[0]!) > 1e-6) throw new Error('wrong');
`,
};

function command(cwd: string, file: string, ...words: string[]): string {
  const environment = { ...process.env, GITHUB_ACTIONS: '', FORCE_COLOR: '', NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(file, words, { cwd, encoding: 'utf8', env: environment });
  expect(status, `${file} ${words.join(' ')}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

/** An empty project with the packed gradgen and its dependencies, as `npm install` leaves it. */
function installed(): string {
  const app = folderWith(project);
  const modules = path.join(app, 'node_modules');
  mkdirSync(path.join(modules, '.bin'), { recursive: true });
  // Without scripts: `dist` is built, and other tests run it.
  const packed = command(root, 'npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', app).trim();
  command(app, 'tar', '-xzf', packed, '-C', modules);
  command(modules, 'mv', 'package', 'gradgen');
  const manifest = JSON.parse(readFileSync(path.join(modules, 'gradgen/package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
    readonly bin: { readonly gradgen: string };
  };
  for (const name of Object.keys(manifest.dependencies)) symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name));
  symlinkSync(path.join('..', 'gradgen', manifest.bin.gradgen), path.join(modules, '.bin/gradgen'));
  command(modules, 'chmod', '+x', path.join('gradgen', manifest.bin.gradgen));
  return app;
}

describe('the package', () => {
  it('is all that a project needs, and its companions need nothing of it', () => {
    const app = installed();
    expect(command(app, path.join(app, 'node_modules/.bin/gradgen'), 'src/model.ts', 'src/network.ts')).toBe('wrote src/model.grad.ts\nwrote src/network.grad.ts\n');
    command(app, path.join(root, 'node_modules/.bin/tsc'), '-p', '.');
    command(app, process.execPath, 'build/main.js');
    for (const name of ['model', 'network']) {
      expect(readFileSync(path.join(app, `build/${name}.grad.js`), 'utf8')).not.toMatch(/\bimport\b|\brequire\b/);
    }
  });
});
