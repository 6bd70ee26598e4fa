/**
 * The text form of a graph, one line a node, as `parse` reads it back.
 *
 * Values are `x`, `x.1`, `x.2` by their source name, `%1` without one. Literals, restores (`^x`) and unnamed operations with
 * one reader of the same statement are written where they are read. `@7` is the line of a node's statement, `~7` the same for
 * a node of the backward sweep. Depends on nothing but the graph's shape: ids do not show.
 */

import { resultType } from './build.ts';
import {
  annotation,
  binaryOperators,
  identifier,
  isReserved,
  typeText,
  unaryOperators,
  unaryPrecedence,
} from './syntax.ts';
import type { ApplyNode, Block, CarryNode, Counter, Exit, Graph, Initializer, Key, LiteralNode, LoopNode, Node, Type, Value } from './types.ts';
import { blocks, exitOperands, operands, unreachable } from './walk.ts';

export function print(graph: Graph): string {
  return new Printer(graph).text();
}

class Printer {
  private readonly graph: Graph;
  private readonly lines: string[] = [];
  private readonly names = new Map<Value, string>();
  private readonly counts = new Map<string, number>();
  private readonly loops = new Map<number, number>();
  /** Nodes that are written where they are read. */
  private readonly inlined = new Map<Value, Node>();

  constructor(graph: Graph) {
    this.graph = graph;
    findInlined(graph, this.inlined);
  }

  text(): string {
    const { graph } = this;
    const params = graph.params.map((param) => this.definition(param)).join(', ');
    this.lines.push(`graph ${graph.name}(${params})${graph.origin ? ` @${graph.origin.line}` : ''}`);
    this.block(graph.body, '  ', 'return');
    return `${this.lines.join('\n')}\n`;
  }

  private block(block: Block, indent: string, usual: 'yield' | 'next' | 'return'): void {
    for (const node of block.nodes) this.node(node, indent);
    const exit = this.exit(block.exit, usual);
    if (exit !== '') this.lines.push(indent + exit);
  }

  /** Empty where there is nothing to hand on. */
  private exit(exit: Exit, usual: 'yield' | 'next' | 'return'): string {
    const values = exitOperands(exit).map((value) => this.use(value)).join(', ');
    if (exit.kind === 'yield') return values === '' ? '' : `${usual === 'next' ? 'next' : 'yield'} ${values}`;
    return values === '' ? exit.kind : `${exit.kind} ${values}`;
  }

  private node(node: Node, indent: string): void {
    const inline = 'result' in node && node.result !== undefined ? this.inlined.get(node.result) : undefined;
    if (inline === node) return;
    const push = (text: string): void => void this.lines.push(indent + text + mark(node));
    switch (node.kind) {
      case 'if': {
        const condition = this.use(node.condition);
        push(`${this.defining(node.results)}if ${condition}`);
        this.arm('then', node.then, `${indent}  `);
        if (!isEmpty(node.else)) this.arm('else', node.else, `${indent}  `);
        break;
      }
      case 'loop':
        this.loop(node, indent);
        break;
      case 'store':
        push(`${this.place(node.memory, node.key)} = ${this.use(node.value)}`);
        break;
      case 'accumulate':
        push(`${this.place(node.memory, node.key)} += ${this.use(node.value)}`);
        break;
      case 'undo':
        push(`undo ${this.place(node.memory, node.key)} = ${this.use(node.value)}`);
        break;
      case 'workspace':
        push(node.grows ? `grow ${this.use(node.result)}, ${this.use(node.size)}` : `${this.definition(node.result)} = workspace ${this.use(node.size)}`);
        break;
      case 'resize': {
        const text = `${node.how} ${[node.memory, ...(node.value ? [node.value] : [])].map((value) => this.use(value)).join(', ')}`;
        push(this.defining(node.result ? [node.result] : []) + text);
        break;
      }
      case 'call': {
        const variant = node.variant === 'value' ? '' : `${node.variant} `;
        const text = `call ${variant}${node.callee}(${node.operands.map((value) => this.use(value)).join(', ')})`;
        push(this.defining(node.results) + text);
        break;
      }
      case 'rule': {
        const list = (values: readonly Value[]): string => values.map((value) => this.use(value)).join(', ');
        push(`${this.defining(node.results)}rule ${node.callee}(${list(node.values)}; ${list(node.operands)})`);
        break;
      }
      case 'pushFrame':
        push(`keep frame ${this.frame(node.frame)}: ${node.values.map((value) => this.use(value)).join(', ')}`);
        break;
      case 'popFrame':
        push(`${this.defining(node.results)}take frame ${this.frame(node.frame)}`);
        break;
      default: {
        const text = this.right(node);
        push(`${this.definition(node.result)} = ${text}`);
      }
    }
  }

  private readonly frames: number[] = [];

  /** Frames are numbered in the order of the text. */
  private frame(id: number): number {
    if (!this.frames.includes(id)) this.frames.push(id);
    return this.frames.indexOf(id) + 1;
  }

