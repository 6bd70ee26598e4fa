/**
 * Where differentiated numbers are rounded by being kept in a `Float32Array`. The gradient is that of the function without
 * the rounding: rounding is a staircase, whose own derivative is zero.
 */

import type { Node, Origin, Type, Value } from '../../src/graph/types.ts';
import { exitOperands, visit } from '../../src/graph/walk.ts';
import { analyseProgram } from '../procedures/interface.ts';
import { graphsOf, type Program } from '../procedures/program.ts';

/** The first place, undefined where there is none. What comes from a `Float32Array` is rounded already. */
export function roundedAt(program: Program, differentiated: readonly Value[]): Origin | undefined {
  const analysis = analyseProgram(program, differentiated, exitOperands(program.main.body.exit));
  const isRounded = new Set<Value>();
  let first: Origin | undefined;
  for (const graph of graphsOf(program)) {
    const activity = analysis.activityOf(graph);
    visit(graph.body, (node) => {
      if (node.kind === 'load' && isSingle(node.memory.type)) isRounded.add(node.result);
      if (keptAsSingle(node).some((value) => activity.isActive(value) && !isRounded.has(value))) first ??= node.origin;
    });
  }
  return first;
}

/** Values that a node keeps in a `Float32Array`. */
function keptAsSingle(node: Node): readonly Value[] {
  if (node.kind === 'store') return isSingle(node.memory.type) ? [node.value] : [];
  if (node.kind !== 'alloc' || !isSingle(node.result.type)) return [];
  if (node.init.kind === 'elements') return node.init.values;
  return node.init.kind === 'copy' && !isSingle(node.init.of.type) ? [node.init.of] : [];
}

function isSingle(type: Type): boolean {
  return type.kind === 'array' && type.container === 'Float32Array';
}
