/**
 * Carries the decisions out, in one walk over the graph: cells are written where values are defined, restored values come
 * into being where the backward sweep first wants them, positions run through the loops that need them.
 */

import { atIndex, BlockBuilder, integer, newFrame, newValue } from '../../src/graph/build.ts';
import { append } from '../../src/graph/lists.ts';
import type { AllocNode, Block, Graph, IfNode, LoopNode, Node, Value } from '../../src/graph/types.ts';
import { mapExit, mapOperands, operands, results } from '../../src/graph/walk.ts';
import { breaksOf } from '../memory.ts';
import { madeAnew, type Sized } from '../reusable-arrays.ts';
import { Cells, plus, times } from './cells.ts';
import type { Decided, Site } from './decide.ts';
import { Exports, type Handed } from './exports.ts';
import type { Frames } from './frames.ts';
import { Layout, type Top } from './layout.ts';
import { Mirrors } from './mirrors.ts';
import { RegionAccesses } from './region-accesses.ts';
import { isRunOnce, type Structure } from './structure.ts';

interface Rebuilt {
  readonly block: Block;
  readonly top: Top;
}

/** How a `break` out of the nearest loop is extended. */
type BreakExtension = (block: Block, top: Top, builder: BlockBuilder) => readonly Value[];

export class Rebuild {
  private readonly structure: Structure;
  private readonly frames: Frames;
  private readonly cells: Cells;
  private readonly rows: ReadonlyMap<Value, Sized>;
  private readonly layout: Layout;
  private readonly exports: Exports;
  private readonly mirrors: Mirrors;
  /** Restored values by what they restore. */
  private readonly resolved = new Map<Value, Value>();
  private readonly replaced = new Map<Value, Value>();
  private readonly regions: RegionAccesses;
  private readonly arriving = new Map<Block, Map<number, Decided[]>>();
  /** Loops with frames whose iterations also contain frames of inner loops, so that their size is not known. */
  private readonly variable = new Map<number, boolean>();
  private readonly topAfter = new Map<Node, Top>();
  private readonly topBefore = new Map<Node, Top>();
  /** In a statement that takes frames off, below what was reserved behind them: where a loop that runs again puts its own. */
  private reservedTop: Top;
  /** What each iteration leaves on the stack, by loop. */
  private readonly stacked = new Map<LoopNode, readonly Handed[]>();

  private readonly source: Graph;

  constructor(graph: Graph, structure: Structure, decided: readonly Decided[], frames: Frames) {
    this.source = graph;
    this.structure = structure;
    this.mirrors = new Mirrors(graph, structure, frames);
    this.frames = frames;
    this.exports = new Exports(structure);
    const boxed = decided.filter(
      ({ value, decision }) => decision.kind === 'perIteration' && frames.isBoxed(value.type),
    );
    this.cells = new Cells(boxed.map(({ value }) => value));
    this.rows = new Map(decided.flatMap(({ value, decision }) => (decision.kind === 'perIteration' && decision.row ? [[value, decision.row] as const] : [])));
    this.layout = new Layout(structure, frames, this.cells, this.rows);
    this.regions = new RegionAccesses(this.layout.regions, this.cells);
    for (const entry of decided.toReversed()) this.plan(entry);
    if (!frames.areStacked) return;
    const loops = new Set(decided.flatMap(({ value }) => frames.frameOfValue(value)?.loop ?? []));
    for (const loop of loops) {
      this.stacked.set(loop, frames.frameOf(loop)!.values.map((value) => this.exports.handOutTo(value, loop.body)));
    }
  }

