/**
 * Names of the variables: those of the source where they are free, telling ones for values without a name.
 *
 * No name is ever shadowed: blocks that do not contain each other may use one name twice.
 */

import type { Block, LoadNode, Node, Value } from '../graph/types.ts';
import type { Demand } from './demand.ts';
import type { Folding } from './folding.ts';
import { isIdentifier } from './type-text.ts';
import type { Variable, Variables } from './variables.ts';

/** Words that no variable of generated code may have: keywords, and globals that it uses. */
export const reservedWords: readonly string[] = (
  'abstract any arguments as async await boolean break case catch class const continue debugger declare default delete do else enum eval export ' +
  'extends false finally for from function get if implements import in instanceof interface let module namespace new null number object of out ' +
  'package private protected public return reserve set static string super switch symbol this throw true try type typeof undefined var void ' +
  'while with workspace yield Array Error Float32Array Float64Array Infinity Int16Array Int32Array Int8Array Math NaN Number Object RangeError ' +
  'String TypeError Uint16Array Uint32Array Uint8Array Uint8ClampedArray globalThis'
).split(' ');

export class Names {
  private readonly taken: Set<string>;
  private readonly inBlock = new Map<Block, Set<string>>();
  private readonly demand: Demand;

  constructor(demand: Demand, reserved: Iterable<string>) {
    this.demand = demand;
    this.taken = new Set([...reservedWords, ...reserved]);
  }

  /** A name near `wish` that is free in the block, around it and inside it; it is taken from now on. */
  fresh(wish: string, scope: Block): string {
    const base = isIdentifier(wish) ? wish : wish.replace(/[^\p{ID_Continue}$]+/gu, '_').replace(/^(?=\d)|^$/, '_');
    let name = base;
    for (let i = 1; !this.isFree(name, scope); i++) name = `${base}_${i}`;
    const known = this.inBlock.get(scope);
    if (known) known.add(name);
    else this.inBlock.set(scope, new Set([name]));
    return name;
  }

  /** A label that no other has. */
  label(wish: string): string {
    let name = wish;
    for (let i = 1; this.labels.has(name); i++) name = `${wish}_${i}`;
    this.labels.add(name);
    return name;
  }

  private readonly labels = new Set<string>();

  private isFree(name: string, scope: Block): boolean {
    if (this.taken.has(name)) return false;
    const around = this.demand.ancestors(scope);
    if (around.some((block) => this.inBlock.get(block)?.has(name))) return false;
    for (const [block, names] of this.inBlock) {
      if (names.has(name) && this.demand.ancestors(block).includes(scope)) return false;
    }
    return true;
  }
}

/** Gives every variable its name, in the order in which they are defined. */
export function nameVariables(
  variables: Variables,
  folding: Folding,
  demand: Demand,
  names: Names,
  values: readonly Value[],
  hints: ReadonlyMap<Value, string>,
  paramNames: ReadonlyMap<Value, string>,
): void {
  const describe = new Descriptions(variables, folding, demand, hints, paramNames);
  const order = values.filter((value) => !folding.isInlined(value) && !paramNames.has(value) && demand.isNeeded(value));
  for (const value of order) {
    const variable = variables.of(value);
    if (variable.name !== '') continue;
    variable.name = names.fresh(describe.wish(variable), variable.scope!);
  }
}

class Descriptions {
  private readonly indices = new Map<Value, boolean>();
  private readonly offsets = new Map<Value, boolean>();
  private readonly variables: Variables;
  private readonly folding: Folding;
  private readonly demand: Demand;
  private readonly hints: ReadonlyMap<Value, string>;
  private readonly paramNames: ReadonlyMap<Value, string>;

  constructor(
    variables: Variables,
    folding: Folding,
    demand: Demand,
    hints: ReadonlyMap<Value, string>,
    paramNames: ReadonlyMap<Value, string>,
  ) {
    this.variables = variables;
    this.folding = folding;
    this.demand = demand;
    this.hints = hints;
    this.paramNames = paramNames;
  }

  wish(variable: Variable): string {
    const owned = variable.members.filter((member) => this.nodeOf(member)?.kind === 'loop' && member.name !== undefined);
    const named = owned[0] ?? variable.members.find((member) => member.name !== undefined);
    if (named?.name !== undefined) return named.name;
    const hinted = variable.members.find((member) => this.hints.has(member));
    if (hinted) return this.hints.get(hinted)!;
    for (const member of variable.members) {
      const node = this.nodeOf(member);
      if (node && node.kind !== 'if' && node.kind !== 'loop') return this.isGathered(variable, node) ? 'sum' : this.ofNode(member, node);
    }
    return this.ofNode(variable.members[0]!, this.nodeOf(variable.members[0]!));
  }

  /** Whether iterations add to it, or take away. */
  private isGathered(variable: Variable, node: Node): boolean {
    const isSum = node.kind === 'apply' && (node.op === 'add' || node.op === 'sub') && node.result.type.kind === 'real';
    return isSum && variable.members.some((member) => this.nodeOf(member)?.kind === 'loop');
  }

  private nodeOf(value: Value): Node | undefined {
    return this.demand.definitions.get(value)?.node;
  }

