/**
 * Memory that is not ours to write: that of parameters and module constants, under whatever name it is reached.
 *
 * What is found out later holds for what came before: a write that was harmless when it was read is reported when its memory
 * turns out to be an argument's (the next iteration of a loop, another call of a procedure).
 */

import type { ts } from 'ts-morph';

import { newValue, real } from '../graph/build.ts';
import type { Value } from '../graph/types.ts';
import { Refusal } from './refusal.ts';
import { isReference } from './types.ts';

export class ForeignMemory {
  /** Whose it is. */
  private readonly foreign = new Map<Value, string>();
  private readonly derived = new Map<Value, Value[]>();
  private readonly holders = new Map<Value, Value>();
  /** What arguments held when they became a parameter. */
  private readonly brought = new Map<Value, Value>();
  private readonly writes = new Map<Value, ts.Node[]>();
  private readonly report: (node: ts.Node, why: string) => void;

  constructor(report: (node: ts.Node, why: string) => void) {
    this.report = report;
  }

  /** Marks memory that is not ours to write: of a parameter or a module constant. */
  mark(value: Value, why: string): void {
    if (!isReference(value.type) || this.foreign.has(value)) return;
    this.foreign.set(value, why);
    for (const node of this.writes.get(value) ?? []) this.report(node, why);
    for (const other of this.derived.get(value) ?? []) this.mark(other, why);
  }

  /** `value` is reached through `from`: whatever holds for the one holds for the other. */
  derive(value: Value, from: Value): void {
    if (!isReference(value.type)) return;
    const list = this.derived.get(from) ?? [];
    list.push(value);
    this.derived.set(from, list);
    const why = this.foreign.get(from);
    if (why !== undefined) this.mark(value, why);
  }

  isForeign(value: Value): boolean {
    return this.foreign.has(value);
  }

  /** `held` becomes an element or a field of `memory`: what is loaded from there may be it. */
  hold(memory: Value, held: Value): void {
    if (isReference(held.type)) this.derive(this.holderOf(memory), held);
  }

  /** An argument becomes a parameter: what the procedure stores there is held by the argument afterwards. */
  handOver(argument: Value, param: Value): void {
    this.derive(param, argument);
    const brought = this.brought.get(param) ?? newValue(param.type);
    this.brought.set(param, brought);
    this.derive(brought, this.holderOf(argument));
    this.derive(this.holderOf(argument), this.holderOf(param));
  }

  /** What a procedure returns gets another name where it is called. */
  giveBack(returned: Value, result: Value): void {
    this.derive(result, returned);
    this.derive(this.holderOf(result), this.holderOf(returned));
    const brought = this.brought.get(returned);
    if (brought !== undefined) this.derive(this.holderOf(result), brought);
  }

  /** A reference that was loaded from `memory`. */
  loaded(value: Value, memory: Value): void {
    this.derive(value, memory);
    this.derive(value, this.holderOf(memory));
    const brought = this.brought.get(memory);
    if (brought !== undefined) this.derive(value, brought);
  }

  /** @throws Refusal where the memory is known to be foreign. */
  write(memory: Value, node: ts.Node): void {
    const why = this.foreign.get(memory);
    if (why !== undefined) {
      this.report(node, why);
      throw new Refusal('GG2014');
    }
    const list = this.writes.get(memory) ?? [];
    list.push(node);
    this.writes.set(memory, list);
  }

  /** `item` is called `value` from now on. */
  rename(item: Value, value: Value): void {
    if (!isReference(item.type)) return;
    const why = this.foreign.get(item);
    if (why !== undefined) this.foreign.set(value, why);
    for (const list of this.derived.values()) if (list.includes(item)) list.push(value);
    for (const table of [this.derived, this.writes, this.holders] as Map<Value, unknown>[]) {
      if (table.has(item)) table.set(value, table.get(item));
    }
  }

  /** Stands for everything that the memory holds, so that aliases found later are known to its readers. */
  private holderOf(memory: Value): Value {
    const known = this.holders.get(memory);
    if (known !== undefined) return known;
    const holder = newValue({ kind: 'array', container: 'Array', element: real });
    this.holders.set(memory, holder);
    return holder;
  }
}
