/**
 * Random functions whose derivatives another function makes a number of, which is differentiated in its turn: second and third
 * derivatives of what a companion keeps, with loops and branches that are not come by.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { generate } from '../../src/index.ts';
import type { Callable } from '../harness/check-companion.ts';
import { at, leavesOf, printPath, withNumberAt, type Datum } from '../harness/data.ts';
import { slopeAt } from '../harness/differences.ts';
import { ModuleFolder } from '../harness/load.ts';
import { sourceOf, type RandomProgram } from './program.ts';

export interface NestedOutcome {
  readonly seed: number;
  /** Of derivatives; undefined where the outer function is refused: it calls what calls itself. */
  readonly compared?: number;
  readonly problem?: string;
}

export async function checkNested(programs: readonly RandomProgram[]): Promise<readonly NestedOutcome[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gradgen-nested-'));
  const modules = new ModuleFolder();
  try {
    for (const program of programs) {
      for (const [name, text] of [[`inner${program.seed}.ts`, innerOf(program)], [`outer${program.seed}.ts`, outerOf(program)]] as const) {
        writeFileSync(path.join(folder, name), text);
        modules.write(name, text);
      }
    }
    const { files } = await generate({ cwd: folder, files: ['.'], write: false });
    for (const file of files) modules.write(path.basename(file.path), file.text ?? '');
    const made = new Set(files.map((file) => path.basename(file.path)));
    return await Promise.all(programs.map(async (program) => (made.has(`outer${program.seed}.grad.ts`) ? check(program, modules) : { seed: program.seed })));
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(modules.path, { recursive: true });
  }
}

async function check(program: RandomProgram, modules: ModuleFolder): Promise<NestedOutcome> {
  const { seed, differentiated } = program;
  const primal = (await modules.load(`outer${seed}.ts`))['outer'] as Callable;
  const gradient = (await modules.load(`outer${seed}.grad.ts`))['grad_outer'] as Callable;
  const names = parametersOf(program).map(([name]) => name);
  let compared = 0;
  for (const [i, args] of program.samples.entries()) {
    const value = primal(...args) as number;
    if (!Number.isFinite(value)) continue;
    try {
      const result = gradient(...args) as { readonly value: number };
      // Gradients are sums in no fixed order.
      if (Math.abs(result.value - value) > 1e-9 * Math.max(1, Math.abs(value))) return { seed, problem: `sample ${i}: value ${result.value}, the primal returns ${value}` };
      for (const name of differentiated) {
        const index = names.indexOf(name);
        for (const { path: place, value: point } of leavesOf(args[index])) {
          const { slope, error } = slopeAt((x) => primal(...(withNumberAt(args, [index, ...place], x) as Datum[])) as number, point);
          const scale = Math.max(Math.abs(slope), Math.abs(value), 1e-2);
          const got = at(result as unknown as Datum, [`d_${name}`, ...place]) as number;
          if (!(error < 1e-4 * scale)) continue;
          if (!(Math.abs(got - slope) <= 2e-5 * scale + 10 * error)) return { seed, problem: `sample ${i}: d_${name}${printPath(place)} is ${got}, differences give ${slope}` };
          compared++;
        }
      }
    } catch (error) {
      return { seed, problem: `sample ${i}: ${String(error)}` };
    }
  }
  return { seed, compared };
}

const kinds = ['grad', 'jvp', 'hvp'] as const;

/** Which companion the outer function calls. */
function kindOf({ seed }: RandomProgram): (typeof kinds)[number] {
  return kinds[seed % 3]!;
}

function innerOf(program: RandomProgram): string {
  return sourceOf(program).replace('@grad', `@${kindOf(program)}`);
}

/** A number made of everything that the companion returns; directions are the arguments themselves. */
function outerOf(program: RandomProgram): string {
  const kind = kindOf(program);
  const parameters = parametersOf(program);
  const differentiated = parameters.filter(([name]) => program.differentiated.includes(name));
  const made = kind === 'jvp' ? ['1.3 * r.t_value'] : differentiated.flatMap(([name, type]) => (kind === 'grad' ? ['d'] : ['d', 'h']).flatMap((letter) => partsOf(`r.${letter}_${name}`, type)));
  const directions = kind === 'grad' ? [] : differentiated.map(([name, , mayMiss]) => (mayMiss ? `${name} ?? 0.3` : name));
  const companion = `${kind}_${program.name}`;
  return `import { ${companion} } from './inner${program.seed}.grad.ts';

/** @grad ${program.differentiated.join(' ')} */
export function outer(${program.parameters.replaceAll(/\b\w+_Tree\b/g, `Parameters<typeof ${companion}>[${parameters.findIndex(([, type]) => type.endsWith('_Tree'))}]`)}): number {
  const r = ${companion}(${[...parameters.map(([name]) => name), ...directions].join(', ')});
  return ${['0.5 * r.value', ...made].join(' + ')};
}
`;
}

function partsOf(gradient: string, type: string): readonly string[] {
  if (type === 'number') return [`1.3 * ${gradient}`];
  if (/^(readonly number\[\]|number\[\]|Float64Array)$/.test(type)) return [`${gradient}.reduce((sum, d, i) => sum + (d * (i + 1)) / Math.sqrt(1 + d * d), 0)`];
  return type === '{ a: number; b: number }' ? [`0.4 * ${gradient}.a * ${gradient}.b`] : [];
}

/** Name and type of each, and whether it may be absent. */
function parametersOf({ parameters }: RandomProgram): readonly (readonly [name: string, type: string, mayMiss: boolean])[] {
  let depth = 0;
  const cuts = [...parameters].flatMap((character, i) => {
    if ('{([<'.includes(character)) depth++;
    if ('})]>'.includes(character)) depth--;
    return character === ',' && depth === 0 ? [i] : [];
  });
  return [-1, ...cuts].map((from, i) => {
    const [name = '', ...type] = parameters.slice(from + 1, cuts[i]).split(':');
    // `u = 0.8`
    const [plain = '', preset] = name.split('=');
    return [plain.trim().replace('?', ''), preset === undefined ? type.join(':').trim() : 'number', name.includes('?')] as const;
  });
}
