/**
 * Which divisors are never near 0: then the quotient of finite numbers is finite, and a zero cotangent may meet it.
 *
 *     1 / (1 + Math.exp(-z))                     a positive number, and what is never negative
 *     if (angle < 1e-4) return …; … x / angle    the path leads past the small ones
 *     if (r2 !== 0) … x / Math.sqrt(r2)          the root of the smallest number there is still divides
 */

import type { ApplyNode, Block, Graph, Node, Value } from '../../src/graph/types.ts';
import { blocks, visit } from '../../src/graph/walk.ts';

type NodeOf = (value: Value) => Node | undefined;

/** What is known of values in an arm. */
interface Known {
  /** At least as large as some positive number, or as small as some negative one. */
  readonly apart: ReadonlySet<Value>;
  readonly notZero: ReadonlySet<Value>;
}

export class SafeDivisors {
  private readonly nodes = new Map<Value, Node>();
  private readonly known = new Map<Node, Known>();

  constructor(graph: Graph) {
    visit(graph.body, (node) => void ((node.kind === 'apply' || node.kind === 'literal') && this.nodes.set(node.result, node)));
    this.walk(graph.body, { apart: new Set(), notZero: new Set() });
  }

  /** For a quotient with such a divisor, what that is made of: it is NaN only where one of them is. */
  partsOf(node: ApplyNode): readonly Value[] | undefined {
    const divisor = node.op === 'div' ? node.operands[1]! : undefined;
    if (divisor === undefined) return undefined;
    if (isAboveZero(divisor, this.nodeOf)) return inside(divisor, this.nodeOf);
    return this.isApart(divisor, this.known.get(node)) ? [divisor] : undefined;
  }

  isNeverNegative(value: Value): boolean {
    return isNeverNegative(value, this.nodeOf);
  }

  private readonly nodeOf = (value: Value): Node | undefined => this.nodes.get(value);

  private isApart(value: Value, known: Known | undefined): boolean {
    if (known === undefined) return false;
    if (known.apart.has(value)) return true;
    const node = this.nodes.get(value);
    const root = node?.kind === 'apply' && node.op === 'sqrt' ? node.operands[0]! : undefined;
    return root !== undefined && (known.apart.has(root) || (known.notZero.has(root) && this.isNeverNegative(root)));
  }

  private walk(block: Block, known: Known): void {
    for (const node of block.nodes) {
      if (node.kind === 'apply' && node.op === 'div') this.known.set(node, known);
      if (node.kind === 'if') {
        this.walk(node.then, this.with(known, node.condition, true));
        this.walk(node.else, this.with(known, node.condition, false));
      } else {
        for (const inner of blocks(node)) this.walk(inner, known);
      }
    }
  }

  /** What is known as well where the condition holds, or does not. */
  private with(known: Known, condition: Value, holds: boolean): Known {
    const node = this.nodes.get(condition);
    if (node?.kind !== 'apply') return known;
    const [a, b] = node.operands;
    if (node.op === 'not') return this.with(known, a!, !holds);
    if (node.op === (holds ? 'and' : 'or')) return this.with(this.with(known, a!, holds), b!, holds);
    const [left, right] = [this.literalOf(a!), this.literalOf(b!)];
    if (right !== undefined) return this.compared(known, a!, node.op, right, holds);
    return left === undefined ? known : this.compared(known, b!, mirrored[node.op] ?? node.op, left, holds);
  }

  private compared(known: Known, value: Value, op: string, bound: number, holds: boolean): Known {
    const isLarge = (op === 'lt' || op === 'le') && !holds ? true : (op === 'gt' || op === 'ge') && holds;
    const isOther = op === (holds ? 'ne' : 'eq') && bound === 0;
    const isStrict = isLarge && (op === 'le' || op === 'gt');
    const made = this.nodes.get(value);
    const values = made?.kind === 'apply' && made.op === 'abs' ? [value, made.operands[0]!] : [value];
    if (isLarge && bound > 0) return { ...known, apart: new Set([...known.apart, ...values]) };
    if (isOther || (isStrict && bound === 0)) return { ...known, notZero: new Set([...known.notZero, ...values]) };
    return known;
  }

  private literalOf(value: Value): number | undefined {
    const node = this.nodes.get(value);
    return node?.kind === 'literal' && typeof node.value === 'number' ? node.value : undefined;
  }
}

const mirrored: Readonly<Record<string, string>> = { lt: 'gt', gt: 'lt', le: 'ge', ge: 'le' };

/** A positive literal, and what is never negative added to it. */
function isAboveZero(value: Value, nodeOf: NodeOf): boolean {
  const node = nodeOf(value);
  if (node?.kind === 'literal') return typeof node.value === 'number' && node.value > 0;
  if (node?.kind !== 'apply' || node.op !== 'add') return false;
  const [a, b] = node.operands;
  return (isAboveZero(a!, nodeOf) && isNeverNegative(b!, nodeOf)) || (isNeverNegative(a!, nodeOf) && isAboveZero(b!, nodeOf));
}

function isNeverNegative(value: Value, nodeOf: NodeOf): boolean {
  const node = nodeOf(value);
  if (node?.kind === 'literal') return typeof node.value === 'number' && node.value >= 0;
  if (node?.kind !== 'apply') return false;
  const [a, b] = node.operands;
  switch (node.op) {
    case 'exp':
    case 'cosh':
    case 'abs':
    case 'sqrt':
    case 'hypot':
      return true;
    case 'mul':
      return a === b;
    case 'add':
      return isNeverNegative(a!, nodeOf) && isNeverNegative(b!, nodeOf);
    default:
      return false;
  }
}

function inside(value: Value, nodeOf: NodeOf): readonly Value[] {
  const node = nodeOf(value);
  if (node?.kind !== 'apply') return [];
  if (node.op === 'add') return node.operands.flatMap((operand) => inside(operand, nodeOf));
  return node.op === 'sqrt' ? [value] : node.operands;
}
