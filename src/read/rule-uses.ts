/** Whether the rules that a function uses say what its tags need. */

import type { CompanionKind, RuleBodies } from '../graph/primal.ts';
import { callIn } from './rule-bodies.ts';
import type { Tag, TagProblem } from './tags.ts';

type Need = 'gradient' | 'tangent';

/** `jacobian` takes the mode that all rules have. */
const needs: Readonly<Record<Exclude<CompanionKind, 'jacobian'>, readonly Need[]>> = {
  grad: ['gradient'],
  vjp: ['gradient'],
  jvp: ['tangent'],
  hvp: ['gradient', 'tangent'],
  hessian: ['gradient', 'tangent'],
};

export function ruleProblemsFor(tag: Tag, rules: readonly RuleBodies[]): readonly TagProblem[] {
  const { kind, start, length } = tag;
  const asked = kind === 'jacobian' ? cheapest(rules) : needs[kind];
  const missing = rules.flatMap((rule) => asked.filter((need) => !has(rule, need)).map((need) => ({ rule, need })));
  const calling = rules.flatMap((rule) => callIn(rule)?.split(' ').slice(0, 1).map((callee) => ({ rule, callee })) ?? []);
  return [
    ...missing.map(({ rule, need }): TagProblem => ({ code: need === 'tangent' ? 'GG2125' : 'GG2126', start, length, words: { function: rule.function, tag: kind } })),
    ...calling.map(({ rule, callee }): TagProblem => ({ code: 'GG2131', start, length, words: { function: rule.function, callee } })),
  ];
}

function cheapest(rules: readonly RuleBodies[]): readonly Need[] {
  return rules.every((rule) => has(rule, 'tangent')) ? ['tangent'] : ['gradient'];
}

function has(rule: RuleBodies, need: Need): boolean {
  return need === 'gradient' ? rule.pullback !== undefined : rule.tangent !== undefined || isOfOneNumber(rule);
}

/** The tangent of one number is the gradient times the direction. */
function isOfOneNumber({ pullback, ofOneNumber }: RuleBodies): boolean {
  return pullback !== undefined && ofOneNumber;
}
