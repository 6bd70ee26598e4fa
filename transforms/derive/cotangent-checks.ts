/** A cotangent is shaped like the result, which is known when the function has run: then it is looked at, and before anything is written. */

import { atField, atIndex, BlockBuilder } from '../../src/graph/build.ts';
import type { Type, Value } from '../../src/graph/types.ts';
import { elementLoop } from '../element-loop.ts';
import { holdsReals, isReference, shadowType } from '../memory.ts';
import type { ReturnedPart } from './returned-parts.ts';

/** What a message calls a part: `[${i}]` is filled in at run time. */
type Shown = readonly (string | Value)[];

export function checkCotangent(builder: BlockBuilder, cotangent: Value, type: Type, part: ReturnedPart): void {
  const check = (given: Value, place: ReturnedPart, of: Type, shown: Shown): void => {
    if (!holdsMemory(of)) return;
    if (place.kind === 'leaf') checkPart(builder, given, place.value, of, shown);
    else forEachPart(of, (inner, name, key, i) => check(builder.load(given, key(builder), shadowType(inner)), place.parts[i]!, inner, [...shown, name]));
  };
  check(cotangent, part, type, []);
}

function checkPart(builder: BlockBuilder, given: Value, value: Value, type: Type, shown: Shown): void {
  if (type.kind === 'array') {
    checkLength(builder, given, value, shown);
    if (!holdsMemory(type.element)) return;
    elementLoop(builder, builder.length(value), (inner, index) => {
      const [part, of] = [inner.load(given, atIndex(index), shadowType(type.element)), inner.load(value, atIndex(index), type.element)];
      checkPart(inner, part, of, type.element, [...shown, '[${', index, '}]']);
    });
    return;
  }
  forEachPart(type, (inner, name, key) => {
    checkPart(builder, builder.load(given, key(builder), shadowType(inner)), builder.load(value, key(builder), inner), inner, [...shown, name]);
  });
}

function checkLength(builder: BlockBuilder, given: Value, value: Value, shown: Shown): void {
  const [length, wanted] = [builder.length(given), builder.length(value)];
  const differs = builder.apply('ne', [length, wanted]);
  const then = new BlockBuilder(builder.origin);
  const pieces = ['new RangeError(`d_value', ...shown, ' has length ${', length, '}, value', ...shown, ' has length ${', wanted, '}`)'];
  const error = then.carry(pieces, { kind: 'opaque', text: 'RangeError' });
  builder.if(differs, then.block({ kind: 'throw', error }), new BlockBuilder(builder.origin).block({ kind: 'yield', values: [] }), []);
}

/** The parts that are memory with numbers in it. */
function forEachPart(type: Type, visit: (inner: Type, name: string, key: (builder: BlockBuilder) => ReturnType<typeof atField>, i: number) => void): void {
  if (type.kind === 'record') {
    type.fields.forEach((field, i) => holdsMemory(field.type) && visit(field.type, `.${field.name}`, () => atField(field.name), i));
  } else if (type.kind === 'tuple') {
    type.elements.forEach((element, i) => holdsMemory(element) && visit(element, `[${i}]`, (builder) => atIndex(builder.literal(i)), i));
  }
}

function holdsMemory(type: Type): boolean {
  return isReference(type) && holdsReals(type);
}
