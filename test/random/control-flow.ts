/** Random branches, `switch`, labelled blocks, and jumps out of all of them. */

import { condition } from './conditions.ts';
import { assignNumber } from './numbers.ts';
import { inner, line, type Maker } from './place.ts';
import type { Statement } from './program.ts';
import { statements } from './statements.ts';

export const branch: Maker = (place) => {
  const { random } = place;
  const head = `if (${condition(place)}) {`;
  const body = statements(inner(place), random.between(1, 3));
  if (random.chance(0.5)) return [{ head, body }];
  return [{ head, body, otherwise: statements(inner(place), random.between(1, 2)) }];
};

export const choose: Maker = (place) => {
  const { random, scope } = place;
  const counter = scope.pick(random, ({ kind }) => kind === 'counter');
  const subject = counter !== undefined && random.chance(0.5) ? `${counter.name} % 4` : 'k % 3';
  const cases = ['case 0:', 'case 1:', 'case 2:'].slice(0, random.between(2, 3));
  if (random.chance(0.6)) cases.splice(random.below(cases.length + 1), 0, 'default:');
  const groups = cases.map((head): Statement => {
    const made = statements(inner(place, { inSwitch: true }), random.between(1, 2));
    const ends = /^(?:return|continue|break)\b/.test(made[made.length - 1]!.head);
    return { head: `${head} {`, body: ends || random.chance(0.3) ? made : [...made, { head: 'break;' }] };
  });
  return [{ head: `switch (${subject}) {`, body: groups }];
};

export const labelledBlock: Maker = (place) => {
  const name = place.fresh('block');
  const first = statements(inner(place), 1);
  const skip = { head: `if (${condition(place)}) break ${name};` };
  return [{ head: `${name}: {`, body: [...first, skip, ...statements(inner(place), 2)] }];
};

/** Always behind a condition, so that nothing is unreachable. */
export const jump: Maker = (place) => {
  const { random, labels, result } = place;
  const nearest = labels[labels.length - 1];
  const outer = random.pick(labels.length > 0 ? labels : [undefined]);
  const through = (word: string): string => {
    outer!.used = true;
    return `${word} ${outer!.name};`;
  };
  const how = random.weighted<(() => string) | undefined>([
    [nearest ? 3 : 0, () => 'continue;'],
    [nearest && !place.inSwitch ? 3 : 0, () => 'break;'],
    [outer ? 1 : 0, () => through('break')],
    [outer ? 1 : 0, () => through('continue')],
    [result ? 1 : 0, () => `return ${result!(place)};`.replace(' ;', ';')],
    [0.01, undefined],
  ]);
  if (how === undefined) return [];
  const head = how();
  if (random.chance(0.6))
    return [{ head: `if (${condition(place)}) {`, body: [...assignNumber(inner(place)), { head }] }];
  return line(`if (${condition(place)}) ${head}`);
};
