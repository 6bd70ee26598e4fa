/** How passes walk a graph without a `switch` over every kind of node. */

import { newLoopId, newValue } from './build.ts';
import type { Block, Counter, Exit, Initializer, Key, LoopNode, Node, Value } from './types.ts';

/** What the node reads itself; its blocks not included, but what they are fed is. */
export function operands(node: Node): readonly Value[] {
  switch (node.kind) {
    case 'literal':
      return [];
    case 'apply':
    case 'call':
      return node.operands;
    case 'rule':
      return [...node.values, ...node.operands];
    case 'carry':
      return node.pieces.filter((piece): piece is Value => typeof piece === 'object' && !('kind' in piece));
    case 'if':
      return [node.condition];
    case 'loop': {
      const counter = node.counter;
      const bounds = counter === undefined ? [] : counter.to === undefined ? [counter.from] : [counter.from, counter.to];
      return [...bounds, ...node.initial];
    }
    case 'alloc':
      return initializerOperands(node.init);
    case 'load':
      return [node.memory, ...keyOperands(node.key)];
    case 'store':
    case 'accumulate':
    case 'undo':
      return [node.memory, ...keyOperands(node.key), node.value];
    case 'resize':
      return node.value === undefined ? [node.memory] : [node.memory, node.value];
    case 'length':
      return [node.memory];
    case 'view':
      return node.to === undefined ? [node.memory, node.from] : [node.memory, node.from, node.to];
    case 'shadow':
    case 'restore':
      return [node.of];
    case 'workspace':
      return [node.size];
    case 'pushFrame':
      return node.values;
    case 'popFrame':
      return [];
    default:
      return unreachable(node);
  }
}

/** What the node defines in the block that it stands in. */
export function results(node: Node): readonly Value[] {
  switch (node.kind) {
    case 'literal':
    case 'apply':
    case 'carry':
    case 'alloc':
    case 'load':
    case 'length':
    case 'view':
    case 'shadow':
    case 'restore':
      return [node.result];
    case 'call':
    case 'rule':
    case 'if':
    case 'popFrame':
      return node.results;
    case 'loop':
      return node.counter?.after === undefined ? node.results : [...node.results, node.counter.after];
    case 'store':
    case 'accumulate':
    case 'undo':
    case 'pushFrame':
      return [];
    case 'resize':
      return node.result === undefined ? [] : [node.result];
    case 'workspace':
      return node.grows ? [] : [node.result];
    default:
      return unreachable(node);
  }
}

/** The blocks that the node owns. */
export function blocks(node: Node): readonly Block[] {
  if (node.kind === 'if') return [node.then, node.else];
  if (node.kind === 'loop') return [node.body];
  return none;
}

const none: readonly Block[] = [];

/** Values that a block owned by `node` may use and that are defined by its owner: block parameters and counters. */
export function ownedValues(node: Node): readonly Value[] {
  if (node.kind !== 'loop') return [];
  return node.counter === undefined ? node.body.params : [node.counter.variable, ...node.body.params];
}

/** Everything that a loop defines, its results included. */
export function definedIn(loop: LoopNode): ReadonlySet<Value> {
  const found = new Set<Value>([...ownedValues(loop), ...results(loop)]);
  visit(loop.body, (node) => {
    results(node).forEach((value) => found.add(value));
    ownedValues(node).forEach((value) => found.add(value));
  });
  return found;
}

export function exitOperands(exit: Exit): readonly Value[] {
  return exit.kind === 'throw' ? [exit.error] : exit.values;
}

/** The same node over other blocks; `map` is called for each in order. */
export function mapBlocks(node: Node, map: (block: Block) => Block): Node {
  if (node.kind === 'if') {
    const then = map(node.then);
    const otherwise = map(node.else);
    return then === node.then && otherwise === node.else ? node : { ...node, then, else: otherwise };
  }
  if (node.kind === 'loop') {
    const body = map(node.body);
    return body === node.body ? node : { ...node, body };
  }
  return node;
}

