/** Methods of arrays that look for an element. */

import type { ts } from 'ts-morph';

import type { Value } from '../graph/types.ts';
import { callback, lengthOf, position, resultOf, type Method } from './arrays.ts';
import type { Cell, Reading } from './context.ts';
import { short } from './places.ts';
import { choose, leaveUnless, loop } from './exits.ts';
import { isThere, mayHaveGaps } from './gaps.ts';
import { loadIndex } from './expressions/access.ts';
import { elementIfThere } from './expressions/presence.ts';
import { numberOf, valueOf } from './expressions/expression.ts';

interface Search {
  readonly from: Value;
  readonly down: boolean;
  /** Whether the search ends at the element. */
  readonly isMeant: (element: Value, index: Value) => Value;
  /** Whether places that were never written are passed over. */
  readonly skips: boolean;
}

/** A loop without a bound that leaves at the first element that is meant. */
function search(r: Reading, call: ts.CallExpression, memory: Value, { from, down, isMeant, skips }: Search): { found: Value; index: Value } {
  const gaps = skips && mayHaveGaps(r, memory);
  const found: Cell = { name: undefined, mutable: true, integer: false };
  const index: Cell = { name: undefined, mutable: true, integer: true };
  r.bindings.set(found, r.literal(false));
  r.bindings.set(index, from);
  loop(
    r,
    {
      node: call,
      body: (region) => {
        const at = r.bindings.get(index) as Value;
        const inside = down ? r.builder.apply('ge', [at, r.literal(0)]) : r.builder.apply('lt', [at, lengthOf(r, memory)]);
        leaveUnless(r, call, inside, region);
        const meant = (): Value => isMeant(loadIndex(r, memory, at, call), at);
        const isFound = gaps ? (choose(r, call, isThere(r, memory, at), meant, () => r.literal(false)) as Value) : meant();
        const goesOn = r.builder.apply('not', [isFound]);
        const before = r.bindings.get(found)!;
        r.bindings.set(found, r.literal(true));
        leaveUnless(r, call, goesOn, region);
        r.bindings.set(found, before);
        r.bindings.set(index, r.builder.apply(down ? 'sub' : 'add', [at, r.literal(1)]));
        return 'next';
      },
    },
    () => 'next',
  );
  const result = { found: r.bindings.get(found) as Value, index: r.bindings.get(index) as Value };
  r.bindings.delete(found);
  r.bindings.delete(index);
  return result;
}

function byCallback(r: Reading, call: ts.CallExpression, memory: Value, down: boolean, stopsAt: boolean, skips = false) {
  const f = callback(r, call);
  const isMeant = (element: Value, index: Value): Value => {
    const holds = r.truth(resultOf(r, call, f, [element, index, memory]));
    return stopsAt ? holds : r.builder.apply('not', [holds]);
  };
  return search(r, call, memory, { from: down ? lastOf(r, memory) : r.literal(0), down, isMeant, skips });
}

function lastOf(r: Reading, memory: Value): Value {
  return r.builder.apply('sub', [lengthOf(r, memory), r.literal(1)]);
}

/** `indexOf` and the like: `isSame` compares an element with the first argument. */
function byValue(r: Reading, call: ts.CallExpression, memory: Value, down: boolean, isSame: (a: Value, b: Value) => Value, skips = true) {
  const [node] = call.arguments;
  const wanted = node === undefined ? r.refuse(call, 'GG2049', { text: short(call) }) : valueOf(r, node);
  const from = down ? lastStart(r, call, memory) : (position(r, call, 1, lengthOf(r, memory)) ?? r.literal(0));
  return search(r, call, memory, { from, down, isMeant: (element) => isSame(element, wanted), skips });
}

/** Where `lastIndexOf` begins: a negative start counts from the end, and may lie before the first element. */
function lastStart(r: Reading, call: ts.CallExpression, memory: Value): Value {
  const last = lastOf(r, memory);
  const [, node] = call.arguments;
  if (node === undefined) return last;
  const start = numberOf(r, node);
  if (start.type.kind !== 'integer') return r.refuse(node, 'GG2047', { text: short(node) });
  const fromEnd = r.builder.apply('add', [lengthOf(r, memory), start]);
  return r.builder.apply('select', [r.builder.apply('lt', [start, r.literal(0)]), fromEnd, r.builder.apply('min', [start, last])]);
}

const same = (r: Reading) => (a: Value, b: Value): Value => r.builder.apply('eq', [a, b]);

/** As `includes` compares: NaN is itself. */
function sameValue(r: Reading, a: Value, b: Value): Value {
  const equal = r.builder.apply('eq', [a, b]);
  if (a.type.kind !== 'real' || b.type.kind !== 'real') return equal;
  const both = r.builder.apply('and', [r.builder.apply('isNaN', [a]), r.builder.apply('isNaN', [b])]);
  return r.builder.apply('or', [equal, both]);
}

function indexOrNone(r: Reading, { found, index }: { found: Value; index: Value }): Value {
  return r.builder.apply('select', [found, index, r.literal(-1)]);
}

function elementOrNone(r: Reading, call: ts.CallExpression, memory: Value, { found, index }: { found: Value; index: Value }) {
  return choose(r, call, found, () => loadIndex(r, memory, index, call), () => r.literal(undefined));
}

/** Negative indices count from the end, and what is no integer loses its fraction. */
function at(r: Reading, call: ts.CallExpression, memory: Value) {
  const [node] = call.arguments;
  if (node === undefined) return r.refuse(call, 'GG2049', { text: short(call) });
  const given = numberOf(r, node);
  const index = given.type.kind === 'integer' ? given : r.builder.apply('trunc', [given]);
  const literal = r.builder.literalOf(index);
  const length = lengthOf(r, memory);
  if (typeof literal === 'number') {
    return elementIfThere(r, memory, literal < 0 ? r.builder.apply('sub', [length, r.literal(-literal)]) : index, call);
  }
  const negative = r.builder.apply('lt', [index, r.literal(0)]);
  return elementIfThere(r, memory, r.builder.apply('select', [negative, r.builder.apply('add', [length, index]), index]), call);
}

export const searchMethods = {
  at,
  some: (r, call, memory) => byCallback(r, call, memory, false, true, true).found,
  every: (r, call, memory) => r.builder.apply('not', [byCallback(r, call, memory, false, false, true).found]),
  find: (r, call, memory) => elementOrNone(r, call, memory, byCallback(r, call, memory, false, true)),
  findIndex: (r, call, memory) => indexOrNone(r, byCallback(r, call, memory, false, true)),
  findLast: (r, call, memory) => elementOrNone(r, call, memory, byCallback(r, call, memory, true, true)),
  findLastIndex: (r, call, memory) => indexOrNone(r, byCallback(r, call, memory, true, true)),
  indexOf: (r, call, memory) => indexOrNone(r, byValue(r, call, memory, false, same(r))),
  lastIndexOf: (r, call, memory) => indexOrNone(r, byValue(r, call, memory, true, same(r))),
  includes: (r, call, memory) => byValue(r, call, memory, false, (a, b) => sameValue(r, a, b), false).found,
} as const satisfies Readonly<Record<string, Method>>;
