/** All companions of a function. */

import type { Companion, CompanionKind, Primal } from '../../src/graph/primal.ts';
import type { Type } from '../../src/graph/types.ts';
import { visit } from '../../src/graph/walk.ts';
import { derive, jacobianByColumns } from '../../src/pipeline.ts';
import { settleFacts } from '../../transforms/procedures/facts.ts';
import { programOf } from '../../transforms/procedures/program.ts';
import { Randomness } from '../random/randomness.ts';
import { leavesOf, type Datum } from './data.ts';
import { directionsOf } from './dot-product.ts';
import type { Module } from './load.ts';

/** All that the signature allows; the Jacobian, which has one row, also by columns. */
export function companionsOf(primal: Primal): readonly Companion[] {
  const [request] = primal.requests;
  const of = (kind: CompanionKind): Companion => derive(primal, { ...request!, kind }, { verified: true });
  const gradient = of('grad');
  if (!gradient.differentiated.every(({ type }) => hasPlaces(type)) || hasEffects(primal)) return [gradient, of('vjp')];
  const rows = of('jacobian');
  const program = settleFacts(programOf(primal.graph, primal.procedures, primal.rules));
  const { main, parts } = jacobianByColumns(program, rows.differentiated, primal.signature.result, { verified: true });
  const columns = { ...rows, name: `columns_${primal.signature.name}`, resultName: `Columns${rows.resultName}`, graph: main, procedures: parts };
  return [gradient, of('vjp'), rows, columns, of('hvp'), of('hessian')];
}

/** Each number of the argument has its column. */
function hasPlaces(type: Type): boolean {
  switch (type.kind) {
    case 'optional':
      return type.of.kind === 'real';
    case 'array':
      return hasPlaces(type.element);
    case 'tuple':
      return type.elements.every(hasPlaces);
    case 'record':
      return type.recursive === undefined && type.fields.every((field) => hasPlaces(field.type));
    default:
      return type.kind !== 'recursive';
  }
}

/** What it calls may not be called again. */
function hasEffects({ graph, procedures }: Primal): boolean {
  let found = false;
  for (const { body } of [graph, ...procedures]) visit(body, (node) => void (found ||= node.kind === 'carry' && node.effect));
  return found;
}

type Result = Readonly<Record<string, Datum>>;

/** What is wrong with the companions at these arguments: they have to say what gradient and Hessian product say. */
export function matrixProblem(companions: readonly Companion[], module: Module, args: readonly Datum[], seed: number): string | undefined {
  const [gradientOf] = companions;
  const { differentiated, signature } = gradientOf!;
  const call = (kind: string, ...further: readonly Datum[]): Result | undefined =>
    (module[`${kind}_${signature.name}`] as ((...all: readonly Datum[]) => Result) | undefined)?.(...args, ...further);
  const flat = (result: Result, prefix: string): number[] => differentiated.flatMap(({ name }) => leavesOf(result[`${prefix}_${name}`]).map(({ value }) => value));
  const gradient = flat(call('grad')!, 'd');
  const size = Math.max(1, ...gradient.map(Math.abs));
  const pulled = flat(call('vjp', -1.5)!, 'd');
  if (!isClose(pulled, gradient.map((d) => -1.5 * d), size)) return `vjp: ${pulled.join(', ')} for ${gradient.join(', ')}`;
  for (const kind of ['jacobian', 'columns']) {
    const matrix = call(kind);
    if (matrix !== undefined && !isClose(flat(matrix, 'J'), gradient, size)) return `${kind}: ${flat(matrix, 'J').join(', ')} for ${gradient.join(', ')}`;
  }
  const second = call('hessian');
  if (second === undefined) return undefined;
  if (!isClose(flat(second, 'd'), gradient, size)) return 'hessian: another gradient';
  const directions = directionsOf(gradientOf!, args, new Randomness(seed));
  const direction = differentiated.flatMap(({ name }) => leavesOf(directions[`d_${name}`]).map(({ value }) => value));
  const product = flat(call('hvp', ...Object.values(directions))!, 'h');
  const h = second['H'] as Float64Array;
  const n = direction.length;
  if (h.length !== n * n) return `hessian: ${h.length} numbers for ${n} parameters`;
  const along = direction.map((_, row) => direction.reduce((sum, t, k) => sum + h[row * n + k]! * t, 0));
  const numbers = [...h, ...product];
  if (!numbers.every(Number.isFinite)) return undefined;
  return isClose(along, product, Math.max(size, ...numbers.map(Math.abs))) ? undefined : `hessian: H t is ${along.join(', ')}, hvp gives ${product.join(', ')}`;
}

function isClose(got: readonly number[], wanted: readonly number[], size: number): boolean {
  return got.length === wanted.length && got.every((value, i) => Object.is(value, wanted[i]) || Math.abs(value - wanted[i]!) <= 1e-9 * size);
}
