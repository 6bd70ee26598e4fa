/** The layout of the workspace: which loops have frames, where they lie, and what is reserved before which statement. */

import { BlockBuilder } from '../../src/graph/build.ts';
import { append } from '../../src/graph/lists.ts';
import type { Graph, LoopNode, Node, Type, Value } from '../../src/graph/types.ts';
import { keepsFrames } from '../procedures/program.ts';
import type { Decided } from './decide.ts';
import { type Region, Regions } from './regions.ts';
import { loopChain, tripBounds } from './slots.ts';
import { commonBlock, statementAround, type Structure } from './structure.ts';

/** The kept values of one loop's iterations. */
export interface Frame {
  readonly loop: LoopNode;
  /** All loops around them that have iterations of their own in the backward sweep, outermost first. */
  readonly loops: readonly LoopNode[];
  readonly values: readonly Value[];
  /** The trip bounds of `loops` where cells are indexed by counters; undefined where a position runs along. */
  readonly bounds: readonly Value[] | undefined;
}

export interface Reserved {
  readonly nodes: readonly Node[];
  readonly frames: readonly Frame[];
  /** What lies in the workspace instead of in arrays of its own. */
  readonly regions: readonly Region[];
}

export interface Frames {
  readonly all: readonly Frame[];
  /** Of kept arrays there are others beside it. */
  readonly frameOf: (loop: LoopNode) => Frame | undefined;
  readonly frameOfValue: (value: Value) => Frame | undefined;
  /** Whether a position runs through some loops. */
  readonly hasPositions: boolean;
  readonly isPositioned: (loop: LoopNode) => boolean;
  /** Indexed frames and the nodes that compute their bounds, by the statement of the function's block before which they go. */
  readonly reservedAt: (node: Node) => Reserved | undefined;
  /** The first statement of the function's block that needs the workspace. */
  readonly first: Node | undefined;
  /** Frames lie on the stack between those of calls: an iteration leaves its own at its end, and the mirror takes it off. */
  readonly areStacked: boolean;
  /** Kept references and strings do not go into a workspace of numbers. */
  readonly isBoxed: (type: Type) => boolean;
}

/** `isKeptInside`: in arrays that the function makes, whose lengths must be known when they are made; otherwise on a stack. */
export function planFrames(
  graph: Graph,
  structure: Structure,
  decided: readonly Decided[],
  mayChangeLength: (memory: Value) => boolean,
  { isKeptInside = false, isOnStack = false }: { readonly isKeptInside?: boolean | undefined; readonly isOnStack?: boolean | undefined },
): Frames {
  const plan = (areStacked: boolean): Plan => layOut({ graph, structure, decided, mayChangeLength, areStacked, withRegions: !areStacked && !isKeptInside });
  const first = plan(isOnStack || keepsFrames(graph));
  const { frames } = isKeptInside && !first.isOneArray ? plan(true) : first;
  return frames;
}

interface Plan {
  readonly frames: Frames;
  /** Everything lies in one array, of a length that is known when it is needed first. */
  readonly isOneArray: boolean;
}

interface LayOutInput {
  readonly graph: Graph;
  readonly structure: Structure;
  readonly decided: readonly Decided[];
  readonly mayChangeLength: (memory: Value) => boolean;
  readonly areStacked: boolean;
  readonly withRegions: boolean;
}

