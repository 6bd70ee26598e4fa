/** Fresh memory and the tangent memory beside it, which begins with the tangents of what the memory begins with. */

import { type BlockBuilder, newValue } from '../../src/graph/build.ts';
import type { AllocNode, Initializer, Type } from '../../src/graph/types.ts';
import { hasShadow, isReference } from '../memory.ts';
import type { Push } from './forward.ts';
import { tangentMemoryType, tangentName } from './tangents.ts';

export function pushAlloc(push: Push, builder: BlockBuilder, node: AllocNode): void {
  const { result } = node;
  if (!push.isActive(result)) return;
  const init = tangentInitializer(push, builder, node);
  if (init === undefined) {
    push.tangents.set(result, push.tangents.zeros(result, builder));
    return;
  }
  const tangent = newValue(tangentMemoryType(result.type), tangentName(result));
  builder.push({ ...node, init, result: tangent });
  push.tangents.set(result, tangent);
}

/** Undefined: zeros, of the structure that the memory has. */
function tangentInitializer(push: Push, builder: BlockBuilder, { init, result: { type } }: AllocNode): Initializer | undefined {
  switch (init.kind) {
    case 'zeros':
      return init;
    case 'holes':
      // Places for numbers hold zeros at once, so that they are numbers.
      return type.kind === 'array' && isReference(type.element) ? init : { kind: 'zeros', length: init.length };
    case 'elements':
      return { kind: 'elements', values: init.values.map((value, i) => push.tangents.of(value, partType(type, i), builder)) };
    case 'fields': {
      const values = init.values.flatMap((value, i) => {
        const part = partType(type, i);
        return hasShadow(part) ? [push.tangents.of(value, part, builder)] : [];
      });
      return { kind: 'fields', values };
    }
    default: {
      const of = push.tangents.get(init.of);
      return of && { ...init, of };
    }
  }
}

function partType(type: Type, i: number): Type {
  switch (type.kind) {
    case 'array':
      return type.element;
    case 'tuple':
      return type.elements[i]!;
    case 'record':
      return type.fields[i]!.type;
    default:
      throw new Error(`${type.kind} has no parts`);
  }
}
