/**
 * GradBench's hello.
 * @grad
 */
export function square(x: number): number {
  return x * x;
}
