/** Values as expressions. Parentheses keep the graph's order of operations; nothing is ever re-associated. */

import { isMathPrimitive, type Primitive } from '../graph/primitives.ts';
import type { AllocNode, ApplyNode, CarryNode, Key, LiteralValue, ModuleReference, Node, Type, Value } from '../graph/types.ts';
import { unreachable } from '../graph/walk.ts';
import type { Demand } from './demand.ts';
import { armValues, type Folding } from './folding.ts';
import type { PartOf } from './procedures.ts';
import type { MemoryTypes } from './memory-types.ts';
import { propertyAccess, propertyName } from './type-text.ts';

/** How tightly an expression binds, as in the grammar of ECMAScript. */
const precedence = {
  lowest: 0,
  conditional: 2,
  or: 4,
  and: 5,
  bitOr: 6,
  bitXor: 7,
  bitAnd: 8,
  equality: 9,
  relational: 10,
  shift: 11,
  additive: 12,
  multiplicative: 13,
  exponent: 14,
  unary: 15,
  primary: 20,
} as const;

interface Printed {
  readonly text: string;
  readonly binds: number;
}

interface Binary {
  readonly symbol: string;
  readonly binds: number;
}

const binaries: Partial<Record<Primitive, Binary>> = {
  add: { symbol: '+', binds: precedence.additive },
  sub: { symbol: '-', binds: precedence.additive },
  mul: { symbol: '*', binds: precedence.multiplicative },
  div: { symbol: '/', binds: precedence.multiplicative },
  rem: { symbol: '%', binds: precedence.multiplicative },
  lt: { symbol: '<', binds: precedence.relational },
  le: { symbol: '<=', binds: precedence.relational },
  gt: { symbol: '>', binds: precedence.relational },
  ge: { symbol: '>=', binds: precedence.relational },
  eq: { symbol: '===', binds: precedence.equality },
  ne: { symbol: '!==', binds: precedence.equality },
  and: { symbol: '&&', binds: precedence.and },
  or: { symbol: '||', binds: precedence.or },
  guard: { symbol: '&&', binds: precedence.and },
  bitAnd: { symbol: '&', binds: precedence.bitAnd },
  bitOr: { symbol: '|', binds: precedence.bitOr },
  bitXor: { symbol: '^', binds: precedence.bitXor },
  shiftLeft: { symbol: '<<', binds: precedence.shift },
  shiftRight: { symbol: '>>', binds: precedence.shift },
  shiftRightUnsigned: { symbol: '>>>', binds: precedence.shift },
};

export interface ExpressionContext {
  readonly demand: Demand;
  readonly folding: Folding;
  readonly types: MemoryTypes;
  /** The name that a value that is not folded is printed by. */
  readonly nameOf: (value: Value) => string;
  /** The expression that makes room in the workspace; `held` is the workspace that the companion has already. */
  readonly makeRoom: (size: string, held: string | undefined) => string;
  readonly moduleName: (reference: ModuleReference) => string;
  readonly partOf: PartOf;
}

export class Expressions {
  private readonly context: ExpressionContext;

  constructor(context: ExpressionContext) {
    this.context = context;
  }

  /** `value` where any expression may stand. */
  text(value: Value): string {
    return this.print(value).text;
  }

  /** `value` as an operand that must bind at least as tightly as a member access. */
  primary(value: Value): string {
    return enclosed(this.print(value), precedence.primary);
  }

  /** `!value`, without a `!` where that is exact. */
  negation(value: Value): string {
    const node = this.foldedNode(value);
    if (node?.kind === 'apply') {
      const [a, b] = node.operands;
      if (node.op === 'not') return this.text(a!);
      if (node.op === 'eq') return this.binary({ symbol: '!==', binds: precedence.equality }, a!, b!).text;
      if (node.op === 'ne') return this.binary({ symbol: '===', binds: precedence.equality }, a!, b!).text;
    }
    return `!${enclosed(this.print(value), precedence.unary)}`;
  }

  /** What the node computes, in the words of its operands. */
  ofNode(node: Node): string {
    return this.printNode(node).text;
  }

  /** The place in memory, to be written. */
  place(memory: Value, key: Key): string {
    return `${this.memory(memory)}${this.key(key)}`;
  }

  /** The element, to be read: asserted to be there. */
  element(memory: Value, key: Key, type: Type): string {
    const isChecked = key.kind === 'index' && type.kind !== 'optional' && type.kind !== 'opaque';
    return `${this.place(memory, key)}${isChecked ? '!' : ''}`;
  }

  memory(memory: Value): string {
    const text = this.primary(memory);
    return memory.type.kind === 'optional' ? `${text}!` : text;
  }

  /** `e` where `value` is `-e`; undefined for everything else. */
  negated(value: Value): string | undefined {
    const node = this.foldedNode(value);
    if (node?.kind === 'apply' && node.op === 'neg') return enclosed(this.print(node.operands[0]!), precedence.multiplicative);
    if (node?.kind === 'literal' && typeof node.value === 'number' && node.value < 0) return numberText(-node.value);
    return undefined;
  }

