/**
 * At -1 or 0.5 a plain array gets a property and no element. A store whose index may be such a one throws instead: what reads
 * elements would not find it.
 */

import { BlockBuilder } from '../src/graph/build.ts';
import type { Block, Graph, Node, StoreNode, Value } from '../src/graph/types.ts';
import { mapBlocks, withNodes } from '../src/graph/walk.ts';
import { IndexFacts } from './index-facts.ts';
import { hasShadow } from './memory.ts';

/** `isActive`: of memory, whether it has derivatives. */
export function checkElements(graph: Graph, isActive: (memory: Value) => boolean): Graph {
  const facts = IndexFacts.of(graph);
  const mayMiss = ({ memory, key, value }: StoreNode): boolean => {
    const isPlain = memory.type.kind === 'array' && memory.type.container === 'Array';
    if (!isPlain || key.kind !== 'index' || !hasShadow(value.type) || !isActive(memory)) return false;
    return key.index.type.kind !== 'integer' || facts.smallest(key.index) < 0;
  };
  const inBlock = (block: Block): Block => withNodes(block, block.nodes.flatMap((node): readonly Node[] => (node.kind === 'store' && mayMiss(node) ? [...checkOf(node), node] : [mapBlocks(node, inBlock)])));
  return { ...graph, body: inBlock(graph.body) };
}

function checkOf({ memory, key, origin }: StoreNode): readonly Node[] {
  if (key.kind !== 'index') return [];
  const { index } = key;
  const builder = new BlockBuilder(origin);
  const isNatural = builder.apply('ge', [index, builder.literal(0)]);
  const holds = index.type.kind === 'integer' ? isNatural : builder.apply('and', [isNatural, builder.apply('eq', [index, builder.apply('trunc', [index])])]);
  const then = new BlockBuilder(origin);
  const error = then.carry([`new RangeError(\`${memory.name ?? 'an array'} has no element at \${`, index, '}`)'], { kind: 'opaque', text: 'RangeError' });
  builder.if(builder.apply('not', [holds]), then.block({ kind: 'throw', error }), new BlockBuilder(origin).block({ kind: 'yield', values: [] }), []);
  return builder.nodes;
}
