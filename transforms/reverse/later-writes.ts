/** Whether memory may be overwritten once a node has read it, before the backward sweep comes by. */

import type { Graph, Node, Value } from '../../src/graph/types.ts';
import { blocks, visit } from '../../src/graph/walk.ts';
import type { Memory, Root } from '../memory.ts';
import type { Definitions } from './sweep.ts';

export function laterWrites(graph: Graph, memory: Memory, { homeOf, nodeOf }: Definitions): (node: Node, value: Value) => boolean {
  const writes = writesByRoot(graph, memory);
  return (node, value) => [...memory.rootsOf(value)].some((root) => !memory.isReadOnly(root) && isWrittenAfter(node, value, root));

  function isWrittenAfter(node: Node, value: Value, root: Root): boolean {
    const known = writes.get(root) ?? new Set();
    if (known.size === 0) return memory.isShared(root);
    // Under its own name it is the memory of this iteration; under another one, it may be that of an earlier one.
    const isOwn = value === root && nodeOf(root) !== undefined && [...known].every((write) => write.kind !== 'call' && 'memory' in write && write.memory === root);
    return !isOwn || memory.isShared(root) || (isAnyAfter(homeOf(root)!.nodes, node, known) ?? true);
  }
}

function writesByRoot(graph: Graph, memory: Memory): ReadonlyMap<Root, ReadonlySet<Node>> {
  const found = new Map<Root, Set<Node>>();
  visit(graph.body, (node) => {
    for (const root of writtenBy(node, memory)) found.set(root, (found.get(root) ?? new Set()).add(node));
  });
  return found;
}

function writtenBy(node: Node, memory: Memory): Iterable<Root> {
  switch (node.kind) {
    case 'store':
    case 'accumulate':
    case 'resize':
    case 'undo':
      return memory.rootsOf(node.memory);
    case 'call':
      return node.operands.flatMap((operand) => [...memory.reachableFrom(operand)]);
    default:
      return [];
  }
}

/** Undefined where `node` is not among the nodes, at any depth. */
function isAnyAfter(nodes: readonly Node[], node: Node, writes: ReadonlySet<Node>): boolean | undefined {
  const place = nodes.findIndex((other) => other === node || holds(other, (inner) => inner === node));
  const around = nodes[place];
  if (around === undefined) return undefined;
  const isWrite = (other: Node): boolean => writes.has(other);
  if (nodes.slice(place + 1).some((other) => isWrite(other) || holds(other, isWrite))) return true;
  if (around === node) return false;
  // The next iteration comes after this one.
  if (around.kind === 'loop' && around.body.exit.kind !== 'break') return holds(around, isWrite);
  return blocks(around).some((block) => isAnyAfter(block.nodes, node, writes) === true);
}

function holds(node: Node, is: (inner: Node) => boolean): boolean {
  return blocks(node).some((block) => block.nodes.some((inner) => is(inner) || holds(inner, is)));
}
