/** `as`: what is said of a type is believed, but where numbers or the length of a tuple are at stake. */

import { ts } from 'ts-morph';

import { BlockBuilder, yields } from '../../graph/build.ts';
import type { TupleType, Type, Value } from '../../graph/types.ts';
import { lengthOf } from '../arrays.ts';
import { isClosure, type Item, type Reading } from '../context.ts';
import { withoutWrappers } from '../facts.ts';
import { short } from '../places.ts';
import { isEmptyText, isNumeric, typeOf } from '../types.ts';
import { loadIndex } from './access.ts';
import { evaluate } from './expression.ts';

export function readCast(r: Reading, node: ts.AsExpression | ts.TypeAssertion): Item | undefined {
  if (r.checker.getTypeAtLocation(node).flags & ts.TypeFlags.Any) r.refuse(node, 'GG2016', { text: short(node) });
  const item = evaluate(r, node.expression);
  if (item === undefined || isClosure(item)) return item;
  const wanted = typeOf(r.checker, r.checker.getTypeAtLocation(node));
  if (typeof wanted === 'string') return item;
  if (item.type.kind === 'opaque' && !isEmptyText(item.type) && isNumeric(wanted)) {
    r.refuse(node, 'GG2069', { text: short(node), type: item.type.text });
  }
  return isOneMore(item.type, wanted) && isNew(r, node.expression) ? tupleOf(r, item, wanted, node) : item;
}

/** Whether an array may be a tuple of such elements. */
function isOneMore(type: Type, wanted: Type): wanted is TupleType {
  if (type.kind !== 'array' || type.container !== 'Array' || wanted.kind !== 'tuple') return false;
  return wanted.elements.every((element) => element.kind === type.element.kind && (element.kind === 'real' || element.kind === 'integer'));
}

const makers: ReadonlySet<string> = new Set(['map', 'filter', 'slice', 'concat', 'flat', 'flatMap', 'toReversed', 'toSpliced', 'with', 'from', 'of']);

/** An array that the expression makes: under no other name, so that its elements may lie in a tuple instead. */
function isNew(r: Reading, expression: ts.Expression): boolean {
  const made = withoutWrappers(expression);
  if (ts.isArrayLiteralExpression(made)) return true;
  if (!ts.isCallExpression(made) || !ts.isPropertyAccessExpression(made.expression)) return false;
  const owner = r.checker.getTypeAtLocation(made.expression.expression);
  return makers.has(made.expression.name.text) && (r.checker.isArrayLikeType(owner) || owner.symbol?.name === 'ArrayConstructor');
}

/** Throws a RangeError where the array has another length. */
function tupleOf(r: Reading, array: Value, type: TupleType, node: ts.Node): Value {
  const { length: count } = type.elements;
  const length = lengthOf(r, array);
  const otherwise = new BlockBuilder(r.builder.origin);
  const error = otherwise.carry([`new RangeError(\`a tuple of ${count} elements is made of \${`, length, '}`)'], { kind: 'opaque', text: 'RangeError' });
  const isOther = r.builder.apply('ne', [length, r.literal(count)]);
  r.builder.if(isOther, otherwise.block({ kind: 'throw', error }), new BlockBuilder(r.builder.origin).block(yields([])), []);
  const values = type.elements.map((_element, i) => loadIndex(r, array, r.literal(i), node));
  return r.builder.alloc(type, { kind: 'elements', values });
}