  private plan(entry: Decided): void {
    const { value, decision, site } = entry;
    if (decision.kind === 'live') {
      this.resolved.set(value, value);
    } else if (decision.kind === 'local') {
      this.resolved.set(value, this.exports.handOut(value, site.block));
    } else if (decision.kind === 'perIteration' && this.frames.areStacked) {
      // It comes into being with its frame.
    } else if (decision.kind === 'counter') {
      this.resolved.set(value, this.mirroredCounter(value, site));
    } else {
      const byIndex = this.arriving.get(site.block) ?? new Map<number, Decided[]>();
      append(byIndex, site.index, entry);
      this.arriving.set(site.block, byIndex);
    }
  }

  graph(): Graph {
    const { block } = this.block(this.source.body, undefined, () => []);
    return { ...this.source, body: block };
  }

  private aboveReserved(top: Top, run: (start: Top) => Top): Top {
    const { reservedTop } = this;
    this.reservedTop = undefined;
    const reached = run(reservedTop ?? top);
    this.reservedTop = reservedTop;
    return reached;
  }

  private isOutermost(block: Block): boolean {
    return this.structure.pathOf(block).length === 1;
  }

  private readonly use = (value: Value): Value => this.replaced.get(value) ?? value;

  // ---------------------------------------------------------------------------------------------- blocks and nodes

  /** `prepare` runs before the first node and says where the position stands. */
  private block(block: Block, top: Top, onBreak: BreakExtension, prepare?: (builder: BlockBuilder) => Top): Rebuilt {
    const builder = new BlockBuilder();
    let position = prepare ? prepare(builder) : top;
    const arriving = this.arriving.get(block);
    block.nodes.forEach((node, index) => {
      builder.origin = node.origin;
      for (const entry of arriving?.get(index) ?? []) this.materialise(entry, builder);
      position = this.layout.reserveFor(node, position, builder);
      const partner = this.mirrors.partnerOf(node, block);
      const start = partner !== undefined && this.topAfter.has(partner) ? this.topAfter.get(partner) : position;
      if (partner === undefined) this.topBefore.set(node, start);
      const { reservedTop } = this;
      if (partner !== undefined) this.reservedTop = this.isOutermost(block) ? position : undefined;
      const reached = this.node(node, start, onBreak, builder);
      this.reservedTop = reservedTop;
      // A mirror takes the frames of its partner off. In the function's own block, what was reserved in between stays.
      if (partner === undefined) position = reached;
      else this.topAfter.set(partner, reached);
      if (partner !== undefined && this.topBefore.has(partner) && !this.isOutermost(block)) position = this.topBefore.get(partner);
      for (const result of results(node)) this.keep(result, builder);
    });
    const exit = mapExit(block.exit, this.use);
    if (exit.kind !== 'break') return { block: { ...block, nodes: builder.nodes, exit }, top: position };
    const values = [...exit.values, ...onBreak(block, position, builder)];
    return { block: { ...block, nodes: builder.nodes, exit: { ...exit, values } }, top: position };
  }

  private node(node: Node, top: Top, onBreak: BreakExtension, builder: BlockBuilder): Top {
    switch (node.kind) {
      case 'restore': {
        const value = this.resolved.get(node.of);
        if (value === undefined) throw new Error(`nothing restores ${node.of.name ?? 'a value'}`);
        this.replaced.set(node.result, this.use(value));
        return top;
      }
      case 'undo': {
        const { kind: _, ...rest } = mapOperands(node, this.use) as typeof node;
        this.statement({ ...rest, kind: 'store' }, builder);
        return top;
      }
      case 'if':
        return this.if(node, top, onBreak, builder);
      case 'loop':
        return this.loop(node, top, builder);
      default:
        this.statement(mapOperands(node, this.use), builder, node);
        return top;
    }
  }

  /** A plain node; accesses to what lies in the workspace become accesses to it. `original`: as it stands in the graph. */
  private statement(node: Node, builder: BlockBuilder, original = node): void {
    const { regions } = this;
    if (node.kind === 'alloc' && regions.has(node.result)) regions.make(node, builder);
    else if (node.kind === 'alloc' && this.rows.has(node.result)) this.row(node, builder);
    else if (!('memory' in node) || !regions.has(node.memory)) builder.push(node);
    else if (node.kind === 'length') this.replaced.set(node.result, regions.lengthOf(node.memory));
    else regions.access(node, original, builder);
  }

