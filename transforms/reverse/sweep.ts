/**
 * The backward sweep of one function: what its parts share. Each kind of node has its mirror in a file of its own; this
 * one dispatches, walks blocks from last to first, and closes frames.
 */

import type { BlockBuilder} from '../../src/graph/build.ts';
import { newValue, real } from '../../src/graph/build.ts';
import type { ApplyNode, Block, Graph, LiteralValue, Node, Value } from '../../src/graph/types.ts';
import { mayBreak, ownedValues, results, visit } from '../../src/graph/walk.ts';
import type { Activity } from '../activity.ts';
import type { Memory } from '../memory.ts';
import type { PairInterface } from '../procedures/interface.ts';
import { reverseApply } from './apply.ts';
import { reverseCall } from './call.ts';
import { type ExitContext, reverseExitNode } from './exits.ts';
import type { ForwardChanges } from './forward-changes.ts';
import { adjointName, Frame } from './frame.ts';
import { reverseIf } from './conditional.ts';
import { reverseLoop } from './loop.ts';
import { reverseMemoryNode } from './memory.ts';
import { reverseRule } from './rule.ts';
import type { ShadowTable } from './shadows.ts';

export interface Sweep {
  readonly memory: Memory;
  readonly activity: Activity;
  readonly changes: ForwardChanges;
  readonly shadows: ShadowTable;
  readonly interfaceOf: (callee: string) => PairInterface;
  /** The body of a rule. */
  readonly pullbackOf: (rule: string) => Graph;
  /** Iterations leave frames on a stack: each has to be mirrored. */
  readonly keepsFrames: boolean;
  /** The block that defines a value. */
  readonly homeOf: (value: Value) => Block | undefined;
  readonly nodeOf: (value: Value) => Node | undefined;
  readonly homeOfNode: (node: Node) => Block;
  /** Tells where a value will be defined that the backward sweep asks the forward one for. */
  readonly learn: (value: Value, home: Block) => void;
  /** Whether the memory may be written to when the node has read it. */
  readonly isWrittenAfter: (node: Node, memory: Value) => boolean;
  /** Whether a value of the forward sweep may be infinite for finite parameters: then products with it are guarded. */
  readonly mayBeInfinite: (value: Value) => boolean;
  /** Whether it is a quotient whose divisor is never near 0. */
  readonly hasSafeDivisor: (node: ApplyNode) => boolean;
  /** Whether its adjoint may be an exact zero by selection, or because what is stored is not used. */
  readonly mayBeDiscarded: (value: Value) => boolean;
  /** Whether a value may be anything, an element that is missing included, and whether an adjoint may be zero by selection. */
  readonly mayBeAnything: (value: Value) => boolean;
  readonly mayBeDeselected: (value: Value) => boolean;
}

export interface Definitions {
  readonly homeOf: (value: Value) => Block | undefined;
  readonly nodeOf: (value: Value) => Node | undefined;
  readonly homeOfNode: (node: Node) => Block;
  readonly learn: (value: Value, home: Block) => void;
}

/** Where each value is defined. */
export function definitionsOf(graph: Graph): Definitions {
  const home = new Map<Value, Block>();
  const node = new Map<Value, Node>();
  const homeOfNode = new Map<Node, Block>();
  for (const param of graph.params) home.set(param, graph.body);
  visit(graph.body, (owner, block) => {
    homeOfNode.set(owner, block);
    for (const value of results(owner)) {
      home.set(value, block);
      node.set(value, owner);
    }
    if (owner.kind === 'loop') for (const value of ownedValues(owner)) home.set(value, owner.body);
  });
  return {
    homeOf: (value) => home.get(value),
    nodeOf: (value) => node.get(value),
    homeOfNode: (owner) => homeOfNode.get(owner) ?? graph.body,
    learn: (value, block) => void home.set(value, block),
  };
}

/** `value` as the forward sweep had it, for use in `frame`. Literals are repeated. */
export function primal(sweep: Sweep, frame: Frame, value: Value): Value {
  const definition = sweep.nodeOf(value);
  if (definition?.kind === 'literal' && !definition.unassigned) {
    return frame.builder.literal(definition.value, value.type);
  }
  const known = frame.restored.get(value);
  if (known) return known;
  const restored = frame.builder.restore(value);
  frame.restored.set(value, restored);
  return restored;
}

export function literalOf(sweep: Sweep, value: Value): LiteralValue | undefined {
  const definition = sweep.nodeOf(value);
  return definition?.kind === 'literal' ? definition.value : undefined;
}

/**
 * Reverses `nodes` from the last to the first. `seed` gives the block's own results their cotangents; it runs where the
 * end of the block is reached, which an exit on the way may prevent.
 */
export function reverseNodes(
  sweep: Sweep,
  frame: Frame,
  nodes: readonly Node[],
  seed: (frame: Frame) => void,
  exits: ExitContext | undefined,
): void {
  const exit = exits === undefined ? -1 : nodes.findIndex(mayBreak);
  if (exit < 0) {
    seed(frame);
    for (const node of nodes.toReversed()) reverseNode(sweep, frame, node, exits);
    return;
  }
  reverseExitNode(sweep, frame, nodes[exit]!, nodes.slice(exit + 1), seed, exits!);
  for (const node of nodes.slice(0, exit).toReversed()) reverseNode(sweep, frame, node, exits);
}

export function reverseNode(sweep: Sweep, frame: Frame, node: Node, exits: ExitContext | undefined): void {
  frame.builder.origin = node.origin;
  switch (node.kind) {
    case 'apply':
      reverseApply(sweep, frame, node);
      break;
    case 'if':
      reverseIf(sweep, frame, node, exits);
      break;
    case 'loop':
      reverseLoop(sweep, frame, node);
      break;
    case 'call':
      reverseCall(sweep, frame, node);
      break;
    case 'rule':
      reverseRule(sweep, frame, node);
      break;
    default:
      reverseMemoryNode(sweep, frame, node);
  }
}

/** A frame for an arm: it owns what the arm's block defines. */
export function armFrame(sweep: Sweep, parent: Frame, block: Block): Frame {
  return new Frame(parent, 'part', (value) => sweep.homeOf(value) === block, parent.builder.origin);
}

/** A frame for a part of the parent's own block: it owns what these nodes define. */
export function partFrame(parent: Frame, nodes: readonly Node[]): Frame {
  const owned = new Set(nodes.flatMap(results));
  return new Frame(parent, 'part', (value) => owned.has(value), parent.builder.origin);
}

/** Closes two alternative frames into an `if`: each outer adjoint that either touched becomes a result. */
export function closeIf(parent: Frame, condition: (builder: BlockBuilder) => Value, then: Frame, otherwise: Frame): void {
  if (then.isEmpty && otherwise.isEmpty) return;
  const touched = [...new Set([...then.touched, ...otherwise.touched])];
  const arm = (frame: Frame): Block => {
    const values = touched.map((value) => frame.adjoint(value) ?? frame.builder.literal(0, real));
    return frame.builder.block({ kind: 'yield', values });
  };
  const merged = touched.map((value) => newValue(real, adjointName(value)));
  const test = condition(parent.builder);
  parent.builder.if(test, arm(then), arm(otherwise), merged);
  touched.forEach((value, i) => parent.replaceAdjoint(value, merged[i]));
}
