/** Which loops of the backward sweep mirror which of the forward one, and whose frames they take off. */

import type { Block, Graph, LoopNode, Node } from '../../src/graph/types.ts';
import { visit } from '../../src/graph/walk.ts';
import type { Site } from './decide.ts';
import type { Frames } from './frames.ts';
import type { Structure } from './structure.ts';

export class Mirrors {
  private readonly loops = new Map<number, LoopNode>();
  private readonly includingLeaving = new Map<number, boolean>();
  private readonly structure: Structure;
  private readonly frames: Frames;

  constructor(graph: Graph, structure: Structure, frames: Frames) {
    this.structure = structure;
    this.frames = frames;
    visit(graph.body, (node) => {
      if (node.kind !== 'loop') return;
      this.loops.set(node.id, node);
      if (node.mirrors !== undefined) this.includingLeaving.set(node.mirrors, node.includesLeaving ?? false);
    });
  }

  /** The loop of the forward sweep that a loop mirrors. */
  forwardOf({ mirrors }: LoopNode): LoopNode | undefined {
    return mirrors === undefined ? undefined : this.loops.get(mirrors);
  }

  /** Whether the mirror of a loop begins with the iteration that left it: then that iteration keeps a frame too. */
  includesLeaving(forward: LoopNode): boolean {
    return this.includingLeaving.get(forward.id) ?? false;
  }

  /** Whether frames that a position finds are put down in a statement, or taken off. */
  containsPositioned(node: Node): boolean {
    if (node.kind === 'if') return [node.then, node.else].some((arm) => arm.nodes.some((inner) => this.containsPositioned(inner)));
    if (node.kind !== 'loop') return false;
    const forward = this.forwardOf(node);
    if (this.frames.isPositioned(node) || (forward && this.frames.isPositioned(forward))) return true;
    return node.body.nodes.some((inner) => this.containsPositioned(inner));
  }

  /**
   * The statement of the forward sweep whose frames this one takes off, if that stands in the same block: the position
   * then starts from where that one ended, and other frames may have been reserved in between.
   */
  partnerOf(node: Node, block: Block): Node | undefined {
    const forward = this.firstMirrored(node, node);
    if (forward === undefined) return undefined;
    const path = this.structure.pathOf(this.structure.placeOfNode(forward).block);
    const depth = path.indexOf(block);
    if (depth < 0) return undefined;
    const inner = path[depth + 1];
    return inner === undefined ? forward : this.structure.ownerOf(inner)!;
  }

  /** The loop around a place of the backward sweep that mirrors `forward`; `forward` itself where it is fused. */
  at(forward: LoopNode, site: Site): LoopNode {
    const around = this.structure.loopsAround(site.block);
    const mirror = around.find((loop) => loop === forward || loop.mirrors === forward.id);
    if (mirror === undefined) throw new Error('a value is restored outside the mirror of its loop');
    return mirror;
  }

  /** The positioned loop that is mirrored first in a statement; not one that the statement itself runs again. */
  private firstMirrored(node: Node, statement: Node): LoopNode | undefined {
    if (node.kind === 'loop') {
      const forward = this.forwardOf(node);
      const isOutside = forward && this.frames.isPositioned(forward) && !this.structure.contains(statement, this.structure.placeOfNode(forward).order);
      return isOutside ? forward : firstOf(node.body.nodes, (inner) => this.firstMirrored(inner, statement));
    }
    if (node.kind !== 'if') return undefined;
    return firstOf([...node.then.nodes, ...node.else.nodes], (inner) => this.firstMirrored(inner, statement));
  }
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
