/**
 * What the backward sweep asks of the forward one: values to be noted before a store, a length, a trip counter, which exit
 * was taken. Collected while reversing, applied in one walk at the end. Forward operations themselves never change.
 */

import { BlockBuilder, integer, newValue } from '../../src/graph/build.ts';
import { append } from '../../src/graph/lists.ts';
import type { Block, Counter, Exit, Graph, LoopNode, Node, Value } from '../../src/graph/types.ts';
import { mapBlocks } from '../../src/graph/walk.ts';

export class ForwardChanges {
  private readonly before = new Map<Node, Node[]>();
  private readonly after = new Map<Node, Node[]>();
  private readonly atEnd = new Map<Block, Node[]>();
  private readonly counters = new Map<number, Counter>();
  private readonly tags = new Map<number, Value>();
  private readonly exitTags = new Map<Exit, number>();
  private readonly nodesOfCounters = new Map<number, Node>();
  private readonly replaced = new Map<Node, Node>();

  insertBefore(node: Node, added: readonly Node[]): void {
    append(this.before, node, ...added);
  }

  insertAfter(node: Node, added: readonly Node[]): void {
    append(this.after, node, ...added);
  }

  insertAtEnd(block: Block, added: readonly Node[]): void {
    append(this.atEnd, block, ...added);
  }

  /** Another node in the place of this one, which nothing of what was asked for is done to. */
  replace(node: Node, by: Node): void {
    this.replaced.set(node, by);
  }

  /** What is to become of one loop, where it stands elsewhere. */
  applyToLoop(loop: LoopNode): readonly Node[] {
    const counter = this.nodesOfCounters.get(loop.id);
    return [...(counter ? [counter] : []), ...this.node(loop, undefined)];
  }

  /** The counter of the loop, with `after`; a loop without one gets a trip counter. */
  counterOf(loop: LoopNode): Counter & { readonly after: Value } {
    const known = this.counters.get(loop.id) ?? loop.counter ?? this.tripCounter(loop.id);
    const after = known.after ?? newValue(integer, known.to === undefined ? 'trips' : known.variable.name);
    const complete = { ...known, after };
    this.counters.set(loop.id, complete);
    return complete;
  }

  private tripCounter(id: number): Counter {
    const builder = new BlockBuilder();
    const from = builder.literal(0);
    this.nodesOfCounters.set(id, builder.nodes[0]!);
    return { variable: newValue(integer, 'trip'), from, test: '<', step: 1 };
  }

  /** A result of the loop that says by which exit it was left: the number given by `tagExit`, 0 for the bound. */
  tagOf(loop: LoopNode): Value {
    const known = this.tags.get(loop.id);
    if (known) return known;
    const tag = newValue(integer, 'left');
    this.tags.set(loop.id, tag);
    return tag;
  }

  tagExit(exit: Exit, tag: number): void {
    this.exitTags.set(exit, tag);
  }

  applyTo(graph: Graph): Graph {
    return { ...graph, body: this.block(graph.body, undefined) };
  }

  private block(block: Block, loop: LoopNode | undefined): Block {
    const nodes = block.nodes.flatMap((node) => {
      const instead = this.replaced.get(node);
      if (instead !== undefined) return [...(this.before.get(node) ?? []), instead];
      const extra = node.kind === 'loop' ? this.nodesOfCounters.get(node.id) : undefined;
      const changed = this.node(node, loop);
      return [
        ...(extra ? [extra] : []),
        ...(this.before.get(node) ?? []),
        ...changed,
        ...(this.after.get(node) ?? []),
      ];
    });
    nodes.push(...(this.atEnd.get(block) ?? []));
    return { ...block, nodes, exit: this.exit(block.exit, loop, nodes) };
  }

  private node(node: Node, loop: LoopNode | undefined): readonly Node[] {
    if (node.kind !== 'loop') return [mapBlocks(node, (inner) => this.block(inner, loop))];
    const body = this.block(node.body, node);
    const counter = this.counters.get(node.id) ?? node.counter;
    const tag = this.tags.get(node.id);
    const changed: LoopNode = { ...node, ...(counter === undefined ? {} : { counter }), body };
    if (tag === undefined) return [changed];
    if (changed.counter?.to === undefined) return [{ ...changed, results: [...changed.results, tag] }];
    const builder = new BlockBuilder(node.origin);
    const zero = builder.literal(0);
    return [...builder.nodes, { ...changed, results: [...changed.results, tag], done: [...changed.done, zero] }];
  }

  private exit(exit: Exit, loop: LoopNode | undefined, nodes: Node[]): Exit {
    if (exit.kind !== 'break' || loop === undefined || !this.tags.has(loop.id)) return exit;
    const builder = new BlockBuilder(loop.origin);
    const tag = builder.literal(this.exitTags.get(exit) ?? 0);
    nodes.push(...builder.nodes);
    return { ...exit, values: [...exit.values, tag] };
  }
}
