/**
 * Forward mode: beside each value its tangent, in the primal's order (Griewank & Walther 2008, §3.1).
 *
 * Expects any well-formed graph. Afterwards it takes, behind the primal's parameters, one tangent for each differentiated
 * one, and returns, behind the primal's results, the tangents that are asked for.
 */

import { BlockBuilder, newValue } from '../../src/graph/build.ts';
import type { Primitive } from '../../src/graph/primitives.ts';
import type { RuleBodies } from '../../src/graph/primal.ts';
import type { ApplyNode, Graph, LiteralValue, Value } from '../../src/graph/types.ts';
import { visit } from '../../src/graph/walk.ts';
import { checkElements } from '../element-checks.ts';
import { isReference, shadowType, type Memory } from '../memory.ts';
import { unassignedValues } from '../unassigned.ts';
import { analyseInfinity } from '../reverse/infinity.ts';
import { pushBlock, type Receivers } from './block.ts';
import type { TangentPlaces } from './call.ts';
import { analyseInfiniteTangents, type Reach } from './infinite-tangents.ts';
import { tangentName, Tangents } from './tangents.ts';

export interface ForwardInput {
  readonly graph: Graph;
  readonly memory: Memory;
  readonly isActive: Push['isActive'];
  readonly placesOf: Push['placesOf'];
  readonly ruleOf: Push['ruleOf'];
  /** The parameters that have tangents. */
  readonly differentiated: readonly Value[];
  /** What the graph returns; undefined where no tangent is asked for. */
  readonly returned: Receivers;
  /** How many directions go along, each with tangents of its own; 1 where that is not said. */
  readonly directions?: number;
  /** The variable behind a parameter with a default: the derivative of an absent argument is that at the default. */
  readonly variableOf: (param: Value) => Value | undefined;
  /** How tangents that come from procedures or callers can be infinite. */
  readonly elsewhere: Reach;
}

/** What the parts of the pass share. */
export interface Push {
  /** Of the direction at hand. */
  tangents: Tangents;
  /** Of each direction. */
  readonly lanes: readonly Tangents[];
  /** Of a number: it has a tangent. Of a reference: tangent memory lies beside what it means. */
  readonly isActive: (value: Value) => boolean;
  /** Which parameters and results of a procedure have tangents. */
  readonly placesOf: (callee: string) => TangentPlaces;
  /** The bodies of a rule. */
  readonly ruleOf: (rule: string) => RuleBodies;
  /** Whether a value may be infinite for finite parameters: then products with it are guarded. */
  readonly mayBeInfinite: (value: Value) => boolean;
  /** How the tangent of a value can be infinite: then products with it are guarded, too. */
  readonly reachOf: (value: Value) => Reach;
  readonly literalOf: (value: Value) => LiteralValue | undefined;
  /** The cotangent of a guard that keeps the value from being 0 times infinity: its tangents are kept from that as well. */
  readonly shieldOf: (value: Value) => Value | undefined;
}

export function forward({ graph, memory, isActive, placesOf, ruleOf, differentiated, returned, variableOf, elsewhere, directions: count = 1 }: ForwardInput): Graph {
  const literals = literalsOf(graph);
  const literalOf = (value: Value): LiteralValue | undefined => literals.get(value);
  const unassigned = unassignedValues(graph);
  const lanes = Array.from({ length: count }, () => new Tangents((value) => literals.has(value), unassigned));
  const push: Push = {
    tangents: lanes[0]!,
    lanes,
    isActive,
    placesOf,
    ruleOf,
    mayBeInfinite: analyseInfinity(graph, memory, 'poles'),
    reachOf: analyseInfiniteTangents(graph, memory, literalOf, elsewhere),
    literalOf,
    shieldOf: shieldedIn(graph),
  };

  const start = new BlockBuilder(graph.origin);
  const directions = lanes.flatMap((tangents) => {
    const own = differentiated.map((param) => newValue(shadowType(param.type), tangentName(param)));
    differentiated.forEach((param, i) => {
      for (const value of [param, variableOf(param)]) if (value) tangents.set(value, own[i]!);
    });
    for (const param of graph.params) {
      // The parameter is fixed, but it may stand where a differentiated one or local memory can stand, too.
      const isFixed = isReference(param.type) && isActive(param) && !differentiated.includes(param);
      if (isFixed) tangents.set(param, tangents.zeros(param, start));
    }
    return own;
  });

  // Over a reversed graph, reversal has seen to it.
  const { body: checked } = isReversed(graph) ? graph : checkElements(graph, isActive);
  const body = pushBlock(push, checked, { yield: [], break: [], return: returned }, start.nodes);
  return { ...graph, ...factsOf(graph, lanes), params: [...graph.params, ...directions], body };
}

/** The tangents of memory that a procedure shares with its callers are shared, too. */
function factsOf({ procedure }: Graph, lanes: readonly Tangents[]): Pick<Graph, 'procedure'> {
  if (procedure === undefined) return {};
  const beside = [...procedure.shared].flatMap((param) => lanes.flatMap((tangents) => tangents.get(param) ?? []));
  return { procedure: { ...procedure, shared: new Set([...procedure.shared, ...beside]) } };
}

function isReversed(graph: Graph): boolean {
  let found = false;
  visit(graph.body, (node) => void (found ||= node.backward === true));
  return found;
}

/** What stands behind `d &&`, a multiple of d, and what it is made of, by step. */
function shieldedIn(graph: Graph): (value: Value) => Value | undefined {
  const nodes = new Map<Value, ApplyNode>();
  visit(graph.body, (node) => void (node.kind === 'apply' && nodes.set(node.result, node)));
  const shielded = new Map<Value, Value>();
  /** Whether the value is a multiple of the cotangent: then those of its operands are that are not the other factor. */
  const shield = (value: Value, cotangent: Value): boolean => {
    if (value === cotangent) return true;
    const node = nodes.get(value);
    if (node === undefined || !multiples.has(node.op)) return false;
    const isMultiple = node.operands.filter((operand) => shield(operand, cotangent)).length > 0;
    if (isMultiple) shielded.set(value, cotangent);
    return isMultiple;
  };
  for (const node of nodes.values()) {
    if (node.op !== 'guard') continue;
    const [cotangent, value] = node.operands;
    if (!shield(value!, cotangent!)) shielded.set(value!, cotangent!);
  }
  return (value) => shielded.get(value);
}

const multiples: ReadonlySet<Primitive> = new Set(['neg', 'mul', 'div', 'guard', 'select']);

/** Does the same for each direction, with its tangents at hand. */
export function forEachLane<T>(push: Push, run: (isFirst: boolean) => T): readonly T[] {
  return push.lanes.map((tangents, i) => {
    push.tangents = tangents;
    return run(i === 0);
  });
}

function literalsOf(graph: Graph): ReadonlyMap<Value, LiteralValue> {
  const literals = new Map<Value, LiteralValue>();
  visit(graph.body, (node) => {
    if (node.kind === 'literal') literals.set(node.result, node.value);
  });
  return literals;
}
