/** Reads the text form of a graph; see `print`. Values, loop ids and origins are fresh. */

import { BlockBuilder, integer, newFrame, newLoopId, real } from './build.ts';
import { ExpressionParser } from './parse-expressions.ts';
import { parseAnnotation, parseType } from './parse-types.ts';
import { Tokens } from './tokens.ts';
import type {
  Block,
  CallNode,
  Counter,
  Exit,
  Graph,
  Initializer,
  LoopNode,
  ModuleReference,
  Node,
  Origin,
  Type,
  Value,
} from './types.ts';

/** @throws Error with the line that cannot be read. */
export function parse(text: string): Graph {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const head = new Tokens(lines[0] ?? '');
  head.expect('graph');
  const parser = new Parser();
  const name = head.take().text;
  head.expect('(');
  const params: Value[] = [];
  while (!head.accept(')')) {
    params.push(parser.define(head));
    head.accept(',');
  }
  const origin = takeMark(head)?.origin;
  const body = parser.block(nest(lines.slice(1)), []);
  return { name, params, body, ...(origin === undefined ? {} : { origin }) };
}

/** A line with the lines that are indented below it. */
interface Line {
  readonly text: string;
  readonly inner: readonly Line[];
}

function nest(lines: readonly string[]): readonly Line[] {
  const nested: Line[] = [];
  for (let i = 0; i < lines.length; ) {
    const text = lines[i]!;
    let end = i + 1;
    while (end < lines.length && indentOf(lines[end]!) > indentOf(text)) end += 1;
    nested.push({ text, inner: nest(lines.slice(i + 1, end)) });
    i = end;
  }
  return nested;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

interface Mark {
  readonly origin?: Origin;
  readonly backward: boolean;
}

/** `@7` and `~7` at the end of a line. */
function takeMark(tokens: Tokens): Mark | undefined {
  const backward = tokens.is('~');
  if (!backward && !tokens.is('@')) return undefined;
  tokens.take();
  if (tokens.isAtEnd) return { backward };
  return { backward, origin: { file: '', line: Number(tokens.take().text), column: 1, text: '' } };
}

/** A mark stands last on its line: `~` before the end, or before a number and the end. */
function markOf(text: string): Mark {
  const at = /\s([@~])(\d*)\s*$/.exec(text);
  return at === null ? { backward: false } : takeMark(new Tokens(at[0].trim()))!;
}

function withoutMark(text: string): string {
  return text.replace(/\s[@~]\d*\s*$/, '');
}

class Parser extends ExpressionParser {
  private readonly loops = new Map<string, number>();

  block(lines: readonly Line[], params: readonly Value[]): Block {
    const b = new BlockBuilder();
    let exit: Exit = { kind: 'yield', values: [] };
    for (const line of lines) {
      const mark = markOf(line.text);
      const lineBuilder = new BlockBuilder(mark.origin, mark.backward);
      const found = this.line(new Tokens(withoutMark(line.text)), line.inner, lineBuilder);
      b.nodes.push(...lineBuilder.nodes);
      if (found) exit = found;
    }
    return { params, nodes: b.nodes, exit };
  }

  /** Reads one statement; the exit, where it is one. */
  private line(tokens: Tokens, inner: readonly Line[], b: BlockBuilder): Exit | undefined {
    const exit = this.exit(tokens, b);
    if (exit) return exit;
    if (tokens.is('(') || this.isDefinition(tokens)) {
      const names = this.leftSide(tokens);
      this.rightSide(tokens, inner, names, b);
      return undefined;
    }
    this.statement(tokens, inner, b);
    return undefined;
  }

  private exit(tokens: Tokens, b: BlockBuilder): Exit | undefined {
    const kind = tokens.peek().text;
    switch (kind) {
      case 'yield':
      case 'next':
      case 'break':
      case 'return':
        tokens.take();
        return { kind: kind === 'next' ? 'yield' : kind, values: tokens.isAtEnd ? [] : this.list(tokens, b) };
      case 'throw':
        tokens.take();
        return { kind, error: this.expression(tokens, b) };
      default:
        return undefined;
    }
  }

  private isDefinition(tokens: Tokens): boolean {
    return tokens.peek().kind === 'word' && (tokens.is('=', 1) || tokens.is(':', 1));
  }

  private leftSide(tokens: Tokens): readonly (readonly [string, Type])[] {
    const names: [string, Type][] = [];
    const several = tokens.accept('(');
    do names.push([tokens.take().text, parseAnnotation(tokens)]);
    while (tokens.accept(','));
    if (several) tokens.expect(')');
    tokens.expect('=');
    return names;
  }

  private rightSide(tokens: Tokens, inner: readonly Line[], names: readonly (readonly [string, Type])[], b: BlockBuilder): void {
    const defineAll = (): Value[] => names.map(([name, type]) => this.defineAs(name, type));
    const [name, type] = names[0]!;
    const define = (): Value => this.defineAs(name, type);
    switch (tokens.peek().text) {
      case 'if':
        return this.if(tokens, inner, defineAll, b);
      case 'loop':
      case 'back':
        return this.loop(tokens, inner, defineAll, b);
      case 'call': {
        const call = this.call(tokens, b);
        b.push({ kind: 'call', ...call, results: defineAll() });
        return undefined;
      }
      case 'take':
        tokens.take();
        b.push({ kind: 'popFrame', frame: this.frame(tokens), results: defineAll() });
        return undefined;
      case 'unassigned':
        b.push({ kind: 'literal', value: undefined, unassigned: true, result: define() });
        return undefined;
      case 'alloc':
        return this.alloc(tokens, name, type, b);
      case 'carry':
        b.push({ kind: 'carry', ...this.carry(tokens, b), result: define() });
        return undefined;
      case 'pop': {
        tokens.take();
        const memory = this.expression(tokens, b);
        b.push({ kind: 'resize', how: 'pop', memory, result: define() });
        return undefined;
      }
      case 'shadow': {
        tokens.take();
        const of = this.expression(tokens, b);
        const path: string[] = [];
        const isFor = tokens.accept('for');
        const isHessianProduct = isFor && tokens.accept('h');
        if (isFor) while (!tokens.isAtEnd) path.push(JSON.parse(tokens.take().text) as string);
        b.push({ kind: 'shadow', of, result: define(), ...(path.length > 0 ? { gradientOf: path } : {}), ...(isHessianProduct ? { isHessianProduct } : {}) });
        return undefined;
      }
      case 'workspace': {
        tokens.take();
        const size = this.expression(tokens, b);
        b.push({ kind: 'workspace', size, grows: false, result: define() });
        return undefined;
      }
      default:
    }
    const literal = this.wholeLiteral(tokens);
    if (literal) {
      b.push({ kind: 'literal', value: literal.value, result: define() });
      return undefined;
    }
    const value = this.expression(tokens, b);
    if (!tokens.isAtEnd) tokens.fail('expected the end of the line');
    const made = b.nodes.at(-1);
    if (made === undefined || !('result' in made) || made.result !== value) tokens.fail('expected an operation');
    b.nodes[b.nodes.length - 1] = { ...made, result: define() } as Node;
    return undefined;
  }

  private statement(tokens: Tokens, inner: readonly Line[], b: BlockBuilder): void {
    switch (tokens.peek().text) {
      case 'if':
        return this.if(tokens, inner, () => [], b);
      case 'loop':
      case 'back':
        return this.loop(tokens, inner, () => [], b);
      case 'call':
        b.push({ kind: 'call', ...this.call(tokens, b), results: [] });
        return undefined;
      case 'push': {
        tokens.take();
        const [memory, value] = this.list(tokens, b);
        b.push({ kind: 'resize', how: 'push', memory: memory!, value: value! });
        return undefined;
      }
      case 'keep': {
        tokens.take();
        const frame = this.frame(tokens);
        tokens.expect(':');
        b.push({ kind: 'pushFrame', frame, values: this.list(tokens, b) });
        return undefined;
      }
      case 'pop':
        tokens.take();
        b.push({ kind: 'resize', how: 'pop', memory: this.expression(tokens, b) });
        return undefined;
      case 'grow': {
        tokens.take();
        const [result, size] = this.list(tokens, b);
        b.push({ kind: 'workspace', grows: true, result: result!, size: size! });
        return undefined;
      }
      default:
        return this.write(tokens, b);
    }
  }

  /** `a[i] = v`, `a[i] += v`, `undo a[i] = v`. */
  private write(tokens: Tokens, b: BlockBuilder): void {
    const undo = tokens.is('undo') && tokens.peek(1).kind === 'word' && tokens.accept('undo');
    const place = this.expression(tokens, b);
    const load = b.nodes.pop();
    if (load?.kind !== 'load' || load.result !== place) tokens.fail('expected an element');
    const kind = undo ? 'undo' : tokens.accept('+=') ? 'accumulate' : 'store';
    if (kind !== 'accumulate') tokens.expect('=');
    const value = this.expression(tokens, b);
    b.push({ kind, memory: load.memory, key: load.key, value });
  }

  private if(tokens: Tokens, inner: readonly Line[], results: () => Value[], b: BlockBuilder): void {
    tokens.expect('if');
    const condition = this.expression(tokens, b);
    const arm = (word: string): Block => {
      const line = inner.find(({ text }) => text.trim().split(' ')[0] === word);
      if (line === undefined) return { params: [], nodes: [], exit: { kind: 'yield', values: [] } };
      const rest = line.text.trim().slice(word.length).trim();
      return this.block(rest === '' ? line.inner : [{ text: rest, inner: [] }], []);
    };
    const [then, otherwise] = [arm('then'), arm('else')];
    b.push({ kind: 'if', condition, then, else: otherwise, results: results() });
  }

  private loop(tokens: Tokens, inner: readonly Line[], results: () => Value[], b: BlockBuilder): void {
    const isMirror = tokens.take().text === 'back';
    const first = tokens.take().text;
    const mirrors = isMirror ? this.loopId(first) : undefined;
    const id = isMirror ? (tokens.accept('as') ? this.loopId(tokens.take().text) : newLoopId()) : this.loopId(first);
    const leaving = tokens.accept('leaving');
    let counter: Counter | undefined;
    const initial: Value[] = [];
    const params: Value[] = [];
    tokens.accept(',');
    while (!tokens.isAtEnd) {
      const name = tokens.take().text;
      const type = parseAnnotation(tokens);
      tokens.expect('=');
      const from = this.expression(tokens, b);
      if (tokens.is('to') || tokens.is('on')) counter = this.counter(tokens, name, from, b);
      else {
        initial.push(from);
        params.push(this.defineAs(name, type));
      }
      tokens.accept(',');
    }
    const done = inner.find(({ text }) => /^\s*done\b/.test(text));
    const body = this.block(inner.filter((line) => line !== done), params);
    const doneValues = done && this.done(done, b);
    const loop: LoopNode = {
      kind: 'loop',
      id,
      initial,
      body,
      done: counter?.to === undefined ? [] : (doneValues ?? params),
      results: results(),
      ...(counter === undefined ? {} : { counter }),
      ...(mirrors === undefined ? {} : { mirrors }),
      ...(leaving ? { includesLeaving: true } : {}),
    };
    b.push(loop);
  }

  private done(line: Line, b: BlockBuilder): Value[] {
    const tokens = new Tokens(line.text);
    tokens.expect('done');
    return tokens.isAtEnd ? [] : this.list(tokens, b);
  }

  private counter(tokens: Tokens, name: string, from: Value, b: BlockBuilder): Counter {
    const bounded = tokens.take().text === 'to';
    const test = (['<', '<=', '>', '>='] as const).find((sign) => tokens.accept(sign)) ?? '<';
    const to = bounded ? this.expression(tokens, b) : undefined;
    const negative = tokens.accept('by') && tokens.accept('-');
    const step = tokens.peek().kind === 'number' ? Number(tokens.take().text) : 1;
    const after = tokens.accept('after') ? this.define(tokens) : undefined;
    return {
      variable: this.defineAs(name, integer),
      from,
      test,
      step: negative ? -step : step,
      ...(to === undefined ? {} : { to }),
      ...(after === undefined ? {} : { after }),
    };
  }

  private loopId(label: string): number {
    const known = this.loops.get(label) ?? newLoopId();
    this.loops.set(label, known);
    return known;
  }

  private readonly frames = new Map<string, number>();

  private frame(tokens: Tokens): number {
    tokens.expect('frame');
    const label = tokens.take().text;
    const known = this.frames.get(label) ?? newFrame();
    this.frames.set(label, known);
    return known;
  }

  private call(tokens: Tokens, b: BlockBuilder): Pick<CallNode, 'callee' | 'variant' | 'operands'> {
    tokens.expect('call');
    const variant = (['forward', 'backward', 'gradient', 'tangent', 'section'] as const).find((name) => tokens.accept(name)) ?? 'value';
    const callee = tokens.take().text;
    return { callee, variant, operands: this.parenthesised(tokens, b) };
  }

  private carry(
    tokens: Tokens,
    b: BlockBuilder,
  ): { readonly pieces: readonly (string | Value | ModuleReference)[]; readonly effect: boolean } {
    tokens.expect('carry');
    const effect = tokens.accept('effect');
    const pieces: (string | Value | ModuleReference)[] = [];
    while (!tokens.isAtEnd) {
      if (tokens.peek().kind === 'string') pieces.push(JSON.parse(tokens.take().text) as string);
      else if (tokens.accept('module')) pieces.push(tokens.skipJson() as ModuleReference);
      else pieces.push(this.operand(tokens, b));
    }
    return { pieces, effect };
  }

  private alloc(tokens: Tokens, name: string, annotated: Type, b: BlockBuilder): void {
    tokens.expect('alloc');
    const scratch = tokens.accept('scratch');
    let type = annotated;
    let init: Initializer;
    if (tokens.is('zeros') || tokens.is('holes')) {
      init = { kind: tokens.take().text === 'zeros' ? 'zeros' : 'holes', length: this.expression(tokens, b) };
    } else if (tokens.accept('copy')) {
      const [of, from, to] = this.parenthesised(tokens, b);
      init = { kind: 'copy', of: of!, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    } else if (tokens.accept('[')) {
      const values: Value[] = [];
      while (!tokens.accept(']')) {
        values.push(this.expression(tokens, b));
        tokens.accept(',');
      }
      if (type.kind === 'real') type = { kind: 'array', container: 'Array', element: real };
      init = { kind: 'elements', values };
    } else if (tokens.accept('{')) {
      const fields: { name: string; type: Type }[] = [];
      const values: Value[] = [];
      while (!tokens.accept('}')) {
        const field = tokens.take();
        tokens.expect(':');
        const value = this.expression(tokens, b);
        values.push(value);
        fields.push({ name: field.kind === 'string' ? (JSON.parse(field.text) as string) : field.text, type: value.type });
        tokens.accept(',');
      }
      if (type.kind === 'real') type = { kind: 'record', fields };
      init = { kind: 'fields', values };
    } else {
      // `alloc f64[n]`: the type with a length in its last brackets.
      const word = tokens.take().text;
      tokens.expect('[');
      init = { kind: 'zeros', length: this.expression(tokens, b) };
      tokens.expect(']');
      type = parseType(new Tokens(`${word}[]`));
    }
    b.push({ kind: 'alloc', init, result: this.defineAs(name, type), ...(scratch ? { scratch: true } : {}) });
  }
}
