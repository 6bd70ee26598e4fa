/** The numbers of an array, tuple or object in their order, as loops: how many there are, and each with its position. */

import { atField, atIndex, type BlockBuilder, integer, newValue, real } from '../../src/graph/build.ts';
import type { Key, Type, Value } from '../../src/graph/types.ts';
import { elementLoop } from '../element-loop.ts';
import { holdsReals, isReference } from '../memory.ts';

export interface Place {
  readonly memory: Value;
  readonly key: Key;
}

/** Of a parameter or a result of this type; `memory` may be its tangent or gradient as well. A number counts as one. */
export function countNumbers(builder: BlockBuilder, memory: Value, type: Type): Value {
  if (!isReference(type)) return builder.literal(1);
  return walk(builder, memory, type, builder.literal(0), undefined);
}

/**
 * Visits each number, from position `start` on; the position behind the last. Expects memory. `like`: what it is the gradient of, whose
 * arrays say how many numbers there are.
 */
export function forEachNumber(
  builder: BlockBuilder,
  memory: Value,
  type: Type,
  start: Value,
  visit: (inner: BlockBuilder, place: Place, position: Value) => void,
  like = memory,
): Value {
  return walk(builder, memory, type, start, visit, like);
}

type Visit = (inner: BlockBuilder, place: Place, position: Value) => void;

function walk(builder: BlockBuilder, memory: Value, type: Type, start: Value, visit: Visit | undefined, like = memory): Value {
  if (type.kind === 'array') return walkArray(builder, memory, type.element, start, visit, like);
  return partsOf(builder, type).reduce((position, { key, type: inner }) => {
    if (!holdsReals(inner)) return position;
    if (isReference(inner)) return walkPart(builder, { memory, like }, key, inner, position, visit);
    visit?.(builder, { memory, key }, position);
    return sum(builder, position, builder.literal(1));
  }, start);
}

function walkPart(builder: BlockBuilder, { memory, like }: { readonly memory: Value; readonly like: Value }, key: Key, type: Type, start: Value, visit: Visit | undefined): Value {
  const part = loadPart(builder, memory, key, type);
  return walk(builder, part, type, start, visit, like === memory ? part : loadPart(builder, like, key, type));
}

function walkArray(builder: BlockBuilder, memory: Value, element: Type, start: Value, visit: Visit | undefined, like: Value): Value {
  const length = builder.length(like);
  if (!isReference(element)) {
    if (visit) {
      elementLoop(builder, length, (inner, index) => {
        visit(inner, { memory, key: atIndex(index) }, sum(inner, start, index));
      });
    }
    return sum(builder, start, length);
  }
  const result = newValue(integer, 'position');
  elementLoop(
    builder,
    length,
    (inner, index, [position]) => [walkPart(inner, { memory, like }, atIndex(index), element, position!, visit)],
    [{ initial: start, result }],
  );
  return result;
}

function loadPart(builder: BlockBuilder, memory: Value, key: Key, type: Type): Value {
  return builder.load(memory, key, type);
}

export function sum(builder: BlockBuilder, a: Value, b: Value): Value {
  const [left, right] = [builder.literalOf(a), builder.literalOf(b)];
  if (typeof left === 'number' && typeof right === 'number') return builder.literal(left + right);
  if (left === 0) return b;
  return right === 0 ? a : builder.apply('add', [a, b]);
}

export function product(builder: BlockBuilder, a: Value, b: Value): Value {
  const [left, right] = [builder.literalOf(a), builder.literalOf(b)];
  if (typeof left === 'number' && typeof right === 'number') return builder.literal(left * right);
  if (left === 0 || right === 0) return builder.literal(0);
  if (left === 1) return b;
  return right === 1 ? a : builder.apply('mul', [a, b]);
}

function partsOf(builder: BlockBuilder, type: Type): readonly { readonly key: Key; readonly type: Type }[] {
  if (type.kind === 'record') return type.fields.map((field) => ({ key: atField(field.name), type: field.type }));
  if (type.kind === 'tuple') return type.elements.map((element, i) => ({ key: atIndex(builder.literal(i)), type: element }));
  return [];
}

export const numberAt = (builder: BlockBuilder, { memory, key }: Place): Value => builder.load(memory, key, real);
