/** A call of a companion: the statements of the derivative, in place of the call. */

import type { ts } from 'ts-morph';

import type { Companion, Parameter } from '../graph/primal.ts';
import type { Node, RecordType, Value } from '../graph/types.ts';
import { copyBlock } from '../graph/walk.ts';
import { isClosure, placeOf, short, type Closure, type Item, type Reading } from './context.ts';
import type { NotCallable } from './companions.ts';

/** Undefined where the function is no companion. */
export function readCompanionCall(r: Reading, call: ts.Node, { declaration }: Closure, items: readonly Item[]): Value | undefined {
  if (!r.companions?.declares(declaration)) return undefined;
  const called = r.companions.of(declaration);
  const name = declaration.name?.getText() ?? '';
  if (called.kind !== 'companion') return refuse(r, call, name, called);
  r.visited.add(called.tagged.statement);
  const { companion } = called;
  const expected = companion.graph.params.length;
  if (items.length > expected) return r.refuse(call, 'GG2112', { companion: name });
  const args = companion.graph.params.map((_param, i) => argument(r, call, companion.signature.params[i], items[i]));
  const { nodes, exit } = copyBlock(companion.graph.body, new Map(companion.graph.params.map((param, i) => [param, args[i]!])));
  for (const node of nodes) r.builder.push(withOrigin(node, r.builder.origin));
  return resultOf(r, companion, exit.kind === 'return' ? exit.values : []);
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
    case 'calls':
      return r.refuse(call, 'GG2111', { companion, callee: problem.callee });
    default: {
      const { file = '', line = 0 } = placeOf(problem.tagged.name ?? problem.tagged.declaration);
      return r.refuse(call, 'GG2113', { companion, place: `${file.split('/').at(-1)}:${line}` });
    }
  }
}

/** Comments name the statement of the tagged function. */
function withOrigin(node: Node, origin: Node['origin']): Node {
  const { origin: _own, ...rest } = node;
  const here = (origin === undefined ? rest : { ...rest, origin }) as Node;
  const inside = (block: Extract<Node, { kind: 'loop' }>['body']) => ({ ...block, nodes: block.nodes.map((inner) => withOrigin(inner, origin)) });
  if (here.kind === 'if') return { ...here, then: inside(here.then), else: inside(here.else) };
  return here.kind === 'loop' ? { ...here, body: inside(here.body) } : here;
}
