/** What rules take and give: objects leaf by leaf, and what a gradient is shaped like. */

import type { Type } from '../graph/types.ts';
import { isNumeric, isReference } from './types.ts';

/** Fields and positions on the way from an object to a number or an array in it. */
export type Path = readonly string[];

export interface Leaf {
  readonly path: Path;
  readonly type: Type;
}

/** Numbers and arrays of an object, in order; of anything else, itself. */
export function leavesOf(type: Type, path: Path = []): readonly Leaf[] {
  if (type.kind === 'record') return type.fields.flatMap((field) => leavesOf(field.type, [...path, field.name]));
  if (type.kind === 'tuple') return type.elements.flatMap((element, i) => leavesOf(element, [...path, `${i}`]));
  return [{ path, type }];
}

/** What a rule cannot handle in a type; undefined where it can. */
export function obstacleIn(type: Type): string | undefined {
  for (const leaf of leavesOf(type)) {
    if (leaf.type.kind === 'optional') return 'something that may be absent';
    if (leaf.type.kind === 'recursive') return 'an object that contains itself';
    if (leaf.type.kind === 'array' && isReference(leaf.type.element)) return leaf.type.element.kind === 'array' ? 'arrays inside of an array' : 'an array of objects';
  }
  return undefined;
}

/** The differentiable parts of a type: what a gradient, a tangent or a cotangent of it is. */
export function gradientShape(type: Type): Type {
  if (type.kind === 'record') return { kind: 'record', fields: type.fields.filter((field) => isNumeric(field.type)).map((field) => ({ name: field.name, type: gradientShape(field.type) })) };
  if (type.kind === 'tuple') return { kind: 'tuple', elements: type.elements.map(gradientShape) };
  return type;
}

/** Whether two types are the same but for the names of records. */
export function isSameShape(a: Type, b: Type): boolean {
  if (a.kind === 'record' && b.kind === 'record') {
    return a.fields.length === b.fields.length && a.fields.every((field) => b.fields.some((other) => other.name === field.name && isSameShape(field.type, other.type)));
  }
  if (a.kind === 'tuple' && b.kind === 'tuple') return a.elements.length === b.elements.length && a.elements.every((element, i) => isSameShape(element, b.elements[i]!));
  if (a.kind === 'array' && b.kind === 'array') return a.container === b.container && isSameShape(a.element, b.element);
  return a.kind === b.kind;
}

/** The shape as it is written in TypeScript. */
export function textOfShape(type: Type): string {
  switch (type.kind) {
    case 'real':
    case 'integer':
      return 'number';
    case 'array':
      return type.container === 'Array' ? `${textOfShape(type.element)}[]` : type.container;
    case 'record':
      return `{ ${type.fields.map((field) => `${field.name}: ${textOfShape(field.type)}`).join('; ')} }`;
    case 'tuple':
      return `[${type.elements.map(textOfShape).join(', ')}]`;
    default:
      return type.kind;
  }
}
