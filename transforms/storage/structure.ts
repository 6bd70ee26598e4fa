/** Where values and nodes stand: blocks, owners, order. The map that storage decides and places by. */

import type { Block, Graph, LoopNode, Node, Value } from '../../src/graph/types.ts';
import { blocks, ownedValues, results } from '../../src/graph/walk.ts';

export interface Place {
  readonly block: Block;
  /** Index of the node in its block; -1 for block parameters and counters. */
  readonly index: number;
  /** Position in the text: owners before what they own, and before what follows. */
  readonly order: number;
}

export interface Structure {
  readonly placeOf: (value: Value) => Place | undefined;
  readonly placeOfNode: (node: Node) => Place;
  /** Behind every position in the text. */
  readonly end: number;
  /** Whether a position in the text lies inside the node. */
  readonly contains: (node: Node, order: number) => boolean;
  readonly nodeOf: (value: Value) => Node | undefined;
  /** The node that owns a block; undefined for the function's own. */
  readonly ownerOf: (block: Block) => Node | undefined;
  /** From the function's block down to `block`. */
  readonly pathOf: (block: Block) => readonly Block[];
  /** Loops (not labelled blocks) around a block, outermost first. */
  readonly loopsAround: (block: Block) => readonly LoopNode[];
  /** The loop whose counter a value is. */
  readonly counterLoop: (value: Value) => LoopNode | undefined;
  readonly loopOf: (id: number) => LoopNode | undefined;
}

/** A labelled block runs once: it is no loop to storage. */
export function isRunOnce(loop: LoopNode): boolean {
  return loop.body.exit.kind === 'break';
}

export function structureOf(graph: Graph): Structure {
  const places = new Map<Value, Place>();
  const nodePlaces = new Map<Node, Place>();
  const ends = new Map<Node, number>();
  const definitions = new Map<Value, Node>();
  const owners = new Map<Block, Node>();
  const paths = new Map<Block, readonly Block[]>();
  const loops = new Map<Block, readonly LoopNode[]>();
  const counters = new Map<Value, LoopNode>();
  const byId = new Map<number, LoopNode>();
  let order = 0;

  const walk = (block: Block, path: readonly Block[], around: readonly LoopNode[]): void => {
    const here = [...path, block];
    paths.set(block, here);
    loops.set(block, around);
    for (const param of block.params) places.set(param, { block, index: -1, order: order++ });
    block.nodes.forEach((node, index) => {
      const place = { block, index, order: order++ };
      nodePlaces.set(node, place);
      if (node.kind === 'loop') byId.set(node.id, node);
      if (node.kind === 'loop' && node.counter) {
        counters.set(node.counter.variable, node);
        places.set(node.counter.variable, { block: node.body, index: -1, order: order++ });
      }
      for (const inner of blocks(node)) {
        owners.set(inner, node);
        walk(inner, here, node.kind === 'loop' && !isRunOnce(node) ? [...around, node] : around);
      }
      ends.set(node, order++);
      // Results of an owner come into being when it ends.
      const defined = blocks(node).length === 0 ? place : { ...place, order: order++ };
      for (const value of results(node)) {
        places.set(value, defined);
        definitions.set(value, node);
      }
      for (const value of ownedValues(node)) definitions.set(value, node);
    });
  };
  for (const param of graph.params) places.set(param, { block: graph.body, index: -1, order: order++ });
  walk(graph.body, [], []);

  return {
    end: order,
    placeOf: (value) => places.get(value),
    placeOfNode: (node) => nodePlaces.get(node)!,
    contains: (node, at) => at > nodePlaces.get(node)!.order && at < ends.get(node)!,
    nodeOf: (value) => definitions.get(value),
    ownerOf: (block) => owners.get(block),
    pathOf: (block) => paths.get(block) ?? [graph.body],
    loopsAround: (block) => loops.get(block) ?? [],
    loopOf: (id) => byId.get(id),
    counterLoop: (value) => counters.get(value),
  };
}

/** The innermost block that contains both. */
export function commonBlock(structure: Structure, a: Block, b: Block): Block {
  const [pathA, pathB] = [structure.pathOf(a), structure.pathOf(b)];
  let common = pathA[0]!;
  for (let i = 0; i < Math.min(pathA.length, pathB.length) && pathA[i] === pathB[i]; i++) common = pathA[i]!;
  return common;
}

/** Whether a value is in scope at a node: its block encloses the node's, and it comes before. */
export function isInScope(structure: Structure, value: Value, block: Block, order: number): boolean {
  const place = structure.placeOf(value);
  return place !== undefined && place.order < order && structure.pathOf(block).includes(place.block);
}

/** The statement of the function's own block that contains a node. */
export function statementAround(structure: Structure, body: Block, inner: Node): Node {
  let node: Node = inner;
  for (let block = structure.placeOfNode(node).block; block !== body; block = structure.placeOfNode(node).block) {
    node = structure.ownerOf(block)!;
  }
  return node;
}
