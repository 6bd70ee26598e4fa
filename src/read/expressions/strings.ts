/** Strings: carried, printed as they are written. */

import type { ts } from 'ts-morph';

import type { Value } from '../../graph/types.ts';
import type { Reading } from '../context.ts';
import { valueOf } from './expression.ts';

const text = { kind: 'opaque', text: 'string' } as const;

export function readTemplate(r: Reading, node: ts.TemplateExpression): Value {
  const pieces: (string | Value)[] = ['`' + raw(node.head)];
  for (const span of node.templateSpans) pieces.push('${', valueOf(r, span.expression), '}', raw(span.literal));
  return r.builder.carry([...pieces, '`'], text);
}

/** The text between the delimiters, as written. */
function raw(node: ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail): string {
  return node.getText().replace(/^[`}]/, '').replace(/(?:\$\{|`)$/, '');
}

export function concatenate(r: Reading, values: readonly [Value, Value]): Value {
  return r.builder.carry([values[0], ' + ', values[1]], text);
}

export function isText(value: Value): boolean {
  return value.type.kind === 'opaque';
}
