/** Random loops: counted, ended by a condition, over elements, keys and entries. */

import { condition } from './conditions.ts';
import { carried, inner, numberVariable, type LoopLabel, type Maker, type Place } from './place.ts';
import type { Statement } from './program.ts';
import { statements } from './statements.ts';

export const loop: Maker = (place) => {
  const { random } = place;
  const label: LoopLabel = { name: place.fresh('loop'), used: false };
  const body = inner(place, { loops: place.loops + 1, labels: [...place.labels, label], inSwitch: false });
  const make = random.weighted([
    [7, counted],
    [4, uncounted],
    [3, overElements],
    [1, carriedOver],
  ]);
  return make(place, body, (head) => (label.used ? `${label.name}: ${head}` : head));
};

/** `labelled` puts the label before the head, where a jump has used it. */
type Form = (place: Place, body: Place, labelled: (head: string) => string) => Statement[];

const counted: Form = (place, body, labelled) => {
  const i = place.fresh('i');
  const bound = boundOf(place);
  const head = place.random.weighted([
    [5, `for (let ${i} = 0; ${i} < ${bound}; ${i}++) {`],
    [1, `for (let ${i} = 3; ${i} >= k; ${i}--) {`],
    [1, `for (let ${i} = 1; ${i} <= ${bound}; ${i} += 2) {`],
  ]);
  body.scope.declare(carried(i, 'counter'));
  const made = statements(body, place.random.between(1, 4));
  return [{ head: labelled(head), body: made }];
};

const uncounted: Form = (place, body, labelled) => {
  const { random, scope } = place;
  const i = place.fresh('i');
  const bound = boundOf(place);
  const [head, tail, leave] = random.weighted<readonly [string, string, string?]>([
    [2, [`while (${i} < ${bound}) {`, '}']],
    [1, ['do {', `} while (${i} < ${bound});`]],
    [1, ['do {', `} while (${i} < 3 && (${condition(place)}));`]],
    [1, ['while (true) {', '}', `if (${i} > ${random.pick(['k', 'n', '2'])}) break;`]],
  ]);
  body.scope.declare(carried(i, 'counter'));
  const start = [`${i}++;`, ...(leave ? [leave] : [])].map((text) => ({ head: text }));
  const made = [...start, ...statements(body, random.between(1, 4))];
  scope.declare(carried(i, 'counter'));
  return [{ head: `let ${i} = 0;` }, { head: labelled(head), body: made, tail }];
};

const overElements: Form = (place, body, labelled) => {
  const { random, scope } = place;
  const array = scope.pick(random, ({ kind }) => kind === 'array' || kind === 'list' || kind === 'rows' || kind === 'objects');
  if (array === undefined) return counted(place, body, labelled);
  const { name, kind } = array;
  const [i, e] = [place.fresh('i'), place.fresh('e')];
  const still = { ...body, resizing: false };
  if (kind === 'rows') {
    still.scope.declare({ name: e, kind: 'array', assignable: false, writable: array.writable, typed: false });
  } else if (kind === 'objects') {
    still.scope.declare({ name: e, kind: 'object', assignable: false, writable: array.writable });
  } else {
    still.scope.declare(numberVariable(e, false));
  }
  const entries = random.chance(0.3);
  if (entries) still.scope.declare(carried(i, 'counter'));
  const made = statements(still, random.between(1, 3));
  const head = entries ? `for (const [${i}, ${e}] of ${name}.entries()) {` : `for (const ${e} of ${name}) {`;
  return [{ head: labelled(head), body: made }];
};

/** Nothing is declared before it but numbers that it carries: `for (let a = …, b = …; …)`. */
const carriedOver: Form = (place, body, labelled) => {
  const { random } = place;
  const [i, s] = [place.fresh('i'), place.fresh('s')];
  const start = random.real(1.2);
  body.scope.declare(carried(i, 'counter'));
  body.scope.declare(numberVariable(s, true));
  const made = statements(body, random.between(1, 3));
  const head = `for (let ${i} = 0, ${s} = ${start}; ${i} < ${boundOf(place)}; ${i}++, ${s} *= 0.9) {`;
  return [{ head: labelled(head), body: made }];
};

function boundOf({ random, scope }: Place): string {
  const array = scope.pick(random, ({ kind }) => kind === 'array');
  return random.weighted([
    [3, 'n'],
    [2, String(random.between(1, 3))],
    [array ? 2 : 0, `${array?.name}.length`],
    [1, 'k + 1'],
  ]);
}
