/** Which values may be infinite or NaN although the parameters are finite: products with them are guarded. */

import type { Primitive } from '../../src/graph/primitives.ts';
import type { Graph, LoadNode, Node, Value } from '../../src/graph/types.ts';
import { visit } from '../../src/graph/walk.ts';
import { breaksOf, type Memory, type Root } from '../memory.ts';

/** Finite operands may give an infinity, by a pole or by growing exponentially. Overflow of single products is not asked for. */
const unbounded: ReadonlySet<Primitive> = new Set([
  'div',
  'pow',
  'rem',
  'exp',
  'expm1',
  'sinh',
  'cosh',
  'tan',
  'log',
  'log1p',
  'log2',
  'log10',
  'acosh',
  'atanh',
  'asin',
  'acos',
]);

/** Bounded whatever the operand is, infinities included. */
const bounded: ReadonlySet<Primitive> = new Set(['tanh', 'atan', 'atan2', 'sign']);

export function analyseInfinity(graph: Graph, memory: Memory): (value: Value) => boolean {
  const infinite = new Set<Value | Root>();
  const nodes = new Map<Value, Node>();
  const ofNoWholeSize = new Set<Root>();
  const toNoWholeBound = new Set<Value>();
  visit(graph.body, (node) => {
    if (node.kind === 'apply' || node.kind === 'literal') nodes.set(node.result, node);
    if (node.kind === 'alloc' && node.init.kind === 'zeros' && node.init.length.type.kind !== 'integer') ofNoWholeSize.add(node.result);
    if (node.kind === 'loop' && node.counter?.to !== undefined && node.counter.to.type.kind !== 'integer') toNoWholeBound.add(node.counter.variable);
  });
  /** Up to 2.5 there are three iterations, and an array of that size has two elements: the third reads nothing, which is NaN. */
  const mayReadNothing = ({ memory: array, key }: LoadNode): boolean =>
    key.kind === 'index' && toNoWholeBound.has(key.index) && [...memory.rootsOf(array)].some((root) => ofNoWholeSize.has(root));
  let changed = true;
  const mark = (value: Value | undefined): void => {
    if (value === undefined || infinite.has(value)) return;
    infinite.add(value);
    changed = true;
  };
  const flow = (from: Value | undefined, to: Value | undefined): void => {
    if (from !== undefined && infinite.has(from)) mark(to);
  };
  const store = (address: Value, value: Value): void => {
    if (infinite.has(value)) for (const root of memory.rootsOf(address)) mark(root);
  };
  const markMemory = (value: Value): void => {
    for (const root of memory.reachableFrom(value)) if (!memory.isReadOnly(root)) mark(root);
  };
  for (const param of graph.procedure?.infinite ?? []) {
    mark(param);
    for (const root of memory.reachableFrom(param)) mark(root);
  }
  while (changed) {
    changed = false;
    visit(graph.body, (node) => {
      switch (node.kind) {
        case 'call':
          // What a procedure computes may be anything.
          node.results.forEach(mark);
          [...node.operands, ...node.results].forEach(markMemory);
          break;
        case 'rule':
          node.values.forEach((value, i) => {
            flow(value, node.results[i]);
            if ([...memory.reachableFrom(value)].some((root) => infinite.has(root))) markMemory(node.results[i]!);
          });
          break;
        case 'literal':
          if (typeof node.value === 'number' && !Number.isFinite(node.value)) mark(node.result);
          break;
        case 'apply':
          if (unbounded.has(node.op) && !hasSafeDivisor(node.op, node.operands, nodes)) mark(node.result);
          else if (node.op === 'div' && isAboveZero(node.operands[1]!, nodes)) flow(node.operands[0], node.result);
          else if (!bounded.has(node.op)) for (const operand of node.operands) flow(operand, node.result);
          break;
        case 'load':
          if (mayReadNothing(node) || [...memory.rootsOf(node.memory)].some((root) => infinite.has(root))) mark(node.result);
          break;
        case 'resize':
          if (node.value) store(node.memory, node.value);
          if (node.result && [...memory.rootsOf(node.memory)].some((root) => infinite.has(root))) mark(node.result);
          break;
        case 'store':
        case 'accumulate':
          store(node.memory, node.value);
          break;
        case 'alloc':
          if (node.init.kind === 'elements' || node.init.kind === 'fields') {
            for (const value of node.init.values) store(node.result, value);
          } else if (node.init.kind === 'copy') {
            for (const root of memory.rootsOf(node.init.of)) if (infinite.has(root)) mark(node.result);
          }
          break;
        case 'if':
          node.results.forEach((result, i) => {
            for (const arm of [node.then, node.else]) if (arm.exit.kind === 'yield') flow(arm.exit.values[i], result);
          });
          break;
        case 'loop':
          node.body.params.forEach((param, i) => {
            flow(node.initial[i], param);
            if (node.body.exit.kind === 'yield') flow(node.body.exit.values[i], param);
          });
          node.results.forEach((result, i) => {
            flow(node.done[i], result);
            for (const values of breaksOf(node.body)) flow(values[i], result);
          });
          break;
        default:
          break;
      }
    });
  }
  return (value) => infinite.has(value);
}

/** A quotient is infinite only by its numerator where the divisor is never near 0; a mean may be one of nothing. */
function hasSafeDivisor(op: Primitive, operands: readonly Value[], nodes: ReadonlyMap<Value, Node>): boolean {
  if (op !== 'div') return false;
  const divisor = operands[1]!;
  return isAboveZero(divisor, nodes);
}

/** `1 + exp(…)`, `1.5 + x * x`: a positive literal, and what is never negative added to it. */
function isAboveZero(value: Value, nodes: ReadonlyMap<Value, Node>): boolean {
  const node = nodes.get(value);
  if (node?.kind === 'literal') return typeof node.value === 'number' && node.value > 0;
  if (node?.kind !== 'apply' || node.op !== 'add') return false;
  const [a, b] = node.operands;
  return (isAboveZero(a!, nodes) && isNeverNegative(b!, nodes)) || (isNeverNegative(a!, nodes) && isAboveZero(b!, nodes));
}

function isNeverNegative(value: Value, nodes: ReadonlyMap<Value, Node>): boolean {
  const node = nodes.get(value);
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
      return isNeverNegative(a!, nodes) && isNeverNegative(b!, nodes);
    default:
      return false;
  }
}
