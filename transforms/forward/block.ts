/** Walks a block from first to last; each kind of node has its file. */

import { BlockBuilder } from '../../src/graph/build.ts';
import type { Block, Exit, Node, Value } from '../../src/graph/types.ts';
import { pushAlloc } from './allocation.ts';
import { pushApply } from './apply.ts';
import { pushCall } from './call.ts';
import { pushIf } from './conditional.ts';
import { forEachLane, type Push } from './forward.ts';
import { pushLoop } from './loop.ts';
import { pushMemoryNode } from './memory.ts';
import { pushRule } from './rule.ts';

/** Who gets the values of an exit, in their order; undefined where no tangent goes along. */
export type Receivers = readonly (Value | undefined)[];

export interface Exits {
  readonly yield: Receivers;
  /** The results of the nearest loop. */
  readonly break: Receivers;
  /** What the function returns, itself. */
  readonly return: Receivers;
}

/** The nodes and their tangents; the exit hands out tangents behind the values. `start` stands in front. */
export function pushBlock(push: Push, block: Block, exits: Exits, start: readonly Node[] = []): Block {
  const builder = new BlockBuilder();
  builder.nodes.push(...start);
  for (const node of block.nodes) {
    builder.origin = node.origin;
    const before = builder.nodes.length;
    if (node.kind === 'if') pushIf(push, builder, node, exits);
    else if (node.kind === 'loop') pushLoop(push, builder, node, exits);
    else if (node.kind === 'call') pushCall(push, builder, node);
    else {
      builder.push(node);
      forEachLane(push, () => pushNode(push, builder, node));
    }
    markTangents(builder.nodes, before, node);
  }
  return { ...block, exit: pushExit(push, builder, block.exit, exits), nodes: builder.nodes };
}

/** What was added beside `node` itself. */
function markTangents(nodes: Node[], from: number, node: Node): void {
  for (let i = from; i < nodes.length; i++) {
    const added = nodes[i]!;
    if (added.kind === 'apply' && !(node.kind === 'apply' && added.result === node.result)) nodes[i] = { ...added, tangent: true };
  }
}

/** The tangents of what the node, which has been pushed, defines. */
function pushNode(push: Push, builder: BlockBuilder, node: Node): void {
  switch (node.kind) {
    case 'apply':
      pushApply(push, builder, node);
      break;
    case 'alloc':
      pushAlloc(push, builder, node);
      break;
    case 'rule':
      pushRule(push, builder, node);
      break;
    default:
      pushMemoryNode(push, builder, node);
  }
}

function pushExit(push: Push, builder: BlockBuilder, exit: Exit, exits: Exits): Exit {
  if (exit.kind === 'throw') return exit;
  return { ...exit, values: [...exit.values, ...tangentsFor(push, builder, exit.values, exits[exit.kind])] };
}

export function tangentsFor(push: Push, builder: BlockBuilder, values: readonly Value[], receivers: Receivers): readonly Value[] {
  return forEachLane(push, () =>
    values.flatMap((value, i) => {
      const receiver = receivers[i];
      return receiver === undefined ? [] : [push.tangents.of(value, receiver.type, builder)];
    }),
  ).flat();
}