  /** The array that this iteration had before, or a new one in its place. */
  private row({ init, result }: AllocNode, builder: BlockBuilder): void {
    const node = { ...this.rows.get(result)!, init } as Sized;
    const box = this.cells.boxes.get(result)!;
    const place = atIndex(this.cellHere(result, builder) ?? builder.literal(0));
    const held = builder.load(box, place, result.type, result.name);
    for (const made of madeAnew(node, held, (inner, fresh) => inner.store(box, place, fresh))) builder.push(made);
  }

  private if(node: IfNode, top: Top, onBreak: BreakExtension, builder: BlockBuilder): Top {
    const then = this.block(node.then, top, onBreak);
    const otherwise = this.block(node.else, top, onBreak);
    const arms = [then, otherwise].filter(({ block }) => block.exit.kind === 'yield');
    const moves = arms.some((arm) => arm.top !== top);
    const after = moves ? newValue(integer, 'position') : top;
    const close = ({ block, top: reached }: Rebuilt, source: Block): Block => {
      if (block.exit.kind !== 'yield') return block;
      const inner = new BlockBuilder(node.origin);
      const handed = this.exports.valuesAt(node, source, inner);
      const position = moves ? [reached ?? inner.literal(0)] : [];
      return {
        ...block,
        nodes: [...block.nodes, ...inner.nodes],
        exit: { ...block.exit, values: [...block.exit.values, ...handed, ...position] },
      };
    };
    builder.push({
      ...node,
      condition: this.use(node.condition),
      then: close(then, node.then),
      else: close(otherwise, node.else),
      results: [...node.results, ...this.exports.resultsOf(node), ...(moves && after ? [after] : [])],
    });
    this.topAfter.set(node, after);
    return after;
  }

  private loop(node: LoopNode, top: Top, builder: BlockBuilder): Top {
    if (isRunOnce(node)) return this.runOnce(node, top, builder);
    const forward = this.mirrors.forwardOf(node);
    if (this.frames.areStacked) return this.stackedLoop(node, forward, top, builder);
    if (this.frames.isPositioned(node)) return this.aboveReserved(top, (start) => this.positionedLoop(node, start, builder));
    if (forward !== undefined && this.frames.isPositioned(forward)) {
      return this.positionedMirror(node, forward, top, builder);
    }
    const read = mapOperands(node, this.use) as LoopNode;
    const { block } = this.block(node.body, top, () => [], (inner) => this.beginIteration(node, inner, top));
    builder.push({ ...read, body: block });
    return top;
  }

  /** A labelled block: hands out local values, and the position where it moves. */
  private runOnce(node: LoopNode, top: Top, builder: BlockBuilder): Top {
    const read = mapOperands(node, this.use) as LoopNode;
    const after = this.mirrors.containsPositioned(node) ? newValue(integer, 'position') : undefined;
    const onBreak: BreakExtension = (block, position, inner) => [
      ...this.exports.valuesAt(node, block, inner),
      ...(after ? [position ?? inner.literal(0)] : []),
    ];
    const { block } = this.block(node.body, top, onBreak);
    builder.push({
      ...read,
      body: block,
      results: [...node.results, ...this.exports.resultsOf(node), ...(after ? [after] : [])],
    });
    this.topAfter.set(node, after ?? top);
    return after ?? top;
  }

