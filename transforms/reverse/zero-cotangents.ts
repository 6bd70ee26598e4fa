/**
 * Which values may have an adjoint of exactly zero because a selection discarded them, while what they are computed from
 * is infinite: then `0 * Infinity` must not become NaN.
 *
 * A value is discarded where all of its uses may be: in one arm of an `if` while it is computed outside, below `max`, `min`,
 * `abs`, by a store that is overwritten, or in a value that is discarded itself. A greatest fixpoint: uses that certainly
 * count take values out.
 */

import type { Primitive } from '../../src/graph/primitives.ts';
import type { Block, Graph, Value } from '../../src/graph/types.ts';
import { blocks, exitOperands } from '../../src/graph/walk.ts';

const selections: ReadonlySet<Primitive> = new Set(['max', 'min', 'abs', 'sign', 'select', 'guard', 'stop']);

/** `onlySelections`: what is stored, and what the last iteration hands on, is taken to be used. */
export function analyseDiscarded(graph: Graph, homeOf: (value: Value) => Block | undefined, { onlySelections = false } = {}): (value: Value) => boolean {
  const counts = new Set<Value>(graph.procedure?.discarded ? [] : exitOperands(graph.body.exit));
  let changed = true;
  /** `value` counts where it is used in its own block, or in one that is run whenever that is. */
  const use = (value: Value, arms: readonly Block[]): void => {
    if (counts.has(value)) return;
    const home = homeOf(value);
    const isInArm = arms.length > 0 && (home === undefined || !arms.some((arm) => within(arm, home)));
    if (isInArm) return;
    counts.add(value);
    changed = true;
  };
  /** Whether `block` is `arm` or inside it. */
  const inside = new Map<Block, Set<Block>>();
  const within = (arm: Block, block: Block): boolean => inside.get(arm)?.has(block) ?? false;
  const collect = (block: Block, around: readonly Block[]): void => {
    for (const outer of [...around, block]) {
      const known = inside.get(outer) ?? new Set<Block>();
      known.add(block);
      inside.set(outer, known);
    }
    for (const node of block.nodes) for (const inner of blocks(node)) collect(inner, [...around, block]);
  };
  collect(graph.body, []);

  const handOut = (block: Block, results: readonly Value[], arms: readonly Block[]): void => {
    if (block.exit.kind !== 'yield' && block.exit.kind !== 'break') return;
    block.exit.values.forEach((value, i) => {
      if (counts.has(results[i]!)) use(value, arms);
    });
  };
  /** `loop`: the results of the nearest loop, which a `break` hands out, and the arms around it. */
  const walk = (block: Block, arms: readonly Block[], loop: { results: readonly Value[]; arms: readonly Block[] }): void => {
    if (block.exit.kind === 'break') handOut(block, loop.results, loop.arms);
    for (const node of block.nodes.toReversed()) {
      switch (node.kind) {
        case 'apply':
          if (counts.has(node.result) && !selections.has(node.op)) node.operands.forEach((operand) => use(operand, arms));
          break;
        case 'store':
        case 'accumulate':
          if (onlySelections) use(node.value, arms);
          break;
        case 'resize':
          if (onlySelections && node.value) use(node.value, arms);
          break;
        case 'alloc':
          if (onlySelections && (node.init.kind === 'elements' || node.init.kind === 'fields')) node.init.values.forEach((value) => use(value, arms));
          break;
        case 'call':
        case 'rule':
          if (node.results.some((result) => counts.has(result))) node.operands.forEach((operand) => use(operand, arms));
          break;
        case 'if':
          for (const arm of [node.then, node.else]) {
            walk(arm, [...arms, arm], loop);
            if (arm.exit.kind === 'yield') handOut(arm, node.results, [...arms, arm]);
          }
          break;
        case 'loop':
          walk(node.body, arms, { results: node.results, arms });
          node.body.params.forEach((param, i) => {
            const next = node.body.exit.kind === 'yield' ? node.body.exit.values[i] : undefined;
            if (!counts.has(param)) return;
            use(node.initial[i]!, arms);
            // What the last iteration hands on is discarded where nobody asks for it behind the loop.
            if (next && (onlySelections || counts.has(node.results[i]!))) use(next, arms);
          });
          node.done.forEach((value, i) => {
            if (counts.has(node.results[i]!)) use(value, arms);
          });
          break;
        default:
          break;
      }
    }
  };
  while (changed) {
    changed = false;
    walk(graph.body, [], { results: [], arms: [] });
  }
  return (value) => !counts.has(value);
}
