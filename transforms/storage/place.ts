/**
 * Places storage: decides what becomes of every restored value and makes it so.
 *
 * Expects a reversed, cleaned graph (fused mirrors included). Afterwards no `restore` and no `undo` is left: the mirrors of
 * loops are ordinary loops, and what had to be kept lies in the workspace.
 */

import type { Stored } from '../../src/graph/primal.ts';
import type { Graph, RestoreNode, Value } from '../../src/graph/types.ts';
import { visit } from '../../src/graph/walk.ts';
import { analyseMemory } from '../memory.ts';
import { type Decided, decide } from './decide.ts';
import { type Frames, planFrames } from './frames.ts';
import { memoryPolicies } from './memory-policy.ts';
import { Rebuild } from './rebuild.ts';
import { storedBy } from './report.ts';
import { noRows, type Rows, rowsIn, unplacedRows } from './rows.ts';
import { structureOf } from './structure.ts';
import { type Twins, twinsIn, unreachableTwins } from './twins.ts';

export interface StorageOptions {
  readonly analyses: boolean;
  /** In arrays of the function instead of the file's workspace: so that the derivative can be differentiated itself. */
  readonly isKeptInside?: boolean;
  /** On the stack, as if something were called that keeps its own there. */
  readonly isOnStack?: boolean;
  /** Is told what is kept. */
  readonly report?: (stored: readonly Stored[]) => void;
}

export function placeStorage(graph: Graph, options: StorageOptions): Graph {
  const memory = analyseMemory(graph);
  const structure = structureOf(graph);
  const policies = memoryPolicies(graph, memory, structure, options);
  const restores: RestoreNode[] = [];
  visit(graph.body, (node) => {
    if (node.kind === 'restore') restores.push(node);
  });
  const { analyses, isKeptInside, isOnStack } = options;
  const plan = (twins: Twins, rows: Rows): { readonly decided: readonly Decided[]; readonly frames: Frames } => {
    const { decided } = decide(restores, structure, policies, { analyses, twins, rows });
    const frames = planFrames(graph, structure, decided, policies.mayChangeLength, { isKeptInside, isOnStack });
    const unplaced = unplacedRows(decided, frames);
    if (unplaced.length > 0) {
      except = new Set([...except, ...unplaced]);
      return plan(twins, rowsIn(graph, structure, except));
    }
    const unreachable = unreachableTwins(decided, frames, structure);
    return unreachable.size === 0 ? { decided, frames } : plan(new Map([...twins].filter(([value]) => !unreachable.has(value))), rows);
  };
  let except: ReadonlySet<Value> = new Set();
  const { decided, frames } = plan(analyses ? twinsIn(graph) : new Map(), analyses && !isKeptInside ? rowsIn(graph, structure) : noRows);
  options.report?.(frames.all.map((frame) => storedBy(frame, frames, structure)));
  return new Rebuild(graph, structure, decided, frames).graph();
}
