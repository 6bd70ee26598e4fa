/**
 * Which values are differentiated for real: *varied* (they depend on a chosen parameter) and *useful* (they reach the
 * result), through scalars and memory alike (Hascoët & Pascual, TOMS 39(3), 2013, §2).
 *
 * Nothing else is ever given an adjoint. Memory is active as a whole: one varied element that is useful makes it so.
 */

import type { Block, CallNode, Graph, Node, Type, Value } from '../src/graph/types.ts';
import { visit, visitBackwards } from '../src/graph/walk.ts';
import { breaksOf, holdsReals, isReference, type Memory, type Root } from './memory.ts';
import { isDifferentiable } from './rules/table.ts';

export interface Activity {
  /** Of a number: it has an adjoint. Of a reference: the memory that it can mean, or what that refers to, has a shadow. */
  isActive(value: Value): boolean;
  isActiveRoot(root: Root): boolean;
}

/** Everything that could be differentiated is: the tests' partner of the real analysis. */
export function everythingActive(memory: Memory): Activity {
  const isActiveRoot = (root: Root): boolean => !isReference(root.type) || holdsReals(root.type);
  return {
    isActiveRoot,
    isActive: (value) =>
      isReference(value.type) ? holdsReals(value.type) && memory.rootsOf(value).size > 0 : isReal(value.type),
  };
}

/** How a number can get through a call: what the caller must know of the procedure. */
export interface CallFlow {
  /** Whether the operand's number, or a number in its memory, may influence the result, or memory that is handed over. */
  readonly varies: (call: CallNode, marks: Marks) => void;
  /** The same backwards: whether the operand is asked for because a result, or memory that is handed over, is. */
  readonly reaches: (call: CallNode, marks: Marks) => void;
}

export function analyseActivity(
  graph: Graph,
  memory: Memory,
  differentiated: readonly Value[],
  useful: readonly Value[],
  calls: CallFlow = anyFlow,
): Activity {
  return activityOf(memory, variedIn(graph, memory, differentiated, calls), usefulIn(graph, memory, useful, calls));
}

/** What depends on the `differentiated` values: numbers, and the roots of memory. */
export function variedIn(graph: Graph, memory: Memory, differentiated: readonly Value[], calls: CallFlow): ReadonlySet<Value> {
  return propagate(graph, memory, differentiated, visit, (node, marks) => (node.kind === 'call' ? calls.varies(node, marks) : forwardStep(node, marks)));
}

/** What reaches the `useful` values. */
export function usefulIn(graph: Graph, memory: Memory, useful: readonly Value[], calls: CallFlow): ReadonlySet<Value> {
  return propagate(graph, memory, useful, visitBackwards, (node, marks) => (node.kind === 'call' ? calls.reaches(node, marks) : backwardStep(node, marks)));
}

/** Of a procedure that nothing is known of: everything that goes in may come out anywhere. */
const anyFlow: CallFlow = {
  varies: (call, marks) => {
    if (call.operands.some((operand) => marks.reachesDeep(operand))) [...call.operands, ...call.results].forEach((value) => marks.markDeep(value));
  },
  reaches: (call, marks) => {
    if ([...call.operands.filter((operand) => isReference(operand.type)), ...call.results].some((value) => marks.reachesDeep(value))) {
      [...call.operands, ...call.results].forEach((value) => marks.markDeep(value));
    }
  },
};

export function activityOf(memory: Memory, varied: ReadonlySet<Value>, reaching: ReadonlySet<Value>): Activity {
  const isActiveRoot = (root: Root): boolean => varied.has(root) && reaching.has(root);
  return {
    isActiveRoot,
    isActive: (value) =>
      isReference(value.type)
        ? holdsReals(value.type) && [...memory.reachableFrom(value)].some(isActiveRoot)
        : isReal(value.type) && varied.has(value) && reaching.has(value),
  };
}

function isReal(type: Type): boolean {
  return type.kind === 'real' || (type.kind === 'optional' && isReal(type.of));
}

/** Numbers are marked themselves, references by their roots. */
export interface Marks {
  has(value: Value): boolean;
  /** Whether the number, or any number that can be reached through the reference, is marked. */
  reachesDeep(value: Value): boolean;
  /** The number, or all memory that can be reached. */
  markDeep(value: Value): void;
  /** Of a number; of a reference: whether any memory that it can mean is marked. */
  reaches(value: Value): boolean;
  mark(value: Value): void;
}

