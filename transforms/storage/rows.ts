/**
 * Arrays that are kept as they are, instead of the numbers that the mirror reads in them: each iteration has one of its own.
 *
 *     for (const point of x) {
 *       for (c …) { const centred = point.map(…); … }      kept[c] = centred
 *       …
 *       for (c …) … centred[j] …                           kept[c][j]
 *     }
 *
 * Only inside of another loop, whose next iteration uses the arrays again: a new one costs more than to keep its numbers.
 */

import type { Graph, Value } from '../../src/graph/types.ts';
import { ReusableArrays, type Sized } from '../reusable-arrays.ts';
import type { Decided, Site } from './decide.ts';
import type { Frames } from './frames.ts';
import { commonBlock, type Structure } from './structure.ts';

export interface Rows {
  /** The array that a value is, where it may be kept for what a site of the backward sweep reads in it. */
  rowOf(value: Value, site: Site): Sized | undefined;
}

export const noRows: Rows = { rowOf: () => undefined };

export function rowsIn(graph: Graph, structure: Structure, except: ReadonlySet<Value> = new Set()): Rows {
  const arrays = new ReusableArrays(graph);
  const known = new Map<Value, Sized | undefined>();
  const reusable = (value: Value): Sized | undefined => {
    const node = structure.nodeOf(value);
    if (node?.kind !== 'alloc' || node.backward || except.has(value)) return undefined;
    if (!known.has(value)) {
      const { block, index } = structure.placeOfNode(node);
      known.set(value, arrays.madeBy(node, block.nodes.slice(index + 1)));
    }
    return known.get(value);
  };
  return {
    rowOf: (value, site) => {
      const row = reusable(value);
      if (row === undefined) return undefined;
      const isAgain = structure.loopsAround(commonBlock(structure, structure.placeOf(value)!.block, site.block)).length > 0;
      return isAgain ? row : undefined;
    },
  };
}

/** Rows whose places no counters find. */
export function unplacedRows(decided: readonly Decided[], frames: Frames): readonly Value[] {
  return decided.flatMap(({ value, decision }) => (decision.kind === 'perIteration' && decision.row && frames.frameOfValue(value) === undefined ? [value] : []));
}
