/**
 * Which memory a reference can mean: a flow-insensitive points-to analysis (Andersen 1994) without fields.
 *
 * A *root* stands for all memory that one definition makes: an `alloc`, a `shadow`, a parameter, a module constant. What
 * lies inside a parameter (rows of a matrix) is one root of its own, the parameter's `inside`.
 */

import { newValue, real } from '../src/graph/build.ts';
import { gradientNameOf, holdsInside } from '../src/graph/recursive-types.ts';
import type { Block, CallNode, Graph, Node, RecordType, Type, Value } from '../src/graph/types.ts';
import { blocks, visit } from '../src/graph/walk.ts';

export type Root = Value;

export interface Memory {
  /** The roots that a value of reference type can mean; empty for other values. */
  rootsOf(value: Value): ReadonlySet<Root>;
  /** What can be reached by loading references from a root, not counting further loads. */
  contentsOf(root: Root): ReadonlySet<Root>;
  /** Parameters and what lies inside them, and module constants: never written. */
  isReadOnly(root: Root): boolean;
  /** Memory that is also written elsewhere, when this function does not run: of a procedure, what it shares with its callers. */
  isShared(root: Root): boolean;
  /** The roots that a value can mean, and all that can be reached from there. */
  reachableFrom(value: Value): ReadonlySet<Root>;
}

/** What is read or written: memory, or a part of the workspace, which nothing else meets. */
export interface Place {
  readonly memory: Value;
  readonly part?: Value;
}

export function rootsAt({ memory: at, part }: Place, memory: Memory): readonly Root[] {
  return part === undefined ? [...memory.rootsOf(at)] : [part];
}

/** Whether the array cannot grow, and holds a number at each index below its length. */
export function isTyped({ type }: Value): boolean {
  return type.kind === 'array' && type.container !== 'Array';
}

export function isReference(type: Type): boolean {
  switch (type.kind) {
    case 'array':
    case 'record':
    case 'tuple':
    case 'recursive':
      return true;
    case 'optional':
      return isReference(type.of);
    default:
      return false;
  }
}

function holdsOnlyNumbers(type: Type): boolean {
  return type.kind === 'array' && !isReference(type.element);
}

/** Whether numbers that can be differentiated lie in memory of this type, at any depth. */
export function holdsReals(type: Type): boolean {
  switch (type.kind) {
    case 'real':
      return true;
    case 'optional':
      return holdsReals(type.of);
    case 'array':
      return holdsReals(type.element);
    case 'tuple':
      return type.elements.some(holdsReals);
    case 'record':
      return type.fields.some((field) => holdsReals(field.type));
    case 'recursive':
      return holdsInside(type, holdsReals);
    default:
      return false;
  }
}

/** Whether the shadow of a record has the field. */
export function hasShadow(type: Type): boolean {
  return type.kind === 'integer' || holdsReals(type);
}

/** The type of the memory in which the adjoint of memory is gathered: numbers are always there, fields without any are left out. */
export function shadowType(type: Type): Type {
  switch (type.kind) {
    case 'optional':
      return isReference(type.of) || type.of.kind === 'recursive' ? { kind: 'optional', of: shadowType(type.of) } : real;
    case 'array':
      return holdsReals(type.element) ? { ...type, element: shadowType(type.element) } : type;
    case 'tuple':
      return { kind: 'tuple', elements: type.elements.map((element) => (holdsReals(element) ? shadowType(element) : element)) };
    case 'record': {
      const fields = type.fields.filter((field) => hasShadow(field.type));
      const named = type.recursive === undefined ? {} : { recursive: gradientNameOf(type.recursive) };
      return { kind: 'record', ...named, fields: fields.map((field) => ({ name: field.name, type: shadowType(field.type) })) };
    }
    case 'recursive':
      return { kind: 'recursive', name: gradientNameOf(type.name), unfold: () => shadowType(type.unfold()) as RecordType };
    default:
      return type;
  }
}

