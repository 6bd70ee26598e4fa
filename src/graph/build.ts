/** Makes values, nodes and blocks. Nothing else in the project constructs nodes by hand. */

import type { Primitive } from './primitives.ts';
import { unfolded } from './recursive-types.ts';
import type {
  ArrayType,
  BooleanType,
  CallVariant,
  Exit,
  Initializer,
  IntegerType,
  Key,
  LiteralValue,
  LoopNode,
  ModuleReference,
  Block,
  Node,
  Origin,
  RealType,
  RecordType,
  TupleType,
  Type,
  Value,
} from './types.ts';

export const real: RealType = { kind: 'real' };
export const integer: IntegerType = { kind: 'integer' };
export const boolean: BooleanType = { kind: 'boolean' };
export const workspaceType: ArrayType = { kind: 'array', container: 'Float64Array', element: real };

/** Numbers and booleans lie in arrays of numbers (the stack, what sections leave to each other), all else beside them. */
export function isNumberCell({ kind }: Type): boolean {
  return kind === 'real' || kind === 'integer' || kind === 'boolean';
}

let lastId = 0;

/** Ids only have to differ within a graph; nothing that is printed depends on them. */
export function newValue(type: Type, name?: string): Value {
  lastId += 1;
  const whole = unfolded(type);
  return name === undefined ? { id: lastId, type: whole } : { id: lastId, type: whole, name };
}

let lastLoop = 0;

export function newLoopId(): number {
  lastLoop += 1;
  return lastLoop;
}

let lastFrame = 0;

export function newFrame(): number {
  lastFrame += 1;
  return lastFrame;
}

export const atIndex = (index: Value): Key => ({ kind: 'index', index });
export const atField = (name: string): Key => ({ kind: 'field', name });

/** The type of what `key` selects, where the type says it. */
export function elementType(memory: Type, key: Key, literalIndex?: number): Type {
  switch (memory.kind) {
    case 'array':
      return memory.element;
    case 'tuple':
      return memory.elements[literalIndex ?? 0] ?? real;
    case 'record':
      return memory.fields.find((field) => key.kind === 'field' && field.name === key.name)?.type ?? real;
    case 'optional':
      return elementType(memory.of, key, literalIndex);
    default:
      return real;
  }
}

/** Appends nodes to one block, each with the current `origin`. */
export class BlockBuilder {
  readonly nodes: Node[] = [];
  origin: Origin | undefined;
  readonly backward: boolean;
  /** What the nodes of this block are, where a later reader must know without walking: literals by their value. */
  private readonly literals = new Map<Value, LiteralValue>();

  constructor(origin?: Origin, backward = false) {
    this.origin = origin;
    this.backward = backward;
  }

  /** Adds a node as it is; gives it the current origin where it has none. */
  push<N extends Node>(node: N): N {
    const withOrigin =
      node.origin === undefined && this.origin !== undefined ? { ...node, origin: this.origin } : node;
    const marked = this.backward && withOrigin.backward === undefined ? { ...withOrigin, backward: true } : withOrigin;
    this.nodes.push(marked);
    if (marked.kind === 'literal') this.literals.set(marked.result, marked.value);
    return marked;
  }

  literalOf(value: Value): LiteralValue | undefined {
    return this.literals.get(value);
  }

  literal(value: LiteralValue, type: Type = literalType(value)): Value {
    const result = newValue(type);
    this.push({ kind: 'literal', value, result });
    return result;
  }

  unassigned(type: Type, name?: string): Value {
    const result = newValue(type, name);
    this.push({ kind: 'literal', value: undefined, unassigned: true, result });
    return result;
  }

  apply(op: Primitive, operands: readonly Value[], options: { name?: string | undefined; type?: Type } = {}): Value {
    const result = newValue(options.type ?? resultType(op, operands), options.name);
    this.push({ kind: 'apply', op, operands, result });
    return result;
  }