/** The same node reading `map(v)` wherever it read `v`; blocks and results stay. The node itself where nothing changes. */
export function mapOperands(node: Node, map: (value: Value) => Value): Node {
  switch (node.kind) {
    case 'literal':
    case 'popFrame':
      return node;
    case 'apply':
    case 'call':
      return withFields(node, { operands: mapAll(node.operands, map) });
    case 'rule':
      return withFields(node, { values: mapAll(node.values, map), operands: mapAll(node.operands, map) });
    case 'carry':
      return withFields(node, { pieces: mapAll(node.pieces, (piece) => (typeof piece === 'object' && !('kind' in piece) ? map(piece) : piece)) });
    case 'if':
      return withFields(node, { condition: map(node.condition) });
    case 'loop':
      return withFields(node, {
        initial: mapAll(node.initial, map),
        ...(node.counter && { counter: mapCounter(node.counter, map) }),
        done: mapAll(node.done, map),
      });
    case 'alloc':
      return withFields(node, { init: mapInitializer(node.init, map) });
    case 'load':
      return withFields(node, { memory: map(node.memory), key: mapKey(node.key, map) });
    case 'store':
    case 'accumulate':
    case 'undo':
      return withFields(node, { memory: map(node.memory), key: mapKey(node.key, map), value: map(node.value) });
    case 'resize':
      return withFields(node, { memory: map(node.memory), ...(node.value && { value: map(node.value) }) });
    case 'length':
      return withFields(node, { memory: map(node.memory) });
    case 'view':
      return withFields(node, { memory: map(node.memory), from: map(node.from), ...(node.to && { to: map(node.to) }) });
    case 'shadow':
    case 'restore':
      return withFields(node, { of: map(node.of) });
    case 'workspace':
      return withFields(node, { size: map(node.size), result: node.grows ? map(node.result) : node.result });
    case 'pushFrame':
      return withFields(node, { values: mapAll(node.values, map) });
    default:
      return unreachable(node);
  }
}

function mapCounter(counter: Counter, map: (value: Value) => Value): Counter {
  return withFields(counter, { from: map(counter.from), ...(counter.to && { to: map(counter.to) }) });
}

/** The block with other nodes; the same block where they are its own. */
export function withNodes(block: Block, nodes: readonly Node[]): Block {
  const isSame = nodes.length === block.nodes.length && nodes.every((node, i) => node === block.nodes[i]);
  return isSame ? block : { ...block, nodes };
}

/** With other values in some fields; the same object where they are what they were. */
export function withFields<T extends object>(whole: T, fields: Partial<T>): T {
  for (const name in fields) if (fields[name] !== whole[name]) return { ...whole, ...fields };
  return whole;
}

/** The same array where every element is mapped to itself. */
function mapAll<T>(items: readonly T[], map: (item: T) => T): readonly T[] {
  const mapped = items.map((item) => map(item));
  return mapped.every((item, i) => item === items[i]) ? items : mapped;
}

export function mapExit(exit: Exit, map: (value: Value) => Value): Exit {
  return exit.kind === 'throw' ? withFields(exit, { error: map(exit.error) }) : withFields(exit, { values: mapAll(exit.values, map) });
}

/** Replaces values throughout a block, at any depth. */
export function substitute(block: Block, map: (value: Value) => Value): Block {
  return withFields(block, {
    nodes: mapAll(block.nodes, (node) => mapBlocks(mapOperands(node, map), (inner) => substitute(inner, map))),
    exit: mapExit(block.exit, map),
  });
}

/** Calls `visit` for each node at any depth, owners before what they own. */
export function visit(block: Block, visitor: (node: Node, block: Block) => void): void {
  for (const node of block.nodes) {
    visitor(node, block);
    if (node.kind === 'loop') visit(node.body, visitor);
    if (node.kind !== 'if') continue;
    visit(node.then, visitor);
    visit(node.else, visitor);
  }
}

/** The same for nodes that need not be a block. */
export function visitNodes(nodes: readonly Node[], visitor: (node: Node, block: Block) => void): void {
  visit({ params: [], nodes, exit: { kind: 'yield', values: [] } }, visitor);
}

/** All values that the node, or what is in it, reads: its own among them. */
export function readsOf(node: Node): readonly Value[] {
  const own = node.kind === 'loop' ? [...operands(node), ...node.done] : operands(node);
  return [...own, ...blocks(node).flatMap((block) => [...block.nodes.flatMap(readsOf), ...exitOperands(block.exit)])];
}

/** As `visit`, from the last node to the first, owners still before what they own: for what flows from results to operands. */
export function visitBackwards(block: Block, visitor: (node: Node, block: Block) => void): void {
  for (let i = block.nodes.length - 1; i >= 0; i--) {
    const node = block.nodes[i]!;
    visitor(node, block);
    for (const inner of blocks(node).toReversed()) visitBackwards(inner, visitor);
  }
}

/** Whether the node can leave the loop that it stands in (a `break` in an arm, at any depth of `if`s). */
export function mayBreak(node: Node): boolean {
  return node.kind === 'if' && (leaves(node.then) || leaves(node.else));
}

function leaves(block: Block): boolean {
  return block.exit.kind === 'break' || block.nodes.some(mayBreak);
}

/** Whether the end of the block is never reached: it breaks or throws. */
export function isDiverging(block: Block): boolean {
  return block.exit.kind === 'break' || block.exit.kind === 'throw';
}

