/**
 * `npm run bench:sections`: how long the gradient of a function of 800 statements takes, whole and cut into sections, as a multiple of
 * its primal. V8 optimises no function of more than 61,440 bytes of bytecode. `--node PATH` runs another engine.
 */

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { derive } from '../../src/pipeline.ts';
import { compileSource, openProgram, type Deriver } from '../../test/harness/compile.ts';
import { ModuleFolder } from '../../test/harness/load.ts';

const { values } = parseArgs({ options: { node: { type: 'string', default: process.execPath } } });

const source = `/** @grad */
export function long(x: number, y: number): number {
  let a = x;
  let b = y;
${Array.from({ length: 400 }, (_, k) => `  a = Math.sin(a * b) + ${(k % 9) / 10} * b;\n  b = a * ${((k % 5) + 1) / 6} - b / (1 + a * a);\n`).join('')}  return a + b;
}
`;

const ways: Readonly<Record<string, Deriver>> = {
  whole: (primal, request) => derive(primal, request, { sections: { limit: Number.POSITIVE_INFINITY, section: 1, smallest: 1 } }),
  'in sections': (primal, request) => derive(primal, request),
};

/** Microseconds of both, the best of many batches in turns. */
const measuring = `
import { long } from './long.mjs';
import { grad_long } from './long.grad.mjs';
const best = [Infinity, Infinity];
let sum = 0;
for (let batch = 0; batch < 40; batch++) {
  [long, (x, y) => grad_long(x, y).d_x].forEach((run, which) => {
    const begin = process.hrtime.bigint();
    for (let i = 0; i < 300; i++) sum += run(0.3 + i * 1e-4, 0.7);
    best[which] = Math.min(best[which], Number(process.hrtime.bigint() - begin) / 300e3);
  });
}
console.log(JSON.stringify(best), sum > 0);
`;

for (const [name, deriver] of Object.entries(ways)) {
  const folder = new ModuleFolder();
  const file = path.join(folder.path, 'long.ts');
  writeFileSync(file, source);
  folder.write('long.ts', source);
  folder.write('long.grad.ts', compileSource(openProgram([file]), file, deriver).text);
  writeFileSync(path.join(folder.path, 'measuring.mjs'), measuring);
  const { stdout, stderr } = spawnSync(values.node, [path.join(folder.path, 'measuring.mjs')], { encoding: 'utf8' });
  const [primal, gradient] = JSON.parse(/^\[.*\]/.exec(stdout)?.[0] ?? `no figures: ${stderr}`) as [number, number];
  console.log(`${name}: ${gradient.toFixed(1)} µs, ${(gradient / primal).toFixed(2)} times the primal's ${primal.toFixed(1)} µs`);
}