  /** What stands right of `=` for nodes with one result and no blocks. */
  private right(node: Exclude<Extract<Node, { readonly result: Value }>, { kind: 'workspace' }>): string {
    switch (node.kind) {
      case 'literal':
        return node.unassigned ? 'unassigned' : literalText(node);
      case 'apply':
        return this.apply(node, 0);
      case 'carry':
        return this.carry(node);
      case 'alloc':
        return `alloc ${node.resultField ? 'result ' : ''}${node.scratch ? 'scratch ' : ''}${this.initializer(node.init, node.result)}`;
      case 'load':
        return this.place(node.memory, node.key);
      case 'length':
        return `length ${this.use(node.memory, unaryPrecedence)}`;
      case 'view':
        return `view(${[node.memory, node.from, ...(node.to ? [node.to] : [])].map((value) => this.use(value)).join(', ')})`;
      case 'shadow': {
        const path = node.gradientOf === undefined ? '' : ` for ${node.isHessianProduct ? 'h ' : ''}${node.gradientOf.map((part) => JSON.stringify(part)).join(' ')}`;
        return `shadow ${node.isFilled ? 'filled ' : ''}${this.use(node.of)}${path}`;
      }
      case 'restore':
        return `^${this.use(node.of, unaryPrecedence)}`;
      default:
        return unreachable(node);
    }
  }

  private arm(word: string, block: Block, indent: string): void {
    const only = block.nodes.every((node) => 'result' in node && node.result && this.inlined.get(node.result) === node);
    if (only) {
      this.lines.push(`${indent}${word} ${this.exit(block.exit, 'yield')}`.trimEnd());
      return;
    }
    this.lines.push(indent + word);
    this.block(block, `${indent}  `, 'yield');
  }

  private loop(node: LoopNode, indent: string): void {
    const { counter, body } = node;
    const initial = node.initial.map((value) => this.use(value));
    const results = this.defining(node.results);
    const mirrored = node.mirrors === undefined ? undefined : this.label(node.mirrors);
    const label = this.label(node.id);
    const kind = mirrored === undefined ? `loop ${label}` : `back ${mirrored} as ${label}`;
    const head = [
      ...(counter ? [this.counter(counter)] : []),
      ...body.params.map((param, i) => `${this.definition(param)} = ${initial[i] ?? '?'}`),
    ];
    const words = [kind, ...(node.includesLeaving ? ['leaving'] : []), ...(head.length > 0 ? [head.join(', ')] : [])];
    this.lines.push(indent + results + words.join(' ') + mark(node));
    this.block(body, `${indent}    `, 'next');
    const isUsual = node.done.length === body.params.length && node.done.every((value, i) => value === body.params[i]);
    if (counter?.to === undefined || isUsual) return;
    this.lines.push(`${indent}  done ${node.done.map((value) => this.use(value)).join(', ')}`.trimEnd());
  }

  private counter(counter: Counter): string {
    const after = counter.after === undefined ? '' : ` after ${this.definition(counter.after)}`;
    const from = this.use(counter.from);
    const test = counter.test === '<' ? '' : ` ${counter.test}`;
    const bound = counter.to === undefined ? `on${test}` : `to${test} ${this.use(counter.to)}`;
    const by = counter.step === 1 ? '' : ` by ${counter.step}`;
    return `${this.definition(counter.variable)} = ${from} ${bound}${by}${after}`;
  }

  private label(id: number): string {
    if (!this.loops.has(id)) this.loops.set(id, this.loops.size + 1);
    return `L${this.loops.get(id)}`;
  }

  private defining(values: readonly Value[]): string {
    if (values.length === 0) return '';
    const texts = values.map((value) => this.definition(value));
    return texts.length === 1 ? `${texts[0]} = ` : `(${texts.join(', ')}) = `;
  }

  private definition(value: Value): string {
    const base = value.name ?? '%';
    const first = value.name === undefined || isReserved(base) ? 1 : 0;
    const count = this.counts.get(base) ?? first;
    this.counts.set(base, count + 1);
    const text = value.name === undefined ? `%${count}` : count === 0 ? base : `${base}.${count}`;
    this.names.set(value, text);
    return text + annotation(value.type);
  }

  private use(value: Value, precedence = 0): string {
    const node = this.inlined.get(value);
    if (node?.kind === 'literal') return literalText(node, true);
    if (node?.kind === 'restore') return `^${this.use(node.of, unaryPrecedence)}`;
    if (node?.kind === 'apply') return this.apply(node, precedence);
    return this.names.get(value) ?? `<undefined ${value.name ?? value.id}>`;
  }

  private apply(node: ApplyNode, precedence: number): string {
    const binary = binaryOperators.find(([op]) => op === node.op);
    if (binary && node.operands.length === 2) {
      const [, symbol, own] = binary;
      const text = `${this.use(node.operands[0]!, own)} ${symbol} ${this.use(node.operands[1]!, own + 1)}`;
      return own < precedence ? `(${text})` : text;
    }
    const unary = unaryOperators.find(([op]) => op === node.op);
    if (unary) {
      const operand = this.use(node.operands[0]!, unaryPrecedence + 1);
      return `${unary[1]}${/^[\d-]/.test(operand) ? `(${operand})` : operand}`;
    }
    if (node.operands.length === 1) {
      const text = `${node.op} ${this.use(node.operands[0]!, unaryPrecedence + 1)}`;
      return precedence > unaryPrecedence ? `(${text})` : text;
    }
    return `${node.op}(${node.operands.map((value) => this.use(value)).join(', ')})`;
  }

