/** Comparisons, logic and index arithmetic over literals: exact, so they may be folded in both sweeps. */

import type { ApplyNode } from '../../src/graph/types.ts';
import type { Facts } from '../simplify.ts';
import type { Rewrite } from './adjoint.ts';

export function foldLogic(node: ApplyNode, facts: Facts): Rewrite | undefined {
  const values = node.operands.map((operand) => facts.literalOf(operand)?.value);
  const [a, b] = values;
  switch (node.op) {
    case 'not':
      return typeof a === 'boolean' ? { kind: 'literal', value: !a } : undefined;
    case 'and':
      return either(node, values, true);
    case 'or':
      return either(node, values, false);
    case 'select':
      return selected(node, a, facts);
    default:
      break;
  }
  // Of integers that are not negative: neither NaN nor -0.
  if (node.op === 'rem' && typeof a === 'number' && typeof b === 'number' && isWhole(a) && isWhole(b) && b > 0) return { kind: 'literal', value: a % b };
  if (node.result.type.kind === 'integer') return foldInteger(node, a, b, facts);
  if (typeof a !== 'number' || typeof b !== 'number') return undefined;
  const holds = { lt: a < b, le: a <= b, gt: a > b, ge: a >= b, eq: a === b, ne: a !== b };
  return Object.hasOwn(holds, node.op) ? { kind: 'literal', value: holds[node.op as keyof typeof holds] } : undefined;
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);
}

/** Sums and products of proved integers, which have no -0: exact. */
function foldInteger(node: ApplyNode, a: unknown, b: unknown, facts: Facts): Rewrite | undefined {
  const [left, right] = node.operands;
  const isSum = node.op === 'add';
  if (node.op === 'max') return foldMaximum(node, b, facts);
  if (!isSum && node.op !== 'mul' && node.op !== 'sub') return undefined;
  if (typeof a === 'number' && typeof b === 'number') {
    return { kind: 'literal', value: isSum ? a + b : node.op === 'sub' ? a - b : a * b };
  }
  const neutral = node.op === 'mul' ? 1 : 0;
  if (b === neutral && left!.type.kind === 'integer') return { kind: 'same', value: left! };
  return a === neutral && node.op !== 'sub' && right!.type.kind === 'integer' ? { kind: 'same', value: right! } : undefined;
}

/** `max(max(x, 3), 2)`: the size of what is used in several ways. */
function foldMaximum(node: ApplyNode, least: unknown, facts: Facts): Rewrite | undefined {
  const inner = facts.nodeOf(node.operands[0]!);
  if (typeof least !== 'number' || inner?.kind !== 'apply' || inner.op !== 'max' || inner.result.type.kind !== 'integer') return undefined;
  const known = facts.numberOf(inner.operands[1]!);
  if (known === undefined) return undefined;
  if (known >= least) return { kind: 'same', value: inner.result };
  return { kind: 'apply', build: () => ['max', [inner.operands[0]!, node.operands[1]!]] };
}

/** `and` (neutral: true) and `or` (neutral: false), one operand of which is known. */
function either(node: ApplyNode, values: readonly unknown[], neutral: boolean): Rewrite | undefined {
  const at = values.findIndex((value) => typeof value === 'boolean');
  if (at < 0) return undefined;
  if (values[at] !== neutral) return { kind: 'literal', value: !neutral };
  return { kind: 'same', value: node.operands[1 - at]! };
}

function selected(node: ApplyNode, condition: unknown, facts: Facts): Rewrite | undefined {
  const [, whenTrue, whenFalse] = node.operands;
  if (typeof condition === 'boolean') return { kind: 'same', value: condition ? whenTrue! : whenFalse! };
  return facts.resolve(whenTrue!) === facts.resolve(whenFalse!) ? { kind: 'same', value: whenTrue! } : undefined;
}
