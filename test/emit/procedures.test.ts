/** Frames of calls that stay: entered again, left by a throw; and gradients of trees: shared parts, cycles, reused results. */

import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { ModuleFolder } from '../harness/load.ts';

async function load<T>(names: readonly string[]): Promise<T> {
  const folder = new ModuleFolder();
  for (const name of names) folder.write(name, readFileSync(`fixtures/calls/${name}`, 'utf8'));
  const modules = await Promise.all(names.map((name) => folder.load(name)));
  return Object.assign({}, ...modules.map((each) => ({ ...each }))) as T;
}

interface Branching {
  policy: { asked: () => void };
  grad_branching(x: number, depth: number): { value: number; d_x: number };
}

const branching = (): Promise<Branching> => load(['helpers/policy.ts', 're-entered.ts', 're-entered.grad.ts']);

describe('a procedure with a carried call', () => {
  it('finds its own frames when the companion is entered meanwhile', async () => {
    const { policy, grad_branching } = await branching();
    const alone = grad_branching(0.4, 3);
    let depth = 0;
    policy.asked = () => {
      if (depth === 2) return;
      depth += 1;
      grad_branching(1.1, 4);
      depth -= 1;
    };
    expect(grad_branching(0.4, 3)).toEqual(alone);
    policy.asked = () => {};
    expect(grad_branching(0.4, 3)).toEqual(alone);
  });

  it('goes on where an inner companion threw and was caught', async () => {
    const { policy, grad_branching } = await branching();
    const alone = grad_branching(0.4, 3);
    let [depth, asked] = [0, 0];
    policy.asked = () => {
      asked += 1;
      if (depth === 1 && asked % 5 === 0) throw new Error('enough');
      if (depth === 1) return;
      depth = 1;
      try {
        grad_branching(1.1, 4);
      } catch {
        // The outer call does not notice.
      }
      depth = 0;
    };
    expect(grad_branching(0.4, 3)).toEqual(alone);
  });

  it('leaves no broken state behind when it throws', async () => {
    const { policy, grad_branching } = await branching();
    const alone = grad_branching(0.4, 3);
    let asked = 0;
    policy.asked = () => {
      asked += 1;
      if (asked === 6) throw new Error('enough');
    };
    expect(() => grad_branching(0.4, 3)).toThrow('enough');
    policy.asked = () => {};
    expect(grad_branching(0.4, 3)).toEqual(alone);
  });
});

interface Tree {
  value: number;
  left?: Tree;
  right?: Tree;
}
interface TreeGradient {
  value: number;
  left?: TreeGradient | undefined;
  right?: TreeGradient | undefined;
}
interface Folded {
  value: number;
  d_tree: TreeGradient;
  d_k: number;
}
interface Trees {
  folded(tree: Tree, k: number): number;
  grad_folded(tree: Tree, k: number, out?: Folded): Folded;
}

const trees = (): Promise<Trees> => load(['trees.ts', 'trees.grad.ts']);

describe('the gradient of a tree', () => {
  it('has one object for what is reached twice', async () => {
    const { folded, grad_folded } = await trees();
    const twig: Tree = { value: 0.3 };
    const tree: Tree = { value: 0.5, left: { value: 1.2, left: twig }, right: twig };
    const { d_tree } = grad_folded(tree, 1.3);
    expect(d_tree.left!.left).toBe(d_tree.right);
    const h = 1e-5;
    const at = (value: number): number => {
      twig.value = value;
      return folded(tree, 1.3);
    };
    const slope = (at(0.3 + h) - at(0.3 - h)) / (2 * h);
    expect(d_tree.right!.value).toBeCloseTo(slope, 8);
  });

  it('is refused where the data contain themselves', async () => {
    const { grad_folded } = await trees();
    const tree: Tree = { value: 0.5 };
    tree.left = { value: 1, right: tree };
    expect(() => grad_folded(tree, 1.3)).toThrow(RangeError);
  });

  it('is written into `out` where that has the shape, and refused before anything is written where not', async () => {
    const { grad_folded } = await trees();
    const tree: Tree = { value: 0.5, left: { value: 1.2 } };
    const fresh = grad_folded(tree, 1.3);
    const out = grad_folded({ value: 3, left: { value: 4 } }, 0.2);
    const { d_tree } = out;
    expect(grad_folded(tree, 1.3, out)).toEqual(fresh);
    expect(out.d_tree).toBe(d_tree);
    const before = structuredClone(out);
    expect(() => grad_folded({ value: 0.5, left: { value: 1, right: { value: 2 } } }, 1.3, out)).toThrow(/out\.d_tree\.left\.right is absent/);
    expect(out).toEqual(before);
  });
});
