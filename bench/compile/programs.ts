/** Sources that differ in how much there is to do: many functions, long ones, loops one after the other. */

/** One function as most users begin. */
export const one = `/** @grad w */
export function loss(w: number[], x: number[][], y: number[]): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    let z = 0;
    for (let j = 0; j < w.length; j++) z += w[j] * x[i][j];
    const p = 1 / (1 + Math.exp(-z));
    sum += (p - y[i]) ** 2;
  }
  return sum / x.length;
}
`;

/** So many functions of two loops, no two alike. */
export function manyFunctions(count: number): string {
  return sources(count, (k) => `/** @grad x y */
export function f${k}(x: number[], y: number[], c: number): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) {
    const d = x[i] - c * ${k + 1};
    s += Math.exp(-d * d) * ${(k % 7) + 1};
  }
  let t = 1;
  for (let j = 0; j < y.length; j++) t += Math.sin(y[j] * s) / (1 + y[j] * y[j]);
  return ${k % 2 === 0 ? 's * t' : 's / t'};
}
`);
}

/** One function of so many assignments to two variables. */
export function manyStatements(count: number): string {
  const pairs = sources(Math.ceil(count / 2), (k) => `  a = Math.sin(a * b) + ${k % 9} * b;
  b = a * ${(k % 5) + 1} - b / (1 + a * a);
`);
  return `/** @grad x y */
export function long(x: number, y: number): number {
  let a = x;
  let b = y;
${pairs}  return a + b;
}
`;
}

/** One function of so many statements, five to a loop over an array, each loop with the sum of the one before. */
export function manyLoops(count: number): string {
  const loops = sources(Math.ceil(count / 5), (k) => `  let s${k} = 0;
  for (let i = 0; i < x.length; i++) {
    const d = x[i] * ${k === 0 ? '2' : `s${k - 1}`} - ${k};
    const e = Math.tanh(d);
    s${k} += e * e;
  }
`);
  return `/** @grad x */
export function loops(x: number[]): number {
${loops}  return s${Math.ceil(count / 5) - 1};
}
`;
}

/** One function of so many statements that read and write elements of an array. */
export function manyElements(count: number): string {
  const steps = sources(count, (k) => `  u[${(k * 7) % 16}] = Math.cos(u[${(k * 3 + 1) % 16}]) * u[${(k * 5 + 2) % 16}] + x[${k % 16}];\n`);
  return `/** @grad x */
export function elements(x: Float64Array): number {
  const u = new Float64Array(16);
${steps}  let sum = 0;
  for (let i = 0; i < 16; i++) sum += u[i];
  return sum;
}
`;
}

function sources(count: number, source: (k: number) => string): string {
  return Array.from({ length: count }, (_, k) => source(k)).join('');
}