type Step = (node: Node, marks: Marks) => void;

function propagate(graph: Graph, memory: Memory, seeds: readonly Value[], walk: typeof visit, step: Step): ReadonlySet<Value> {
  const marked = new Set<Value>();
  let changed = true;
  const add = (value: Value): void => {
    if (marked.has(value)) return;
    marked.add(value);
    changed = true;
  };
  const marks: Marks = {
    has: (value) => marked.has(value),
    reachesDeep: (value) => (isReference(value.type) ? [...memory.reachableFrom(value)].some((root) => marked.has(root)) : marked.has(value)),
    markDeep: (value) => markDeep(value),
    reaches: (value) =>
      isReference(value.type) ? [...memory.rootsOf(value)].some((root) => marked.has(root)) : marked.has(value),
    mark: (value) => {
      if (isReference(value.type)) for (const root of memory.rootsOf(value)) add(root);
      else if (isReal(value.type)) add(value);
    },
  };
  const markDeep = (value: Value): void => {
    marks.mark(value);
    if (isReference(value.type)) for (const root of memory.reachableFrom(value)) add(root);
  };
  // A differentiated matrix has differentiated rows.
  for (const seed of seeds) markDeep(seed);
  while (changed) {
    changed = false;
    walk(graph.body, (node) => step(node, marks));
  }
  return marked;
}

/** What depends on something varied is varied. */
function forwardStep(node: Node, marks: Marks): void {
  if (node.kind === 'rule' && node.operands.some((operand) => marks.reachesDeep(operand))) node.results.forEach((result) => marks.markDeep(result));
  forEachFlow(node, (from, to) => {
    if (marks.reaches(from)) marks.mark(to);
  });
}

/** What a useful value is computed from is useful. */
function backwardStep(node: Node, marks: Marks): void {
  if (node.kind === 'rule' && node.results.some((result) => marks.reachesDeep(result))) node.operands.forEach((operand) => marks.markDeep(operand));
  forEachFlow(node, (from, to) => {
    if (marks.reaches(to)) marks.mark(from);
  });
}

/** The ways in which a number can influence another through this node: from a value or memory to a value or memory. */
export function forEachFlow(node: Node, flow: (from: Value, to: Value) => void): void {
  switch (node.kind) {
    case 'apply':
      if (isDifferentiable(node.op)) for (const operand of node.operands) flow(operand, node.result);
      break;
    case 'alloc':
      if (node.init.kind === 'elements' || node.init.kind === 'fields') {
        for (const value of node.init.values) if (!isReference(value.type)) flow(value, node.result);
      } else if (node.init.kind === 'copy') {
        flow(node.init.of, node.result);
      }
      break;
    case 'load':
      if (!isReference(node.result.type)) flow(node.memory, node.result);
      break;
    case 'store':
    case 'accumulate':
    case 'undo':
      if (!isReference(node.value.type)) flow(node.value, node.memory);
      break;
    case 'resize':
      if (node.value && !isReference(node.value.type)) flow(node.value, node.memory);
      if (node.result && !isReference(node.result.type)) flow(node.memory, node.result);
      break;
    case 'restore':
      flow(node.of, node.result);
      break;
    case 'if':
      for (const arm of [node.then, node.else]) {
        if (arm.exit.kind === 'yield') flowAll(arm.exit.values, node.results, flow);
      }
      break;
    case 'loop':
      flowAll(node.initial, node.body.params, flow);
      if (node.body.exit.kind === 'yield') flowAll(nextValues(node.body), node.body.params, flow);
      flowAll(node.done, node.results, flow);
      for (const values of breaksOf(node.body)) flowAll(values, node.results, flow);
      break;
    default:
      break;
  }
}

function nextValues(body: Block): readonly Value[] {
  return body.exit.kind === 'yield' ? body.exit.values : [];
}

function flowAll(from: readonly Value[], to: readonly Value[], flow: (from: Value, to: Value) => void): void {
  from.forEach((value, i) => {
    const target = to[i];
    if (target && !isReference(target.type)) flow(value, target);
  });
}
