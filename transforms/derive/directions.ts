/** A derivative in one direction, run once for each unit vector: how Jacobians and Hessians begin. */

import { type BlockBuilder, newValue, real } from '../../src/graph/build.ts';
import type { Parameter } from '../../src/graph/primal.ts';
import type { ArrayType, Graph, Node, Type, Value } from '../../src/graph/types.ts';
import { copyBlock } from '../../src/graph/walk.ts';
import { isReference, shadowType } from '../memory.ts';
import { forEachNumber, sum } from './numbers.ts';

export const matrixType: ArrayType = { kind: 'array', container: 'Float64Array', element: real };

/** A graph's nodes in front of what `builder` has still to come, with arguments for its parameters. */
export function runIn(builder: BlockBuilder, graph: Graph, args: ReadonlyMap<Value, Value>): readonly Value[] {
  const { nodes, exit } = copyBlock(graph.body, new Map(args));
  for (const node of nodes) builder.push(node);
  return exit.kind === 'return' ? exit.values : [];
}

/** Room for a matrix of the result, in `out` where there is one. */
export function matrix(builder: BlockBuilder, name: string, size: Value, described: string): Value {
  const result = newValue(matrixType, name);
  builder.push({ kind: 'alloc', init: { kind: 'zeros', length: size }, resultField: { name, described }, result });
  return result;
}

/**
 * Runs `along` once for each number of `like`, with a direction that is 1 there and 0 elsewhere, from position `start` on.
 * The position behind the last.
 */
export function forEachUnit(
  builder: BlockBuilder,
  like: Value,
  start: Value,
  name: string,
  along: (inner: BlockBuilder, direction: Value, position: Value) => void,
): Value {
  const type = withoutAbsence(like.type);
  if (!isReference(type)) {
    along(builder, builder.literal(1, real), start);
    return sum(builder, start, builder.literal(1));
  }
  const direction = newValue(shadowType(type), name);
  builder.push({ kind: 'shadow', of: like, result: direction });
  return forEachNumber(builder, direction, direction.type, start, (inner, { memory, key }, position) => {
    inner.store(memory, key, inner.literal(1, real));
    along(inner, direction, position);
    inner.store(memory, key, inner.literal(0, real));
  });
}

export function withoutAbsence(type: Type): Type {
  return type.kind === 'optional' ? type.of : type;
}

/** Gradients of the function's own become memory of one direction, or what `instead` gives for them. */
export function withOwnGradients(graph: Graph, instead: (node: Extract<Node, { kind: 'shadow' }>) => Node | undefined): Graph {
  const nodes = graph.body.nodes.map((node): Node => {
    if (node.kind !== 'shadow' || node.gradientOf === undefined) return node;
    const { gradientOf: _path, isHessianProduct: _product, ...plain } = node;
    return instead(node) ?? plain;
  });
  return { ...graph, body: { ...graph.body, nodes } };
}

/** A derivative that takes tangents of these parameters, behind the function's own. */
export interface Directional {
  readonly graph: Graph;
  readonly along: readonly Parameter[];
  /** How many directions it takes at once: tangents of all parameters for each, one after the other. */
  readonly directions: number;
  /** The Jacobian along the parameter is diagonal. */
  readonly diagonal?: boolean;
}

/** The arguments of a derivative along one of its directions; the others are zero, and made here. */
export function directionsFor(builder: BlockBuilder, along: readonly Parameter[], chosen: Parameter): (graph: Graph, direction: Value) => ReadonlyMap<Value, Value> {
  const zeros = along.map((parameter) => (parameter === chosen ? undefined : zeroDirection(builder, parameter)));
  return (graph, direction) => {
    const params = graph.params.slice(graph.params.length - along.length);
    return new Map(params.map((param, i) => [param, zeros[i] ?? direction]));
  };
}

function zeroDirection(builder: BlockBuilder, { value, name }: Parameter): Value {
  if (!isReference(value.type)) return builder.literal(0, real);
  const direction = newValue(shadowType(value.type), `t_${name}`);
  builder.push({ kind: 'shadow', of: value, result: direction });
  return direction;
}
