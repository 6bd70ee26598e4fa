/** Records that contain themselves: asking of a part, and of the whole, without going round in circles. */

import type { RecordType, RecursiveType, Type } from './types.ts';

/** The type with the record itself where it is mentioned by name. */
export function unfolded(type: Type): Type {
  if (type.kind === 'recursive') return type.unfold();
  if (type.kind === 'optional' && type.of.kind === 'recursive') return { kind: 'optional', of: type.of.unfold() };
  return type;
}

/** Types that are being asked about. */
const open = new Set<string>();

/** Whether some part of the record has what is asked for: the record inside of itself adds nothing. */
export function holdsInside(type: RecursiveType, holds: (record: RecordType) => boolean): boolean {
  if (open.has(type.name)) return false;
  open.add(type.name);
  try {
    return holds(type.unfold());
  } finally {
    open.delete(type.name);
  }
}

/** The record that contains itself in the type, if there is one. */
export function recursionIn(type: Type): string | undefined {
  switch (type.kind) {
    case 'recursive':
      return type.name;
    case 'record':
      return type.recursive ?? firstOf(type.fields.map((field) => field.type));
    case 'tuple':
      return firstOf(type.elements);
    case 'array':
      return recursionIn(type.element);
    case 'optional':
      return recursionIn(type.of);
    default:
      return undefined;
  }
}

function firstOf(types: readonly Type[]): string | undefined {
  for (const type of types) {
    const found = recursionIn(type);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What the gradient of a record that contains itself is called. */
export function gradientNameOf(name: string): string {
  return `${name}Gradient`;
}
