/** Methods of arrays that look for an element. */

import type { ts } from 'ts-morph';

import type { Value } from '../graph/types.ts';
import { callback, lengthOf, position, resultOf, type Method, wholeOf } from './arrays.ts';
import { changesBy } from './callback-changes.ts';
import type { Cell, Reading } from './context.ts';
import { short } from './places.ts';
import { choose, leaveUnless, loop } from './exits.ts';
import { presenceIn } from './gaps.ts';
import { loadIndex } from './expressions/access.ts';
import { elementIfThere } from './expressions/presence.ts';
import { numberOf, valueOf } from './expressions/expression.ts';

interface Search {
  readonly from: Value;
  readonly down: boolean;
  /** Whether the search ends at the element. */
  readonly isMeant: (element: Value, index: Value) => Value;
  /** Tells whether there is an element at an index, where those that are not there are passed over. */
  readonly presence: ((index: Value) => Value) | undefined;
  /** Whether the element is asked for that was found, and may be another one by then. */
  readonly keeps?: boolean;
}

interface Found {
  readonly found: Value;
  readonly index: Value;
  /** As it was when it was found; undefined where it can be read again. */
  readonly element?: Value;
}

/** A loop without a bound that leaves at the first element that is meant. How many there are is asked before. */
function search(r: Reading, call: ts.CallExpression, memory: Value, { from, down, isMeant, presence, keeps = false }: Search): Found {
  const cell = (integer: boolean): Cell => ({ name: undefined, mutable: true, integer });
  const [found, index, kept] = [cell(false), cell(true), cell(false)];
  r.bindings.set(found, r.literal(false));
  r.bindings.set(index, from);
  const none = r.zero();
  if (keeps) r.bindings.set(kept, none);
  const length = lengthOf(r, memory);
  loop(
    r,
    {
      node: call,
      body: (region) => {
        const at = r.bindings.get(index) as Value;
        const inside = down ? r.builder.apply('ge', [at, r.literal(0)]) : r.builder.apply('lt', [at, length]);
        leaveUnless(r, call, inside, region);
        let element: Value | undefined;
        const meant = (): Value => isMeant((element = loadIndex(r, memory, at, call)), at);
        const isFound = presence ? (choose(r, call, presence(at), meant, () => r.literal(false)) as Value) : meant();
        const goesOn = r.builder.apply('not', [isFound]);
        const before = r.bindings.get(found)!;
        r.bindings.set(found, r.literal(true));
        if (keeps) r.bindings.set(kept, r.current(element!));
        leaveUnless(r, call, goesOn, region);
        r.bindings.set(found, before);
        if (keeps) r.bindings.set(kept, none);
        r.bindings.set(index, r.builder.apply(down ? 'sub' : 'add', [at, r.literal(1)]));
        return 'next';
      },
    },
    () => 'next',
  );
  const valueIn = (of: Cell): Value => r.bindings.get(of) as Value;
  const result = { found: valueIn(found), index: valueIn(index), ...(keeps && { element: valueIn(kept) }) };
  for (const of of [found, index, kept]) r.bindings.delete(of);
  return result;
}

type Asked = 'whether' | 'where' | 'which';

/** `some` and `every` pass over what is not there; `find` and the like would call back with `undefined`. */
function byCallback(r: Reading, call: ts.CallExpression, memory: Value, { down = false, stopsAt = true, asked }: { down?: boolean; stopsAt?: boolean; asked: Asked }): Found {
  const f = callback(r, call);
  const isMeant = (element: Value, index: Value): Value => {
    const holds = r.truth(resultOf(r, call, f, [element, index, memory]));
    return stopsAt ? holds : r.builder.apply('not', [holds]);
  };
  const { writes, shrinks } = changesBy(r, f, memory);
  const keeps = asked === 'which' && writes;
  const isReferences = memory.type.kind === 'array' && memory.type.element.kind !== 'real';
  if ((asked !== 'whether' && shrinks) || (keeps && isReferences)) return r.refuse(call, 'GG2103', { text: short(call) });
  const presence = asked === 'whether' ? presenceIn(r, memory, f) : undefined;
  return search(r, call, memory, { from: down ? lastOf(r, memory) : r.literal(0), down, isMeant, presence, keeps });
}

function lastOf(r: Reading, memory: Value): Value {
  return r.builder.apply('sub', [lengthOf(r, memory), r.literal(1)]);
}

/** `indexOf` and the like: `isSame` compares an element with the first argument. */
function byValue(r: Reading, call: ts.CallExpression, memory: Value, down: boolean, isSame: (a: Value, b: Value) => Value, skips = true) {
  const [node] = call.arguments;
  const wanted = node === undefined ? r.refuse(call, 'GG2049', { text: short(call) }) : valueOf(r, node);
  const from = down ? lastStart(r, call, memory) : (position(r, call, 1, lengthOf(r, memory)) ?? r.literal(0));
  return search(r, call, memory, { from, down, isMeant: (element) => isSame(element, wanted), presence: skips ? presenceIn(r, memory) : undefined });
}

/** Where `lastIndexOf` begins: a negative start counts from the end, and may lie before the first element. */
function lastStart(r: Reading, call: ts.CallExpression, memory: Value): Value {
  const last = lastOf(r, memory);
  const [, node] = call.arguments;
  if (node === undefined) return last;
  const start = wholeOf(r, numberOf(r, node));
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

function indexOrNone(r: Reading, { found, index }: Found): Value {
  return r.builder.apply('select', [found, index, r.literal(-1)]);
}

function elementOrNone(r: Reading, call: ts.CallExpression, memory: Value, { found, index, element }: Found) {
  return choose(r, call, found, () => element ?? loadIndex(r, memory, index, call), () => r.literal(undefined));
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
  some: (r, call, memory) => byCallback(r, call, memory, { asked: 'whether' }).found,
  every: (r, call, memory) => r.builder.apply('not', [byCallback(r, call, memory, { stopsAt: false, asked: 'whether' }).found]),
  find: (r, call, memory) => elementOrNone(r, call, memory, byCallback(r, call, memory, { asked: 'which' })),
  findIndex: (r, call, memory) => indexOrNone(r, byCallback(r, call, memory, { asked: 'where' })),
  findLast: (r, call, memory) => elementOrNone(r, call, memory, byCallback(r, call, memory, { down: true, asked: 'which' })),
  findLastIndex: (r, call, memory) => indexOrNone(r, byCallback(r, call, memory, { down: true, asked: 'where' })),
  indexOf: (r, call, memory) => indexOrNone(r, byValue(r, call, memory, false, same(r))),
  lastIndexOf: (r, call, memory) => indexOrNone(r, byValue(r, call, memory, true, same(r))),
  includes: (r, call, memory) => byValue(r, call, memory, false, (a, b) => sameValue(r, a, b), false).found,
} as const satisfies Readonly<Record<string, Method>>;
