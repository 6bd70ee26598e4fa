/** Where cells lie: reserves room before statements, and gives each kept value its cell in the iteration at hand. */

import { atIndex, type BlockBuilder, integer, newValue } from '../../src/graph/build.ts';
import type { LoopNode, Node, Value } from '../../src/graph/types.ts';
import { results } from '../../src/graph/walk.ts';
import { elementLoop } from '../element-loop.ts';
import { emptyOf, type Sized } from '../reusable-arrays.ts';
import { type Cells, plus, times } from './cells.ts';
import type { Frame, Frames } from './frames.ts';
import type { Region } from './regions.ts';
import type { Structure } from './structure.ts';

/** The first free cell: undefined where it is 0. */
export type Top = Value | undefined;

interface Indexed {
  readonly base: Top;
  /** Trip bounds of the loops after the first. */
  readonly factors: readonly Value[];
}

export interface PlacedRegion {
  readonly base: Top;
  readonly length: Region['length'];
  readonly guards: Region['guards'];
}

export class Layout {
  /** Where the current iteration's frame begins: by forward loop in the forward sweep, by mirror in the backward one. */
  readonly bases = new Map<LoopNode, Top>();
  /** Shadows that lie in the workspace. */
  readonly regions = new Map<Value, PlacedRegion>();
  private readonly indexed = new Map<Frame, Indexed>();
  private hasWorkspace = false;
  private readonly clamped = new Map<Value, Value>();
  private readonly structure: Structure;
  private readonly frames: Frames;
  private readonly cells: Cells;
  /** Arrays that are kept as they are. */
  private readonly rows: ReadonlyMap<Value, Sized>;

  constructor(structure: Structure, frames: Frames, cells: Cells, rows: ReadonlyMap<Value, Sized>) {
    this.rows = rows;
    this.structure = structure;
    this.frames = frames;
    this.cells = cells;
  }

  /** Makes room before a statement of the function's own block. Returns the first cell that is free behind it. */
  reserveFor(node: Node, top: Top, builder: BlockBuilder): Top {
    const reserved = this.frames.reservedAt(node);
    if (reserved === undefined) return top;
    if (this.frames.first === node) this.cells.makeBoxes(builder);
    for (const added of reserved.nodes) builder.push(added);
    let size = top;
    let next = top;
    for (const frame of reserved.frames) {
      const bounds = frame.bounds!;
      this.indexed.set(frame, { base: next, factors: bounds.slice(1) });
      const cellsOf = (trips: readonly Value[]): Value =>
        trips.reduce<Value | undefined>((product, factor) => times(builder, product, factor) ?? factor, undefined)!;
      const stride = this.numbersOf(frame).length;
      this.fillRows(frame, cellsOf(bounds), builder);
      if (stride === 0) continue;
      const isFirst = next === top;
      const unclamped = times(builder, cellsOf(bounds), stride);
      const clamped = times(builder, cellsOf(bounds.map((bound) => this.atLeastZero(bound, builder))), stride);
      size = plus(builder, next, isFirst ? unclamped : clamped);
      next = plus(builder, next, clamped);
    }
    for (const { alloc, length, places, guards } of reserved.regions) {
      this.regions.set(alloc.result, { base: next, length, guards });
      size = this.behind(next, places, alloc.result, builder);
      next = size;
    }
    // Kept references lie beside the workspace.
    if (size === top && !this.frames.hasPositions) return next;
    this.cells.reserve(builder, size, this.hasWorkspace);
    this.hasWorkspace = true;
    return next;
  }

  /** Empty arrays, which the iterations replace. */
  private fillRows(frame: Frame, cells: Value, builder: BlockBuilder): void {
    const rows = frame.values.filter((value) => this.rows.has(value));
    if (rows.length === 0) return;
    elementLoop(builder, cells, (inner, index) => {
      for (const row of rows) inner.store(this.cells.boxes.get(row)!, atIndex(index), emptyOf(this.rows.get(row)!, inner));
    });
  }

  /** What lies in the workspace. */
  private numbersOf({ values }: Frame): readonly Value[] {
    return values.filter((value) => !this.cells.isBoxed(value));
  }

  /** Where the room of a shadow ends. */
  private behind(base: Top, length: Value, room: Value, builder: BlockBuilder): Value {
    if (base === undefined) return length;
    const result = newValue(integer);
    builder.push({ kind: 'apply', op: 'add', operands: [base, length], result, room });
    return result;
  }

  /** A bound may be negative or NaN; a position may not. */
  private atLeastZero(bound: Value, builder: BlockBuilder): Value {
    const known = this.clamped.get(bound);
    if (known) return known;
    const clamped = this.clamp(bound, builder);
    this.clamped.set(bound, clamped);
    return clamped;
  }

  private clamp(bound: Value, builder: BlockBuilder): Value {
    const node = builder.nodes.find((candidate) => results(candidate).includes(bound)) ?? this.structure.nodeOf(bound);
    if (node?.kind === 'length' || (node?.kind === 'literal' && typeof node.value === 'number' && node.value >= 0)) {
      return bound;
    }
    const zero = builder.literal(0);
    return builder.apply('select', [builder.apply('gt', [bound, zero]), bound, zero], { type: integer });
  }

  /** The cell of a kept value; `loopAt` gives the loop that runs the iteration, the forward one or its mirror. */
  cellOf(value: Value, frame: Frame, builder: BlockBuilder, loopAt: (forward: LoopNode) => LoopNode): Value | undefined {
    const indexed = this.indexed.get(frame);
    if (indexed === undefined) return plus(builder, this.bases.get(loopAt(frame.loop)), frame.values.indexOf(value));
    const [first, ...rest] = frame.loops.map((loop) => loopAt(loop).counter!.variable);
    const index = rest.reduce<Value | undefined>(
      (sum, counter, i) => plus(builder, times(builder, sum, indexed.factors[i]!), counter),
      first,
    );
    // A plain array of its own has one element for each iteration.
    if (this.cells.isBoxed(value)) return index;
    const numbers = this.numbersOf(frame);
    return plus(builder, plus(builder, indexed.base, times(builder, index, numbers.length)), numbers.indexOf(value));
  }
}
