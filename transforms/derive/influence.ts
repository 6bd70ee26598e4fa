/** Whether a parameter can reach the result through arithmetic; where it cannot, what the derivative stops at. */

import type { Stop } from '../../src/graph/primal.ts';
import type { Primitive } from '../../src/graph/primitives.ts';
import type { Graph, Key, Node, Value } from '../../src/graph/types.ts';
import { exitOperands, operands, results, visit } from '../../src/graph/walk.ts';
import { holdsReals } from '../memory.ts';
import { analyseProgram } from '../procedures/interface.ts';
import type { Program } from '../procedures/program.ts';
import { isDifferentiable } from '../rules/table.ts';

const comparisons: ReadonlySet<Primitive> = new Set(['lt', 'le', 'gt', 'ge', 'eq', 'ne', 'not', 'and', 'or', 'isNaN', 'present']);

export function canInfluence(program: Program, param: Value): boolean {
  if (!holdsReals(param.type)) return false;
  const { main } = program;
  return analyseProgram(program, [param], exitOperands(main.body.exit)).activityOf(main).isActive(param);
}

/** Of the first place that uses it without differentiating it. Of an array the elements matter, its length only where nothing else is used. */
export function stopOf(graph: Graph, param: Value): Stop {
  return firstStop(graph, param, false) ?? firstStop(graph, param, true) ?? { what: 'a value that is not used' };
}

function firstStop(graph: Graph, param: Value, throughLength: boolean): Stop | undefined {
  const derived = new Set<Value>([param]);
  let first: Stop | undefined;
  visit(graph.body, (node) => {
    const used = operands(node).filter((operand) => derived.has(operand));
    if (used.length === 0 || (node.kind === 'length' && !throughLength)) return;
    const what = stopAt(node, used);
    if (what !== undefined) first ??= node.origin === undefined ? { what } : { what, origin: node.origin };
    else for (const result of results(node)) derived.add(result);
  });
  return first;
}

function stopAt(node: Node, used: readonly Value[]): string | undefined {
  switch (node.kind) {
    case 'apply':
      if (isDifferentiable(node.op)) return undefined;
      if (comparisons.has(node.op)) return 'a comparison';
      if (node.op === 'stop') return '`stopGradient`';
      return node.op.startsWith('bit') || node.op.startsWith('shift') ? 'an operation on bits' : `\`Math.${node.op}\``;
    case 'load':
      return isIndex(node.key, used) ? 'an index' : undefined;
    case 'store':
      if (isIndex(node.key, used)) return 'an index';
      return node.memory.type.kind === 'array' && node.memory.type.element.kind === 'integer' ? 'an array of integers' : undefined;
    case 'loop':
      return node.initial.some((value) => used.includes(value)) ? undefined : 'the bound of a loop';
    case 'alloc':
      return node.init.kind === 'zeros' || node.init.kind === 'holes' ? 'the size of an array' : undefined;
    case 'if':
      return 'a condition';
    case 'carry':
      return node.pieces.length === 1 ? undefined : 'what is carried as it is written';
    default:
      return undefined;
  }
}

function isIndex(key: Key, used: readonly Value[]): boolean {
  return key.kind === 'index' && used.includes(key.index);
}