export function analyseMemory(graph: Graph): Memory {
  const pointsTo = new Map<Value, Set<Root>>();
  const contents = new Map<Root, Set<Root>>();
  const readOnly = new Set<Root>();
  let changed = true;

  const setOf = <K>(map: Map<K, Set<Root>>, key: K): Set<Root> => {
    const known = map.get(key);
    if (known) return known;
    const fresh = new Set<Root>();
    map.set(key, fresh);
    return fresh;
  };
  const flow = (from: ReadonlySet<Root>, to: Set<Root>): void => {
    for (const root of from) {
      if (to.has(root)) continue;
      to.add(root);
      changed = true;
    }
  };
  const assign = (to: Value | undefined, from: Value | undefined): void => {
    if (to && from && isReference(to.type)) flow(setOf(pointsTo, from), setOf(pointsTo, to));
  };
  const addRoot = (value: Value): void => flow(new Set([value]), setOf(pointsTo, value));
  const addReadOnly = (value: Value): void => {
    if (!isReference(value.type)) return;
    addRoot(value);
    if (readOnly.has(value)) return;
    const inside = newValue(real, value.name);
    readOnly.add(value).add(inside);
    setOf(contents, value).add(inside);
    setOf(contents, inside).add(inside);
  };
  const loadInto = (memory: Value, result: Value | undefined): void => {
    if (!result || !isReference(result.type)) return;
    for (const root of setOf(pointsTo, memory)) flow(setOf(contents, root), setOf(pointsTo, result));
  };
  const storeFrom = (memory: Value, value: Value | undefined): void => {
    if (!value || !isReference(value.type)) return;
    for (const root of setOf(pointsTo, memory)) flow(setOf(pointsTo, value), setOf(contents, root));
  };

  const reachable = (value: Value): ReadonlySet<Root> => {
    const seen = new Set<Root>(setOf(pointsTo, value));
    for (const root of seen) for (const inner of setOf(contents, root)) seen.add(inner);
    return seen;
  };

  const elsewhere = newValue(real, 'shared');
  for (const param of graph.params) {
    if (!graph.procedure?.shared.has(param)) addReadOnly(param);
    else if (isReference(param.type)) flow(new Set([elsewhere]), setOf(pointsTo, param));
  }
  if (graph.procedure) setOf(contents, elsewhere).add(elsewhere);

  /** A call may store any reference that it can reach anywhere, and give any of them back, or memory of its own. */
  const call = (node: CallNode): void => {
    const within = new Set(node.operands.flatMap((operand) => [...reachable(operand)]));
    for (const root of within) if (!readOnly.has(root) && !holdsOnlyNumbers(root.type)) flow(within, setOf(contents, root));
    for (const result of node.results) {
      if (!isReference(result.type)) continue;
      addRoot(result);
      flow(within, setOf(pointsTo, result));
      flow(new Set([...within, result]), setOf(contents, result));
    }
  };

  const transfer = (node: Node): void => {
    switch (node.kind) {
      case 'alloc':
        addRoot(node.result);
        if (node.init.kind === 'elements' || node.init.kind === 'fields') {
          for (const value of node.init.values) storeFrom(node.result, value);
        } else if (node.init.kind === 'copy') {
          for (const root of setOf(pointsTo, node.init.of)) flow(setOf(contents, root), setOf(contents, node.result));
        }
        break;
      case 'shadow':
        addRoot(node.result);
        flow(new Set([node.result]), setOf(contents, node.result));
        break;
      case 'carry':
        addReadOnly(node.result);
        break;
      case 'call':
        call(node);
        break;
      case 'popFrame':
        for (const result of node.results) addReadOnly(result);
        break;
      case 'rule':
        for (const result of node.results) if (isReference(result.type)) addRoot(result);
        break;
      case 'workspace':
        if (!node.grows) addRoot(node.result);
        break;
      case 'apply':
        if (node.op === 'unwrap') assign(node.result, node.operands[0]);
        else if (node.op === 'select') for (const operand of node.operands.slice(1)) assign(node.result, operand);
        break;
      case 'restore':
        assign(node.result, node.of);
        break;
      case 'view':
        assign(node.result, node.memory);
        break;
      case 'load':
        loadInto(node.memory, node.result);
        break;
      case 'resize':
        loadInto(node.memory, node.result);
        storeFrom(node.memory, node.value);
        break;
      case 'store':
      case 'undo':
        storeFrom(node.memory, node.value);
        break;
      case 'if':
        for (const arm of [node.then, node.else]) {
          if (arm.exit.kind === 'yield') node.results.forEach((result, i) => assign(result, valueAt(arm, i)));
        }
        break;
      case 'loop':
        node.body.params.forEach((param, i) => {
          assign(param, node.initial[i]);
          if (node.body.exit.kind === 'yield') assign(param, node.body.exit.values[i]);
        });
        node.results.forEach((result, i) => {
          assign(result, node.done[i]);
          for (const values of breaksOf(node.body)) assign(result, values[i]);
        });
        break;
      default:
        break;
    }
  };

  while (changed) {
    changed = false;
    visit(graph.body, transfer);
  }

  const none: ReadonlySet<Root> = new Set();
  const shared = new Set<Root>();
  if (graph.procedure) {
    const returned = graph.body.exit.kind === 'return' ? graph.body.exit.values : [];
    for (const value of returned) for (const root of reachable(value)) shared.add(root);
    shared.add(elsewhere);
    for (const root of shared) for (const inner of setOf(contents, root)) shared.add(inner);
  }
  return {
    rootsOf: (value) => pointsTo.get(value) ?? none,
    contentsOf: (root) => contents.get(root) ?? none,
    isReadOnly: (root) => readOnly.has(root),
    isShared: (root) => shared.has(root) && !readOnly.has(root),
    reachableFrom: reachable,
  };
}

/** The values of each `break` out of the loop whose body this is. */
export function breaksOf(body: Block): readonly (readonly Value[])[] {
  const found: (readonly Value[])[] = [];
  const collect = ({ nodes, exit }: Block): void => {
    for (const node of nodes) if (node.kind === 'if') blocks(node).forEach(collect);
    if (exit.kind === 'break') found.push(exit.values);
  };
  collect(body);
  return found;
}

function valueAt(block: Block, index: number): Value | undefined {
  return block.exit.kind === 'throw' ? undefined : block.exit.values[index];
}
