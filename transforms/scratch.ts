/**
 * Arrays that each iteration of a loop fills before it reads them.
 *
 * `sinkScratch` moves such an array into the loop: then its shadow belongs to one iteration, and the mirror of the loop can
 * be fused. Runs before `reverse`. `hoistScratch` moves it out again, so that one array serves all iterations; it runs when
 * mirrors are fused, and before storage asks what is overwritten.
 */

import type { AllocNode, Block, Graph, LoopNode, Node, Value } from '../src/graph/types.ts';
import { blocks, exitOperands, mapBlocks, operands, results, withNodes } from '../src/graph/walk.ts';
import { IndexFacts } from './index-facts.ts';
import { breaksOf } from './memory.ts';

export function sinkScratch(graph: Graph): Graph {
  const facts = IndexFacts.of(graph);
  return { ...graph, body: sink(graph.body, facts) };
}

function sink(block: Block, facts: IndexFacts): Block {
  let nodes = block.nodes;
  for (const alloc of nodes) {
    if (alloc.kind !== 'alloc' || !facts.isByName(alloc)) continue;
    const moved: readonly Node[] = [alloc, ...nodes.filter((node) => node.kind === 'length' && node.memory === alloc.result)];
    const given = moved.flatMap(results);
    const users = nodes.filter((node) => !moved.includes(node) && given.some((value) => mentions(node, value)));
    const [loop] = users;
    if (users.length !== 1 || loop?.kind !== 'loop' || loop.body.exit.kind === 'break') continue;
    if (needsOutside(loop, given) || exitOperands(block.exit).some((value) => given.includes(value))) continue;
    if (!isFilledFirst(loop.body.nodes, alloc, facts)) continue;
    const scratch = moved.map((node) => (node === alloc ? { ...alloc, scratch: true } : node));
    const { nodes: inLoop } = loop.body;
    const isAhead = (node: Node): boolean => node.kind === 'length' || (node.kind === 'alloc' && node.scratch === true);
    const behind = inLoop.findIndex((node) => !isAhead(node) || given.some((value) => mentions(node, value)));
    const inside: LoopNode = { ...loop, body: { ...loop.body, nodes: inLoop.toSpliced(Math.max(behind, 0), 0, ...scratch) } };
    nodes = nodes.flatMap((node) => (moved.includes(node) ? [] : node === loop ? [inside] : [node]));
    return sink({ ...block, nodes }, facts);
  }
  const marked = nodes.map((node, index) =>
    node.kind === 'alloc' && facts.isByName(node) && facts.hasSafeLength(node) && isFilledFirst(nodes.slice(index + 1), node, facts)
      ? { ...node, scratch: true }
      : node,
  );
  return withNodes(block, marked.map((node) => mapBlocks(node, (inner) => sink(inner, facts))));
}

export function hoistScratch(graph: Graph): Graph {
  const hoisted = hoist(graph.body);
  return { ...graph, body: { ...hoisted.block, nodes: [...hoisted.up, ...hoisted.block.nodes] } };
}

/** The block without its scratch arrays that may go further up, and these with their lengths. */
function hoist(block: Block): { block: Block; up: readonly Node[] } {
  const up: Node[] = [];
  const here = new Set<Value>(block.params);
  const nodes: Node[] = [];
  for (const node of block.nodes) {
    const mayGo = (node.kind === 'alloc' && node.scratch) || (node.kind === 'length' && up.some((other) => results(other).includes(node.memory)));
    if (mayGo && operands(node).every((operand) => !here.has(operand))) {
      up.push(node);
      continue;
    }
    for (const result of results(node)) here.add(result);
    const lifted: Node[] = [];
    const counter = node.kind === 'loop' ? node.counter?.variable : undefined;
    const inner = mapBlocks(node, (owned) => {
      if (node.kind !== 'loop' || node.body.exit.kind === 'break') return hoistWithin(owned);
      const result = hoist(owned);
      const bound = new Set(counter === undefined ? [] : [counter]);
      const stuck = result.up.filter((inside) => {
        if (!operands(inside).some((operand) => bound.has(operand))) return false;
        for (const value of results(inside)) bound.add(value);
        return true;
      });
      lifted.push(...result.up.filter((inside) => !stuck.includes(inside)));
      return { ...result.block, nodes: [...stuck, ...result.block.nodes] };
    });
    for (const inside of lifted) {
      if (operands(inside).every((operand) => !here.has(operand))) {
        up.push(inside);
        continue;
      }
      nodes.push(inside);
      for (const value of results(inside)) here.add(value);
    }
    nodes.push(inner);
  }
  return { block: { ...block, nodes }, up };
}

