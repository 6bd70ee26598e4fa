/** Which forward values are cheap enough to be computed again, and from what. */

import type { Primitive } from '../../src/graph/primitives.ts';
import type { Node, Value } from '../../src/graph/types.ts';
import { operands } from '../../src/graph/walk.ts';

/** In additions (measured under V8): what costs this much or more is kept rather than computed again. */
const expensive = 6;
/** A chain of cheap operations is computed again up to this cost. */
const longest = 10;

const costs: Partial<Record<Primitive, number>> = {
  div: 6,
  rem: 10,
  pow: 30,
  sqrt: 6,
  cbrt: 15,
  hypot: 30,
  abs: 1,
  max: 1,
  min: 1,
  floor: 2,
  ceil: 2,
  round: 2,
  trunc: 2,
  sign: 2,
  fround: 1,
  clz32: 1,
  imul: 1,
};

const cheap: ReadonlySet<Primitive> = new Set([
  'add',
  'sub',
  'mul',
  'neg',
  'lt',
  'le',
  'gt',
  'ge',
  'eq',
  'ne',
  'not',
  'and',
  'or',
  'isNaN',
  'bitAnd',
  'bitOr',
  'bitXor',
  'bitNot',
  'shiftLeft',
  'shiftRight',
  'shiftRightUnsigned',
  'select',
  'guard',
  'present',
  'unwrap',
  'stop',
]);

export function costOf(op: Primitive): number {
  return cheap.has(op) ? 1 : (costs[op] ?? 15);
}

/** `x ** 2` is a product to the engine, and so is `x / 2`. */
function costOfNode(node: Node, nodeOf: (value: Value) => Node | undefined): number {
  if (node.kind !== 'apply') return 1;
  const second = (node.op === 'pow' || node.op === 'div') && nodeOf(node.operands[1]!);
  const isByTwo = second && second.kind === 'literal' && second.value === 2;
  return isByTwo ? 1 : costOf(node.op);
}

/** Whether an operation costs so much that its result is kept rather than computed again. */
export function isExpensive(node: Node, nodeOf: (value: Value) => Node | undefined): boolean {
  return costOfNode(node, nodeOf) >= expensive;
}

export interface Recomputation {
  readonly cost: number;
  /** Values that it starts from and that are not available for nothing: to be kept. */
  readonly leaves: ReadonlySet<Value>;
}

export interface RecomputeQuestions {
  readonly nodeOf: (value: Value) => Node | undefined;
  /** In scope, or repeated for nothing: literals, counters, what is defined outside. */
  readonly isFree: (value: Value) => boolean;
  /** Loads (and lengths) that see the same memory again. */
  readonly canRepeat: (node: Node) => boolean;
}

/** How `value` is computed again; undefined where it cannot be, or costs too much. */
export function recomputation(value: Value, ask: RecomputeQuestions): Recomputation | undefined {
  const leaves = new Set<Value>();
  let cost = 0;
  const visit = (at: Value, isRoot: boolean): boolean => {
    if (!isRoot && ask.isFree(at)) return true;
    const node = ask.nodeOf(at);
    const own = node === undefined ? undefined : repeatCost(node, ask);
    if (node === undefined || own === undefined || own >= expensive) {
      if (isRoot) return false;
      leaves.add(at);
      return true;
    }
    cost += own;
    if (cost > longest) return false;
    return operands(node).every((operand) => visit(operand, false));
  };
  return visit(value, true) ? { cost, leaves } : undefined;
}

function repeatCost(node: Node, ask: RecomputeQuestions): number | undefined {
  switch (node.kind) {
    case 'literal':
      return 0;
    case 'apply':
      return node.operands.some((operand) => operand.type.kind === 'array') ? undefined : costOfNode(node, ask.nodeOf);
    case 'load':
    case 'length':
    case 'view':
      return ask.canRepeat(node) ? 1 : undefined;
    case 'carry':
      return node.effect ? undefined : 1;
    default:
      return undefined;
  }
}
