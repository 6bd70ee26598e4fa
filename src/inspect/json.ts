/** A graph as JSON: values and loops are numbered in program order, nodes keep their fields. */

import type { Stored } from '../graph/primal.ts';
import type { Graph, Value } from '../graph/types.ts';

/** A companion, and what it keeps for its backward sweep. */
export interface Kept {
  readonly companion: string;
  readonly stored: readonly Stored[];
}

/** Numbers that JSON does not have (NaN, the infinities, -0) are strings; an undefined literal has no `value`. */
export function jsonOf(graph: Graph, kept: readonly Kept[] = []): string {
  const numbering = new Numbering();
  const params = graph.params.map((value) => numbering.value(value));
  const body = plain(graph.body, numbering);
  return `${JSON.stringify({ name: graph.name, params, values: numbering.values(), body, ...(kept.length > 0 && { storage: kept }) }, undefined, 2)}\n`;
}

class Numbering {
  readonly #values = new Map<Value, number>();
  readonly #loops = new Map<number, number>();

  value(value: Value): number {
    if (!this.#values.has(value)) this.#values.set(value, this.#values.size);
    return this.#values.get(value)!;
  }

  loop(id: number): number {
    if (!this.#loops.has(id)) this.#loops.set(id, this.#loops.size);
    return this.#loops.get(id)!;
  }

  values(): object[] {
    return [...this.#values.keys()].map(({ name, type }, id) => ({ id, name, type }));
  }
}

/** The same structure with a number in place of every value. */
function plain(item: unknown, numbering: Numbering): unknown {
  if (typeof item === 'number') return jsonNumber(item);
  if (typeof item !== 'object' || item === null) return item;
  if (isValue(item)) return numbering.value(item);
  if (Array.isArray(item)) return item.map((element) => plain(element, numbering));
  return Object.fromEntries(
    Object.entries(item).map(([key, field]: [string, unknown]) => {
      const isLoop = (key === 'id' || key === 'mirrors') && typeof field === 'number';
      return [key, isLoop ? numbering.loop(field) : plain(field, numbering)];
    }),
  );
}

function jsonNumber(number: number): number | string {
  if (Object.is(number, -0)) return '-0';
  return Number.isFinite(number) ? number : String(number);
}

/** Only values have both; loops have an `id` and a `kind`. */
function isValue(item: object): item is Value {
  return 'id' in item && 'type' in item && !('kind' in item);
}
