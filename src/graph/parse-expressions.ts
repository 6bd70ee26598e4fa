/** Expressions in the text form: an unnamed node for each operation, left to right. */

import { type BlockBuilder, boolean, integer, newValue, real } from './build.ts';
import { parseAnnotation } from './parse-types.ts';
import { binaryOperators, isWord, unaryOperators } from './syntax.ts';
import type { Tokens } from './tokens.ts';
import type { Key, LiteralValue, Type, Value } from './types.ts';

export class ExpressionParser {
  private readonly values = new Map<string, Value>();

  /** `name` or `name: type`, a new value. */
  define(tokens: Tokens): Value {
    return this.defineAs(tokens.take().text, parseAnnotation(tokens));
  }

  protected defineAs(text: string, type: Type): Value {
    if (this.values.has(text)) throw new Error(`${text} is defined twice`);
    const name = text.startsWith('%') ? undefined : text.replace(/\.\d+$/, '');
    const value = newValue(type, name);
    this.values.set(text, value);
    return value;
  }

  /** A literal that is all of what stands right of `=`. */
  protected wholeLiteral(tokens: Tokens): { readonly value: LiteralValue } | undefined {
    const negative = tokens.is('-');
    const ahead = negative ? 1 : 0;
    const literal = literalAt(tokens, ahead);
    if (literal === undefined || tokens.peek(ahead + 1).kind !== 'end') return undefined;
    return negative ? { value: -(literal.value as number) } : literal;
  }

  protected parenthesised(tokens: Tokens, b: BlockBuilder): Value[] {
    tokens.expect('(');
    const values = tokens.is(')') ? [] : this.list(tokens, b);
    tokens.expect(')');
    return values;
  }

  protected list(tokens: Tokens, b: BlockBuilder): Value[] {
    const values = [this.expression(tokens, b)];
    while (tokens.accept(',')) values.push(this.expression(tokens, b));
    return values;
  }

  protected expression(tokens: Tokens, b: BlockBuilder, least = 0): Value {
    let left = this.unary(tokens, b);
    for (;;) {
      const operator = binaryOperators.find(([, symbol, binding]) => binding >= least && tokens.is(symbol));
      if (operator === undefined) return left;
      tokens.take();
      left = b.apply(operator[0], [left, this.expression(tokens, b, operator[2] + 1)]);
    }
  }

  private unary(tokens: Tokens, b: BlockBuilder): Value {
    if (tokens.is('-') && (tokens.peek(1).kind === 'number' || tokens.is('Infinity', 1))) {
      tokens.take();
      const text = tokens.take().text;
      const value = -Number(text);
      return b.literal(value, /^\d+$/.test(text) && value !== 0 ? integer : real);
    }
    const unary = unaryOperators.find(([, symbol]) => tokens.is(symbol));
    if (unary) {
      tokens.take();
      return b.apply(unary[0], [this.unary(tokens, b)]);
    }
    if (tokens.accept('^')) return b.restore(this.operand(tokens, b));
    const word = tokens.peek().text;
    const isOperation = tokens.peek().kind === 'word' && !this.values.has(word);
    if (isOperation && word === 'view') {
      tokens.take();
      const [memory, from, to] = this.parenthesised(tokens, b);
      const result = newValue(memory!.type);
      b.push({ kind: 'view', memory: memory!, from: from!, result, ...(to === undefined ? {} : { to }) });
      return result;
    }
    if (isOperation && word === 'length') {
      tokens.take();
      return b.length(this.operand(tokens, b));
    }
    if (isOperation && isWord(word)) {
      tokens.take();
      const operands = tokens.is('(') ? this.parenthesised(tokens, b) : [this.unary(tokens, b)];
      return b.apply(word, operands);
    }
    return this.operand(tokens, b);
  }

  /** A value, a literal or an expression in brackets, with element accesses. */
  protected operand(tokens: Tokens, b: BlockBuilder): Value {
    let value = this.primary(tokens, b);
    for (;;) {
      let key: Key;
      if (tokens.accept('[')) {
        const isField = tokens.peek().kind === 'string';
        key = isField
          ? { kind: 'field', name: JSON.parse(tokens.take().text) as string }
          : { kind: 'index', index: this.expression(tokens, b) };
        tokens.expect(']');
      } else if (tokens.accept('.')) key = { kind: 'field', name: tokens.take().text };
      else return value;
      value = b.load(value, key, typeOfElement(value.type, key, b));
    }
  }

  private primary(tokens: Tokens, b: BlockBuilder): Value {
    if (tokens.accept('(')) {
      const value = this.expression(tokens, b);
      tokens.expect(')');
      return value;
    }
    if (tokens.accept('^')) return b.restore(this.operand(tokens, b));
    const literal = literalAt(tokens);
    if (literal) {
      tokens.take();
      return b.literal(literal.value, literal.type);
    }
    const { text } = tokens.peek();
    const known = this.values.get(text);
    if (known === undefined) return tokens.fail(`\`${text}\` is not defined`);
    tokens.take();
    return known;
  }
}

function literalAt(tokens: Tokens, ahead = 0): { readonly value: LiteralValue; readonly type: Type } | undefined {
  const { kind, text } = tokens.peek(ahead);
  if (kind === 'number') return { value: Number(text), type: /^\d+$/.test(text) ? integer : real };
  if (kind === 'string') return { value: JSON.parse(text) as string, type: { kind: 'opaque', text: 'string' } };
  switch (text) {
    case 'true':
    case 'false':
      return { value: text === 'true', type: boolean };
    case 'NaN':
    case 'Infinity':
      return { value: Number(text), type: real };
    case 'null':
    case 'undefined':
      return { value: text === 'null' ? null : undefined, type: { kind: 'opaque', text } };
    default:
      return undefined;
  }
}

function typeOfElement(memory: Type, key: Key, b: BlockBuilder): Type {
  if (memory.kind === 'record') return memory.fields.find((field) => key.kind === 'field' && field.name === key.name)?.type ?? real;
  if (memory.kind === 'tuple') {
    const index = key.kind === 'index' ? b.literalOf(key.index) : undefined;
    return memory.elements[typeof index === 'number' ? index : 0] ?? real;
  }
  return memory.kind === 'array' ? memory.element : real;
}
