/** Types as they are printed: of variables, and of gradients. */

import { gradientNameOf, holdsInside } from '../graph/recursive-types.ts';
import type { Container, Field, RecordType, Type } from '../graph/types.ts';

/** Whether values of the type have numbers that a gradient can have. */
export function isDifferentiable(type: Type): boolean {
  switch (type.kind) {
    case 'real':
    case 'integer':
      return true;
    case 'optional':
      return isDifferentiable(type.of);
    case 'array':
      return isRealContainer(type.container) && isDifferentiable(type.element);
    case 'record':
      return type.fields.some((field) => isDifferentiable(field.type));
    case 'tuple':
      return type.elements.some(isDifferentiable);
    case 'recursive':
      return holdsInside(type, isDifferentiable);
    default:
      return false;
  }
}

export function isRealContainer(container: Container): boolean {
  return container === 'Array' || container === 'Float64Array' || container === 'Float32Array';
}

export function typeText(type: Type): string {
  switch (type.kind) {
    case 'real':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'opaque':
      return type.text;
    case 'optional':
      return `${typeText(type.of)} | null | undefined`;
    case 'array':
      return type.container === 'Array' ? arrayText(typeText(type.element)) : type.container;
    case 'record':
      return type.recursive ?? recordText(type);
    case 'recursive':
      return type.name;
    default:
      return `[${type.elements.map(typeText).join(', ')}]`;
  }
}

function recordText(type: RecordType): string {
  return `{ ${type.fields.map((field) => `${propertyName(field.name)}: ${typeText(field.type)}`).join('; ')} }`;
}

/** The same, of memory that is only read: whatever is assignable to the type at any depth. */
export function readonlyTypeText(type: Type): string {
  switch (type.kind) {
    case 'optional':
      return `${readonlyTypeText(type.of)} | null | undefined`;
    case 'array':
      return type.container === 'Array' ? `readonly ${arrayText(readonlyTypeText(type.element))}` : type.container;
    case 'record': {
      if (type.recursive !== undefined) return type.recursive;
      const fields = type.fields.map(({ name, type: field }) => {
        const mark = field.kind === 'optional' ? '?' : '';
        return `readonly ${propertyName(name)}${mark}: ${readonlyTypeText(field)}`;
      });
      return `{ ${fields.join('; ')} }`;
    }
    case 'tuple':
      return `readonly [${type.elements.map(readonlyTypeText).join(', ')}]`;
    default:
      return typeText(type);
  }
}

/** The gradient's type: differentiable fields only, and everything can be written. */
export function gradientTypeText(type: Type): string {
  switch (type.kind) {
    case 'array':
      return type.container === 'Array' ? arrayText(gradientTypeText(type.element)) : type.container;
    case 'optional':
      // An absent object has an absent gradient; an absent number has 0.
      return isMemory(type) ? `${gradientTypeText(type.of)} | undefined` : 'number';
    case 'recursive':
      return gradientNameOf(type.name);
    case 'record': {
      if (type.recursive !== undefined) return gradientNameOf(type.recursive);
      const fields = type.fields.filter((field) => isDifferentiable(field.type));
      return `{ ${fields.map(gradientFieldText).join('; ')} }`;
    }
    case 'tuple':
      return `[${type.elements.map((element) => (isDifferentiable(element) ? gradientTypeText(element) : typeText(element))).join(', ')}]`;
    default:
      return 'number';
  }
}

/** The type of a tangent or a cotangent that is handed in: shaped like the gradient, and only read. */
export function tangentTypeText(type: Type): string {
  switch (type.kind) {
    case 'array':
      return type.container === 'Array' ? `readonly ${arrayText(tangentTypeText(type.element))}` : type.container;
    case 'optional':
      return isMemory(type) ? `${tangentTypeText(type.of)} | undefined` : 'number';
    case 'record': {
      if (type.recursive !== undefined) return gradientNameOf(type.recursive);
      const fields = type.fields.filter((field) => isDifferentiable(field.type));
      const texts = fields.map((field) => {
        const mark = field.type.kind === 'optional' && isMemory(field.type) ? '?' : '';
        return `readonly ${propertyName(field.name)}${mark}: ${tangentTypeText(field.type)}`;
      });
      return `{ ${texts.join('; ')} }`;
    }
    case 'tuple':
      return `readonly [${type.elements.map((element) => (isDifferentiable(element) ? tangentTypeText(element) : typeText(element))).join(', ')}]`;
    default:
      return gradientTypeText(type);
  }
}

function gradientFieldText({ name, type }: Field): string {
  const mark = type.kind === 'optional' && isMemory(type) ? '?' : '';
  return `${propertyName(name)}${mark}: ${gradientTypeText(type)}`;
}

export function isMemory(type: Type): boolean {
  const inner = type.kind === 'optional' ? type.of : type;
  return inner.kind === 'array' || inner.kind === 'record' || inner.kind === 'tuple' || inner.kind === 'recursive';
}

/** `x` or `'x-y'`, as an object literal or an interface names a property. */
export function propertyName(name: string): string {
  return isIdentifier(name) ? name : JSON.stringify(name);
}

/** `.x` or `['x-y']`. */
export function propertyAccess(name: string): string {
  return isIdentifier(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

export function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

export function arrayText(element: string): string {
  return /[|&]|=>|^readonly /.test(element) ? `(${element})[]` : `${element}[]`;
}
