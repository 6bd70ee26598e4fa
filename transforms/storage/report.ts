/** What is kept for the backward sweep, in words: for the companion's doc comment, for `inspect`, and for tests. */

import type { ProcedurePart, Stored, StoredValue } from '../../src/graph/primal.ts';
import type { LoopNode, Node, Type, Value } from '../../src/graph/types.ts';
import { isMathPrimitive, type Primitive } from '../../src/graph/primitives.ts';
import { results } from '../../src/graph/walk.ts';
import type { Frame, Frames } from './frames.ts';
import { isExpensive } from './recompute.ts';
import type { Structure } from './structure.ts';

/** A number of the workspace; references and strings lie in plain arrays. */
const bytesOfCell = 8;

export function storedBy(frame: Frame, { areStacked }: Frames, structure: Structure): Stored {
  const values = frame.values.map((value): StoredValue => ({ name: nameOf(value, structure.nodeOf(value)), why: reasonOf(value, structure) }));
  const place = areStacked ? 'stack' : frame.bounds === undefined ? 'running' : 'indexed';
  const within = frame.loops.slice(0, -1).map(textOf);
  const each = frame.loop.checkpointed ? 'checkpoint' : 'iteration';
  return { of: textOf(frame.loop), within, place, values, each, bytes: bytesOfCell * values.length };
}

/** The frames that procedures leave when they return. */
export function storedByCalls(parts: readonly ProcedurePart[]): readonly Stored[] {
  return parts.flatMap(({ callee, variant, graph }): readonly Stored[] => {
    const frames = graph.body.nodes.filter((node) => node.kind === 'pushFrame');
    if (variant !== 'forward' || frames.length === 0) return [];
    const definitions = new Map(graph.body.nodes.flatMap((node) => ('result' in node && node.result ? [[node.result, node] as const] : [])));
    const values = frames.flatMap((frame) => frame.values.map((value) => ({ name: nameOf(value, definitions.get(value)), why: 'the backward half has no other way to it' })));
    return [{ of: `${callee}(…)`, within: [], place: 'stack', values, each: 'call', bytes: bytesOfCell * values.length }];
  });
}

/** Several sweeps of one companion (a Hessian's) keep the same. */
export function withoutRepetitions(stored: readonly Stored[]): readonly Stored[] {
  const seen = new Set<string>();
  return stored.filter((one) => {
    const text = JSON.stringify(one);
    return seen.size < seen.add(text).size;
  });
}

function textOf({ origin, counter }: LoopNode): string {
  return origin?.text ?? (counter === undefined ? 'a loop' : `a loop over ${counter.variable.name ?? 'a counter'}`);
}

function nameOf(value: Value, node: Node | undefined): string {
  if (value.name !== undefined) return value.name;
  if (node?.kind === 'load' && node.key.kind === 'field') return `${node.memory.name ?? '…'}.${node.key.name}`;
  if (node?.kind === 'load') return node.memory.name === undefined ? 'an element' : `an element of ${node.memory.name}`;
  if (node?.kind === 'length') return node.memory.name === undefined ? 'a length' : `the length of ${node.memory.name}`;
  if (node?.kind === 'alloc') return 'an array';
  if (node?.kind !== 'apply') return 'a value';
  const [first, ...others] = node.operands.map(({ name = '…' }) => name);
  return isMathPrimitive(node.op) ? `${node.op}(${[first, ...others].join(', ')})` : `a ${words[node.op] ?? 'value'}`;
}

const words: Partial<Record<Primitive, string>> = { add: 'sum', sub: 'difference', mul: 'product', div: 'quotient', rem: 'remainder', pow: 'power' };

function reasonOf(value: Value, structure: Structure): string {
  const node = structure.nodeOf(value);
  if (node === undefined || !results(node).includes(value)) return 'each iteration gives it another value';
  switch (node.kind) {
    case 'apply':
      return isExpensive(node, structure.nodeOf) ? `${node.op} costs more than keeping its result` : 'what it is computed from is gone';
    case 'load':
      return isMemory(value.type) ? 'which array it is cannot be told again' : 'it may be overwritten before it is needed';
    case 'if':
      return 'it depends on the branch that ran';
    case 'loop':
      return 'a loop computes it';
    case 'length':
      return 'it may change before it is needed';
    case 'call':
      return 'a call returns it';
    case 'alloc':
      return 'what is in it is read again';
    case 'carry':
      return 'it is never computed twice';
    default:
      return 'what it is computed from is gone';
  }
}

function isMemory(type: Type): boolean {
  return type.kind === 'array' || type.kind === 'record' || type.kind === 'tuple';
}
