/** ln Γ(twice / 2), for whole `twice` above 0. */
function logGammaOfHalf(twice: number): number {
  let result = twice % 2 === 0 ? 0 : 0.5 * Math.log(Math.PI);
  for (let t = twice % 2 === 0 ? 2 : 1; t < twice; t += 2) result += Math.log(t / 2);
  return result;
}

/** The part of the Wishart prior's logarithm that depends on no parameter, for one component. */
export function wishartConstant(d: number, gamma: number, m: number): number {
  const freedom = d + m + 1;
  let logGamma = 0.25 * d * (d - 1) * Math.log(Math.PI);
  for (let j = 1; j <= d; j++) logGamma += logGammaOfHalf(freedom + 1 - j);
  return freedom * d * (Math.log(gamma) - 0.5 * Math.log(2)) - logGamma;
}
