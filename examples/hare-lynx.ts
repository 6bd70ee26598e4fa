/** Fits the equations of Lotka and Volterra to the pelts that the Hudson's Bay Company took in, 1900 to 1920. */

import { readFileSync } from 'node:fs';

import { grad_misfit } from './models/lotka-volterra.grad.ts';
import type { MisfitGrad } from './models/lotka-volterra.grad.ts';
import { advance, ratesOf, startOf, type Population, type Rates } from './models/lotka-volterra.ts';
import { minimise } from './quasi-newton.ts';

export interface Pelts {
  readonly years: readonly number[];
  /** In thousands. */
  readonly hares: Float64Array;
  readonly lynxes: Float64Array;
}

export interface Fit {
  readonly rates: Rates;
  readonly start: Population;
  readonly losses: readonly number[];
  /** Root mean squares of the residuals of the logarithms. */
  readonly haresOff: number;
  readonly lynxesOff: number;
  /** The fitted populations, ten points a year. */
  readonly curve: readonly (Population & { readonly year: number })[];
}

/** Expects a header and rows of year, hares, lynxes. */
export function readPelts(file: string): Pelts {
  const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  const columns = rows.map((row) => row.split(',').map(Number));
  return {
    years: columns.map((row) => row[0]!),
    hares: Float64Array.from(columns, (row) => row[1]!),
    lynxes: Float64Array.from(columns, (row) => row[2]!),
  };
}

export function fitPelts({ years, hares, lynxes }: Pelts): Fit {
  const guess = [0.5, 0.03, 0.02, 0.9, hares[0]!, lynxes[0]!];
  const out: MisfitGrad = { value: 0, d_logs: new Float64Array(guess.length) };
  const { at, losses } = minimise(
    (logs) => {
      const { value, d_logs } = grad_misfit(logs, hares, lynxes, out);
      return { value, gradient: d_logs };
    },
    Float64Array.from(guess, Math.log),
    200,
  );
  const [rates, start] = [ratesOf(at), startOf(at)];
  const curve = trajectory(rates, start, years[0]!, years.length - 1);
  const fitted = years.map((_year, i) => curve[10 * i]!);
  return {
    rates,
    start,
    losses,
    haresOff: rootMeanSquare(fitted.map((point, i) => Math.log(point.hares / hares[i]!))),
    lynxesOff: rootMeanSquare(fitted.map((point, i) => Math.log(point.lynxes / lynxes[i]!))),
    curve,
  };
}

function trajectory(rates: Rates, start: Population, firstYear: number, years: number): Fit['curve'] {
  const curve = [{ ...start, year: firstYear }];
  let now = start;
  for (let tenth = 1; tenth <= 10 * years; tenth++) {
    for (let step = 0; step < 2; step++) now = advance(now, rates, 1 / 20);
    curve.push({ ...now, year: firstYear + tenth / 10 });
  }
  return curve;
}

function rootMeanSquare(residuals: readonly number[]): number {
  return Math.sqrt(residuals.reduce((sum, r) => sum + r * r, 0) / residuals.length);
}