function layOut({ graph, structure, decided, mayChangeLength, areStacked, withRegions }: LayOutInput): Plan {
  const kept = decided.toReversed().filter(({ decision }) => decision.kind === 'perIteration');
  const { values, chains } = byLoop(structure, kept.filter((one) => !isRow(one)));
  const rows = byLoop(structure, areStacked ? [] : kept.filter(isRow));

  const reserved = new Map<Node, { nodes: Node[]; frames: Frame[]; regions: Region[] }>();
  const reserveAt = (node: Node): { nodes: Node[]; frames: Frame[]; regions: Region[] } => {
    const known = reserved.get(node) ?? { nodes: [], frames: [], regions: [] };
    reserved.set(node, known);
    return known;
  };
  const frames = new Map<LoopNode, Frame>();
  const positioned = new Set<LoopNode>();
  if (areStacked) for (const [loop, chain] of chains) frames.set(loop, { loop, loops: chain, values: values.get(loop)!, bounds: undefined });
  const byOutermost = groupBy(areStacked ? [] : [...chains.values()], (chain) => chain[0]!);
  for (const [outermost, group] of byOutermost) {
    const at = statementAround(structure, graph.body, outermost);
    const builder = new BlockBuilder(at.origin);
    const bounds = group.map((chain) => tripBounds(structure, chain, at, builder, mayChangeLength));
    const isIndexed = bounds.every((bound) => bound !== undefined);
    group.forEach((chain, i) => {
      const loop = chain.at(-1)!;
      frames.set(loop, { loop, loops: chain, values: values.get(loop)!, bounds: isIndexed ? bounds[i] : undefined });
      if (!isIndexed) for (const inner of chain) positioned.add(inner);
    });
    const known = reserveAt(at);
    if (isIndexed) {
      known.nodes.push(...builder.nodes);
      known.frames.push(...group.map((chain) => frames.get(chain.at(-1)!)!));
    }
  }
  const ofRows: Frame[] = [];
  for (const [loop, chain] of rows.chains) {
    const at = statementAround(structure, graph.body, chain[0]!);
    const builder = new BlockBuilder(at.origin);
    const bounds = tripBounds(structure, chain, at, builder, mayChangeLength);
    if (bounds === undefined) continue;
    const frame = { loop, loops: chain, values: rows.values.get(loop)!, bounds };
    ofRows.push(frame);
    const known = reserveAt(at);
    known.nodes.push(...builder.nodes);
    known.frames.push(frame);
  }
  for (const [at, { regions, nodes }] of withRegions ? new Regions(graph, mayChangeLength).all() : []) {
    const known = reserveAt(at);
    known.nodes.push(...nodes);
    known.regions.push(...regions);
  }

  const byValue = new Map<Value, Frame>();
  const all = [...frames.values(), ...ofRows];
  for (const frame of all) for (const value of frame.values) byValue.set(value, frame);
  const found: Frames = {
    all,
    frameOf: (loop) => frames.get(loop),
    frameOfValue: (value) => byValue.get(value),
    hasPositions: positioned.size > 0,
    isPositioned: (loop) => positioned.has(loop),
    areStacked,
    reservedAt: (node) => reserved.get(node),
    first: graph.body.nodes.find((node) => reserved.has(node)),
    isBoxed: (type) => type.kind !== 'real' && type.kind !== 'integer' && type.kind !== 'boolean',
  };
  return { frames: found, isOneArray: !areStacked && positioned.size === 0 && reserved.size <= 1 };
}

interface Grouped {
  readonly values: ReadonlyMap<LoopNode, readonly Value[]>;
  /** The loops that have iterations of their own in the backward sweep, outermost first. */
  readonly chains: ReadonlyMap<LoopNode, readonly LoopNode[]>;
}

/** By the innermost loop around them. */
function byLoop(structure: Structure, kept: readonly Decided[]): Grouped {
  const values = new Map<LoopNode, Value[]>();
  const chains = new Map<LoopNode, readonly LoopNode[]>();
  for (const { value, site } of kept) {
    const home = structure.placeOf(value)!.block;
    const chain = loopChain(structure, value, commonBlock(structure, home, site.block));
    const loop = chain.at(-1)!;
    append(values, loop, value);
    if ((chains.get(loop)?.length ?? 0) < chain.length) chains.set(loop, chain);
  }
  return { values, chains };
}

function isRow({ decision }: Decided): boolean {
  return decision.kind === 'perIteration' && decision.row !== undefined;
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) append(groups, keyOf(item), item);
  return groups;
}
