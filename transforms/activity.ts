/**
 * Which values are differentiated for real: *varied* (they depend on a chosen parameter) and *useful* (they reach the
 * result), through scalars and memory alike (Hascoët & Pascual, TOMS 39(3), 2013, §2).
 *
 * Nothing else is ever given an adjoint. Memory is active as a whole: one varied element that is useful makes it so.
 */

import type { Block, Graph, Node, Type, Value } from '../src/graph/types.ts';
import { visit } from '../src/graph/walk.ts';
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

export function analyseActivity(
  graph: Graph,
  memory: Memory,
  differentiated: readonly Value[],
  useful: readonly Value[],
): Activity {
  const varied = propagate(graph, memory, differentiated, forwardStep);
  const reaching = propagate(graph, memory, useful, backwardStep);
  const isActiveRoot = (root: Root): boolean => varied.has(root) && reaching.has(root);
  return {
    isActiveRoot,
    isActive: (value) =>
      isReference(value.type)
        ? reachableFrom(memory, value).some(isActiveRoot)
        : isReal(value.type) && varied.has(value) && reaching.has(value),
  };
}

/** The roots that a reference can mean, and those that can be reached by loading references from them. */
function reachableFrom(memory: Memory, value: Value): readonly Root[] {
  const seen = new Set<Root>(memory.rootsOf(value));
  for (const root of seen) for (const inner of memory.contentsOf(root)) seen.add(inner);
  return [...seen];
}

function isReal(type: Type): boolean {
  return type.kind === 'real' || (type.kind === 'optional' && isReal(type.of));
}

/** Numbers are marked themselves, references by their roots. */
interface Marks {
  has(value: Value): boolean;
  /** Of a number; of a reference: whether any memory that it can mean is marked. */
  reaches(value: Value): boolean;
  mark(value: Value): void;
}

type Step = (node: Node, marks: Marks) => void;

function propagate(graph: Graph, memory: Memory, seeds: readonly Value[], step: Step): ReadonlySet<Value> {
  const marked = new Set<Value>();
  let changed = true;
  const add = (value: Value): void => {
    if (marked.has(value)) return;
    marked.add(value);
    changed = true;
  };
  const marks: Marks = {
    has: (value) => marked.has(value),
    reaches: (value) =>
      isReference(value.type) ? [...memory.rootsOf(value)].some((root) => marked.has(root)) : marked.has(value),
    mark: (value) => {
      if (isReference(value.type)) for (const root of memory.rootsOf(value)) add(root);
      else if (isReal(value.type)) add(value);
    },
  };
  const markDeep = (value: Value): void => {
    marks.mark(value);
    if (isReference(value.type)) for (const root of reachableFrom(memory, value)) add(root);
  };
  // A differentiated matrix has differentiated rows.
  for (const seed of seeds) markDeep(seed);
  while (changed) {
    changed = false;
    visit(graph.body, (node) => step(node, marks));
  }
  return marked;
}

/** What depends on something varied is varied. */
function forwardStep(node: Node, marks: Marks): void {
  forEachFlow(node, (from, to) => {
    if (marks.reaches(from)) marks.mark(to);
  });
}

/** What a useful value is computed from is useful. */
function backwardStep(node: Node, marks: Marks): void {
  forEachFlow(node, (from, to) => {
    if (marks.reaches(to)) marks.mark(from);
  });
}

/** The ways in which a number can influence another through this node: from a value or memory to a value or memory. */
function forEachFlow(node: Node, flow: (from: Value, to: Value) => void): void {
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
    case 'call':
      for (const operand of node.operands) for (const result of node.results) flow(operand, result);
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
