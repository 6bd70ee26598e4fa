/** Which values have none yet on some way: a branch that would have made them was not taken. There are no zeros like these. */

import { BlockBuilder, newValue, yields } from '../src/graph/build.ts';
import { append } from '../src/graph/lists.ts';
import type { Graph, Type, Value } from '../src/graph/types.ts';
import { blocks, exitOperands, visit } from '../src/graph/walk.ts';
import { breaksOf } from './memory.ts';

export function unassignedValues(graph: Graph): ReadonlySet<Value> {
  const pending: Value[] = [];
  const targets = new Map<Value, Value[]>();
  const flow = (from: readonly Value[], to: readonly Value[]): void => from.forEach((value, i) => void (to[i] && append(targets, value, to[i])));
  visit(graph.body, (node) => {
    if (node.kind === 'literal' && node.unassigned) pending.push(node.result);
    if (node.kind === 'restore') append(targets, node.of, node.result);
    if (node.kind === 'apply' && node.op === 'select') for (const operand of node.operands.slice(1)) append(targets, operand, node.result);
    if (node.kind === 'if') for (const { exit } of blocks(node)) if (exit.kind === 'yield') flow(exit.values, node.results);
    if (node.kind !== 'loop') return;
    flow(node.initial, node.body.params);
    if (node.body.exit.kind === 'yield') flow(exitOperands(node.body.exit), node.body.params);
    for (const values of [node.done, ...breaksOf(node.body)]) flow(values, node.results);
  });
  const found = new Set<Value>();
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (found.has(value)) continue;
    found.add(value);
    pending.push(...(targets.get(value) ?? []));
  }
  return found;
}

/** What `make` makes like `of`, of the type and name given; unassigned where `of` is. */
export function madeWhereAssigned(of: Value, type: Type, name: string | undefined, builder: BlockBuilder, make: (inner: BlockBuilder) => Value): Value {
  const [made, otherwise] = [new BlockBuilder(builder.origin), new BlockBuilder(builder.origin)];
  const result = newValue(type, name);
  const present = builder.apply('present', [of]);
  builder.if(present, made.block(yields([make(made)])), otherwise.block(yields([otherwise.unassigned(type)])), [result]);
  return result;
}
