/** A random program of the supported language, determined by its seed. */

import { randomClass } from './classes.ts';
import { bounded } from './expressions.ts';
import { helperMakers } from './helpers.ts';
import { parameters } from './parameters.ts';
import type { Place } from './place.ts';
import type { RandomProgram, Statement } from './program.ts';
import { Randomness } from './randomness.ts';
import { recursiveMakers } from './recursion.ts';
import { Scope } from './scope.ts';
import { statements } from './statements.ts';
import { randomTrees } from './trees.ts';

export function generate(seed: number): RandomProgram {
  const random = new Randomness(seed);
  const name = `random${seed}`;
  const place = newPlace(random);
  const helpers = declareHelpers(place, name);
  const trees = random.chance(0.15) ? randomTrees(place, name) : undefined;
  helpers.push(...(trees?.declarations ?? []));
  for (const variable of trees?.variables ?? []) place.scope.declare(variable);
  const given = parameters(random, trees && random.chance(0.5) ? [trees.parameter] : []);
  for (const variable of given.flatMap(({ variables }) => variables)) place.scope.declare(variable);
  const body = statements(place, random.between(8, 16));
  body.push(...ending(place));
  return {
    seed,
    name,
    helpers,
    parameters: given.map(({ text }) => text).join(', '),
    differentiated: given.filter(({ differentiated }) => differentiated).map(({ text }) => /^\w+/.exec(text)![0]),
    body,
    samples: [0, 1, 2].map(() => given.map(({ argument }) => argument(random))),
  };
}

function newPlace(random: Randomness): Place {
  let count = 0;
  const fresh = (stem: string): string => `${stem}${++count}`;
  const result: Place['result'] = (there) => bounded(there, 1);
  return { random, scope: new Scope(), fresh, depth: 0, loops: 0, labels: [], result, inSwitch: false, resizing: true };
}

/** Later ones may call earlier ones. */
function declareHelpers(place: Place, name: string): Statement[] {
  const { random, scope } = place;
  const declarations: Statement[] = [];
  for (let i = random.between(1, 3); i > 0; i--) {
    const makers = random.chance(0.3) ? recursiveMakers : helperMakers;
    const { declaration, others = [], variable } = random.pick(makers)(place, name);
    declarations.push(declaration, ...others);
    scope.declare(variable);
  }
  if (random.chance(0.35)) {
    const made = randomClass(place, name);
    declarations.push(...made.declarations);
    scope.declare(made.variable);
  }
  return declarations;
}

/** Gathers what the program has computed, so that it matters. */
function ending(place: Place): Statement[] {
  const list: Statement[] = [{ head: 'let result = 0;' }];
  const { scope } = place;
  for (const array of scope.of('array', 'list')) {
    list.push({ head: `for (const e of ${array.name}) result = 0.6 * result + Math.sin(e);` });
  }
  const terms = scope.all().flatMap(({ name, kind }) => {
    if (kind === 'number') return [name];
    if (kind === 'perhaps') return [`(${name} ?? 0.1)`];
    if (kind === 'object') return [`${name}.a * ${name}.b`];
    if (kind === 'tree') return [`${name}.value`, `(${name}.right?.value ?? 0.2)`];
    if (kind === 'tuple') return [`${name}[0] * ${name}[1]`];
    if (kind === 'group') return [`${name}.pair.a * ${name}.list[1]!`, `${name}.weight * ${name}.pair.b`];
    if (kind === 'objects') return [`${name}[0]!.a * ${name}[2]!.b`, `${name}[1]!.b`];
    if (kind === 'instance') return [`${name}.total * ${name}.pair.a`];
    return kind === 'rows' ? [`${name}[0]![1]!`, `${name}[2]![0]!`] : [];
  });
  const weighted = terms.map((term, i) => `${(0.3 + 0.1 * (i % 7)).toFixed(1)} * ${term}`);
  list.push({ head: `return ${['result', ...weighted].join(' + ')};` });
  return list;
}
