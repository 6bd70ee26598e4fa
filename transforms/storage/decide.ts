/**
 * What becomes of each restored value: it is still in scope, it is computed again, it is handed out of the branch that
 * defines it (`local`), it is kept once per iteration, or it is kept already under another name (`twin`).
 *
 * Kept are values that cannot be computed again (carried values, loads of overwritten memory) and results of expensive
 * operations; cheap arithmetic over kept values is computed again. Where several restored values need one more common
 * value, that one is kept instead of them (a small vertex cut by hand; Enzyme's is a minimum one).
 */

import type { Block, LoadNode, Node, RestoreNode, Value } from '../../src/graph/types.ts';
import { operands } from '../../src/graph/walk.ts';
import { isReference } from '../memory.ts';
import type { Sized } from '../reusable-arrays.ts';
import type { MemoryPolicies } from './memory-policy.ts';
import { recomputation, type RecomputeQuestions } from './recompute.ts';
import type { Rows } from './rows.ts';
import { commonBlock, isInScope, isRunOnce, type Structure } from './structure.ts';
import type { Twin, Twins } from './twins.ts';

/** A place in the backward sweep: before the node at `index` of `block`. */
export interface Site {
  readonly block: Block;
  readonly index: number;
  readonly order: number;
}

export type Decision =
  | { readonly kind: 'live' }
  | { readonly kind: 'counter' }
  | { readonly kind: 'recompute' }
  | { readonly kind: 'local' }
  /** `row`: the value is an array, whose numbers the mirror reads in it. */
  | { readonly kind: 'perIteration'; readonly row?: Sized }
  | { readonly kind: 'twin'; readonly twin: Twin };

export interface Decided {
  readonly value: Value;
  readonly decision: Decision;
  readonly site: Site;
}

export interface Decisions {
  /** Users before what they are computed from. */
  readonly decided: readonly Decided[];
}

export function decide(
  restores: readonly RestoreNode[],
  structure: Structure,
  policies: MemoryPolicies,
  options: { readonly analyses: boolean; readonly twins: Twins; readonly rows: Rows },
): Decisions {
  const sites = new Map<Value, Site>();
  /** What is still to be decided, by where it is defined. */
  const pending: Set<Value>[] = Array.from({ length: structure.end }, () => new Set());
  const request = (value: Value, site: Site): void => {
    const known = sites.get(value);
    const merged = known === undefined ? site : earlier(structure, known, site);
    sites.set(value, hoisted(structure, value, merged));
    pending[structure.placeOf(value)!.order]!.add(value);
  };
  for (const restore of restores) request(restore.of, structure.placeOfNode(restore));

  const kept = new Set<Value>();
  const chain = (value: Value, site: Site): 'scope' | 'local' | 'loop' => {
    if (isInScope(structure, value, site.block, site.order)) return 'scope';
    return loopsBetween(structure, value, site.block) ? 'loop' : 'local';
  };
  const questions = (site: Site): RecomputeQuestions => ({
    nodeOf: structure.nodeOf,
    isFree: (value) =>
      structure.nodeOf(value)?.kind === 'literal' ||
      structure.counterLoop(value) !== undefined ||
      kept.has(value) ||
      chain(value, site) !== 'loop',
    canRepeat: (node) => canRepeat(node, policies, site, options.analyses),
  });
  const isTrivial = (value: Value): boolean =>
    structure.nodeOf(value)?.kind === 'literal' || structure.counterLoop(value) !== undefined;
  const again = (value: Value, site: Site): ReturnType<typeof recomputation> =>
    options.analyses || isTrivial(value) ? recomputation(value, questions(site)) : undefined;

  const inLoops = [...sites.keys()].filter((value) => chain(value, sites.get(value)!) === 'loop' && !isTrivial(value));
  chooseKept(inLoops, {
    again: (value) => again(value, sites.get(value)!),
    isRowFor: (leaf, value) => options.rows.rowOf(leaf, sites.get(value)!) !== undefined,
    kept,
    structure,
  });

  const decided: Decided[] = [];
  const perIteration = new Set<Value>();
  const decisionOf = (value: Value, site: Site): Decision => {
    if (structure.counterLoop(value)) return isInScope(structure, value, site.block, site.order) ? { kind: 'live' } : { kind: 'counter' };
    if (isInScope(structure, value, site.block, site.order)) return { kind: 'live' };
    if (structure.nodeOf(value)?.kind === 'literal') return { kind: 'recompute' };
    if (chain(value, site) === 'local') {
      const how = again(value, site);
      const direct = how !== undefined && how.cost <= 2 && dependsOnScope(value, site, structure);
      return { kind: direct ? 'recompute' : 'local' };
    }
    const how = kept.has(value) ? undefined : again(value, site);
    const twin = options.twins.get(value);
    if (twin !== undefined && perIteration.has(twin.load) && (how === undefined || how.cost > 1)) return { kind: 'twin', twin };
    if (how !== undefined) return { kind: 'recompute' };
    const row = options.rows.rowOf(value, site);
    return { kind: 'perIteration', ...(row && { row }) };
  };

  for (const values of pending.toReversed()) {
    for (const value of values) {
      const site = sites.get(value)!;
      const decision = decisionOf(value, site);
      decided.push({ value, decision, site });
      if (decision.kind === 'perIteration') perIteration.add(value);
      if (decision.kind !== 'recompute') continue;
      // What it is computed from is defined before it.
      for (const operand of operands(structure.nodeOf(value)!)) request(operand, site);
    }
  }
  return { decided };
}