  private ofNode(value: Value, node: Node | undefined): string {
    switch (node?.kind) {
      case 'apply':
        return this.ofOperation(value, node.op, node.operands);
      case 'load': {
        if (this.nodeOf(node.memory)?.kind === 'workspace') return this.ofPart(node) ?? 'kept';
        const memory = this.short(node.memory) ?? 'element';
        const key = node.key.kind === 'field' ? node.key.name : this.short(node.key.index);
        return key === undefined ? memory : `${memory}_${key}`;
      }
      case 'length':
        return 'n';
      case 'alloc':
        return node.result.type.kind === 'array' ? 'elements' : 'parts';
      case 'shadow':
        return `d_${this.short(node.of) ?? 'parts'}`;
      case 'view':
        return `${this.short(node.memory) ?? 'array'}_part`;
      case 'resize':
        return `${this.short(node.memory) ?? 'array'}_last`;
      case 'workspace':
        return 'ws';
      case 'call':
        return node.callee;
      case 'popFrame':
        return 'kept';
      case 'loop':
        if (node.counter?.variable === value || node.counter?.after === value) return node.counter.to ? 'i' : 'trips';
        return value.type.kind === 'boolean' ? 'left' : 'sum';
      case 'if':
        return value.type.kind === 'boolean' ? 'holds' : 'chosen';
      default:
        return value.type.kind === 'boolean' ? 'holds' : 'v';
    }
  }

  /** An element of an array that lies in the workspace: `ws[offset + i]` is `d_y_i`. */
  private ofPart({ part, key }: LoadNode): string | undefined {
    if (part?.name === undefined || key.kind === 'field') return undefined;
    const node = this.nodeOf(key.index);
    const index = node?.kind === 'apply' && node.op === 'add' ? node.operands[1]! : key.index;
    const short = this.short(index);
    return short === undefined ? part.name : `${part.name}_${short}`;
  }

  private ofOperation(value: Value, op: string, operands: readonly Value[]): string {
    if (this.demand.usesOf(value).length > 0 && this.isDivisor(value)) return 'divisor';
    if (this.findsElements(value, this.indices, () => false)) return 'at';
    if (value.type.kind !== 'boolean' && this.findsElements(value, this.offsets, this.isOfRoom)) return 'offset';
    const words: Record<string, string> = {
      add: 'sum',
      sub: 'difference',
      mul: 'product',
      div: 'quotient',
      rem: 'remainder',
      pow: 'power',
      guard: 'guarded',
      select: 'chosen',
      unwrap: 'given',
    };
    if (op === 'neg') return minus(this.short(operands[0]!) ?? 'value');
    if (words[op]) return words[op];
    if (value.type.kind === 'boolean') return 'holds';
    const operand = operands.map((inner) => this.short(inner)).find((name) => name !== undefined);
    return operand === undefined ? `${op}_value` : `${op}_${operand}`;
  }

  /** Whether it is used to find elements of arrays, and for nothing else but what `also` allows. `known`: what has been asked. */
  private findsElements(value: Value, known: Map<Value, boolean>, also: (node: Node) => boolean): boolean {
    const before = known.get(value);
    if (before !== undefined) return before;
    const uses = this.demand.usesOf(value);
    const finds = uses.every(({ block, index }) => {
      const node = block.nodes[index];
      if (node === undefined) return false;
      if (node.kind === 'load' || node.kind === 'store' || node.kind === 'accumulate') return node.key.kind === 'index' && node.key.index === value;
      return also(node) || (node.kind === 'apply' && node.op === 'add' && this.findsElements(node.result, known, also));
    });
    known.set(value, finds && uses.length > 0);
    return finds && uses.length > 0;
  }

  /** It makes room, or is an offset that may not be negative, or is told to be a whole number. */
  private readonly isOfRoom = (node: Node): boolean => {
    const isClamped = node.kind === 'apply' && (node.op === 'gt' || node.op === 'select' || node.op === 'bitOr');
    return node.kind === 'workspace' || (isClamped && this.findsElements(node.result, this.offsets, this.isOfRoom));
  };

  private isDivisor(value: Value): boolean {
    return this.demand.usesOf(value).every(({ block, index }) => {
      const reader = block.nodes[index];
      return reader?.kind === 'apply' && reader.op === 'div' && reader.operands[1] === value;
    });
  }

  /** A word for an operand: its variable, `x_i` for an element, the digits of a small literal. */
  private short(value: Value): string | undefined {
    const param = this.paramNames.get(value);
    if (param !== undefined) return param;
    if (!this.folding.isInlined(value)) return this.variables.of(value).name || value.name;
    const literal = this.folding.literalOf(value);
    if (literal) return typeof literal.value === 'number' && literal.value >= 0 && literal.value < 100 && Number.isInteger(literal.value) ? String(literal.value) : undefined;
    const node = this.nodeOf(value);
    if (node?.kind === 'load') return this.short(node.memory);
    if (node?.kind === 'apply' && node.operands.length > 0) return this.short(node.operands[0]!) ?? this.short(node.operands.at(-1)!);
    return undefined;
  }
}

/** `minus_x` of `x`, and the other way round. */
function minus(name: string): string {
  return name.startsWith('minus_') ? name.slice('minus_'.length) : `minus_${name}`;
}
