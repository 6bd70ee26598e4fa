/** The layout of the workspace: which loops have frames, where they lie, and what is reserved before which statement. */

import { BlockBuilder } from '../../src/graph/build.ts';
import { append } from '../../src/graph/lists.ts';
import type { AllocNode, Block, Graph, LoopNode, Node, Type, Value } from '../../src/graph/types.ts';
import { blocks, exitOperands, operands, visit } from '../../src/graph/walk.ts';
import { elementsInside } from '../elements-inside.ts';
import { analyseMemory } from '../memory.ts';
import { keepsFrames } from '../procedures/program.ts';
import type { Decided } from './decide.ts';
import { loopChain, sizeBefore, tripBounds } from './slots.ts';
import { commonBlock, type Structure } from './structure.ts';

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

export interface Region {
  readonly alloc: AllocNode;
  readonly length: Value;
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
  for (const alloc of withRegions ? arraysInWorkspace(graph) : []) {
    const at = statementAround(structure, graph.body, alloc);
    const builder = new BlockBuilder(at.origin, true);
    const length = sizeBefore(structure, alloc, at, builder, mayChangeLength);
    if (length === undefined) continue;
    const known = reserveAt(at);
    known.nodes.push(...builder.nodes);
    known.regions.push({ alloc, length });
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

/**
 * Arrays that start as zeros and are only ever used by name, element by element: those of the backward sweep, and of the forward one
 * those of the function's own block that loops in loops use, that certainly have each element that is asked for, and that nobody asks
 * for their length; but not a few numbers.
 */
function arraysInWorkspace(graph: Graph): readonly AllocNode[] {
  const allocs: AllocNode[] = [];
  const otherwise = new Set<Value>();
  const uncertain = new Set<Value>();
  const literals = new Set<Value>();
  const isInside = elementsInside(graph, analyseMemory(graph));
  visit(graph.body, (node) => {
    if (node.kind === 'literal') literals.add(node.result);
    const isMade = node.kind === 'alloc' && node.init.kind === 'zeros' && node.result.type.kind === 'array';
    if (isMade && node.result.type.container === 'Float64Array') allocs.push(node);
    const isAccess = node.kind === 'load' || node.kind === 'store' || node.kind === 'accumulate';
    const byElement = isAccess || node.kind === 'length';
    const isCertain = isAccess && node.key.kind === 'index' && isInside(node.memory, node.key.index);
    if (byElement && !isCertain) uncertain.add(node.memory);
    for (const operand of operands(node)) if (!byElement || operand !== node.memory) otherwise.add(operand);
    if (node.kind === 'if') for (const arm of [node.then, node.else]) exitOperands(arm.exit).forEach((value) => otherwise.add(value));
    if (node.kind === 'loop') [...node.done, ...exitOperands(node.body.exit)].forEach((value) => otherwise.add(value));
  });
  exitOperands(graph.body.exit).forEach((value) => otherwise.add(value));
  const inner = usedInInnerLoops(graph.body);
  const own = new Set(graph.body.nodes);
  const isOfForward = (alloc: AllocNode): boolean => {
    const { init, result } = alloc;
    return own.has(alloc) && inner.has(result) && !uncertain.has(result) && 'length' in init && !literals.has(init.length);
  };
  return allocs.filter((alloc) => !otherwise.has(alloc.result) && (alloc.backward === true || isOfForward(alloc)));
}

/** The memory that is used in loops within loops. */
function usedInInnerLoops(body: Block): ReadonlySet<Value> {
  const found = new Set<Value>();
  const look = (block: Block, depth: number): void => {
    for (const node of block.nodes) {
      if (depth > 1 && 'memory' in node) found.add(node.memory);
      for (const inner of blocks(node)) look(inner, node.kind === 'loop' ? depth + 1 : depth);
    }
  };
  look(body, 0);
  return found;
}

/** The statement of the function's own block that contains a node. */
function statementAround(structure: Structure, body: Block, inner: Node): Node {
  let node: Node = inner;
  for (let block = structure.placeOfNode(node).block; block !== body; block = structure.placeOfNode(node).block) {
    node = structure.ownerOf(block)!;
  }
  return node;
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) append(groups, keyOf(item), item);
  return groups;
}