/** Whether the node does something besides defining its results (blocks included). */
export function hasEffect(node: Node): boolean {
  switch (node.kind) {
    case 'carry':
      return node.effect;
    case 'call':
    case 'store':
    case 'accumulate':
    case 'undo':
    case 'resize':
    case 'workspace':
    case 'pushFrame':
    case 'popFrame':
      return true;
    case 'if':
      return blockHasEffect(node.then) || blockHasEffect(node.else);
    case 'loop':
      // A loop without a bound may not end: that is kept as well, unless its body shows that it runs once.
      return node.body.nodes.some(hasEffectInLoop) || (node.counter?.to === undefined && node.body.exit.kind !== 'break');
    default:
      return false;
  }
}

function blockHasEffect(block: Block): boolean {
  return isDiverging(block) || block.nodes.some(hasEffect);
}

/** Inside the loop that it leaves, a `break` is no effect on what is outside. */
function hasEffectInLoop(node: Node): boolean {
  if (node.kind !== 'if') return hasEffect(node);
  return [node.then, node.else].some((arm) => arm.exit.kind === 'throw' || arm.nodes.some(hasEffectInLoop));
}

/** A copy of the block in which every definition is new; `map` gives the values that stand for outer ones. */
export function copyBlock(block: Block, map: Map<Value, Value>): Block {
  const fresh = (value: Value): Value => {
    const copy = newValue(value.type, value.name);
    map.set(value, copy);
    return copy;
  };
  const use = (value: Value): Value => map.get(value) ?? value;
  const params = block.params.map(fresh);
  const nodes = block.nodes.map((node) => copyNode(node, map, fresh, use));
  return { params, nodes, exit: mapExit(block.exit, use) };
}

function copyNode(node: Node, map: Map<Value, Value>, fresh: (value: Value) => Value, use: (value: Value) => Value): Node {
  if (node.kind === 'loop') {
    const initial = node.initial.map(use);
    const from = node.counter && use(node.counter.from);
    const to = node.counter?.to && use(node.counter.to);
    const variable = node.counter && fresh(node.counter.variable);
    const body = copyBlock(node.body, map);
    const after = node.counter?.after && fresh(node.counter.after);
    return {
      ...node,
      id: newLoopId(),
      ...(node.counter === undefined
        ? {}
        : {
            counter: {
              ...node.counter,
              variable: variable!,
              from: from!,
              ...(to === undefined ? {} : { to }),
              ...(after === undefined ? {} : { after }),
            },
          }),
      initial,
      body,
      done: node.done.map(use),
      results: node.results.map(fresh),
    };
  }
  const read = mapOperands(node, use);
  const inner = mapBlocks(read, (owned) => copyBlock(owned, map));
  return withResults(inner, fresh, use);
}

/** The same node defining other values. Loops are `copyNode`'s. */
function withResults(node: Node, fresh: (value: Value) => Value, use: (value: Value) => Value): Node {
  switch (node.kind) {
    case 'if':
    case 'call':
    case 'rule':
    case 'popFrame':
      return { ...node, results: node.results.map(fresh) };
    case 'resize':
      return node.result === undefined ? node : { ...node, result: fresh(node.result) };
    case 'workspace':
      return node.grows ? { ...node, result: use(node.result) } : { ...node, result: fresh(node.result) };
    case 'store':
    case 'accumulate':
    case 'undo':
    case 'pushFrame':
    case 'loop':
      return node;
    default:
      return { ...node, result: fresh(node.result) };
  }
}

/** Fails to compile where a new kind of node is not handled. */
export function unreachable(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}

function keyOperands(key: Key): readonly Value[] {
  return key.kind === 'index' ? [key.index] : [];
}

function mapKey(key: Key, map: (value: Value) => Value): Key {
  return key.kind === 'index' ? withFields(key, { index: map(key.index) }) : key;
}

function initializerOperands(init: Initializer): readonly Value[] {
  switch (init.kind) {
    case 'zeros':
    case 'holes':
      return [init.length];
    case 'elements':
    case 'fields':
      return init.values;
    case 'copy':
      return [init.of, init.from, init.to].filter((value) => value !== undefined);
    default:
      return unreachable(init);
  }
}

function mapInitializer(init: Initializer, map: (value: Value) => Value): Initializer {
  switch (init.kind) {
    case 'zeros':
    case 'holes':
      return withFields(init, { length: map(init.length) });
    case 'elements':
    case 'fields':
      return withFields(init, { values: mapAll(init.values, map) });
    case 'copy':
      return withFields(init, { of: map(init.of), ...(init.from && { from: map(init.from) }), ...(init.to && { to: map(init.to) }) });
    default:
      return unreachable(init);
  }
}
