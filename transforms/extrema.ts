/**
 * `Math.max(...x)` is a loop, exactly: the arguments of a call are copied first, each in a box of its own, and the loop runs
 * together with the one that makes `x`.
 *
 *     let largest = -Infinity;
 *     for (let i = 0; i < x.length; i++) largest = Math.max(largest, x[i]);
 */

import { atIndex, BlockBuilder, newValue, real } from '../src/graph/build.ts';
import type { ApplyNode, Block, Graph, Node, Value } from '../src/graph/types.ts';
import { mapBlocks, withNodes } from '../src/graph/walk.ts';
import { elementLoop } from './element-loop.ts';

export function runExtrema(graph: Graph): Graph {
  const inBlock = (block: Block): Block => withNodes(block, block.nodes.flatMap((node): readonly Node[] => (isOfElements(node) ? running(node) : [mapBlocks(node, inBlock)])));
  return { ...graph, body: inBlock(graph.body) };
}

function isOfElements(node: Node): node is ApplyNode {
  if (node.kind !== 'apply' || (node.op !== 'max' && node.op !== 'min')) return false;
  const arrays = node.operands.filter(({ type }) => type.kind === 'array');
  return arrays.length > 0 && arrays.every(({ type }) => type.kind === 'array' && type.element.kind === 'real');
}

function running({ op, operands, result, origin, backward }: ApplyNode): readonly Node[] {
  const builder = new BlockBuilder(origin, backward);
  const [first, ...others] = operands;
  const initial = first!.type.kind === 'array' ? builder.literal(op === 'max' ? -Infinity : Infinity, real) : first!;
  const rest = first!.type.kind === 'array' ? operands : others;
  rest.reduce((soFar: Value, operand, i) => {
    const next = i === rest.length - 1 ? result : newValue(real, result.name);
    if (operand.type.kind === 'array') {
      elementLoop(builder, builder.length(operand), (inner, index, [param]) => [inner.apply(op, [param!, inner.load(operand, atIndex(index), real)], { name: result.name })], [
        { initial: soFar, result: next },
      ]);
    } else {
      builder.push({ kind: 'apply', op, operands: [soFar, operand], result: next });
    }
    return next;
  }, initial);
  return builder.nodes;
}