  /** The node of a value that is printed in its reader. */
  foldedNode(value: Value): Node | undefined {
    return this.context.folding.isInlined(value) ? this.context.demand.definitions.get(value)?.node : undefined;
  }

  private print(value: Value): Printed {
    const node = this.foldedNode(value);
    return node === undefined ? primary(this.context.nameOf(value)) : this.printNode(node);
  }

  private printNode(node: Node): Printed {
    switch (node.kind) {
      case 'literal':
        return node.unassigned ? unassigned(node.result.type) : literal(node.value);
      case 'apply':
        return this.apply(node);
      case 'carry':
        return this.carry(node);
      case 'load':
        return primary(this.element(node.memory, node.key, node.result.type));
      case 'length':
        return primary(`${this.memory(node.memory)}.length`);
      case 'view': {
        const to = node.to === undefined ? '' : `, ${this.text(node.to)}`;
        return primary(`${this.memory(node.memory)}.subarray(${this.text(node.from)}${to})`);
      }
      case 'alloc':
        return this.alloc(node);
      case 'resize':
        if (node.how === 'push') return primary(`${this.memory(node.memory)}.push(${this.text(node.value!)})`);
        return primary(`${this.memory(node.memory)}.pop()${node.result?.type.kind === 'optional' ? '' : '!'}`);
      case 'call':
        return primary(`${this.context.partOf(node).name}(${node.operands.map((operand) => this.text(operand)).join(', ')})`);
      case 'workspace':
        return primary(this.context.makeRoom(this.text(node.size), node.grows ? this.text(node.result) : undefined));
      case 'if':
        return this.choice(node.condition, ...armValues(node));
      case 'shadow':
      case 'loop':
      case 'store':
      case 'accumulate':
      case 'undo':
      case 'restore':
      case 'pushFrame':
      case 'popFrame':
      case 'rule':
        throw new Error(`${node.kind} is no expression`);
      default:
        return unreachable(node);
    }
  }

  private choice(condition: Value, a?: Value, b?: Value): Printed {
    const [then, otherwise] = [this.print(a!), this.print(b!)];
    if (otherwise.text === 'false') return this.logical('&&', precedence.and, this.print(condition), then);
    if (then.text === 'true') return this.logical('||', precedence.or, this.print(condition), otherwise);
    const test = enclosed(this.print(condition), precedence.conditional + 1);
    const arms = [then, otherwise].map((arm) => enclosed(arm, precedence.conditional));
    return { text: `${test} ? ${arms[0]} : ${arms[1]}`, binds: precedence.conditional };
  }

  private logical(symbol: string, binds: number, left: Printed, right: Printed): Printed {
    return { text: `${enclosed(left, binds)} ${symbol} ${enclosed(right, binds + 1)}`, binds };
  }

  private binary({ symbol, binds }: Binary, left: Value, right: Value): Printed {
    return { text: `${enclosed(this.print(left), binds)} ${symbol} ${enclosed(this.print(right), binds + 1)}`, binds };
  }

  private apply(node: ApplyNode): Printed {
    const [a, b, c] = node.operands;
    if (isMathPrimitive(node.op)) {
      const operands = this.maximands(node).map((operand) => `${operand.type.kind === 'array' ? '...' : ''}${this.text(operand)}`);
      const shown = this.isLargest(node) ? [...new Set(operands)] : operands;
      return shown.length === 1 && operands.length > 1 ? this.print(a!) : primary(`Math.${node.op}(${shown.join(', ')})`);
    }
    switch (node.op) {
      case 'add':
        return this.sum(a!, b!);
      case 'neg':
        return this.unary('-', a!);
      case 'not':
        return { text: this.negation(a!), binds: precedence.unary };
      case 'bitNot':
        return this.unary('~', a!);
      case 'pow': {
        // Right-associative, and a unary operator on the left is a syntax error.
        const base = enclosed(this.print(a!), precedence.unary + 1);
        return { text: `${base} ** ${enclosed(this.print(b!), precedence.exponent)}`, binds: precedence.exponent };
      }
      case 'isNaN':
        return primary(`Number.isNaN(${this.text(a!)})`);
      case 'select':
        return this.choice(a!, b, c);
      case 'present':
        return { text: `${enclosed(this.print(a!), precedence.relational)} != null`, binds: precedence.equality };
      case 'unwrap':
        return primary(`${this.primary(a!)}!`);
      default:
        return this.binary(binaries[node.op]!, a!, b!);
    }
  }

  /** `Math.max(a, b, c)`: of integers, the largest of all is the largest of the largest ones, each named once. */
  private maximands(node: ApplyNode): readonly Value[] {
    if (!this.isLargest(node)) return node.operands;
    return node.operands.flatMap((operand) => {
      const inner = this.foldedNode(operand);
      return inner?.kind === 'apply' && this.isLargest(inner) ? this.maximands(inner) : [operand];
    });
  }

