/**
 * The adjoint of a copy of a parameter is gathered in the parameter's gradient from the beginning.
 *
 *     const a = matrix.slice();       d_a = zeros; …; d_matrix[i] += d_a[i]      becomes      …, with d_matrix as d_a
 *
 * Runs on a reversed graph. Expects that nothing else touches the gradient, which is checked: then the two hold the same
 * numbers where it counts. The copy is a whole one, of a `Float64Array`, so that both have one length.
 */

import { append } from '../src/graph/lists.ts';
import type { AllocNode, Graph, LoopNode, Node, ShadowNode, Value } from '../src/graph/types.ts';
import { blocks, exitOperands, operands, results, substitute, visit } from '../src/graph/walk.ts';

export function gatherInGradients(graph: Graph): Graph {
  const uses = usesIn(graph);
  for (const node of graph.body.nodes) {
    const passing = node.kind === 'loop' ? passingOn(node, graph, uses) : undefined;
    if (passing) return gatherInGradients(withoutCopy(graph, passing));
  }
  return graph;
}

interface Passing {
  readonly loop: LoopNode;
  readonly shadow: AllocNode;
  readonly gradient: ShadowNode;
}

/** A loop that adds what a copy has gathered to the gradient, and that nothing of either is used behind. */
function passingOn(loop: LoopNode, { body }: Graph, uses: ReadonlyMap<Value, readonly Node[]>): Passing | undefined {
  const [load, add, ...rest] = loop.body.nodes;
  if (load?.kind !== 'load' || add?.kind !== 'accumulate' || rest.length > 0 || add.value !== load.result) return undefined;
  const { counter } = loop;
  const isElement = ({ key }: typeof load | typeof add): boolean => key.kind === 'index' && key.index === counter?.variable;
  if (!isElement(load) || !isElement(add)) return undefined;
  const made = new Map(body.nodes.flatMap((node) => results(node).map((value) => [value, node] as const)));
  const [shadow, gradient] = [made.get(load.memory), made.get(add.memory)];
  if (shadow?.kind !== 'alloc' || gradient?.kind !== 'shadow' || gradient.gradientOf === undefined) return undefined;
  const usersOf = (value: Value): readonly Node[] => uses.get(value) ?? [];
  const last = body.nodes.indexOf(loop);
  const isBefore = (node: Node): boolean => node === add || node === load || body.nodes.slice(0, last).some((other) => holds(other, node));
  const isOnly = usersOf(gradient.result).every((node) => node === add) && usersOf(shadow.result).every(isBefore);
  return isOnly && isWholeCopy(shadow, gradient, made) && countsAll(loop, shadow, made) ? { loop, shadow, gradient } : undefined;
}

/** `new Float64Array(a.length)` for the copy `a` of the parameter. */
function isWholeCopy({ result, init }: AllocNode, gradient: ShadowNode, made: ReadonlyMap<Value, Node>): boolean {
  const length = init.kind === 'zeros' ? definition(init.length, made) : undefined;
  const copy = length?.kind === 'length' ? made.get(length.memory) : undefined;
  if (copy?.kind !== 'alloc' || copy.init.kind !== 'copy' || copy.init.from !== undefined || copy.init.to !== undefined) return false;
  return copy.init.of === gradient.of && [result, copy.result, gradient.of, gradient.result].every(isFloat64Array);
}

function countsAll({ counter }: LoopNode, { result, init }: AllocNode, made: ReadonlyMap<Value, Node>): boolean {
  const [from, to] = [counter && definition(counter.from, made), counter?.to && definition(counter.to, made)];
  const isFromZero = from?.kind === 'literal' && from.value === 0 && counter?.step === 1 && counter.test === '<';
  const isLength = to?.kind === 'length' && to.memory === result;
  return isFromZero && (isLength || (init.kind === 'zeros' && to !== undefined && to === definition(init.length, made)));
}

function definition(value: Value, made: ReadonlyMap<Value, Node>): Node | undefined {
  const node = made.get(value);
  return node?.kind === 'restore' ? definition(node.of, made) : node;
}

function isFloat64Array({ type }: Value): boolean {
  return type.kind === 'array' && type.container === 'Float64Array';
}

function holds(outer: Node, node: Node): boolean {
  return outer === node || blocks(outer).some((block) => block.nodes.some((inner) => holds(inner, node)));
}

/** What uses each value, at any depth; exits count as the node that owns them. */
function usesIn(graph: Graph): ReadonlyMap<Value, readonly Node[]> {
  const uses = new Map<Value, Node[]>();
  visit(graph.body, (node) => {
    const ofExits = blocks(node).flatMap((block) => exitOperands(block.exit));
    for (const value of [...operands(node), ...ofExits]) append(uses, value, node);
  });
  return uses;
}

function withoutCopy(graph: Graph, { loop, shadow, gradient }: Passing): Graph {
  const nodes = graph.body.nodes.filter((node) => node !== loop && node !== shadow);
  const body = substitute({ ...graph.body, nodes }, (value) => (value === shadow.result ? gradient.result : value));
  return { ...graph, body };
}
