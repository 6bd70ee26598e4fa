/**
 * The mirror of a loop that keeps nothing the first time: it is run once more, from the state that it began with, and this
 * second run is what is mirrored.
 *
 * The graph's own loop moves into the backward sweep, so that all that is known of its values stays known; the forward sweep gets
 * a copy of it that nobody asks for anything. Memory from outside that is written once the loop has begun is copied before the
 * first run and put back before the second.
 */

import { BlockBuilder, atIndex, newLoopId, newValue } from '../../src/graph/build.ts';
import type { ArrayType, Block, LoopNode, Node, Value } from '../../src/graph/types.ts';
import { copyBlock, definedIn, mapBlocks, mapOperands, operands, substitute } from '../../src/graph/walk.ts';
import { elementLoop } from '../element-loop.ts';
import type { Frame } from './frame.ts';
import type { Sweep } from './sweep.ts';

/** @param mirror appends the mirror of the loop to the frame */
export function replayed(sweep: Sweep, frame: Frame, loop: LoopNode, mirror: () => void): void {
  const written = memoryToPutBack(sweep, loop);
  const copies = new BlockBuilder(loop.origin);
  const kept = written.map((memory) => copies.alloc(memory.type as ArrayType, { kind: 'copy', of: memory }, `${memory.name ?? 'memory'}_before`));
  sweep.changes.insertBefore(loop, copies.nodes);
  for (const copy of kept) sweep.learn(copy, sweep.homeOfNode(loop));
  sweep.changes.replace(loop, firstRun(loop));

  const { nodes } = frame.builder;
  const begin = nodes.length;
  mirror();
  const mirrored = nodes.splice(begin);
  const again = new BlockBuilder(loop.origin);
  written.forEach((memory, i) => putBack(again, again.restore(memory), again.restore(kept[i]!)));
  const outside = valuesFromOutside(loop);
  const restored = new Map([...outside].map((value) => [value, again.restore(value)]));
  const use = (value: Value): Value => restored.get(value) ?? value;
  const shadows = new Set([...sweep.shadows.direct.values(), ...sweep.shadows.travelling.values()].filter((shadow) => outside.has(shadow)));
  for (const node of sweep.changes.applyToLoop(loop)) again.push(secondRun(withoutStoresTo(shadows, node), loop, use));
  nodes.push(...again.nodes, ...mirrored);
}

/** With the results that the rest of the forward sweep reads; everything inside is new. */
function firstRun(loop: LoopNode): LoopNode {
  const { replayed: _replayed, ...plain } = loop;
  const counter = loop.counter && { ...loop.counter, variable: newValue(loop.counter.variable.type, loop.counter.variable.name) };
  const renamed = new Map<Value, Value>(counter ? [[loop.counter.variable, counter.variable]] : []);
  const body = copyBlock(loop.body, renamed);
  const done = loop.done.map((value) => renamed.get(value) ?? value);
  return { ...plain, ...(counter && { counter }), id: newLoopId(), body, done };
}

/** The results are in the forward sweep already. */
function secondRun(node: Node, loop: LoopNode, use: (value: Value) => Value): Node {
  const inner = mapBlocks(mapOperands(node, use), (block) => substitute(block, use));
  if (inner.kind !== 'loop' || inner.id !== loop.id) return inner;
  const { replayed: _replayed, ...plain } = inner;
  return { ...plain, results: inner.results.map((result) => (loop.results.includes(result) ? newValue(result.type, result.name) : result)) };
}

/** What travels beside memory from outside was begun in the first run, and gathers adjoints by now. */
function withoutStoresTo(shadows: ReadonlySet<Value>, node: Node): Node {
  const isKept = (inner: Node): boolean => inner.kind !== 'store' || !shadows.has(inner.memory);
  return mapBlocks(node, (block) => ({ ...block, nodes: block.nodes.filter(isKept).map((inner) => withoutStoresTo(shadows, inner)) }));
}

function putBack(builder: BlockBuilder, memory: Value, from: Value): void {
  elementLoop(builder, builder.length(from), (inner, index) => {
    const type = memory.type as ArrayType;
    inner.store(memory, atIndex(index), inner.load(from, atIndex(index), type.element));
  });
}

/** Arrays from outside that the loop uses, and that are written when it has begun. */
function memoryToPutBack(sweep: Sweep, loop: LoopNode): readonly Value[] {
  const { steady } = loop.replayed!;
  const changes = (value: Value): boolean => [...sweep.memory.rootsOf(value)].some((root) => !steady.has(root) && !sweep.memory.isReadOnly(root));
  return [...valuesFromOutside(loop)].filter((value) => value.type.kind === 'array' && changes(value));
}

function valuesFromOutside(loop: LoopNode): ReadonlySet<Value> {
  const inside = definedIn(loop);
  const found = new Set<Value>();
  const read = (value: Value): void => {
    if (!inside.has(value)) found.add(value);
  };
  const readBlock = (block: Block): void => {
    for (const node of block.nodes) {
      operands(node).forEach(read);
      if (node.kind === 'loop') node.done.forEach(read);
      if (node.kind === 'if' || node.kind === 'loop') (node.kind === 'if' ? [node.then, node.else] : [node.body]).forEach(readBlock);
    }
    if (block.exit.kind === 'throw') read(block.exit.error);
    else block.exit.values.forEach(read);
  };
  operands(loop).forEach(read);
  loop.done.forEach(read);
  readBlock(loop.body);
  return found;
}
