/** A carried call that enters the companion again, and one that throws: neither may disturb the scratch of the outer call. */

import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { ModuleFolder } from '../harness/load.ts';

interface Companion {
  grad_entered(x: number, n: number): { value: number; d_x: number };
}
interface Source {
  hooks: { asked: () => void };
}

async function load(): Promise<Companion & Source> {
  const folder = new ModuleFolder();
  for (const name of ['re-entrant.ts', 're-entrant.grad.ts']) {
    folder.write(name, readFileSync(`fixtures/control-flow/${name}`, 'utf8'));
  }
  const source = (await folder.load('re-entrant.ts')) as unknown as Source;
  const companion = (await folder.load('re-entrant.grad.ts')) as unknown as Companion;
  return { hooks: source.hooks, grad_entered: companion.grad_entered };
}

describe('re-entrant calls', () => {
  it('gives the same gradient when the companion is entered meanwhile', async () => {
    const { hooks, grad_entered } = await load();
    const alone = grad_entered(0.7, 3);
    let depth = 0;
    hooks.asked = () => {
      if (depth === 2) return;
      depth += 1;
      grad_entered(2.1, 40);
      depth -= 1;
    };
    expect(grad_entered(0.7, 3)).toEqual(alone);
    hooks.asked = () => {};
    expect(grad_entered(0.7, 3)).toEqual(alone);
  });

  it('leaves no broken state behind when the call throws', async () => {
    const { hooks, grad_entered } = await load();
    const alone = grad_entered(0.7, 3);
    let asked = 0;
    hooks.asked = () => {
      asked += 1;
      if (asked === 3) throw new Error('enough');
    };
    expect(() => grad_entered(0.7, 3)).toThrow('enough');
    hooks.asked = () => {};
    expect(grad_entered(0.7, 3)).toEqual(alone);
  });
});
