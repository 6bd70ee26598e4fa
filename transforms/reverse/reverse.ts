/**
 * Reverse mode: the graph, then its mirror, from the result to the parameters (Griewank & Walther 2008, §3.2–3.3).
 *
 * Expects a forward graph. Afterwards the backward sweep follows the forward one in the same block; it mentions forward
 * values only through `restore`, each inside the mirrors of all loops around the value.
 */

import { real } from '../../src/graph/build.ts';
import type { Graph, Node, Value } from '../../src/graph/types.ts';
import { visit } from '../../src/graph/walk.ts';
import type { Activity } from '../activity.ts';
import { checkElements } from '../element-checks.ts';
import type { Memory, Root } from '../memory.ts';
import type { PairInterface } from '../procedures/interface.ts';
import { keepsFrames, type Program } from '../procedures/program.ts';
import { ForwardChanges } from './forward-changes.ts';
import { Frame } from './frame.ts';
import { analyseInfinity } from './infinity.ts';
import { SafeDivisors } from './safe-divisors.ts';
import { laterWrites } from './later-writes.ts';
import { carryShadowReferences } from './shadow-references.ts';
import { shadowOf } from './shadows.ts';
import { checkStores } from './store-checks.ts';
import { definitionsOf, reverseNodes, type Sweep } from './sweep.ts';
import { analyseDiscarded } from './zero-cotangents.ts';

export interface ReverseInput {
  readonly graph: Graph;
  readonly memory: Memory;
  readonly activity: Activity;
  /** Shadows that the graph has already: of parameters and their parts. */
  readonly direct: ReadonlyMap<Value, Value>;
  /** Parameters that are taken apart: what is loaded from them has an adjoint of its own, and no shadow. */
  readonly byParts: ReadonlySet<Value>;
  /** What the halves of the procedures that the graph calls hand over. */
  readonly interfaceOf: (callee: string) => PairInterface;
  readonly rules: Program['rules'];
}

export interface Reversed {
  /** The forward sweep, with what the backward one asked it to note. */
  readonly forward: Graph;
  readonly backward: readonly Node[];
  /** The adjoint of a value of the function's own block; undefined where nothing contributed. */
  readonly adjointOf: (value: Value) => Value | undefined;
}

/** Gives what the function returns its cotangents, at the turning point: numbers in the frame, memory in its shadow. */
export type Seed = (frame: Frame, shadowOf: (reference: Value) => Value) => void;

export function reverse(input: ReverseInput, seed: Seed): Reversed {
  const { memory, activity, direct, byParts, interfaceOf, rules } = input;
  const { graph: carrying, travelling } = carryShadowReferences(input.graph, memory, activity, direct, interfaceOf);
  const graph = checkElements(checkStores(carrying, memory, activity), (array) => activity.isActive(array));
  const resized = rootsThat(graph, memory, (node) => node.kind === 'resize');
  const changes = new ForwardChanges();
  const definitions = definitionsOf(graph);
  const divisors = new SafeDivisors(graph);
  const sweep: Sweep = {
    memory,
    activity,
    changes,
    interfaceOf,
    pullbackOf: (rule) => rules.get(rule)!.pullback!,
    keepsFrames: keepsFrames(graph),
    ...definitions,
    shadows: {
      direct,
      byParts,
      travelling,
      isResized: (value) => [...memory.rootsOf(value)].some((root) => resized.has(root)),
    },
    isWrittenAfter: laterWrites(graph, memory, definitions),
    hasSafeDivisor: (node) => divisors.partsOf(node) !== undefined,
    mayBeInfinite: analyseInfinity(graph, memory, 'neighbours'),
    mayBeDiscarded: analyseDiscarded(graph),
    mayBeAnything: analyseInfinity(graph, memory, 'anything'),
    mayBeDeselected: analyseDiscarded(graph, { onlySelections: true }),
  };
  const frame = new Frame(undefined, 'part', () => true, graph.origin);
  reverseNodes(sweep, frame, graph.body.nodes, (end) => seed(end, (reference) => shadowOf(sweep, end, reference)), undefined);
  return {
    forward: changes.applyTo(graph),
    backward: frame.nodes,
    adjointOf: (value) => frame.adjoint(value),
  };
}

/** The cotangent of the one number that a scalar function returns. */
export function seedOne(activity: Activity, result: Value): Seed {
  return (frame) => {
    if (activity.isActive(result)) frame.contribute(result, frame.builder.literal(1, real));
  };
}

/** The memory of the nodes that are asked for; a call may write to whatever it can reach. */
function rootsThat(graph: Graph, memory: Memory, is: (node: Node) => boolean): ReadonlySet<Root> {
  const found = new Set<Root>();
  visit(graph.body, (node) => {
    if (!is(node)) return;
    if (node.kind === 'call') for (const operand of node.operands) for (const root of memory.reachableFrom(operand)) found.add(root);
    else if ('memory' in node) for (const root of memory.rootsOf(node.memory)) found.add(root);
  });
  return found;
}
