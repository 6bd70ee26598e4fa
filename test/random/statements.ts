/** Random statements: everything that changes variables and memory, and every way through the code. */

import { overArray } from './callbacks.ts';
import { callEffect, declareClosure } from './closures.ts';
import { branch, choose, jump, labelledBlock } from './control-flow.ts';
import { feedback } from './feedback.ts';
import { callHelper } from './helpers.ts';
import { loop } from './loops.ts';
import { alias, declareMemory, writeMemory } from './memory.ts';
import { assignNumber, declareFlag, declareNumber, exchange, takeApart } from './numbers.ts';
import type { Maker, Place } from './place.ts';
import type { Statement } from './program.ts';

export function statements(place: Place, count: number): Statement[] {
  const list: Statement[] = [];
  while (list.length < count) list.push(...statement(place));
  return list;
}

function statement(place: Place): Statement[] {
  const nested = place.depth < 3;
  const maker = place.random.weighted<Maker>([
    [3, declareNumber],
    [0.7, declareFlag],
    [2.5, declareMemory],
    [5, assignNumber],
    [5, writeMemory],
    [place.loops > 0 ? 4 : 1.5, feedback],
    [1.2, alias],
    [1, takeApart],
    [1, exchange],
    [1, callEffect],
    [1.2, callHelper],
    [nested ? 1.2 : 0, declareClosure],
    [nested && place.loops < 3 ? 2 : 0, overArray],
    [nested ? 3 : 0, branch],
    [nested && place.loops < 3 ? 3.5 : 0, loop],
    [nested ? 1 : 0, choose],
    [nested ? 0.5 : 0, labelledBlock],
    [place.depth > 0 && place.depth < 5 ? 1.5 : 0, jump],
  ]);
  const made = maker(place);
  return made.length > 0 ? made : assignNumber(place);
}