  carry(
    pieces: readonly (string | Value | ModuleReference)[],
    type: Type,
    options: { effect?: boolean; name?: string } = {},
  ): Value {
    const result = newValue(type, options.name);
    this.push({ kind: 'carry', pieces, effect: options.effect ?? false, result });
    return result;
  }

  alloc(type: ArrayType | RecordType | TupleType, init: Initializer, name?: string): Value {
    const result = newValue(type, name);
    this.push({ kind: 'alloc', init, result });
    return result;
  }

  load(memory: Value, key: Key, type: Type, name?: string): Value {
    const result = newValue(type, name);
    this.push({ kind: 'load', memory, key, result });
    return result;
  }

  store(memory: Value, key: Key, value: Value): void {
    this.push({ kind: 'store', memory, key, value });
  }

  accumulate(memory: Value, key: Key, value: Value): void {
    this.push({ kind: 'accumulate', memory, key, value });
  }

  call(callee: string, variant: CallVariant, operands: readonly Value[], results: readonly Value[]): void {
    this.push({ kind: 'call', callee, variant, operands, results });
  }

  length(memory: Value, name?: string): Value {
    const result = newValue(integer, name);
    this.push({ kind: 'length', memory, result });
    return result;
  }

  shadow(of: Value, name?: string, gradientOf?: readonly string[]): Value {
    const result = newValue(of.type, name);
    this.push({ kind: 'shadow', of, result, ...(gradientOf === undefined ? {} : { gradientOf }) });
    return result;
  }

  restore(of: Value): Value {
    const result = newValue(of.type, of.name);
    this.push({ kind: 'restore', of, result });
    return result;
  }

  if(condition: Value, then: Block, otherwise: Block, results: readonly Value[]): void {
    this.push({ kind: 'if', condition, then, else: otherwise, results });
  }

  loop(loop: Omit<LoopNode, 'kind'>): LoopNode {
    return this.push({ kind: 'loop', ...loop });
  }

  block(exit: Exit, params: readonly Value[] = []): Block {
    return { params, nodes: this.nodes, exit };
  }
}

export const yields = (values: readonly Value[]): Exit => ({ kind: 'yield', values });

/** A copy of `base` with what a pass changes; the one way to derive a node from another. */
export function withChanges<N extends Node>(base: N, changes: Partial<N>): N {
  return { ...base, ...changes };
}

function literalType(value: LiteralValue): Type {
  if (typeof value === 'number') return Number.isInteger(value) && !Object.is(value, -0) ? integer : real;
  if (typeof value === 'boolean') return boolean;
  if (typeof value === 'string') return { kind: 'opaque', text: 'string' };
  return { kind: 'opaque', text: value === null ? 'null' : 'undefined' };
}

/** `int` is a proof: integers are closed under + - * (products of counters and lengths), bit operations give them. */
export function resultType(op: Primitive, operands: readonly Value[]): Type {
  const allIntegers = operands.every((operand) => operand.type.kind === 'integer');
  switch (op) {
    case 'add':
    case 'sub':
    case 'mul':
    case 'max':
    case 'min':
    case 'abs':
      return allIntegers ? integer : real;
    case 'neg':
      // The negative of 0 is -0, which no integer is.
      return real;
    case 'bitAnd':
    case 'bitOr':
    case 'bitXor':
    case 'bitNot':
    case 'shiftLeft':
    case 'shiftRight':
    case 'shiftRightUnsigned':
    case 'clz32':
    case 'imul':
      return integer;
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
    case 'eq':
    case 'ne':
    case 'not':
    case 'and':
    case 'or':
    case 'isNaN':
    case 'present':
      return boolean;
    case 'select':
      return operands[1]!.type.kind === operands[2]!.type.kind ? operands[1]!.type : real;
    case 'guard':
      return real;
    case 'stop':
      return operands[0]!.type;
    case 'unwrap': {
      const type = operands[0]!.type;
      return type.kind === 'optional' ? type.of : type;
    }
    default:
      return real;
  }
}
