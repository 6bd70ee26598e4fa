/** A companion's result is fresh memory: where the primal may return an argument's, or the module's, that is copied. */

import { atField, atIndex, BlockBuilder } from '../../src/graph/build.ts';
import type { Graph, Value } from '../../src/graph/types.ts';
import { elementLoop } from '../element-loop.ts';
import { analyseMemory, isReference } from '../memory.ts';

/** What may be absent, and what contains itself, is left as it is. */
export function ownResult(graph: Graph): Graph {
  const { exit } = graph.body;
  if (exit.kind !== 'return') return graph;
  const memory = analyseMemory(graph);
  const builder = new BlockBuilder(graph.origin);
  const values = exit.values.map((value) => {
    const isForeign = isReference(value.type) && [...memory.reachableFrom(value)].some((root) => memory.isReadOnly(root));
    return isForeign ? copyOf(builder, value) : value;
  });
  return { ...graph, body: { ...graph.body, nodes: [...graph.body.nodes, ...builder.nodes], exit: { kind: 'return', values } } };
}

function copyOf(builder: BlockBuilder, value: Value): Value {
  const { type } = value;
  switch (type.kind) {
    case 'array': {
      if (!isReference(type.element)) return builder.alloc(type, { kind: 'copy', of: value });
      const length = builder.length(value);
      const copy = builder.alloc(type, { kind: 'holes', length });
      elementLoop(builder, length, (inner, index) => {
        inner.store(copy, atIndex(index), copyOf(inner, inner.load(value, atIndex(index), type.element)));
        return [];
      });
      return copy;
    }
    case 'record': {
      if (type.recursive !== undefined) return value;
      const values = type.fields.map((field) => copyOf(builder, builder.load(value, atField(field.name), field.type)));
      return builder.alloc(type, { kind: 'fields', values });
    }
    case 'tuple': {
      const values = type.elements.map((element, i) => copyOf(builder, builder.load(value, atIndex(builder.literal(i)), element)));
      return builder.alloc(type, { kind: 'elements', values });
    }
    default:
      return value;
  }
}
