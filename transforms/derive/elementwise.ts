/** Functions of arrays whose result has, at each place, a number that depends on the argument's number at that place alone. */

import type { Block, Graph, Node, Value } from '../../src/graph/types.ts';
import { blocks, exitOperands, operands } from '../../src/graph/walk.ts';
import { variedIn } from '../activity.ts';
import { analyseMemory, isReference } from '../memory.ts';

/** Expects a forward graph that returns an array of numbers. What a branch is chosen by has no derivative. */
export function isElementwise(graph: Graph, param: Value): boolean {
  const [returned] = exitOperands(graph.body.exit);
  if (!isFlat(param) || returned === undefined || !isFlat(returned)) return false;
  const memory = analyseMemory(graph);
  const varied = variedIn(graph, memory, [param], { varies: () => undefined, reaches: () => undefined });
  const isVaried = (value: Value): boolean => (isReference(value.type) ? [...memory.reachableFrom(value)].some((root) => varied.has(root)) : varied.has(value));
  /** Of a number that varies: the place in the argument that it depends on. */
  const places = new Map<Value, Value>();

  /** The one place that all of them depend on; undefined where none varies. */
  const placeOf = (values: readonly Value[]): Value | undefined | 'several' => {
    const found = new Set(values.filter(isVaried).map((value) => places.get(value) ?? 'several'));
    return found.size > 1 ? 'several' : [...found][0];
  };
  const isKept = (node: Node): boolean => {
    switch (node.kind) {
      case 'literal':
      case 'length':
        return true;
      case 'load':
        if (!isVaried(node.memory)) return true;
        if (node.key.kind !== 'index' || isReference(node.result.type)) return false;
        places.set(node.result, node.key.index);
        return true;
      case 'store': {
        if (!isVaried(node.value)) return true;
        return node.key.kind === 'index' && !isReference(node.value.type) && placeOf([node.value]) === node.key.index;
      }
      case 'apply': {
        if (node.operands.some((operand) => isReference(operand.type) && isVaried(operand))) return false;
        const place = placeOf(node.operands);
        if (place !== undefined && place !== 'several') places.set(node.result, place);
        return place !== 'several' || !isVaried(node.result);
      }
      case 'alloc':
        if (node.init.kind === 'copy') return node.init.from === undefined && node.init.to === undefined;
        return !operands(node).some(isVaried);
      case 'if': {
        if (![node.then, node.else].every(isKeptIn)) return false;
        return node.results.every((result, i) => {
          const place = placeOf([node.then, node.else].flatMap(({ exit }) => (exit.kind === 'yield' ? [exit.values[i]!] : [])));
          if (place !== undefined && place !== 'several') places.set(result, place);
          return place !== 'several';
        });
      }
      case 'loop':
        return ![...node.body.params, ...node.results].some(isVaried) && isKeptIn(node.body);
      default:
        return !operands(node).some(isVaried) && blocks(node).length === 0;
    }
  };
  const isKeptIn = (block: Block): boolean => block.nodes.every(isKept) && (block.exit.kind !== 'break' || !exitOperands(block.exit).some(isVaried));
  return isKeptIn(graph.body);
}

function isFlat({ type }: Value): boolean {
  return type.kind === 'array' && type.element.kind === 'real';
}
