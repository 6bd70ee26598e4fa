/**
 * Assigns an adjoint its first contribution where it was set to zero just before.
 *
 *     d_a[p] = 0; …; d_a[p] += d;      becomes      …; d_a[p] = d;
 *
 * Runs on a reversed graph; *adjoint only*: 0 + -0 is 0. Nothing in between may touch the element: other elements of the same
 * memory have to be apart for certain, which for the mirror of a swap follows from the condition around it.
 */

import type { AccumulateNode, Block, Graph, IfNode, Node, StoreNode, Value } from '../src/graph/types.ts';
import { blocks, mapBlocks, mayBreak, operands, withNodes } from '../src/graph/walk.ts';
import { analyseMemory, isReference, type Memory } from './memory.ts';
import { areApart, type Access } from './storage/apart.ts';
import { structureOf, type Structure } from './storage/structure.ts';

export function assignFirstContributions(graph: Graph): Graph {
  return { ...graph, body: assignIn(graph.body, { memory: analyseMemory(graph), structure: structureOf(graph), unequal: [] }) };
}

interface Known {
  readonly memory: Memory;
  readonly structure: Structure;
  /** What the conditions around say. */
  readonly unequal: readonly (readonly [Value, Value])[];
}

function assignIn(block: Block, known: Known): Block {
  const nodes = [...block.nodes];
  for (const node of block.nodes) {
    if (!isZeroing(node, known.structure)) continue;
    const added = firstContribution(node, block.nodes.slice(block.nodes.indexOf(node) + 1), known);
    if (added === undefined) continue;
    const { kind: _kind, ...rest } = added;
    nodes[nodes.indexOf(added)] = { ...rest, kind: 'store' };
    nodes.splice(nodes.indexOf(node), 1);
  }
  return withNodes(block, nodes.map((node) => assignInside(node, known)));
}

function assignInside(node: Node, known: Known): Node {
  if (node.kind !== 'if') return mapBlocks(node, (inner) => assignIn(inner, known));
  const { then, otherwise } = whatIsUnequal(node, known.structure);
  return {
    ...node,
    then: assignIn(node.then, { ...known, unequal: [...known.unequal, ...then] }),
    else: assignIn(node.else, { ...known, unequal: [...known.unequal, ...otherwise] }),
  };
}

/** `if (pivot !== k)`: different whole numbers in the one arm. */
function whatIsUnequal({ condition }: IfNode, structure: Structure): { readonly then: Known['unequal']; readonly otherwise: Known['unequal'] } {
  const made = structure.nodeOf(condition);
  const test = made?.kind === 'restore' ? structure.nodeOf(made.of) : made;
  if (test?.kind !== 'apply' || !test.operands.every(({ type }) => type.kind === 'integer')) return { then: [], otherwise: [] };
  const pair = [test.operands[0]!, test.operands[1]!] as const;
  return { then: test.op === 'ne' ? [pair] : [], otherwise: test.op === 'eq' ? [pair] : [] };
}

function isZeroing(node: Node, structure: Structure): node is StoreNode {
  if (node.kind !== 'store' || node.backward !== true) return false;
  const value = structure.nodeOf(node.value);
  return value?.kind === 'literal' && value.value === 0;
}

/** The first thing that happens to the element, where it is an addition. */
function firstContribution(zeroing: StoreNode, after: readonly Node[], known: Known): AccumulateNode | undefined {
  for (const node of after) {
    if (node.kind === 'accumulate' && node.memory === zeroing.memory && isSameKey(node, zeroing)) return node;
    if (mayTouch(node, zeroing, known)) return undefined;
  }
  return undefined;
}

function isSameKey(a: Access, b: Access): boolean {
  if (a.key.kind === 'field' || b.key.kind === 'field') return a.key.kind === 'field' && b.key.kind === 'field' && a.key.name === b.key.name;
  return a.key.index === b.key.index;
}

/** Whether the node, or one inside of it, may read or write the element, or leave the block. */
function mayTouch(node: Node, zeroing: StoreNode, known: Known): boolean {
  if (node.kind === 'call' || mayBreak(node)) return true;
  if (blocks(node).some((block) => block.nodes.some((inner) => mayTouch(inner, zeroing, known)))) return true;
  const isAccess = node.kind === 'load' || node.kind === 'store' || node.kind === 'accumulate';
  if (isAccess && areApart(known.structure, zeroing, node, { unequal: known.unequal })) return false;
  const roots = known.memory.rootsOf(zeroing.memory);
  const meets = (value: Value): boolean => [...known.memory.rootsOf(value)].some((root) => roots.has(root));
  return node.kind !== 'length' && (roots.size === 0 || operands(node).some((value) => isReference(value.type) && meets(value)));
}
