/**
 * Which writes may make an array longer or shorter. `push` and `pop` do, and a plain array grows by a store behind its end:
 *
 *     for (let i = 0; i < u.length; i++) u[i] = …;       not this one, where nothing takes elements off `u`
 */

import { append } from '../src/graph/lists.ts';
import type { AccumulateNode, Graph, Node, StoreNode, Value } from '../src/graph/types.ts';
import { visit } from '../src/graph/walk.ts';
import { IndexFacts } from './index-facts.ts';
import type { Memory, Root } from './memory.ts';

export type Write = Extract<Node, { kind: 'store' | 'accumulate' | 'resize' | 'call' }>;

export class LengthChanges {
  private readonly memory: Memory;
  private readonly facts: IndexFacts;
  private readonly writes = new Map<Root, Write[]>();
  /** What arrays are known to be long: made that long, or asked for. */
  private readonly lengths = new Map<Value, Value[]>();

  constructor(graph: Graph, memory: Memory) {
    this.memory = memory;
    this.facts = IndexFacts.of(graph);
    visit(graph.body, (node) => {
      if (node.kind === 'length') append(this.lengths, node.memory, node.result);
      if (node.kind === 'alloc' && (node.init.kind === 'zeros' || node.init.kind === 'holes')) append(this.lengths, node.result, node.init.length);
      if (node.kind === 'store' || node.kind === 'accumulate' || node.kind === 'resize' || node.kind === 'call') for (const root of this.hitBy(node)) append(this.writes, root, node);
    });
  }

  /** All that may be written to memory, its length or not. */
  writesTo(root: Root): readonly Write[] {
    return this.writes.get(root) ?? [];
  }

  isBy(write: Write): boolean {
    if (write.kind === 'call' || write.kind === 'resize') return true;
    const { type } = write.memory;
    return type.kind === 'array' && type.container === 'Array' && !this.isInside(write);
  }

  mayHappenTo(root: Root): boolean {
    return this.writesTo(root).some((write) => this.isBy(write));
  }

  private hitBy(write: Write): Iterable<Root> {
    if (write.kind !== 'call') return this.memory.rootsOf(write.memory);
    return new Set(write.operands.flatMap((operand) => [...this.memory.reachableFrom(operand)]).filter((root) => !this.memory.isReadOnly(root)));
  }

  private isInside({ memory: array, key }: StoreNode | AccumulateNode): boolean {
    if (key.kind !== 'index' || key.index.type.kind !== 'integer' || !this.facts.isNonNegative(key.index)) return false;
    return (this.lengths.get(array) ?? []).some((length) => this.facts.isBelow(key.index, length)) && this.neverShrinks(array);
  }

  private neverShrinks(array: Value): boolean {
    return [...this.memory.rootsOf(array)].every((root) => !this.memory.isShared(root) && this.writesTo(root).every(({ kind }) => kind === 'store' || kind === 'accumulate'));
  }
}
