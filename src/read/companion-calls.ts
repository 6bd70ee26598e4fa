/** A call of a companion: the statements of the derivative, in place of the call. */

import type { ts } from 'ts-morph';

import { inlined } from '../graph/inline.ts';
import type { Companion, Parameter } from '../graph/primal.ts';
import type { RecordType, Value } from '../graph/types.ts';
import { isClosure, type Closure, type Item, type Reading } from './context.ts';
import { placeOf, short } from './places.ts';
import type { NotCallable } from './companions.ts';

/** Undefined where the function is no companion. */
export function readCompanionCall(r: Reading, call: ts.Node, { declaration }: Closure, items: readonly Item[]): Value | undefined {
  if (!r.companions?.declares(declaration)) return undefined;
  const called = r.companions.of(declaration);
  const name = declaration.name?.getText() ?? '';
  if (called.kind !== 'companion') return refuse(r, call, name, called);
  r.visited.add(called.tagged.statement);
  const { companion, rules } = called;
  for (const rule of rules) r.ruleBodies.set(rule.name, rule);
  const expected = companion.graph.params.length;
  if (items.length > expected) return r.refuse(call, 'GG2112', { companion: name });
  const args = companion.graph.params.map((_param, i) => argument(r, call, companion.signature.params[i], items[i]));
  // Comments name the statement of the tagged function.
  const { nodes, values } = inlined(companion.graph, args, { origin: r.builder.origin });
  for (const node of nodes) r.builder.push(node);
  return resultOf(r, companion, values);
}

function argument(r: Reading, call: ts.Node, parameter: Parameter | undefined, item: Item | undefined): Value {
  if (item === undefined) return parameter?.optional ? r.literal(undefined) : r.refuse(call, 'GG2044', { text: short(call) });
  if (isClosure(item)) return r.refuse(call, 'GG2004', { callee: short(call) });
  return item;
}

/** `{ value, d_x }`. */
function resultOf(r: Reading, { fields }: Companion, values: readonly Value[]): Value {
  const type: RecordType = { kind: 'record', fields: fields.map(({ name }, i) => ({ name, type: values[i]!.type })) };
  const result = r.builder.alloc(type, { kind: 'fields', values });
  for (const value of values) r.memory.hold(result, value);
  return result;
}

function refuse(r: Reading, call: ts.Node, companion: string, problem: NotCallable): never {
  switch (problem.kind) {
    case 'circular':
      return r.refuse(call, 'GG2110', { companion });
    case 'endless':
      return r.refuse(call, 'GG2118', { companion, type: problem.type });
    case 'calls':
      return r.refuse(call, 'GG2111', { companion, callee: problem.callee });
    default: {
      const { file = '', line = 0 } = placeOf(problem.tagged.name ?? problem.tagged.declaration);
      return r.refuse(call, 'GG2113', { companion, place: `${file.split('/').at(-1)}:${line}` });
    }
  }
}
