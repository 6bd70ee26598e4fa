/**
 * A carried adjoint collects its coefficient: `d * a - d * b + c` becomes `d * (a - b) + c`. *Adjoint only.* It lies on the
 * critical path of the mirror, where one product is shorter than two and a sum. Guarded terms stay as they are.
 */

import { BlockBuilder } from '../../src/graph/build.ts';
import type { ApplyNode, Block, LoopNode, Node, Value } from '../../src/graph/types.ts';
import type { Facts } from '../simplify.ts';

interface Term {
  readonly value: Value;
  readonly negative: boolean;
}

/** Expects the mirror of a loop whose `next` values are settled; the nodes that are no longer read stay for a later pass. */
export function collectCoefficient(loop: LoopNode, facts: Facts): LoopNode {
  const { exit } = loop.body;
  if (exit.kind !== 'yield') return loop;
  const local = new Map<Value, ApplyNode>();
  for (const node of loop.body.nodes) if (node.kind === 'apply' && node.backward) local.set(node.result, node);
  let nodes = loop.body.nodes;
  const values = exit.values.map((next, i) => {
    const param = loop.body.params[i]!;
    const collected = collect(param, next, local, facts);
    if (collected === undefined) return next;
    facts.changed = true;
    nodes = [...nodes, ...collected.nodes];
    return collected.result;
  });
  if (nodes === loop.body.nodes) return loop;
  const body: Block = { ...loop.body, nodes, exit: { ...exit, values } };
  return { ...loop, body };
}

function collect(
  d: Value,
  next: Value,
  local: ReadonlyMap<Value, ApplyNode>,
  facts: Facts,
): { readonly nodes: readonly Node[]; readonly result: Value } | undefined {
  const terms = termsOf(next, false, local, facts);
  const products = terms.map((term) => ({ term, factors: factorsBeside(d, term.value, local) }));
  const linear = products.filter(({ factors }) => factors !== undefined);
  if (linear.length < 2 || linear.every(({ factors }) => factors!.length === 0)) return undefined;

  const b = new BlockBuilder(local.get(next)?.origin, true);
  const product = (factors: readonly Value[]): Value =>
    factors.length === 0 ? b.literal(1) : factors.reduce((left, right) => b.apply('mul', [left, right]));
  const coefficient = sum(b, linear.map(({ term, factors }) => ({ value: product(factors!), negative: term.negative })));
  const rest = products.filter(({ factors }) => factors === undefined).map(({ term }) => term);
  const options = next.name === undefined ? {} : { name: next.name };
  if (rest.length === 0) return { result: b.apply('mul', [d, coefficient], options), nodes: b.nodes };
  const own = { value: b.apply('mul', [d, coefficient]), negative: false };
  return { result: sum(b, [own, ...rest], options), nodes: b.nodes };
}

function sum(b: BlockBuilder, terms: readonly Term[], options: { name?: string } = {}): Value {
  const first = terms.find((term) => !term.negative) ?? terms[0]!;
  const others = terms.filter((term) => term !== first);
  let total = first.negative ? b.apply('neg', [first.value]) : first.value;
  others.forEach((term, i) => {
    const isLast = i === others.length - 1;
    total = b.apply(term.negative ? 'sub' : 'add', [total, term.value], isLast ? options : {});
  });
  return total;
}

/** The summands of a value; sums that somebody else reads are not taken apart. */
function termsOf(value: Value, negative: boolean, local: ReadonlyMap<Value, ApplyNode>, facts: Facts): readonly Term[] {
  const node = local.get(value);
  if (node === undefined || !facts.isUsedOnce(value)) return [{ value, negative }];
  const [a, b] = node.operands as readonly [Value, Value];
  switch (node.op) {
    case 'add':
      return [...termsOf(a, negative, local, facts), ...termsOf(b, negative, local, facts)];
    case 'sub':
      return [...termsOf(a, negative, local, facts), ...termsOf(b, !negative, local, facts)];
    case 'neg':
      return termsOf(a, !negative, local, facts);
    default:
      return [{ value, negative }];
  }
}

/** The factors beside `d` of a product that has it exactly once; undefined for anything else. */
function factorsBeside(d: Value, value: Value, local: ReadonlyMap<Value, ApplyNode>): readonly Value[] | undefined {
  if (value === d) return [];
  const node = local.get(value);
  if (node?.op !== 'mul') return undefined;
  const [a, b] = node.operands as readonly [Value, Value];
  const [left, right] = [factorsBeside(d, a, local), factorsBeside(d, b, local)];
  if (left !== undefined && right === undefined && !dependsOn(b, d, local)) return [...left, b];
  if (right !== undefined && left === undefined && !dependsOn(a, d, local)) return [a, ...right];
  return undefined;
}

function dependsOn(value: Value, d: Value, local: ReadonlyMap<Value, ApplyNode>): boolean {
  if (value === d) return true;
  return local.get(value)?.operands.some((operand) => dependsOn(operand, d, local)) ?? false;
}