  private isLargest({ op, result }: ApplyNode): boolean {
    return op === 'max' && result.type.kind === 'integer';
  }

  /** `a + -b` is `a - b`, `-a + b` is `b - a`: the same bits. */
  private sum(a: Value, b: Value): Printed {
    const [right, left] = [this.negated(b), this.negated(a)];
    const binds = precedence.additive;
    if (right !== undefined) return { text: `${enclosed(this.print(a), binds)} - ${right}`, binds };
    if (left !== undefined && this.foldedNode(a)?.kind === 'apply') {
      return { text: `${enclosed(this.print(b), binds)} - ${left}`, binds };
    }
    return this.binary(binaries.add!, a, b);
  }

  private unary(symbol: string, operand: Value): Printed {
    return { text: `${symbol}${enclosed(this.print(operand), precedence.unary + 1)}`, binds: precedence.unary };
  }

  private carry(node: CarryNode): Printed {
    const pieces = node.pieces.map((piece) => {
      if (typeof piece === 'string') return piece;
      return 'kind' in piece ? this.context.moduleName(piece) : this.primary(piece);
    });
    const binds = pieces.length === 1 && typeof node.pieces[0] === 'object' ? precedence.primary : precedence.lowest;
    return { text: pieces.reduce((before, piece, i) => (typeof node.pieces[i] === 'string' ? joined(before, piece) : before + piece), ''), binds };
  }

  private key(key: Key): string {
    return key.kind === 'field' ? propertyAccess(key.name) : `[${this.text(key.index)}]`;
  }

  private alloc(node: AllocNode): Printed {
    const { init, result } = node;
    const { type } = result;
    switch (init.kind) {
      case 'zeros':
      case 'holes':
        return primary(this.emptyArray(node.result, this.text(init.length), init.kind === 'zeros'));
      case 'elements': {
        const values = init.values.map((value) => this.text(value)).join(', ');
        return primary(type.kind === 'array' && type.container !== 'Array' ? `${type.container}.of(${values})` : `[${values}]`);
      }
      case 'fields': {
        if (type.kind !== 'record') throw new Error('fields of what is no record');
        const fields = type.fields.map((field, i) => {
          const text = this.text(init.values[i]!);
          return text === field.name ? text : `${propertyName(field.name)}: ${text}`;
        });
        return primary(`{ ${fields.join(', ')} }`);
      }
      case 'copy':
        return primary(this.copyOf(type, init.of, init.from, init.to));
      default:
        return unreachable(init);
    }
  }

  private emptyArray(array: Value, length: string, zeros: boolean): string {
    const { type } = array;
    if (type.kind !== 'array') throw new Error('zeros of what is no array');
    if (type.container !== 'Array') return `new ${type.container}(${length})`;
    if (length === '0') return '[]';
    return `new Array<${this.context.types.elementOf(array)}>(${length})${zeros ? '.fill(0)' : ''}`;
  }

  private copyOf(type: Type, of: Value, from: Value | undefined, to: Value | undefined): string {
    const source = this.memory(of);
    const original = of.type.kind === 'optional' ? of.type.of : of.type;
    if (type.kind === 'record') return `{ ...${source} }`;
    if (type.kind !== 'array') return `[...${source}]`;
    const bounds = [from, to].flatMap((bound) => (bound === undefined ? [] : [this.text(bound)])).join(', ');
    if (original.kind === 'array' && original.container === type.container) return `${source}.slice(${bounds})`;
    const part = from === undefined ? source : `${source}.slice(${bounds})`;
    return `${type.container}.from(${part})`;
  }
}

/** Exact: `-0`, `NaN` and the infinities included. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function literal(value: LiteralValue): Printed {
  if (typeof value === 'number') {
    const text = numberText(value);
    return text.startsWith('-') ? { text, binds: precedence.unary } : primary(text);
  }
  return primary(typeof value === 'string' ? JSON.stringify(value) : String(value));
}

/** Never read; it only satisfies the analysis of definite assignment. */
function unassigned(type: Type): Printed {
  if (type.kind === 'real' || type.kind === 'integer') return primary('0');
  if (type.kind === 'boolean') return primary('false');
  return primary(type.kind === 'optional' ? 'undefined' : 'undefined!');
}

function primary(text: string): Printed {
  return { text, binds: precedence.primary };
}

function enclosed(printed: Printed, atLeast: number): string {
  return printed.binds >= atLeast ? printed.text : `(${printed.text})`;
}

/** Texts one behind the other; a number that stands in a hole of a template is text of the template. */
function joined(before: string, after: string): string {
  const hole = after.startsWith('}') ? /\$\{(\d+)$/.exec(before) : null;
  return hole ? `${before.slice(0, hole.index)}${hole[1]}${after.slice(1)}` : before + after;
}
