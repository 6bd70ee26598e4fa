/**
 * Whether rows of a loop may go together although they write to what they read.
 *
 *     for (i from k + 1 …) for (j from k + 1 …) a[i * n + j] -= f[i] * a[k * n + j];      row `k` is none of the rows `i`
 *
 * What the inner loops of several iterations do is mixed, and comes before the rest of any of them. That is the same where no
 * element that one of them writes is met by another: `storage/apart` knows that of indices. What is added in a backward sweep may
 * be added in any order.
 */

import type { LoopNode, Node, Value } from '../src/graph/types.ts';
import { operands, visit } from '../src/graph/walk.ts';
import { isReference, isTyped, type Memory } from './memory.ts';
import { type Access, areApart } from './storage/apart.ts';
import type { Structure } from './storage/structure.ts';

export class RowOrder {
  private readonly loop: LoopNode;
  private readonly memory: Memory;
  private readonly structure: Structure;

  constructor(loop: LoopNode, memory: Memory, structure: Structure) {
    this.loop = loop;
    this.memory = memory;
    this.structure = structure;
  }

  /** A typed array of numbers that nobody else holds: its elements are told apart by their indices. */
  isNamed(array: Value): boolean {
    if (!isTyped(array) || array.type.kind !== 'array' || array.type.element.kind !== 'real') return false;
    const roots = this.memory.rootsOf(array);
    return roots.size > 0 && ![...roots].some((root) => this.memory.isShared(root));
  }

  /** `together` runs for all rows, and then `rest` row by row. */
  isKept(together: readonly Node[], rest: readonly Node[]): boolean {
    const mixed = accessesIn(together);
    const after = accessesIn(rest);
    if (mixed.some((access) => access.kind !== 'load' && this.isLookedAtWhole(access.memory))) return false;
    const order = this.loop.body.nodes;
    const isAhead = (one: Access, other: Access): boolean => this.placeIn(order, one) < this.placeIn(order, other);
    return mixed.every(
      (second) =>
        [...mixed, ...after].every((first) => this.mayCross(first, second, this.loop)) &&
        after.every((first) => !isAhead(first, second) || this.mayCross(first, second)),
    );
  }

  /** By something else than a load of one element: `Math.max(...a)`. */
  private isLookedAtWhole(array: Value): boolean {
    const roots = this.memory.rootsOf(array);
    let isSo = false;
    visit(this.loop.body, (node) => {
      if (node.kind !== 'apply' && node.kind !== 'carry') return;
      isSo ||= operands(node).some((operand) => isReference(operand.type) && [...this.memory.rootsOf(operand)].some((root) => roots.has(root)));
    });
    return isSo;
  }

  /** Whether `second` may come before `first`; `later`: `second` is in a later iteration of that loop. */
  private mayCross(first: Access, second: Access, later?: LoopNode): boolean {
    if (first.kind === 'load' && second.kind === 'load') return true;
    if (first.kind === 'accumulate' && second.kind === 'accumulate' && this.loop.backward) return true;
    const roots = this.memory.rootsOf(second.memory);
    const meets = first.memory === second.memory || [...this.memory.rootsOf(first.memory)].some((root) => roots.has(root));
    return !meets || areApart(this.structure, first, second, { later });
  }

  /** Which node of the body is the access, or has it inside. */
  private placeIn(order: readonly Node[], access: Access): number {
    const { order: at } = this.structure.placeOfNode(access);
    return order.findIndex((node) => node === access || this.structure.contains(node, at));
  }
}

function accessesIn(nodes: readonly Node[]): readonly Access[] {
  const found: Access[] = [];
  const note = (node: Node): void => void (node.kind === 'load' || node.kind === 'store' || node.kind === 'accumulate' ? found.push(node) : undefined);
  for (const node of nodes) {
    note(node);
    if (node.kind === 'loop') visit(node.body, note);
    if (node.kind === 'if') for (const arm of [node.then, node.else]) visit(arm, note);
  }
  return found;
}
