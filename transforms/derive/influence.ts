/** Whether a parameter can reach the result through arithmetic; where it cannot, what the derivative stops at. */

import type { Graph, Node, Value } from '../../src/graph/types.ts';
import { exitOperands, operands, results, visit } from '../../src/graph/walk.ts';
import { holdsReals } from '../memory.ts';
import { analyseProgram } from '../procedures/interface.ts';
import type { Program } from '../procedures/program.ts';
import { isDifferentiable } from '../rules/table.ts';

export function canInfluence(program: Program, param: Value): boolean {
  if (!holdsReals(param.type)) return false;
  const { main } = program;
  return analyseProgram(program, [param], exitOperands(main.body.exit)).activityOf(main).isActive(param);
}

/** In words: `an index`, `a comparison`, … of the first place that uses it without differentiating it. */
export function stopOf(graph: Graph, param: Value): string {
  const derived = new Set<Value>([param]);
  const stops: string[] = [];
  visit(graph.body, (node) => {
    const used = operands(node).filter((operand) => derived.has(operand));
    if (used.length === 0) return;
    const stop = stopAt(node, used);
    if (stop !== undefined) stops.push(stop);
    else for (const result of results(node)) derived.add(result);
  });
  return stops[0] ?? 'a value that is not used';
}

function stopAt(node: Node, used: readonly Value[]): string | undefined {
  switch (node.kind) {
    case 'apply':
      if (isDifferentiable(node.op)) return undefined;
      if (['lt', 'le', 'gt', 'ge', 'eq', 'ne', 'isNaN', 'present'].includes(node.op)) return 'a comparison';
      if (node.op.startsWith('bit') || node.op.startsWith('shift')) return 'a bit operation';
      return `\`Math.${node.op}\``;
    case 'load':
    case 'store':
      return node.key.kind === 'index' && used.includes(node.key.index) ? 'an index' : undefined;
    case 'loop':
      return node.initial.some((value) => used.includes(value)) ? undefined : 'the bound of a loop';
    case 'alloc':
      return node.init.kind === 'zeros' || node.init.kind === 'holes' ? 'the size of an array' : undefined;
    case 'if':
      return 'a condition';
    case 'carry':
      return 'a carried expression';
    default:
      return undefined;
  }
}
