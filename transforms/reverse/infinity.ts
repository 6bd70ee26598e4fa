/** Which values may be infinite or NaN although the parameters are finite: products with them are guarded. */

import type { Primitive } from '../../src/graph/primitives.ts';
import type { ApplyNode, CarryNode, Graph, LoadNode, Value } from '../../src/graph/types.ts';
import { visit } from '../../src/graph/walk.ts';
import { breaksOf, type Memory, type Root } from '../memory.ts';
import { Elements } from './missing-elements.ts';
import { SafeDivisors } from './safe-divisors.ts';

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

/** Bounded whatever the operand is, infinities included; NaN they hand on. */
const bounded: ReadonlySet<Primitive> = new Set(['tanh', 'atan', 'atan2', 'sign']);

/** Never NaN where the operands are not. */
const defined: ReadonlySet<Primitive> = new Set(['exp', 'expm1', 'sinh', 'cosh', 'neg', 'abs', 'max', 'min', ...bounded]);

/**
 * How much is believed. `poles`: what is read is there, and roots are those of positive numbers. `neighbours`: a root may be NaN, an
 * extremum may be one of no elements, and an element beside the one that a loop is at (`x[i + 1]`) may be missing. `anything`: so
 * may every element that is not proved to be there, and what is carried may be any number.
 */
export type Doubt = 'poles' | 'neighbours' | 'anything';

export function analyseInfinity(graph: Graph, memory: Memory, doubt: Doubt): (value: Value) => boolean {
  const divisors = new SafeDivisors(graph);
  const elements = doubt === 'poles' ? undefined : new Elements(graph, doubt);
  const infinite = new Set<Value | Root>();
  const ofNoWholeSize = new Set<Root>();
  const toNoWholeBound = new Set<Value>();
  visit(graph.body, (node) => {
    if (node.kind === 'alloc' && node.init.kind === 'zeros' && node.init.length.type.kind !== 'integer') ofNoWholeSize.add(node.result);
    if (node.kind === 'loop' && node.counter?.to !== undefined && node.counter.to.type.kind !== 'integer') toNoWholeBound.add(node.counter.variable);
  });
  /** Up to 2.5 there are three iterations, and an array of that size has two elements: the third reads nothing, which is NaN. */
  const mayReadNothing = (load: LoadNode): boolean =>
    load.key.kind === 'index' &&
    ((toNoWholeBound.has(load.key.index) && [...memory.rootsOf(load.memory)].some((root) => ofNoWholeSize.has(root))) || (elements?.mayBeMissing(load) ?? false));
  const isDoubtful = ({ op, operands }: ApplyNode): boolean => {
    if (doubt === 'poles') return false;
    if (op === 'sqrt') return !divisors.isNeverNegative(operands[0]!);
    return (op === 'max' || op === 'min') && operands.every(({ type }) => type.kind === 'array');
  };
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
  const made = new Map<Value, ApplyNode>();
  visit(graph.body, (node) => void (node.kind === 'apply' && made.set(node.result, node)));
  /** Whether what may be infinite may also be NaN: anything but a sum of infinities of which there is one, and what makes no NaN. */
  const mayBeUndefined = (value: Value): boolean => {
    const node = made.get(value);
    if (!infinite.has(value) || node === undefined) return infinite.has(value);
    const { op, operands } = node;
    if (op === 'add' || op === 'sub') return operands.every((operand) => infinite.has(operand)) || operands.some(mayBeUndefined);
    return !defined.has(op) || operands.some(mayBeUndefined);
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
          if ((unbounded.has(node.op) && divisors.partsOf(node) === undefined) || isDoubtful(node)) mark(node.result);
          else if (node.op === 'div') for (const operand of [node.operands[0]!, ...divisors.partsOf(node)!]) flow(operand, node.result);
          else if (!bounded.has(node.op) || node.operands.some(mayBeUndefined)) for (const operand of node.operands) flow(operand, node.result);
          break;
        case 'carry':
          if (doubt === 'anything' && !isOfMath(node)) mark(node.result);
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

/** `Math.PI`, or a number that has none but finite values. */
function isOfMath({ pieces, result }: CarryNode): boolean {
  return result.type.kind !== 'real' || (pieces.length === 1 && typeof pieces[0] === 'string' && pieces[0].startsWith('Math.'));
}
