/** `@hessian`: value, gradient and the dense Hessian, a row for each number that is differentiated. */

import { atIndex, BlockBuilder } from '../../src/graph/build.ts';
import type { Parameter } from '../../src/graph/primal.ts';
import type { Graph } from '../../src/graph/types.ts';
import { directionsFor, forEachUnit, matrix, runIn, withOwnGradients, withoutAbsence, type Directional } from './directions.ts';
import { isFlat, writeNumbers } from './jacobian.ts';
import { countNumbers, product, sum } from './numbers.ts';

/**
 * `gradient`: value and gradients. `along`: the Hessian times a direction of one parameter, for each parameter in order.
 * Storage is placed in all graphs.
 */
export function hessian(gradient: Graph, differentiated: readonly Parameter[], along: (parameter: Parameter) => Directional): Graph {
  const builder = new BlockBuilder(gradient.origin);
  const counts = differentiated.map(({ value, type }) => countNumbers(builder, value, withoutAbsence(type)));
  const starts = counts.map((_count, i) => counts.slice(0, i).reduce((all, count) => sum(builder, all, count), builder.literal(0)));
  const size = counts.reduce((all, count) => sum(builder, all, count));
  const h = matrix(builder, 'H', product(builder, size, size), 'the Hessian');
  const values = runIn(builder, gradient, new Map());
  differentiated.forEach((parameter, i) => {
    const directional = along(parameter);
    const zeros = directionsFor(builder, directional.along, parameter);
    forEachUnit(builder, parameter.value, starts[i]!, `t_${parameter.name}`, (inner, direction, row) => {
      const begin = product(inner, row, size);
      const places = starts.map((start) => sum(inner, begin, start));
      const graph = withOwnGradients(directional.graph, ({ gradientOf, isHessianProduct, result, origin }) => {
        const k = differentiated.findIndex(({ name }) => gradientOf?.length === 1 && name === gradientOf[0]);
        if (k < 0 || !isHessianProduct || !isFlat(differentiated[k]!.type)) return undefined;
        return { kind: 'view', memory: h, from: places[k]!, to: sum(inner, places[k]!, counts[k]!), result, ...(origin ? { origin } : {}) };
      });
      const products = runIn(inner, graph, zeros(directional.graph, direction));
      differentiated.forEach(({ type, value }, k) => {
        if (isFlat(type)) return;
        writeNumbers(inner, products[k]!, withoutAbsence(type), places[k]!, (write, number, place) => write.store(h, atIndex(place), number), value);
      });
    });
  });
  return { ...gradient, name: `hessian_${gradient.name}`, body: builder.block({ kind: 'return', values: [...values, h] }) };
}
