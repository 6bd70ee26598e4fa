/** Random programs as trees of statements, so that a failing one can be made smaller. */

import type { Datum } from '../harness/data.ts';

export interface Statement {
  /** The whole statement, or what opens its body: `for (…) {`. */
  readonly head: string;
  readonly body?: readonly Statement[];
  /** Of an `if` with two arms. */
  readonly otherwise?: readonly Statement[];
  /** What closes the body; `}` where it is left out. */
  readonly tail?: string;
}

export interface RandomProgram {
  readonly seed: number;
  /** `random17`. */
  readonly name: string;
  readonly helpers: readonly Statement[];
  readonly parameters: string;
  /** Names after `@grad`. */
  readonly differentiated: readonly string[];
  readonly body: readonly Statement[];
  readonly samples: readonly (readonly Datum[])[];
}

export function sourceOf(program: RandomProgram): string {
  const helpers = program.helpers.map((helper) => `${render(helper, '')}\n`);
  const head = `export function ${program.name}(${program.parameters}): number {`;
  const main = render({ head, body: program.body }, '');
  return `${helpers.join('')}/** @grad ${program.differentiated.join(' ')} */\n${main}`;
}

export function countStatements(statements: readonly Statement[]): number {
  return statements.reduce(
    (sum, { body = [], otherwise = [] }) => sum + 1 + countStatements(body) + countStatements(otherwise),
    0,
  );
}

function render({ head, body, otherwise, tail = '}' }: Statement, indent: string): string {
  if (body === undefined) return `${indent}${head}\n`;
  const lines = (statements: readonly Statement[]): string =>
    statements.map((statement) => render(statement, `${indent}  `)).join('');
  const second = otherwise === undefined ? '' : `${indent}} else {\n${lines(otherwise)}`;
  return `${indent}${head}\n${lines(body)}${second}${indent}${tail}\n`;
}