  private carry(node: CarryNode): string {
    const pieces = node.pieces.map((piece) => {
      if (typeof piece === 'string') return JSON.stringify(piece);
      return 'kind' in piece ? `module ${JSON.stringify(piece)}` : this.use(piece, unaryPrecedence + 2);
    });
    return ['carry', ...(node.effect ? ['effect'] : []), ...pieces].join(' ');
  }

  private initializer(init: Initializer, result: Value): string {
    const list = (values: readonly Value[]): string => values.map((value) => this.use(value)).join(', ');
    switch (init.kind) {
      case 'zeros':
      case 'holes':
        return `${init.kind} ${this.use(init.length)}`;
      case 'elements':
        return `[${list(init.values)}]`;
      case 'fields': {
        const fields = result.type.kind === 'record' ? result.type.fields : [];
        return `{${init.values.map((value, i) => `${fieldText(fields[i]?.name ?? '?')}: ${this.use(value)}`).join(', ')}}`;
      }
      default:
        return `copy(${list([init.of, ...(init.from ? [init.from] : []), ...(init.to ? [init.to] : [])])})`;
    }
  }

  private place(memory: Value, key: Key): string {
    const name = this.use(memory, unaryPrecedence + 1);
    if (key.kind === 'index') return `${name}[${this.use(key.index)}]`;
    return identifier.test(key.name) ? `${name}.${key.name}` : `${name}[${JSON.stringify(key.name)}]`;
  }
}

function fieldText(name: string): string {
  return identifier.test(name) ? name : JSON.stringify(name);
}

function mark(node: Node): string {
  const line = node.origin?.line;
  if (node.backward) return ` ~${line ?? ''}`;
  return line === undefined ? '' : ` @${line}`;
}

function isEmpty(block: Block): boolean {
  return block.nodes.length === 0 && block.exit.kind === 'yield' && block.exit.values.length === 0;
}

/** `inline`: where no type is written, an integer is `1` and a real number `1.0`. */
function literalText(node: LiteralNode, inline = false): string {
  const { value } = node;
  if (typeof value !== 'number') return typeof value === 'string' ? JSON.stringify(value) : String(value);
  const text = Object.is(value, -0) ? '-0' : String(value);
  return inline && node.result.type.kind === 'real' && /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** Whether a literal without a written type is read back as it is. */
function isPlainLiteral(node: LiteralNode): boolean {
  const { value, result } = node;
  if (node.unassigned || result.name !== undefined) return false;
  if (typeof value === 'number') {
    return result.type.kind === 'real' || (result.type.kind === 'integer' && Number.isSafeInteger(value));
  }
  if (typeof value === 'boolean') return result.type.kind === 'boolean';
  const text = typeof value === 'string' ? 'string' : String(value);
  return result.type.kind === 'opaque' && result.type.text === text;
}

function findInlined(graph: Graph, inlined: Map<Value, Node>): void {
  const uses = new Map<Value, number>();
  const count = (value: Value): void => void uses.set(value, (uses.get(value) ?? 0) + 1);
  const countBlock = (block: Block): void => {
    for (const node of block.nodes) {
      operands(node).forEach(count);
      if (node.kind === 'loop') node.done.forEach(count);
      blocks(node).forEach(countBlock);
    }
    exitOperands(block.exit).forEach(count);
  };
  countBlock(graph.body);
  const findIn = (block: Block): void => {
    const made = new Map<Value, ApplyNode>();
    for (const node of block.nodes) {
      for (const value of operands(node)) {
        const apply = made.get(value);
        if (apply && uses.get(value) === 1 && apply.origin?.line === node.origin?.line && !apply.backward === !node.backward) {
          inlined.set(value, apply);
        }
      }
      if (node.kind === 'literal' && isPlainLiteral(node) && uses.has(node.result)) inlined.set(node.result, node);
      if (node.kind === 'restore' && uses.has(node.result) && node.result.name === node.of.name) inlined.set(node.result, node);
      if (node.kind === 'apply' && isFoldable(node)) made.set(node.result, node);
      blocks(node).forEach(findIn);
    }
    for (const value of exitOperands(block.exit)) {
      const apply = made.get(value);
      if (apply && uses.get(value) === 1 && apply.origin === undefined && !apply.backward) inlined.set(value, apply);
    }
  };
  findIn(graph.body);
}

function isFoldable(node: ApplyNode): boolean {
  if (node.result.name !== undefined || node.operands.some((value) => isMemory(value.type))) return false;
  return typeText(resultType(node.op, node.operands)) === typeText(node.result.type);
}

function isMemory(type: Type): boolean {
  return type.kind === 'array' || type.kind === 'record' || type.kind === 'tuple';
}
