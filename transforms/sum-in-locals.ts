/**
 * Gathers an adjoint that every iteration adds to one element in a local, and adds it once behind the loop.
 *
 * `d_p[0] += …` in a loop costs a store and a load that wait for each other in every iteration. Runs on reversed graphs,
 * mirrors fused; *adjoint only*: the order of a gradient sum is free. Expects that nothing else in the loop reads or
 * overwrites the memory, which is checked.
 */

import { BlockBuilder, newValue, real } from '../src/graph/build.ts';
import type { AccumulateNode, Block, Graph, LoopNode, Node, Value } from '../src/graph/types.ts';
import { mapBlocks, ownedValues, results, visit, withNodes } from '../src/graph/walk.ts';
import { analyseMemory, breaksOf, type Memory } from './memory.ts';
import { SteadyKeys } from './steady-keys.ts';

export function sumInLocals(graph: Graph): Graph {
  const memory = analyseMemory(graph);
  const made = new Set<Value>();
  visit(graph.body, (node) => {
    if (node.kind === 'shadow' || node.kind === 'alloc') made.add(node.result);
  });
  return { ...graph, body: sumIn(graph.body, { memory, made, keys: new SteadyKeys(graph) }) };
}

interface Known {
  readonly memory: Memory;
  /** Memory that certainly is there. A row that was loaded may be missing where the loop does not run, and is then not touched. */
  readonly made: ReadonlySet<Value>;
  readonly keys: SteadyKeys;
}

/** Inner loops first: what is added behind one may be gathered by the next. */
function sumIn(block: Block, known: Known): Block {
  const nodes = block.nodes.flatMap((node): readonly Node[] => {
    const inner = mapBlocks(node, (owned) => sumIn(owned, known));
    if (inner.kind !== 'loop' || breaksOf(inner.body).length > 0) return [inner];
    return gather(inner, known);
  });
  return withNodes(block, nodes);
}

function gather(loop: LoopNode, { memory, made, keys }: Known): readonly Node[] {
  const inside = new Map<Value, Node>();
  for (const value of ownedValues(loop)) inside.set(value, loop);
  visit(loop.body, (node) => {
    for (const value of [...results(node), ...ownedValues(node)]) inside.set(value, node);
  });
  const before = new BlockBuilder(loop.origin, true);
  const behind: Node[] = [];
  let current = loop;
  for (const node of loop.body.nodes) {
    if (node.kind !== 'accumulate' || !node.backward || !made.has(node.memory) || inside.has(node.memory)) continue;
    if (!isOnlyAddedTo(loop.body, node.memory, memory)) continue;
    const key = keys.outside(node.key, node.memory, loop, before);
    if (key === undefined) continue;
    const result = newValue(real, nameOf(node, inside));
    current = withCarriedSum(current, node, result, before.literal(0, real));
    behind.push({ ...node, key, value: result });
  }
  return [...before.nodes, current, ...behind];
}

function isOnlyAddedTo(body: Block, target: Value, memory: Memory): boolean {
  const roots = memory.rootsOf(target);
  let sound = roots.size > 0;
  visit(body, (node) => {
    const touches = node.kind === 'load' || node.kind === 'store' || node.kind === 'resize' || node.kind === 'undo';
    if (touches && [...memory.rootsOf(node.memory)].some((root) => roots.has(root))) sound = false;
    if (node.kind === 'call') sound = false;
  });
  return sound;
}

/** The loop with one accumulation as a carried sum. */
function withCarriedSum(loop: LoopNode, node: AccumulateNode, result: Value, zero: Value): LoopNode {
  const param = newValue(real, result.name);
  const adding = new BlockBuilder(node.origin, true);
  const sum = adding.apply('add', [param, node.value], { type: real, name: result.name });
  const { exit } = loop.body;
  return {
    ...loop,
    initial: [...loop.initial, zero],
    body: {
      params: [...loop.body.params, param],
      nodes: loop.body.nodes.flatMap((other) => (other === node ? adding.nodes : [other])),
      exit: exit.kind === 'yield' ? { ...exit, values: [...exit.values, sum] } : exit,
    },
    done: [...loop.done, param],
    results: [...loop.results, result],
  };
}

/** `d_p_0` for `d_p[0]`, `d_bias_c` for `d_bias[c]`. */
function nameOf({ memory, key }: AccumulateNode, inside: ReadonlyMap<Value, Node>): string | undefined {
  if (memory.name === undefined) return undefined;
  if (key.kind === 'field') return `${memory.name}_${key.name}`;
  const made = inside.get(key.index);
  if (made?.kind === 'literal') return `${memory.name}_${made.value}`;
  return key.index.name === undefined ? `${memory.name}_sum` : `${memory.name}_${key.index.name}`;
}