interface Choice {
  readonly again: (value: Value) => ReturnType<typeof recomputation>;
  /** Whether an array is kept as it is, for a number in it. */
  readonly isRowFor: (leaf: Value, value: Value) => boolean;
  readonly kept: Set<Value>;
  readonly structure: Structure;
}

/** Whether there is one of `outer` for many of `inner`. */
function isFurtherOut(structure: Structure, outer: Value, inner: Value): boolean {
  const [a, b] = [outer, inner].map((value) => structure.loopsAround(structure.placeOf(value)!.block));
  return a!.length < b!.length && a!.every((loop, i) => loop === b![i]);
}

/** See the file's header; `values` in the order of their definition. */
function chooseKept(values: readonly Value[], { again, isRowFor, kept, structure }: Choice): void {
  const ordered = [...values].sort((a, b) => structure.placeOf(a)!.order - structure.placeOf(b)!.order);
  const cheap = new Map<Value, ReadonlySet<Value>>();
  for (const value of ordered) {
    const how = again(value);
    if (how === undefined) kept.add(value);
    else cheap.set(value, how.leaves);
  }
  const missing = (value: Value): readonly Value[] => [...cheap.get(value)!].filter((leaf) => !kept.has(leaf));
  for (const value of cheap.keys()) {
    const [leaf, ...others] = missing(value);
    if (leaf !== undefined && others.length === 0 && isRowFor(leaf, value) && isFurtherOut(structure, leaf, value)) kept.add(leaf);
  }
  for (const value of cheap.keys()) {
    const lacking = missing(value);
    if (lacking.length === 0 || kept.has(value)) continue;
    const [leaf] = lacking;
    // References are kept in arrays of their own, which costs more than a cell.
    const enough = leaf !== undefined && isReference(leaf.type) ? 3 : 2;
    const helped = [...cheap.keys()].filter((other) => {
      const rest = missing(other);
      return rest.length === 1 && rest[0] === leaf;
    });
    kept.add(lacking.length === 1 && helped.length >= enough ? leaf! : value);
  }
}

function canRepeat(
  node: Node,
  policies: MemoryPolicies,
  site: Site,
  analyses: boolean,
): boolean {
  switch (node.kind) {
    case 'load':
      return policies.canLoadAgain(node as LoadNode, site.order);
    case 'length':
      return policies.canMeasureAgain(node, site.order);
    case 'view':
      return analyses && !policies.mayChangeLength(node.memory);
    default:
      return false;
  }
}

/** Whether all that the value is computed from directly is in scope at the site. */
function dependsOnScope(value: Value, site: Site, structure: Structure): boolean {
  const node = structure.nodeOf(value);
  return (
    node !== undefined &&
    operands(node).every(
      (operand) =>
        isInScope(structure, operand, site.block, site.order) || structure.nodeOf(operand)?.kind === 'literal',
    )
  );
}

/** Whether a loop lies between the definition and the innermost block around both. */
export function loopsBetween(structure: Structure, value: Value, block: Block): boolean {
  const home = structure.placeOf(value)!.block;
  const common = commonBlock(structure, home, block);
  const path = structure.pathOf(home);
  return path.slice(path.indexOf(common) + 1).some((inner) => {
    const owner = structure.ownerOf(inner);
    return owner?.kind === 'loop' && !isRunOnce(owner);
  });
}

/** A place that is before both, in a block around both. */
function earlier(structure: Structure, a: Site, b: Site): Site {
  const common = commonBlock(structure, a.block, b.block);
  const [inA, inB] = [lifted(structure, a, common), lifted(structure, b, common)];
  return inA.order <= inB.order ? inA : inB;
}

function lifted(structure: Structure, site: Site, block: Block): Site {
  let at = site;
  while (at.block !== block) at = structure.placeOfNode(structure.ownerOf(at.block)!);
  return at;
}

/** Out of loops of the backward sweep that are no mirrors of loops around the value: there it is always the same. */
function hoisted(structure: Structure, value: Value, site: Site): Site {
  const home = structure.placeOf(value)!;
  const around = structure.loopsAround(home.block);
  const ids = new Set(around.map((loop) => loop.id));
  let at = site;
  for (const block of structure.pathOf(site.block).toReversed()) {
    const owner = structure.ownerOf(block);
    if (owner?.kind !== 'loop' || isRunOnce(owner)) continue;
    if (around.includes(owner) || (owner.mirrors !== undefined && ids.has(owner.mirrors))) break;
    const place = structure.placeOfNode(owner);
    if (place.order < home.order) break;
    at = place;
  }
  return at;
}
