/** A graph as JSON: values are numbered in program order, nodes keep their fields. */

import type { Block, Graph, Node, Value } from '../graph/types.ts';

/** Numbers that JSON does not have (NaN, the infinities, -0) are strings; an undefined literal has no `value`. */
export function jsonOf(graph: Graph): string {
  const numbers = new Map<Value, number>();
  const numberOf = (value: Value): number => {
    if (!numbers.has(value)) numbers.set(value, numbers.size);
    return numbers.get(value)!;
  };
  const params = graph.params.map(numberOf);
  const body = plain(graph.body, numberOf);
  const values = [...numbers.keys()].map(({ type, name }, id) => ({ id, ...(name === undefined ? {} : { name }), type }));
  return `${JSON.stringify({ name: graph.name, params, values, body }, undefined, 2)}\n`;
}

/** The same structure with a number in place of every value. */
function plain(item: unknown, numberOf: (value: Value) => number): unknown {
  if (typeof item === 'number') return Number.isFinite(item) && !Object.is(item, -0) ? item : Object.is(item, -0) ? '-0' : String(item);
  if (typeof item !== 'object' || item === null) return item;
  if (isValue(item)) return numberOf(item);
  if (Array.isArray(item)) return item.map((element) => plain(element, numberOf));
  return Object.fromEntries(Object.entries(item as Node | Block).map(([key, field]) => [key, plain(field, numberOf)]));
}

/** Only values have both; loops have an `id` and a `kind`. */
function isValue(item: object): item is Value {
  return 'id' in item && 'type' in item && !('kind' in item);
}
