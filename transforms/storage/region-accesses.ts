/** What becomes of accesses to arrays that lie in the workspace. */

import { atIndex, BlockBuilder, yields } from '../../src/graph/build.ts';
import type { AllocNode, Node, Value } from '../../src/graph/types.ts';
import { elementLoop } from '../element-loop.ts';
import { type Cells, plus } from './cells.ts';
import type { PlacedRegion } from './layout.ts';

export class RegionAccesses {
  private readonly regions: ReadonlyMap<Value, PlacedRegion>;
  private readonly cells: Cells;
  private readonly lengths = new Map<Value, Value>();

  constructor(regions: ReadonlyMap<Value, PlacedRegion>, cells: Cells) {
    this.regions = regions;
    this.cells = cells;
  }

  has(array: Value): boolean {
    return this.regions.has(array);
  }

  /** What the array was made with, in the iteration at hand. */
  lengthOf(array: Value): Value {
    return this.lengths.get(array)!;
  }

  /** Instead of making it: zeros, unless it is filled before it is read. */
  make({ init, result, scratch }: AllocNode, builder: BlockBuilder): void {
    if (!('length' in init)) throw new Error('a region of no length');
    const { base, length = init.length } = this.regions.get(result)!;
    this.lengths.set(result, length);
    if (scratch) return;
    elementLoop(builder, length, (inner, index) => {
      inner.push({ kind: 'store', memory: this.cells.workspace, key: atIndex(plus(inner, base, index)!), value: inner.literal(0), part: result });
    });
  }

  /** `original`: the access as it stands in the graph; what is written where there may be no element looks first. */
  access(node: Node, original: Node, builder: BlockBuilder): void {
    if ((node.kind !== 'load' && node.kind !== 'store' && node.kind !== 'accumulate') || node.key.kind !== 'index') return;
    const { index } = node.key;
    const { base, guards } = this.regions.get(node.memory)!;
    const put = (inner: BlockBuilder): void => void inner.push({ ...node, memory: this.cells.workspace, key: atIndex(plus(inner, base, index)!), part: node.memory });
    const guard = guards.get(original);
    const asked = [
      ...(guard?.mayBeNegative ? [builder.apply('ge', [index, builder.literal(0)])] : []),
      ...(guard?.mayBeBehind ? [builder.apply('lt', [index, this.lengthOf(node.memory)])] : []),
    ];
    const [first, ...others] = asked;
    if (first === undefined) {
      put(builder);
      return;
    }
    const inside = new BlockBuilder(node.origin, node.backward);
    put(inside);
    const isThere = others.reduce((all, one) => builder.apply('and', [all, one]), first);
    builder.if(isThere, inside.block(yields([])), new BlockBuilder(node.origin, node.backward).block(yields([])), []);
  }
}
