/**
 * What becomes of a part of the backward sweep where some adjoints are zero, or where it is known which way a condition went.
 *
 * Adjoint code is linear: where all that comes in is zero nothing is added anywhere, whatever the partials are. *Adjoint
 * only*: an exact zero times an infinity is taken for zero, as everywhere in the backward sweep.
 */

import type { ApplyNode, Block, LoopNode, Node, Value } from '../src/graph/types.ts';
import { breaksOf } from './memory.ts';

export interface Assumptions {
  /** Values that are exact zeros. */
  readonly zeros?: Iterable<Value>;
  /** Which way conditions went; a restored one by the value that it restores. */
  readonly conditions?: ReadonlyMap<Value, boolean>;
}

/** The one answer that is none of the values. */
export const zero = Symbol('zero');
export type Meaning = Value | typeof zero;

export class Consequences {
  private readonly meanings = new Map<Value, Meaning>();
  private readonly conditions: ReadonlyMap<Value, boolean>;
  private readonly nodeOf: (value: Value) => Node | undefined;
  private readonly acting = new Set<Node>();

  constructor(nodes: readonly Node[], assumed: Assumptions, nodeOf: (value: Value) => Node | undefined) {
    this.nodeOf = nodeOf;
    this.conditions = assumed.conditions ?? new Map();
    for (const value of assumed.zeros ?? []) this.meanings.set(value, zero);
    this.walk(nodes);
  }

  /** Zero, or the value that this one is the same as: itself, where nothing is known. */
  meaningOf(value: Value): Meaning {
    const node = this.nodeOf(value);
    if (node?.kind === 'literal' && node.value === 0) return zero;
    return this.meanings.get(value) ?? value;
  }

  /** Whether the node, or one inside of it, changes memory. */
  acts(node: Node): boolean {
    return this.acting.has(node);
  }

  get isIdle(): boolean {
    return this.acting.size === 0;
  }

  /** Which way the condition went, where that is assumed. */
  truthOf(condition: Value): boolean | undefined {
    const node = this.nodeOf(condition);
    if (node?.kind === 'restore') return this.conditions.get(node.of);
    if (node?.kind !== 'apply' || node.op !== 'not') return this.conditions.get(condition);
    const negated = this.truthOf(node.operands[0]!);
    return negated === undefined ? undefined : !negated;
  }

  private learn(value: Value, meaning: Meaning | undefined): void {
    if (meaning === undefined || meaning === value) this.meanings.delete(value);
    else this.meanings.set(value, meaning);
  }

  private walk(nodes: readonly Node[]): void {
    for (const node of nodes) {
      if (this.walkNode(node)) this.acting.add(node);
      else this.acting.delete(node);
    }
  }

  /** Learns what the results are; true where the node does something. */
  private walkNode(node: Node): boolean {
    switch (node.kind) {
      case 'apply':
        this.learn(node.result, this.applied(node));
        return false;
      case 'if':
        return this.walkIf(node);
      case 'loop':
        return this.walkLoop(node);
      case 'accumulate':
        return this.meaningOf(node.value) !== zero;
      case 'carry':
        return node.effect;
      case 'literal':
      case 'restore':
      case 'load':
      case 'length':
      case 'view':
      case 'alloc':
      case 'shadow':
        return false;
      default:
        return true;
    }
  }

  private applied({ op, operands }: ApplyNode): Meaning | undefined {
    const [a, b, c] = operands.map((operand) => this.meaningOf(operand));
    switch (op) {
      case 'neg':
        return a === zero ? zero : undefined;
      case 'mul':
      case 'guard':
        return a === zero || b === zero ? zero : undefined;
      case 'div':
        return a === zero ? zero : undefined;
      case 'add':
        return a === zero ? b : b === zero ? a : undefined;
      case 'sub':
        return b === zero ? a : undefined;
      case 'select': {
        const chosen = this.truthOf(operands[0]!);
        if (chosen !== undefined) return chosen ? b : c;
        return b === c ? b : undefined;
      }
      default:
        return undefined;
    }
  }

  private walkIf(node: Extract<Node, { kind: 'if' }>): boolean {
    const way = this.truthOf(node.condition);
    const arms = way === undefined ? [node.then, node.else] : [way ? node.then : node.else];
    for (const arm of arms) this.walk(arm.nodes);
    node.results.forEach((result, i) => {
      const [first, ...others] = arms.map((arm) => (arm.exit.kind === 'yield' ? this.meaningOf(arm.exit.values[i]!) : undefined));
      this.learn(result, others.every((other) => other === first) ? first : undefined);
    });
    return arms.some((arm) => arm.exit.kind !== 'yield' || arm.nodes.some((inner) => this.acts(inner)));
  }

  /** What a carried value begins as it remains, unless an iteration is seen to hand on something else. */
  private walkLoop(node: LoopNode): boolean {
    const { params, nodes, exit } = node.body;
    const isSimple = exit.kind === 'yield' && breaksOf(node.body).length === 0 && node.counter?.to !== undefined;
    const steady = new Set(isSimple ? params.keys() : []);
    for (let settled = false; !settled; ) {
      params.forEach((param, i) => this.learn(param, steady.has(i) ? this.meaningOf(node.initial[i]!) : undefined));
      this.walk(nodes);
      settled = true;
      for (const i of steady) {
        if (exit.kind === 'yield' && this.meaningOf(exit.values[i]!) === this.meaningOf(params[i]!)) continue;
        steady.delete(i);
        settled = false;
      }
    }
    node.results.forEach((result, i) => {
      const end = isSimple ? node.done[i]! : undefined;
      const isKnown = end !== undefined && (steady.has(params.indexOf(end)) || this.meaningOf(end) === zero);
      this.learn(result, isKnown ? this.meaningOf(end) : undefined);
    });
    return !isSimple || nodes.some((inner) => this.acts(inner));
  }
}

/** What the body of a loop hands on as its carried value `i`, under these consequences. */
export function handedOn(body: Block, i: number, consequences: Consequences): Meaning | undefined {
  return body.exit.kind === 'yield' ? consequences.meaningOf(body.exit.values[i]!) : undefined;
}