/** Arms and labelled blocks keep their arrays: they are made only where they are wanted. */
function hoistWithin(block: Block): Block {
  const result = hoist(block);
  return { ...result.block, nodes: [...result.up, ...result.block.nodes] };
}

/** Whether the loop itself, not its body, asks for one of the values: where it begins, how far it goes, what it gives. */
function needsOutside(loop: LoopNode, given: readonly Value[]): boolean {
  return [...operands(loop), ...loop.done].some((value) => given.includes(value));
}

export function mentions(node: Node, value: Value): boolean {
  if (operands(node).includes(value)) return true;
  if (node.kind === 'loop' && node.done.includes(value)) return true;
  return blocks(node).some(
    (block) => exitOperands(block.exit).includes(value) || block.nodes.some((inner) => mentions(inner, value)),
  );
}

interface Range {
  readonly from: Value;
  readonly to: Value;
}

/** Whether everything that these nodes read of the array is what they have stored before. */
export function isFilledFirst(nodes: readonly Node[], alloc: AllocNode, facts: IndexFacts): boolean {
  return checkReads(nodes, alloc, facts, [], []);
}

/** `stored`: indices of stores before in the same iteration. Adds to `covered` what is certainly filled afterwards. */
function checkReads(
  nodes: readonly Node[],
  alloc: AllocNode,
  facts: IndexFacts,
  covered: Range[],
  stored: readonly Value[],
): boolean {
  const array = alloc.result;
  const own = [...stored];
  for (const node of nodes) {
    if (node.kind === 'load' && node.memory === array) {
      if (node.key.kind !== 'index') return false;
      const { index } = node.key;
      const isFilled =
        own.some((other) => facts.isSame(other, index)) ||
        covered.some((range) => isWhole(range, alloc, facts)) ||
        covered.some((range) => facts.isAtLeast(index, range.from) && facts.isBelow(index, range.to));
      if (!isFilled) return false;
    } else if (node.kind === 'accumulate' && node.memory === array) {
      return false;
    } else if (node.kind === 'apply' && node.operands.includes(array)) {
      if (!covered.some((range) => isWhole(range, alloc, facts))) return false;
    } else if (node.kind === 'store' && node.memory === array) {
      if (node.key.kind === 'index') own.push(node.key.index);
    } else if (node.kind === 'if') {
      for (const arm of [node.then, node.else]) if (!checkReads(arm.nodes, alloc, facts, [...covered], own)) return false;
    } else if (node.kind === 'loop') {
      if (!checkReads(node.body.nodes, alloc, facts, [...covered], own)) return false;
      const range = filledBy(node, array, facts);
      if (range) covered.push(range, ...fromBelow(range, own, facts));
    }
  }
  return true;
}

/** From 0 to the length: what is outside is in nobody's iteration. */
function isWhole(range: Range, alloc: AllocNode, facts: IndexFacts): boolean {
  const { init } = alloc;
  return (init.kind === 'zeros' || init.kind === 'holes') && facts.isZero(range.from) && facts.reaches(range.to, init.length);
}

/** With the elements that were stored one by one in front of it: `k[0] = …; for (let i = 1; …) k[i] = …`. */
function fromBelow({ from, to }: Range, stored: readonly Value[], facts: IndexFacts): readonly Range[] {
  const first = facts.literalOf(from);
  const below = first === undefined ? undefined : stored.find((index) => facts.literalOf(index) === first - 1);
  return below === undefined ? [] : [{ from: below, to }, ...fromBelow({ from: below, to }, stored, facts)];
}

/** The range of elements that a counted loop without exits stores in every iteration. */
function filledBy(loop: LoopNode, array: Value, facts: IndexFacts): Range | undefined {
  const { counter } = loop;
  if (counter?.to === undefined || counter.step !== 1 || counter.test !== '<' || breaksOf(loop.body).length > 0) return undefined;
  const fills = loop.body.nodes.some(
    (node) =>
      node.kind === 'store' &&
      node.memory === array &&
      node.key.kind === 'index' &&
      facts.isSame(node.key.index, counter.variable),
  );
  return fills ? { from: counter.from, to: counter.to } : undefined;
}
