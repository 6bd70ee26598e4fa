/**
 * What the function stores in an array of its own is read there again instead of being kept a second time.
 *
 *     h[i] = Math.tanh(sum);                  restore(tanh(sum))  is  h[i]
 *
 * Runs on a reversed graph, when undos are settled: behind the store stands a load of what it stored, the same number, and the
 * backward sweep restores that. Only where the mirror finds the array as it was, at an index that costs next to nothing.
 */

import { newValue } from '../src/graph/build.ts';
import { append } from '../src/graph/lists.ts';
import type { Block, Graph, LoadNode, Node, RestoreNode, StoreNode, Value } from '../src/graph/types.ts';
import { mapBlocks, results, visit, withNodes } from '../src/graph/walk.ts';
import { IndexFacts } from './index-facts.ts';
import { analyseMemory } from './memory.ts';
import { loopsBetween } from './storage/decide.ts';
import { type MemoryPolicies, memoryPolicies } from './storage/memory-policy.ts';
import { recomputation } from './storage/recompute.ts';
import { isInScope, type Structure, structureOf } from './storage/structure.ts';

/** An index that costs more than this is not computed again. */
const cheap = 3;

export function readBack(graph: Graph): Graph {
  const restores = restoresIn(graph);
  const loads = loadsBehind(graph, restores);
  if (loads.size === 0) return graph;
  const trial = withLoads(graph, loads);
  const structure = structureOf(trial);
  const question: Question = { structure, policies: memoryPolicies(trial, analyseMemory(trial), structure, { analyses: true }) };
  const placed = restoresIn(trial);
  const paying = [...loads].filter(([{ value }, load]) => pays(value, load, placed.get(load.result)!, question));
  return paying.length === 0 ? graph : withLoads(graph, new Map(paying));
}

function restoresIn(graph: Graph): ReadonlyMap<Value, readonly RestoreNode[]> {
  const restores = new Map<Value, RestoreNode[]>();
  visit(graph.body, (node) => {
    if (node.kind === 'restore') append(restores, node.of, node);
  });
  return restores;
}

/** By store, the load that gives what it has stored: of numbers that are made in the same block and wanted by the backward sweep. */
function loadsBehind(graph: Graph, restores: ReadonlyMap<Value, unknown>): ReadonlyMap<StoreNode, LoadNode> {
  const facts = IndexFacts.of(graph);
  const allocs = new Map<Value, Node>();
  visit(graph.body, (node) => void (node.kind === 'alloc' && allocs.set(node.result, node)));
  const found = new Map<StoreNode, LoadNode>();
  const seen = new Set<Value>();
  const walk = (block: Block): void => {
    const made = new Set<Value>();
    for (const node of block.nodes) {
      if (node.kind === 'store' && !node.backward && made.has(node.value) && restores.has(node.value) && !seen.has(node.value) && isKept(node)) {
        seen.add(node.value);
        const { memory, key, value, origin } = node;
        found.set(node, { kind: 'load', memory, key, result: newValue(value.type, value.name), ...(origin && { origin }) });
      }
      for (const value of results(node)) made.add(value);
      mapBlocks(node, (inner) => (walk(inner), inner));
    }
  };
  /** Whether the array holds the very number then. */
  const isKept = ({ memory, key, value }: StoreNode): boolean => {
    if (key.kind !== 'index' || key.index.type.kind !== 'integer' || value.type.kind !== 'real' || memory.type.kind !== 'array' || memory.type.element.kind !== 'real') return false;
    if (memory.type.container === 'Array') return facts.isNonNegative(key.index);
    const alloc = allocs.get(memory);
    const isSized = alloc?.kind === 'alloc' && alloc.init.kind === 'zeros';
    return memory.type.container === 'Float64Array' && isSized && facts.isWithin(key.index, alloc.init.length);
  };
  walk(graph.body);
  return found;
}

function withLoads(graph: Graph, loads: ReadonlyMap<StoreNode, LoadNode>): Graph {
  const read = new Map([...loads].map(([store, load]) => [store.value, load.result]));
  const place = (block: Block): Block => withNodes(block, block.nodes.flatMap((node): readonly Node[] => {
    if (node.kind === 'restore') return [{ ...node, of: read.get(node.of) ?? node.of }];
    const load = node.kind === 'store' ? loads.get(node) : undefined;
    return load === undefined ? [mapBlocks(node, place)] : [node, load];
  }));
  return { ...graph, body: place(graph.body) };
}

interface Question {
  readonly structure: Structure;
  readonly policies: MemoryPolicies;
}

/** Whether the number would be kept otherwise, and all mirrors find it where it was stored. */
function pays(stored: Value, load: LoadNode, restores: readonly RestoreNode[], { structure, policies }: Question): boolean {
  const { memory, key, result } = load;
  if (key.kind !== 'index') return false;
  return restores.every((restore) => {
    const { block, order } = structure.placeOfNode(restore);
    const isFree = (value: Value): boolean =>
      structure.nodeOf(value)?.kind === 'literal' || structure.counterLoop(value) !== undefined || isInScope(structure, value, block, order) || !loopsBetween(structure, value, block);
    const again = (value: Value): ReturnType<typeof recomputation> =>
      recomputation(value, { nodeOf: structure.nodeOf, isFree, canRepeat: (node) => node.kind === 'load' && policies.canLoadAgain(node, order) });
    if (isFree(result) || !isFree(memory) || !policies.canLoadAgain(load, order)) return false;
    const own = again(stored);
    if (own !== undefined && own.leaves.size === 0) return false;
    const index = isFree(key.index) ? { cost: 0, leaves: new Set() } : again(key.index);
    return index !== undefined && index.leaves.size === 0 && index.cost <= cheap;
  });
}
