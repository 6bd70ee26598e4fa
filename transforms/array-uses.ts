/** How arrays of numbers come into being, and what is stored in them: as far as it says how long they can become. */

import { append } from '../src/graph/lists.ts';
import type { AllocNode, Block, Graph, LoopNode, Node, Value } from '../src/graph/types.ts';
import { blocks } from '../src/graph/walk.ts';
import type { Memory, Root } from './memory.ts';

export interface Stored {
  readonly index: Value;
  /** The loops around the store, innermost first. */
  readonly around: readonly LoopNode[];
}

export class ArrayUses {
  readonly memory: Memory;
  private readonly made = new Map<Root, AllocNode>();
  private readonly stored = new Map<Root, Stored[]>();
  private readonly resized = new Set<Root>();
  /** Parameters that are matrices, by what stands for their rows. */
  private readonly matrices = new Map<Root, Value>();

  constructor(graph: Graph, memory: Memory) {
    this.memory = memory;
    for (const param of graph.params) {
      if (!isMatrix(param) || !memory.isReadOnly(param)) continue;
      for (const inside of memory.contentsOf(param)) this.matrices.set(inside, param);
    }
    this.walk(graph.body, []);
  }

  /** The array that a root stands for, where the graph makes it of a length that only stores behind its end change. */
  madeAs(root: Root): AllocNode | undefined {
    return this.resized.has(root) || this.memory.isShared(root) ? undefined : this.made.get(root);
  }

  storesTo(root: Root): readonly Stored[] {
    return this.stored.get(root) ?? [];
  }

  /** The parameter whose rows a root stands for. */
  matrixOf(root: Root): Value | undefined {
    return this.matrices.get(root);
  }

  private walk(block: Block, around: readonly LoopNode[]): void {
    for (const node of block.nodes) {
      this.look(node, around);
      for (const inner of blocks(node)) this.walk(inner, node.kind === 'loop' ? [node, ...around] : around);
    }
  }

  private look(node: Node, around: readonly LoopNode[]): void {
    if (node.kind === 'alloc') this.made.set(node.result, node);
    else if (node.kind === 'resize') for (const root of this.memory.rootsOf(node.memory)) this.resized.add(root);
    else if (node.kind === 'call') for (const operand of node.operands) for (const root of this.memory.reachableFrom(operand)) this.resized.add(root);
    else if ((node.kind === 'store' || node.kind === 'accumulate' || node.kind === 'undo') && node.key.kind === 'index') {
      for (const root of this.memory.rootsOf(node.memory)) append(this.stored, root, { index: node.key.index, around });
    }
  }
}

export function isMatrix({ type }: Value): boolean {
  return type.kind === 'array' && type.element.kind === 'array' && type.element.element.kind === 'real';
}