  /** An iteration leaves its frame at its end, the mirrored one takes it off first. */
  private stackedLoop(node: LoopNode, forward: LoopNode | undefined, top: Top, builder: BlockBuilder): Top {
    const read = mapOperands(node, this.use) as LoopNode;
    const left = this.stacked.get(node) ?? [];
    const taken = (forward && this.stacked.get(forward)) ?? [];
    const leave = (end: Block, inner: BlockBuilder): void => {
      if (left.length > 0) inner.push({ kind: 'pushFrame', frame: this.stackFrame(node), values: left.map((handed) => this.exports.valueAt(handed, end, inner)) });
    };
    const isMirroredLeaving = this.mirrors.includesLeaving(node);
    const onBreak: BreakExtension = (end, _, inner) => {
      if (isMirroredLeaving) leave(end, inner);
      return [];
    };
    const { block } = this.block(node.body, top, onBreak, (inner) => {
      if (taken.length > 0) inner.push({ kind: 'popFrame', frame: this.stackFrame(forward!), results: taken.map(({ value }) => this.restored(value)), backward: true });
      return top;
    });
    const closing = new BlockBuilder(node.origin);
    if (block.exit.kind === 'yield') leave(node.body, closing);
    builder.push({ ...read, body: { ...block, nodes: [...block.nodes, ...closing.nodes] } });
    return top;
  }

  private readonly stackFrames = new Map<LoopNode, number>();

  private stackFrame(forward: LoopNode): number {
    const known = this.stackFrames.get(forward) ?? newFrame();
    this.stackFrames.set(forward, known);
    return known;
  }

  private restored(value: Value): Value {
    const result = newValue(value.type, value.name);
    this.resolved.set(value, result);
    return result;
  }

  // ---------------------------------------------------------------------------------------------- positioned frames

  private positionedLoop(node: LoopNode, top: Top, builder: BlockBuilder): Top {
    const read = mapOperands(node, this.use) as LoopNode;
    const frame = this.frames.frameOf(node);
    const size = frame?.values.length ?? 0;
    const begin = newValue(integer, 'position');
    const variable = size > 0 && node.body.nodes.some((inner) => this.mirrors.containsPositioned(inner));
    this.variable.set(node.id, variable);
    const isReserved = size > 0 && !variable && this.reserveAll(read, size, top, builder);
    this.layout.bases.set(node, begin);
    const mirrored = this.mirrors.includesLeaving(node);
    const end = (position: Top, inner: BlockBuilder): Value => {
      if (!variable) return position ?? inner.literal(0);
      const next = plus(inner, position, 1)!;
      this.cells.reserve(inner, next, true);
      this.cells.writePosition(inner, position, begin);
      return next;
    };
    const { block, top: reached } = this.block(
      node.body,
      begin,
      (_, position, inner) => [mirrored ? end(position, inner) : begin],
      (inner) => {
        if (size === 0) return begin;
        const next = plus(inner, begin, size)!;
        if (!isReserved) this.cells.reserve(inner, next, true);
        for (const param of node.body.params) this.keep(param, inner);
        return next;
      },
    );
    const after = newValue(integer, 'position');
    const closing = new BlockBuilder(node.origin);
    const next = block.exit.kind === 'yield' ? [end(reached, closing)] : [];
    builder.push({
      ...read,
      initial: [...read.initial, top ?? builder.literal(0)],
      body: {
        params: [...node.body.params, begin],
        nodes: [...block.nodes, ...closing.nodes],
        exit: block.exit.kind === 'yield' ? { ...block.exit, values: [...block.exit.values, ...next] } : block.exit,
      },
      done: node.counter?.to === undefined ? [] : [...read.done, begin],
      results: [...node.results, after],
    });
    this.topAfter.set(node, after);
    return after;
  }

  /** Room for all iterations of a counted loop, made before it; false where their number is not known. */
  private reserveAll({ counter, body }: LoopNode, size: number, top: Top, builder: BlockBuilder): boolean {
    if (counter?.to === undefined || counter.step !== 1 || counter.test !== '<' || breaksOf(body).length > 0) return false;
    const distance = builder.literalOf(counter.from) === 0 ? counter.to : builder.apply('sub', [counter.to, counter.from]);
    const trips = distance.type.kind === 'integer' ? distance : builder.apply('ceil', [distance], { type: integer });
    this.cells.reserve(builder, plus(builder, top, times(builder, trips, size)), true);
    return true;
  }

