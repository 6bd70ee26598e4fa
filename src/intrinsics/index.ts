/** What gradgen knows of by name. Everything runs as it is, and imports nothing. */

/** The number itself, as a constant: nothing that depends on it by way of this is differentiated. Generated code has `x` alone. */
export function stopGradient(x: number): number {
  return x;
}
