/** Types in the text form. */

import { containerNames, usualElement } from './syntax.ts';
import type { Tokens } from './tokens.ts';
import type { Container, Field, Type } from './types.ts';

const containers = new Map(Object.entries(containerNames).map(([name, short]) => [short, name as Exclude<Container, 'Array'>]));

/** The type after a colon; `real` where there is none. */
export function parseAnnotation(tokens: Tokens): Type {
  return tokens.accept(':') ? parseType(tokens) : { kind: 'real' };
}

export function parseType(tokens: Tokens): Type {
  let type = parseBase(tokens);
  for (;;) {
    if (tokens.accept('?')) type = { kind: 'optional', of: type };
    else if (tokens.is('[') && tokens.is(']', 1)) {
      tokens.take();
      tokens.take();
      type = { kind: 'array', container: 'Array', element: type };
    } else return type;
  }
}

function parseBase(tokens: Tokens): Type {
  if (tokens.accept('[')) {
    const elements: Type[] = [];
    while (!tokens.accept(']')) {
      elements.push(parseType(tokens));
      tokens.accept(',');
    }
    return { kind: 'tuple', elements };
  }
  if (tokens.accept('{')) return parseRecord(tokens);
  const word = tokens.take().text;
  const container = containers.get(word);
  if (container !== undefined) {
    const element = tokens.accept('<') ? parseType(tokens) : undefined;
    if (element) tokens.expect('>');
    tokens.expect('[');
    tokens.expect(']');
    return { kind: 'array', container, element: element ?? usualElement(container) };
  }
  switch (word) {
    case 'real':
      return { kind: 'real' };
    case 'int':
      return { kind: 'integer' };
    case 'bool':
      return { kind: 'boolean' };
    case 'opaque':
      return { kind: 'opaque', text: tokens.peek().kind === 'string' ? (JSON.parse(tokens.take().text) as string) : '' };
    default:
      if (tokens.accept('{')) return parseRecord(tokens, word);
      return tokens.fail('expected a type');
  }
}

function parseRecord(tokens: Tokens, name?: string): Type {
  const fields: Field[] = [];
  while (!tokens.accept('}')) {
    const token = tokens.take();
    const field = token.kind === 'string' ? (JSON.parse(token.text) as string) : token.text;
    fields.push({ name: field, type: parseAnnotation(tokens) });
    tokens.accept(',');
  }
  return name === undefined ? { kind: 'record', fields } : { kind: 'record', name, fields };
}
