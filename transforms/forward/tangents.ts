/** The tangents of values. What has none does not depend on a differentiated parameter: its tangent is zero. */

import { type BlockBuilder, newValue, real } from '../../src/graph/build.ts';
import type { ArrayType, RecordType, TupleType, Type, Value } from '../../src/graph/types.ts';
import { hasShadow, holdsReals, isReference, shadowType } from '../memory.ts';
import { madeWhereAssigned } from '../unassigned.ts';

export class Tangents {
  private readonly known = new Map<Value, Value>();
  private readonly isLiteral: (value: Value) => boolean;
  private readonly unassigned: ReadonlySet<Value>;

  constructor(isLiteral: (value: Value) => boolean, unassigned: ReadonlySet<Value>) {
    this.isLiteral = isLiteral;
    this.unassigned = unassigned;
  }

  set(value: Value, tangent: Value): void {
    this.known.set(value, tangent);
  }

  /** A tangent for each of these values, in their order, to be defined by a node or block; nothing for the gaps. */
  define(values: readonly (Value | undefined)[]): readonly Value[] {
    return values.flatMap((value) => {
      if (value === undefined) return [];
      const tangent = newValue(tangentType(value.type), tangentName(value));
      this.known.set(value, tangent);
      return [tangent];
    });
  }

  /** Undefined where it is zero, or zeros everywhere. */
  get(value: Value): Value | undefined {
    return this.known.get(value);
  }

  /** The tangent as a value in any case, for a place where the primal has `value` as something of the type `as`. */
  of(value: Value, as: Type, builder: BlockBuilder): Value {
    const known = this.known.get(value);
    if (known) return known;
    if (isReference(as)) {
      // `undefined` in the place of an object has no memory beside it.
      return this.isLiteral(value) || !holdsReals(as) ? value : this.zeros(value, builder);
    }
    // Strings and booleans are kept where they hold a place, as in tuples.
    return hasShadow(as) ? builder.literal(0, real) : value;
  }

  /** Tangent memory of what does not depend on the parameters; none of what no branch has made. */
  zeros(of: Value, builder: BlockBuilder): Value {
    if (!this.unassigned.has(of)) return this.zerosLike(of, builder);
    return madeWhereAssigned(of, tangentType(of.type), tangentName(of), builder, (inner) => this.zerosLike(of, inner));
  }

  private zerosLike(of: Value, builder: BlockBuilder): Value {
    const { type } = of;
    // `shadow` repeats the container, and tangents are not rounded.
    if (type.kind === 'array' && type.container === 'Float32Array') {
      return builder.alloc(tangentMemoryType(type), { kind: 'zeros', length: builder.length(of) }, tangentName(of));
    }
    const result = newValue(tangentType(type), tangentName(of));
    builder.push({ kind: 'shadow', of, result });
    return result;
  }
}

export function tangentName(value: Value): string | undefined {
  return value.name === undefined ? undefined : `t_${value.name}`;
}

/** Of a tangent that the code computes itself: in double precision, whatever the primal's is. */
export function tangentType(type: Type): Type {
  return inDouble(shadowType(type));
}

export function tangentMemoryType(type: Type): ArrayType | RecordType | TupleType {
  const made = tangentType(type);
  if (made.kind !== 'array' && made.kind !== 'record' && made.kind !== 'tuple') throw new Error(`${type.kind} is no memory`);
  return made;
}

function inDouble(type: Type): Type {
  switch (type.kind) {
    case 'optional':
      return { ...type, of: inDouble(type.of) };
    case 'array':
      return type.container === 'Float32Array' ? { ...type, container: 'Float64Array' } : { ...type, element: inDouble(type.element) };
    case 'tuple':
      return { ...type, elements: type.elements.map(inDouble) };
    case 'record':
      return { ...type, fields: type.fields.map((field) => ({ ...field, type: inDouble(field.type) })) };
    default:
      return type;
  }
}
