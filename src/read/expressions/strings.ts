/** Strings: carried, printed as they are written. */

import type { ts } from 'ts-morph';

import type { Value } from '../../graph/types.ts';
import type { Reading } from '../context.ts';
import { short } from '../places.ts';
import { isReference } from '../types.ts';
import { valueOf } from './expression.ts';

const text = { kind: 'opaque', text: 'string' } as const;

export function readTemplate(r: Reading, node: ts.TemplateExpression): Value {
  const pieces: (string | Value)[] = ['`' + raw(node.head)];
  for (const span of node.templateSpans) pieces.push('${', printed(r, valueOf(r, span.expression), span.expression), '}', raw(span.literal));
  return r.builder.carry([...pieces, '`'], text);
}

/** The text between the delimiters, as written. */
function raw(node: ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail): string {
  return node.getText().replace(/^[`}]/, '').replace(/(?:\$\{|`)$/, '');
}

/** A regular expression without a memory of where it found something. */
export function readPattern(r: Reading, node: ts.RegularExpressionLiteral): Value {
  const { text } = node;
  const flags = text.slice(text.lastIndexOf('/') + 1);
  if (/[gy]/.test(flags)) return r.refuse(node, 'GG2064', { text });
  return r.builder.carry([text], { kind: 'opaque', text: 'RegExp' });
}

/** Numbers and strings only: memory may have changed when the text is asked for. */
function printed(r: Reading, value: Value, node: ts.Node): Value {
  return isReference(value.type) ? r.refuse(node, 'GG2033', { text: short(node) }) : value;
}

export function concatenate(r: Reading, values: readonly [Value, Value], node: ts.Node): Value {
  for (const value of values) printed(r, value, node);
  return r.builder.carry([values[0], ' + ', values[1]], text);
}

/** A whole number of any size: carried like a string. */
export function isBigint(value: Value): boolean {
  return value.type.kind === 'opaque' && value.type.text === 'bigint';
}

export function isText(value: Value): boolean {
  return value.type.kind === 'opaque';
}
