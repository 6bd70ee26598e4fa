/** What `print` and `parse` agree on: operators, words, types. */

import { isMathPrimitive, type Primitive } from './primitives.ts';
import type { Container, Type } from './types.ts';

/** Binary operators with how tightly they bind; equal ones are read from the left. */
export const binaryOperators: readonly (readonly [Primitive, string, number])[] = [
  ['or', '||', 1],
  ['and', '&&', 2],
  ['bitOr', '|', 3],
  ['bitXor', '^', 4],
  ['bitAnd', '&', 5],
  ['eq', '==', 6],
  ['ne', '!=', 6],
  ['lt', '<', 7],
  ['le', '<=', 7],
  ['gt', '>', 7],
  ['ge', '>=', 7],
  ['shiftLeft', '<<', 8],
  ['shiftRight', '>>', 8],
  ['shiftRightUnsigned', '>>>', 8],
  ['add', '+', 9],
  ['sub', '-', 9],
  ['mul', '*', 10],
  ['div', '/', 10],
  ['rem', '%', 10],
  ['pow', '**', 11],
];

export const unaryOperators: readonly (readonly [Primitive, string])[] = [
  ['neg', '-'],
  ['not', '!'],
  ['bitNot', '~'],
];

export const unaryPrecedence = 12;

/** Primitives that are written as words. */
export function isWord(name: string): name is Primitive {
  return isMathPrimitive(name) || name === 'select' || name === 'guard' || name === 'present' || name === 'unwrap' || name === 'stop' || name === 'isNaN';
}

const keywords = new Set([
  'accumulate', 'alloc', 'as', 'back', 'break', 'by', 'call', 'carry', 'done', 'else', 'false', 'graph', 'grow', 'if', 'keep', 'take', 'Infinity',
  'leaving', 'length', 'loop', 'NaN', 'next', 'null', 'on', 'pop', 'push', 'return', 'shadow', 'then', 'throw', 'to', 'true',
  'unassigned', 'undefined', 'undo', 'view', 'workspace', 'yield', 'after',
]);

/** Names of values that would be read as something else: these are always written with a number, `length.1`. */
export function isReserved(name: string): boolean {
  return keywords.has(name) || isWord(name);
}

export const containerNames: Readonly<Record<Exclude<Container, 'Array'>, string>> = {
  Float64Array: 'f64',
  Float32Array: 'f32',
  Int8Array: 'i8',
  Uint8Array: 'u8',
  Uint8ClampedArray: 'u8c',
  Int16Array: 'i16',
  Uint16Array: 'u16',
  Int32Array: 'i32',
  Uint32Array: 'u32',
};

/** The element of a typed array that is not written. */
export function usualElement(container: Exclude<Container, 'Array'>): Type {
  return container.startsWith('Float') ? { kind: 'real' } : { kind: 'integer' };
}

export const identifier = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u;

export function typeText(type: Type): string {
  switch (type.kind) {
    case 'real':
      return 'real';
    case 'integer':
      return 'int';
    case 'boolean':
      return 'bool';
    case 'opaque':
      return `opaque ${JSON.stringify(type.text)}`;
    case 'optional':
      return `${typeText(type.of)}?`;
    case 'array': {
      if (type.container === 'Array') return `${typeText(type.element)}[]`;
      const element = typeText(type.element);
      const short = containerNames[type.container];
      return element === typeText(usualElement(type.container)) ? `${short}[]` : `${short}<${element}>[]`;
    }
    case 'record': {
      const fields = type.fields.map((field) => {
        const name = identifier.test(field.name) ? field.name : JSON.stringify(field.name);
        return `${name}${annotation(field.type)}`;
      });
      return `${type.name ?? ''}{${fields.join(', ')}}`;
    }
    case 'recursive':
      return `opaque ${JSON.stringify(type.name)}`;
    default:
      return `[${type.elements.map(typeText).join(', ')}]`;
  }
}

/** `: int`; nothing for `real`. */
export function annotation(type: Type): string {
  return type.kind === 'real' ? '' : `: ${typeText(type)}`;
}
