/**
 * Which tangents may be infinite although all arguments and directions are finite. Where a partial of zero meets one, the
 * share is zero, as it is in reverse mode, where the cotangent that comes out of the zero partial contributes zero.
 */

import type { Graph, LiteralValue, Node, Value } from '../../src/graph/types.ts';
import { visit } from '../../src/graph/walk.ts';
import { forEachFlow } from '../activity.ts';
import { isReference, type Memory } from '../memory.ts';
import { Elements } from '../reverse/missing-elements.ts';

/** How a tangent can be infinite. */
export const Reach = {
  never: 0,
  /** Where the value is that of an element that is missing: both are NaN, and matter only behind a guard. */
  missing: 1,
  /** Together with its value: `1 / x` and `exp x`. A product of such a value with zero is NaN anyhow. */
  withValue: 2,
  /** Beside a finite value: `sqrt x` at 0. */
  alone: 3,
} as const;
export type Reach = (typeof Reach)[keyof typeof Reach];

type LiteralOf = (value: Value) => LiteralValue | undefined;

/** `elsewhere`: what tangents that come from other functions can be like. */
export function analyseInfiniteTangents(graph: Graph, memory: Memory, literalOf: LiteralOf, elsewhere: Reach): (value: Value) => Reach {
  const known = new Map<Value, Reach>();
  const elements = new Elements(graph, 'anything');
  let changed = true;
  const placesOf = (value: Value): Iterable<Value> => (isReference(value.type) ? memory.rootsOf(value) : [value]);
  const of = (value: Value): Reach => [...placesOf(value)].reduce((most: Reach, place) => larger(most, known.get(place)), Reach.never);
  const raise = (place: Value, reach: Reach): void => {
    if (reach <= (known.get(place) ?? Reach.never)) return;
    known.set(place, reach);
    changed = true;
  };
  const raiseAll = (value: Value, reach: Reach): void => {
    raise(value, reach);
    for (const root of memory.reachableFrom(value)) raise(root, reach);
  };
  if (graph.procedure !== undefined) for (const param of graph.params) raiseAll(param, elsewhere);
  while (changed) {
    changed = false;
    visit(graph.body, (node) => {
      if (node.kind === 'apply') raise(node.result, ownReach(node, literalOf));
      if (node.kind === 'load' && elements.mayBeMissing(node)) raise(node.result, Reach.missing);
      if (node.kind === 'rule') for (const result of node.results) raiseAll(result, elsewhere);
      if (node.kind === 'call') for (const value of [...node.operands, ...node.results]) raiseAll(value, elsewhere);
      forEachFlow(node, (from, to) => {
        for (const place of placesOf(to)) raise(place, of(from));
      });
    });
  }
  return of;
}

/** The most that any operation of these graphs can make. */
export function reachOf(graphs: Iterable<Graph>): Reach {
  let most: Reach = Reach.never;
  for (const { body } of graphs) {
    const literals = new Map<Value, LiteralValue>();
    visit(body, (node) => {
      if (node.kind === 'literal') literals.set(node.result, node.value);
      most = larger(most, ownReach(node, (value) => literals.get(value)));
    });
  }
  return most;
}

/** By the operation itself, of finite tangents. */
function ownReach(node: Node, literalOf: LiteralOf): Reach {
  if (node.kind !== 'apply') return Reach.never;
  switch (node.op) {
    case 'sqrt':
    case 'cbrt':
    case 'asin':
    case 'acos':
    case 'acosh':
      return Reach.alone;
    case 'pow': {
      const exponent = literalOf(node.operands[1]!);
      if (typeof exponent !== 'number' || !Number.isInteger(exponent)) return Reach.alone;
      return exponent < 0 ? Reach.withValue : Reach.never;
    }
    case 'div': {
      const divisor = literalOf(node.operands[1]!);
      return typeof divisor === 'number' && divisor !== 0 ? Reach.never : Reach.withValue;
    }
    case 'rem':
    case 'exp':
    case 'expm1':
    case 'sinh':
    case 'cosh':
    case 'tan':
    case 'log':
    case 'log1p':
    case 'log2':
    case 'log10':
    case 'atanh':
      return Reach.withValue;
    default:
      return Reach.never;
  }
}

function larger(a: Reach, b: Reach | undefined): Reach {
  return b !== undefined && b > a ? b : a;
}