  private positionedMirror(node: LoopNode, forward: LoopNode, top: Top, builder: BlockBuilder): Top {
    const read = mapOperands(node, this.use) as LoopNode;
    const size = this.frames.frameOf(forward)?.values.length ?? 0;
    const variable = this.variable.get(forward.id) ?? false;
    const start = newValue(integer, 'position');
    let base: Top = start;
    const { reservedTop } = this;
    // The iteration's own frame is read until its end.
    if (!variable) this.reservedTop ??= start;
    const { block, top: reached } = this.block(node.body, start, () => [], (inner) => {
      if (variable) {
        const last = inner.apply('sub', [start, inner.literal(1)], { type: integer });
        base = this.cells.readPosition(inner, last);
        this.layout.bases.set(node, base);
        return last;
      }
      base = size === 0 ? start : inner.apply('sub', [start, inner.literal(size)], { type: integer });
      this.layout.bases.set(node, base);
      return base;
    });
    this.reservedTop = reservedTop;
    const after = newValue(integer, 'position');
    const next = variable ? base! : (reached ?? start);
    builder.push({
      ...read,
      initial: [...read.initial, top ?? builder.literal(0)],
      body: {
        ...block,
        params: [...node.body.params, start],
        exit: block.exit.kind === 'yield' ? { ...block.exit, values: [...block.exit.values, next] } : block.exit,
      },
      done: [...read.done, start],
      results: [...node.results, after],
    });
    return after;
  }

  // ---------------------------------------------------------------------------------------------- cells

  /** Writes the cell of a kept value right behind its definition. */
  private keep(value: Value, builder: BlockBuilder): void {
    if (this.frames.frameOfValue(value) === undefined || this.frames.areStacked || this.rows.has(value)) return;
    this.cells.write(builder, value, this.cellHere(value, builder));
  }

  /** In the iteration that defines the value. */
  private cellHere(value: Value, builder: BlockBuilder): Value | undefined {
    return this.layout.cellOf(value, this.frames.frameOfValue(value)!, builder, (loop) => loop);
  }

  private beginIteration(node: LoopNode, builder: BlockBuilder, top: Top): Top {
    for (const param of node.body.params) this.keep(param, builder);
    return top;
  }

  // ---------------------------------------------------------------------------------------------- restored values

  private materialise({ value, decision, site }: Decided, builder: BlockBuilder): void {
    if (decision.kind === 'perIteration' || decision.kind === 'twin') {
      const twin = decision.kind === 'twin' ? decision.twin : undefined;
      const kept = twin?.load ?? value;
      const loopAt = (forward: LoopNode): LoopNode => this.mirrors.at(forward === twin?.loadedIn ? twin.storedIn : forward, site);
      const cell = this.layout.cellOf(kept, this.frames.frameOfValue(kept)!, builder, loopAt);
      this.resolved.set(value, this.cells.read(builder, value, cell));
      return;
    }
    const node = this.structure.nodeOf(value);
    if (node === undefined || !('result' in node) || node.result !== value) {
      throw new Error(`${value.name ?? 'a value'} cannot be computed again`);
    }
    for (const operand of operands(node)) if (!this.resolved.has(operand)) this.resolved.set(operand, operand);
    const result = newValue(value.type, value.name);
    const copy = mapOperands(node, (operand) => this.use(this.resolved.get(operand) ?? operand));
    const { origin: _, ...rest } = copy as typeof node;
    this.statement({ ...rest, result } as Node, builder);
    this.resolved.set(value, result);
  }

  private mirroredCounter(value: Value, site: Site): Value {
    const loop = this.structure.counterLoop(value)!;
    return this.mirrors.at(loop, site).counter!.variable;
  }

}
