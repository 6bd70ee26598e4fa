/** `Math`: every function is a primitive, constants are literals, `random` is carried. */

import { ts } from 'ts-morph';

import { real } from '../graph/build.ts';
import { isMathPrimitive } from '../graph/primitives.ts';
import type { Value } from '../graph/types.ts';
import { copyArray } from './arrays.ts';
import { mayWrite } from './callback-changes.ts';
import { isClosure, type Closure, type Item, type Reading } from './context.ts';
import { short } from './places.ts';
import { valueOf } from './expressions/expression.ts';
import { loadIndex } from './expressions/access.ts';
import { isGlobal } from './expressions/names.ts';
import { checkMember } from './fence/check.ts';

const constants: Readonly<Record<string, number>> = {
  E: Math.E,
  LN10: Math.LN10,
  LN2: Math.LN2,
  LOG10E: Math.LOG10E,
  LOG2E: Math.LOG2E,
  PI: Math.PI,
  SQRT1_2: Math.SQRT1_2,
  SQRT2: Math.SQRT2,
};

const numberConstants: Readonly<Record<string, number>> = {
  EPSILON: Number.EPSILON,
  MAX_VALUE: Number.MAX_VALUE,
  MIN_VALUE: Number.MIN_VALUE,
  MAX_SAFE_INTEGER: Number.MAX_SAFE_INTEGER,
  MIN_SAFE_INTEGER: Number.MIN_SAFE_INTEGER,
  POSITIVE_INFINITY: Infinity,
  NEGATIVE_INFINITY: -Infinity,
  NaN: Number.NaN,
};

function isGlobalObject(r: Reading, node: ts.Expression, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name && isGlobal(r, node);
}

/** `Math.PI`, `Number.EPSILON`: printed as they are written. */
export function mathConstant(r: Reading, node: ts.PropertyAccessExpression): Value | undefined {
  return isNumberOfLanguage(r, node) ? r.builder.carry([`${node.expression.getText()}.${node.name.text}`], real) : undefined;
}

export function isNumberOfLanguage(r: Reading, { expression, name }: ts.PropertyAccessExpression): boolean {
  if (isGlobalObject(r, expression, 'Math')) return constants[name.text] !== undefined;
  return isGlobalObject(r, expression, 'Number') && numberConstants[name.text] !== undefined;
}

/** `Math.sin` as a value; undefined where the property is no function of `Math`. */
export function mathFunction(r: Reading, node: ts.PropertyAccessExpression): Closure | undefined {
  const name = node.name.text;
  if (!isGlobalObject(r, node.expression, 'Math') || !isMathPrimitive(name)) return undefined;
  return standardFunction(r, node, (numbers) => r.builder.apply(name, numbers));
}

/** `sin` after `const { sin } = Math`; undefined for what was declared in another way. */
export function takenFromMath(r: Reading, node: ts.Identifier, declaration: ts.Declaration): Item | undefined {
  if (!ts.isBindingElement(declaration) || declaration.dotDotDotToken !== undefined || !isMathPattern(r, declaration.parent)) return undefined;
  const key = declaration.propertyName ?? declaration.name;
  if (!ts.isIdentifier(key)) return undefined;
  if (constants[key.text] !== undefined) return r.builder.carry([`Math.${key.text}`], real);
  const op = key.text;
  return isMathPrimitive(op) ? standardFunction(r, node, (numbers) => r.builder.apply(op, numbers)) : undefined;
}

/** `{ sin, cos } = Math` of a declaration: its names are read where they are used. */
export function isMathPattern(r: Reading, pattern: ts.Node): boolean {
  const { parent } = pattern;
  return ts.isObjectBindingPattern(pattern) && ts.isVariableDeclaration(parent) && parent.initializer !== undefined && isGlobalObject(r, parent.initializer, 'Math');
}

/** A function of the language that takes numbers. It is handed more than it takes where it is called back. */
export function standardFunction(r: Reading, node: ts.Expression, result: (numbers: readonly Value[]) => Value): Closure | undefined {
  const declaration = r.checker.getTypeAtLocation(node).getCallSignatures()[0]?.declaration;
  if (declaration === undefined || ts.isJSDocSignature(declaration)) return undefined;
  const takesAny = declaration.parameters.some((parameter) => parameter.dotDotDotToken !== undefined);
  return {
    kind: 'function',
    declaration,
    frame: { cells: new Map() },
    standard: (items, call) => {
      const taken = takesAny ? items : items.slice(0, declaration.parameters.length);
      if (taken.length === 0) return r.refuse(call, 'GG2049', { text: short(node) });
      return result(
        taken.map((item) => {
          if (!isClosure(item) && (item.type.kind === 'real' || item.type.kind === 'integer')) return item;
          return r.refuse(call, 'GG2100', { text: short(node) });
        }),
      );
    },
  };
}

/** A call of a function of `Math`; undefined where the callee is none. */
export function readMath(r: Reading, node: ts.CallExpression): Value | undefined {
  const callee = node.expression;
  if (!ts.isPropertyAccessExpression(callee) || !isGlobalObject(r, callee.expression, 'Math')) return undefined;
  const name = callee.name.text;
  checkMember(r, node, 'Math', name);
  if (name === 'random') return r.builder.carry(['Math.random()'], real, { effect: true });
  const groups = r.each(node.arguments, (argument): Value | Value[] => {
    if (!ts.isSpreadElement(argument)) return r.number(valueOf(r, argument), argument);
    const memory = r.plain(valueOf(r, argument.expression));
    if (memory.type.kind === 'tuple') return memory.type.elements.map((_element, i) => r.number(loadIndex(r, memory, r.literal(i), argument), argument));
    if (memory.type.kind !== 'array') return r.refuse(argument, 'GG2046', { text: short(argument.expression) });
    return mayWrite(r, node.arguments.slice(node.arguments.indexOf(argument) + 1), memory) ? copyArray(r, memory, argument) : memory;
  });
  const operands = groups.flat();
  const op = name === 'pow' ? 'pow' : isMathPrimitive(name) ? name : undefined;
  if (op === undefined) return r.refuse(node, 'GG2004', { callee: short(callee) });
  if (operands.length === 0) return r.literal(name === 'max' ? -Infinity : name === 'min' ? Infinity : name === 'hypot' ? 0 : NaN);
  return r.builder.apply(op, operands);
}
