/** What a run over random programs has to say. */

import type { Outcome, Verdict } from './check.ts';
import { countStatements } from './program.ts';

export interface Summary {
  readonly total: number;
  readonly accepted: number;
  readonly failures: readonly Outcome[];
  readonly compared: number;
  readonly skipped: number;
  readonly medianStatements: number;
  readonly text: string;
}

export function summarise(outcomes: readonly Outcome[]): Summary {
  const of = <K extends Verdict['kind']>(kind: K) =>
    outcomes.flatMap(({ verdict }) => (verdict.kind === kind ? [verdict as Extract<Verdict, { kind: K }>] : []));
  const [right, refused] = [of('right'), of('refused')];
  const failures = outcomes.filter(({ verdict }) => verdict.kind === 'wrong' || verdict.kind === 'crashed');
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
  const [compared, skipped] = [sum(right.map((v) => v.compared)), sum(right.map((v) => v.skipped))];
  const counts = outcomes.map(({ program }) => countStatements(program.body)).toSorted((a, b) => a - b);
  const medianStatements = counts[counts.length >> 1] ?? 0;
  const nodes = tally(outcomes.flatMap((outcome) => [...outcome.nodes]));
  const codes = tally(refused.flatMap((verdict) => verdict.codes.map((code): [string, number] => [code, 1])));
  const lines = [
    `${outcomes.length} programs, ${medianStatements} statements in the median (${counts[0] ?? 0} to ${counts[counts.length - 1] ?? 0})`,
    `${right.length} right, ${refused.length} refused, ${of('wrong').length} wrong, ${of('crashed').length} crashed`,
    `refused by code: ${codes || 'none'}`,
    `${compared} derivatives compared, ${skipped} skipped at kinks and jumps`,
    `nodes: ${nodes}`,
  ];
  const accepted = outcomes.length - refused.length;
  return { total: outcomes.length, accepted, failures, compared, skipped, medianStatements, text: lines.join('\n') };
}

function tally(entries: readonly (readonly [string, number])[]): string {
  const counts = new Map<string, number>();
  for (const [name, count] of entries) counts.set(name, (counts.get(name) ?? 0) + count);
  return [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
