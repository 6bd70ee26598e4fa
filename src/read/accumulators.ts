/** What a rule does to the gradients that it is handed: `d_x[i] += v` becomes an addition whose order is free, anything else is refused. */

import { newValue } from '../graph/build.ts';
import type { Block, Graph, Key, Node, Value } from '../graph/types.ts';
import { exitOperands, mapBlocks, operands, visit } from '../graph/walk.ts';

/** The graph with additions, or the gradient that it uses otherwise. */
export function accumulating(graph: Graph, gradients: ReadonlySet<Value>): { readonly graph: Graph; readonly wrong: Value | undefined } {
  const resolved = { ...graph, body: resolve(graph.body, aliases(graph, gradients)) };
  const uses = new Map<Value, number>();
  visit(resolved.body, (node) => {
    for (const value of operands(node)) uses.set(value, (uses.get(value) ?? 0) + 1);
  });
  const rewritten = { ...resolved, body: additionsIn(resolved.body, gradients, uses) };
  return { graph: rewritten, wrong: misused(rewritten, gradients) };
}

/** Fields of objects in which the gradients lie: loads of these mean the gradients themselves. */
function aliases(graph: Graph, gradients: ReadonlySet<Value>): ReadonlyMap<Value, Value> {
  const parts = new Map<Value, ReadonlyMap<string, Value>>();
  const same = new Map<Value, Value>();
  const literals = new Map<Value, unknown>();
  const meant = (value: Value): Value => same.get(value) ?? value;
  const textOf = (key: Key): string => (key.kind === 'field' ? key.name : `${literals.get(key.index)}`);
  visit(graph.body, (node) => {
    if (node.kind === 'literal') literals.set(node.result, node.value);
    if (node.kind === 'alloc' && (node.init.kind === 'fields' || node.init.kind === 'elements')) {
      const { type } = node.result;
      const names = type.kind === 'record' ? type.fields.map(({ name }) => name) : node.init.values.map((_value, i) => `${i}`);
      const { values } = node.init;
      const holds = values.some((value) => gradients.has(meant(value)) || parts.has(meant(value)));
      if (holds) parts.set(node.result, new Map(names.map((name, i) => [name, meant(values[i]!)])));
    }
    if (node.kind === 'load') {
      const part = parts.get(meant(node.memory))?.get(textOf(node.key));
      if (part !== undefined && (gradients.has(part) || parts.has(part))) same.set(node.result, part);
    }
  });
  return same;
}

function resolve(block: Block, same: ReadonlyMap<Value, Value>): Block {
  const nodes = block.nodes.filter((node) => node.kind !== 'load' || !same.has(node.result)).map((node) => {
    const inner = mapBlocks(node, (owned) => resolve(owned, same));
    switch (inner.kind) {
      case 'load':
      case 'store':
      case 'length':
        return { ...inner, memory: same.get(inner.memory) ?? inner.memory };
      default:
        return inner;
    }
  });
  return { ...block, nodes };
}

/** `d_x[i] = d_x[i] + v`, with nothing between the load and the store that could write there. */
function additionsIn(block: Block, gradients: ReadonlySet<Value>, uses: ReadonlyMap<Value, number>): Block {
  const inner = block.nodes.map((node) => mapBlocks(node, (owned) => additionsIn(owned, gradients, uses)));
  const nodes: Node[] = [];
  for (const node of inner) {
    const added = node.kind === 'store' && gradients.has(node.memory) ? additionOf(node, nodes, uses) : undefined;
    if (added === undefined) {
      nodes.push(node);
      continue;
    }
    nodes.splice(nodes.indexOf(added.load), 1);
    nodes.splice(nodes.indexOf(added.sum), 1, ...added.instead);
    nodes.push({ kind: 'accumulate', memory: (node as StoreNode).memory, key: (node as StoreNode).key, value: added.value, ...(node.origin && { origin: node.origin }) });
  }
  return { ...block, nodes };
}

type StoreNode = Extract<Node, { kind: 'store' }>;

function additionOf(store: StoreNode, before: readonly Node[], uses: ReadonlyMap<Value, number>) {
  const sum = before.find((node) => node.kind === 'apply' && node.result === store.value);
  if (sum?.kind !== 'apply' || (sum.op !== 'add' && sum.op !== 'sub') || uses.get(sum.result) !== 1) return undefined;
  const [first, second] = sum.operands as readonly [Value, Value];
  const loadOf = (value: Value): Node | undefined =>
    before.find((node) => node.kind === 'load' && node.result === value && node.memory === store.memory && isSameKey(node.key, store.key) && uses.get(value) === 1);
  const load = loadOf(first) ?? (sum.op === 'add' ? loadOf(second) : undefined);
  if (load?.kind !== 'load') return undefined;
  if (before.slice(before.indexOf(load)).some((node) => mayWrite(node, store.memory))) return undefined;
  const term = load.result === first ? second : first;
  if (sum.op === 'add') return { load, sum, value: term, instead: [] };
  const value = newValue(sum.result.type);
  return { load, sum, value, instead: [{ ...sum, op: 'neg' as const, operands: [term], result: value }] };
}

function isSameKey(a: Key, b: Key): boolean {
  return a.kind === 'index' && b.kind === 'index' && a.index === b.index;
}

function mayWrite(node: Node, memory: Value): boolean {
  let writes = false;
  const look = (inner: Node): void => {
    if ((inner.kind === 'store' || inner.kind === 'accumulate' || inner.kind === 'resize') && inner.memory === memory) writes = true;
  };
  look(node);
  visit({ params: [], nodes: [node], exit: { kind: 'yield', values: [] } }, look);
  return writes;
}

/** A gradient that is read, replaced or handed on. That it lies in an object that is only made does no harm. */
function misused(graph: Graph, gradients: ReadonlySet<Value>): Value | undefined {
  let wrong: Value | undefined;
  const look = (values: readonly Value[]): void => void (wrong ??= values.find((value) => gradients.has(value)));
  visit(graph.body, (node) => {
    if (node.kind === 'alloc' && (node.init.kind === 'fields' || node.init.kind === 'elements')) return;
    if (node.kind === 'length') return;
    look(node.kind === 'accumulate' ? [node.value] : operands(node));
    if (node.kind === 'if' || node.kind === 'loop') {
      for (const block of node.kind === 'if' ? [node.then, node.else] : [node.body]) look(exitOperands(block.exit));
      if (node.kind === 'loop') look(node.done);
    }
  });
  look(exitOperands(graph.body.exit));
  return wrong;
}
