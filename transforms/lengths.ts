/**
 * Asks for the length of an array once, where the array comes into being, and not at all where it was made with a known one.
 *
 * Only for arrays whose length cannot change: nobody pushes or pops, and no store goes behind the end of
 * a plain array.
 */

import type { AllocNode, Block, Graph, LengthNode, Node, Value } from '../src/graph/types.ts';
import { mapBlocks, substitute, visit, withNodes } from '../src/graph/walk.ts';
import { LengthChanges } from './length-changes.ts';
import { analyseMemory, type Memory } from './memory.ts';

export function settleLengths(graph: Graph): Graph {
  const facts = new LengthFacts(graph);
  const replaced = new Map<Value, Value>();
  const asked = new Map<Value, LengthNode>();
  for (const node of facts.lengths) {
    if (!facts.isFixed(node.memory)) continue;
    const made = facts.madeWith(node.memory);
    const known = asked.get(node.memory);
    if (made !== undefined) replaced.set(node.result, made);
    else if (known !== undefined) replaced.set(node.result, known.result);
    else asked.set(node.memory, node);
  }
  const gone = new Set<Node>([...facts.lengths.filter((node) => replaced.has(node.result)), ...asked.values()]);
  const place = (block: Block): Block => withNodes(block, block.nodes.flatMap((node) => {
    if (gone.has(node)) return [];
    const inside = mapBlocks(node, place);
    const next = node.kind === 'alloc' ? asked.get(node.result) : undefined;
    return next === undefined ? [inside] : [inside, next];
  }));
  const start = graph.params.flatMap((param) => asked.get(param) ?? []);
  const body = place(graph.body);
  return { ...graph, body: substitute({ ...body, nodes: [...start, ...body.nodes] }, (value) => following(replaced, value)) };
}

/** The same of a reversed graph, as far as the arrays are made in it: shadows are as long as what they belong to. */
export function settleLengthsOfMade(graph: Graph): Graph {
  const facts = new LengthFacts(graph);
  const replaced = new Map<Value, Value>();
  const restored = new Map<Node, Value>();
  for (const node of facts.lengths) {
    const of = facts.restoredBy(node.memory);
    const made = facts.isFixed(of ?? node.memory) ? facts.madeWith(of ?? node.memory) : undefined;
    if (made === undefined) continue;
    if (of === undefined) replaced.set(node.result, made);
    else restored.set(node, made);
  }
  const place = (block: Block): Block => withNodes(block, block.nodes.flatMap((node): readonly Node[] => {
    if (node.kind !== 'length') return [mapBlocks(node, place)];
    if (replaced.has(node.result)) return [];
    const made = restored.get(node);
    const { kind: _kind, memory: _memory, ...rest } = node;
    return [made === undefined ? node : { ...rest, kind: 'restore', of: made }];
  }));
  return { ...graph, body: substitute(place(graph.body), (value) => following(replaced, value)) };
}

function following(replaced: ReadonlyMap<Value, Value>, value: Value): Value {
  const next = replaced.get(value);
  return next === undefined ? value : following(replaced, next);
}

/** Which arrays keep the length that they are made with. */
class LengthFacts {
  readonly lengths: readonly LengthNode[];
  private readonly allocs = new Map<Value, AllocNode>();
  private readonly restored = new Map<Value, Value>();
  private readonly params: ReadonlySet<Value>;
  private readonly memory: Memory;
  private readonly changes: LengthChanges;

  constructor(graph: Graph) {
    const lengths: LengthNode[] = [];
    visit(graph.body, (node) => {
      if (node.kind === 'length') lengths.push(node);
      if (node.kind === 'alloc') this.allocs.set(node.result, node);
      if (node.kind === 'restore') this.restored.set(node.result, node.of);
    });
    this.lengths = lengths;
    this.params = new Set(graph.params);
    this.memory = analyseMemory(graph);
    this.changes = new LengthChanges(graph, this.memory);
  }

  restoredBy(value: Value): Value | undefined {
    return this.restored.get(value);
  }

  /** Of an array that is made in the function, or that it is given. */
  isFixed(array: Value): boolean {
    const isThere = this.allocs.has(array) || (this.params.has(array) && array.type.kind === 'array');
    return isThere && [...this.memory.rootsOf(array)].every((root) => !this.changes.mayHappenTo(root) && !this.memory.isShared(root));
  }

  madeWith(array: Value): Value | undefined {
    const alloc = this.allocs.get(array);
    return alloc && sizeOf(alloc);
  }
}

/** The value that the array was made with as its length. */
function sizeOf({ init }: AllocNode): Value | undefined {
  return (init.kind === 'zeros' || init.kind === 'holes') && init.length.type.kind === 'integer' ? init.length : undefined;
}
