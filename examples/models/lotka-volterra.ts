/** Hares and lynxes by the equations of Lotka and Volterra, and how far they are from the pelts that were counted. */

export interface Rates {
  /** Of the hares, where there are no lynxes. */
  growth: number;
  predation: number;
  conversion: number;
  /** Of the lynxes, where there are no hares. */
  death: number;
}

export interface Population {
  hares: number;
  lynxes: number;
}

const stepsPerYear = 20;

function change({ hares, lynxes }: Population, rates: Rates): Population {
  const meetings = hares * lynxes;
  return {
    hares: rates.growth * hares - rates.predation * meetings,
    lynxes: rates.conversion * meetings - rates.death * lynxes,
  };
}

function along(from: Population, slope: Population, time: number): Population {
  return { hares: from.hares + time * slope.hares, lynxes: from.lynxes + time * slope.lynxes };
}

/** One step of the classical Runge-Kutta method. */
export function advance(now: Population, rates: Rates, h: number): Population {
  const k1 = change(now, rates);
  const k2 = change(along(now, k1, h / 2), rates);
  const k3 = change(along(now, k2, h / 2), rates);
  const k4 = change(along(now, k3, h), rates);
  return {
    hares: now.hares + (h / 6) * (k1.hares + 2 * k2.hares + 2 * k3.hares + k4.hares),
    lynxes: now.lynxes + (h / 6) * (k1.lynxes + 2 * k2.lynxes + 2 * k3.lynxes + k4.lynxes),
  };
}

/** All parameters are positive: the optimiser sees their logarithms. */
export function ratesOf(logs: Float64Array): Rates {
  return {
    growth: Math.exp(logs[0]!),
    predation: Math.exp(logs[1]!),
    conversion: Math.exp(logs[2]!),
    death: Math.exp(logs[3]!),
  };
}

export function startOf(logs: Float64Array): Population {
  return { hares: Math.exp(logs[4]!), lynxes: Math.exp(logs[5]!) };
}

/**
 * Sum of the squared residuals of the logarithms, one row a year.
 * `logs`: logarithms of growth, predation, conversion, death, and of hares and lynxes in the first year.
 * @grad logs
 */
export function misfit(logs: Float64Array, hares: Float64Array, lynxes: Float64Array): number {
  const rates = ratesOf(logs);
  let now = startOf(logs);
  let sum = 0;
  for (let year = 0; year < hares.length; year++) {
    sum += Math.log(now.hares / hares[year]!) ** 2 + Math.log(now.lynxes / lynxes[year]!) ** 2;
    for (let step = 0; step < stepsPerYear; step++) now = advance(now, rates, 1 / stepsPerYear);
  }
  return sum;
}
