/**
 * Skips the mirror of a loop where all that comes in is zero: of the candidates of a selection only one has an adjoint.
 *
 *     if (d_squared !== 0) for (let j = …) d_x[j] += d_squared * …
 *
 * Adjoint code is linear: with zeros coming in it adds nothing (`consequences.ts`). NaN is not zero, and goes through. Worth a
 * test where a zero is likely, in an outer loop: the adjoint comes out of a selection, `max`, `min` or a branch. Runs when
 * storage is placed: a loop that takes frames off hands their position on, which is no zero, and stays.
 */

import { BlockBuilder, newValue, real } from '../src/graph/build.ts';
import type { Block, Graph, LoopNode, Node, Value } from '../src/graph/types.ts';
import { blocks, exitOperands, mapBlocks, operands, ownedValues, results, substitute, visit, withNodes } from '../src/graph/walk.ts';
import { Consequences, zero } from './consequences.ts';

export function skipZeros(graph: Graph): Graph {
  const definitions = new Map<Value, Node>();
  visit(graph.body, (node) => {
    for (const value of results(node)) definitions.set(value, node);
  });
  const nodeOf = (value: Value): Node | undefined => definitions.get(value);
  return { ...graph, body: skipIn(graph.body, nodeOf, false) };
}

type NodeOf = (value: Value) => Node | undefined;

/** `isRepeated`: the block lies in a loop. What runs once is no place for tests. */
function skipIn(block: Block, nodeOf: NodeOf, isRepeated: boolean): Block {
  const nodes = block.nodes.flatMap((node): readonly Node[] => {
    const inner = mapBlocks(node, (owned) => skipIn(owned, nodeOf, isRepeated || node.kind === 'loop'));
    return isRepeated && inner.kind === 'loop' && inner.backward ? skipping(inner, nodeOf) : [inner];
  });
  return withNodes(block, nodes);
}

function skipping(loop: LoopNode, nodeOf: NodeOf): readonly Node[] {
  const [incoming, ...others] = [...readFromOutside(loop)].filter((value) => isOftenZero(value, nodeOf));
  if (incoming === undefined || others.length > 0 || loop.counter?.after !== undefined) return [loop];
  const without = new Consequences([loop], { zeros: [incoming] }, nodeOf);
  const skipped = loop.results.map((result) => without.meaningOf(result));
  if (!without.isIdle || loop.results.some((result, i) => skipped[i] === result)) return [loop];

  const builder = new BlockBuilder(loop.origin, true);
  const otherwise = new BlockBuilder(loop.origin, true);
  const values = skipped.map((value) => (value === zero ? otherwise.literal(0, real) : value));
  const ran = loop.results.map((result) => newValue(result.type, result.name));
  builder.if(
    builder.apply('ne', [incoming, builder.literal(0)]),
    { params: [], nodes: [{ ...loop, body: unguarded(loop.body, incoming), results: ran }], exit: { kind: 'yield', values: ran } },
    otherwise.block({ kind: 'yield', values }),
    loop.results,
  );
  return builder.nodes;
}

/** Without guards against what is not zero here. */
function unguarded(body: Block, incoming: Value): Block {
  const behind = new Map<Value, Value>();
  visit(body, (node) => {
    if (node.kind === 'apply' && node.op === 'guard' && node.operands[0] === incoming) behind.set(node.result, node.operands[1]!);
  });
  const use = (value: Value): Value => {
    const bare = behind.get(value);
    return bare === undefined ? value : use(bare);
  };
  return substitute(body, use);
}

/** Numbers of the backward sweep that the loop or what is in it reads. */
function readFromOutside(loop: LoopNode): ReadonlySet<Value> {
  const inside = new Set<Value>(ownedValues(loop));
  const read = new Set<Value>(loop.initial);
  const use = (value: Value): void => void (value.type.kind === 'real' && read.add(value));
  visit(loop.body, (node) => {
    for (const value of [...results(node), ...ownedValues(node)]) inside.add(value);
    operands(node).forEach(use);
    for (const block of blocks(node)) exitOperands(block.exit).forEach(use);
  });
  exitOperands(loop.body.exit).forEach(use);
  return new Set([...read].filter((value) => !inside.has(value)));
}

/** Whether the adjoint comes out of a selection that gives zero to what was not chosen. */
function isOftenZero(value: Value, nodeOf: NodeOf): boolean {
  const isZero = (other: Value): boolean => {
    const node = nodeOf(other);
    return node?.kind === 'literal' && node.value === 0;
  };
  const chosen = (values: readonly Value[]): boolean =>
    values.some((other) => isZero(other) || isOftenZero(other, nodeOf)) && !values.every(isZero);
  const node = nodeOf(value);
  if (node?.backward !== true) return false;
  if (node.kind === 'if') {
    const place = node.results.indexOf(value);
    return chosen([node.then, node.else].flatMap((arm) => (arm.exit.kind === 'yield' ? [arm.exit.values[place]!] : [])));
  }
  if (node.kind !== 'apply') return false;
  const { op } = node;
  if (op === 'select') return chosen(node.operands.slice(1));
  if (op === 'neg' || op === 'div') return isOftenZero(node.operands[0]!, nodeOf);
  if (op === 'mul' || op === 'guard') return node.operands.some((operand) => isOftenZero(operand, nodeOf));
  return (op === 'add' || op === 'sub') && node.operands.every((operand) => isOftenZero(operand, nodeOf));
}
