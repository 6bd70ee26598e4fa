/** Where paths of a program meet: results of an `if`, results of a loop, and the slots of objects that differ. */

import { newValue } from '../../src/graph/build.ts';
import type { Node, Value } from '../../src/graph/types.ts';
import { sameShape, type FreshObject, type KnownObject, type State } from './objects.ts';
import { NotPromotable, slotName, type Promotion } from './promotion.ts';

/** The end of one path. */
export interface End {
  /** Where more can be computed; undefined where nothing can (a loop that reaches its bound). */
  readonly nodes: Node[] | undefined;
  readonly state: State;
  /** What the path hands on at run time; joining fills it. */
  readonly values: Value[];
  /** What it handed on before promotion. */
  readonly from?: readonly Value[];
}

export class Joiner {
  private readonly promotion: Promotion;
  private readonly ends: readonly End[];
  /** The state before the paths parted; afterwards the joined one. */
  private readonly state: State;
  private readonly results: Value[];
  /** Of an `if`. */
  private readonly condition: Value | undefined;
  private readonly before: readonly FreshObject[];

  constructor(
    promotion: Promotion,
    ends: readonly End[],
    state: State,
    results: Value[],
    condition: Value | undefined,
  ) {
    this.promotion = promotion;
    this.ends = ends;
    this.state = state;
    this.results = results;
    this.condition = condition;
    this.before = state.objects;
  }

  /** Makes `result` what the paths hand on: a value at run time, or an object. */
  join(values: readonly Value[], result: Value): void {
    const objects = values.map((value) => this.promotion.objectOf(value));
    const known = objects.filter((object) => object !== undefined);
    if (known.length === 0 || known.length < objects.length || this.promotion.isOpaque(result)) {
      this.handOn(values, result);
    } else if (known.every((object) => object === known[0]) && this.existsBefore(known[0]!)) {
      this.promotion.bind(result, known[0]!);
    } else if (!known.every((object) => sameShape(object.shape, known[0]!.shape))) {
      this.handOn(values, result);
    } else if (this.condition !== undefined && known.length === 2 && known.every((object) => this.existsBefore(object))) {
      const [then, otherwise] = known as [KnownObject, KnownObject];
      const { condition } = this;
      this.promotion.bind(result, { kind: 'chosen', value: result, shape: then.shape, name: result.name, condition, then, else: otherwise });
    } else {
      this.merge(known, result);
    }
  }

  /** Slots of objects from before that the paths left different. */
  joinSlots(): void {
    if (this.ends.length === 0) return;
    for (const object of this.before) {
      const before = this.state.valuesOf(object);
      const joined = before.map((old, i) => {
        const values = this.ends.map((end) => this.promotion.resolve(end.state.valuesOf(object)[i]!));
        const isSame = values.every((value) => value === this.promotion.resolve(old));
        return isSame ? old : this.joinSlot(values, object, i);
      });
      this.state.set(object, joined);
    }
  }

  private joinSlot(values: readonly Value[], object: FreshObject, index: number): Value {
    const result = newValue(object.shape.slots[index]!.type, slotName(object, index));
    if (values.some((value) => this.promotion.objectOf(value))) {
      // Objects in slots that differ: named by the object that holds them, should that not work out.
      if (!values.every((value) => this.promotion.objectOf(value))) throw new NotPromotable(object.value);
      const objects = values.map((value) => this.promotion.objectOf(value)!);
      if (objects.every((held) => held === objects[0]) && this.existsBefore(objects[0]!)) return values[0]!;
      throw new NotPromotable(object.value);
    }
    this.handOn(values, result);
    return result;
  }

  private handOn(values: readonly Value[], result: Value): void {
    this.ends.forEach((end, i) => end.values.push(this.promotion.use(values[i]!)));
    this.results.push(result);
  }

  /** Other objects on other paths: the result is an object of its own, with the slots of the one that was handed on. */
  private merge(objects: readonly KnownObject[], result: Value, blame = result): void {
    const isOwn = objects.every((object, i) => this.isUnique(object, i));
    const merged = this.promotion.fresh(result, objects[0]!.shape, isOwn, blame);
    const values = merged.shape.slots.map((slot, k) => {
      const read = this.ends.map((end, i) => this.promotion.read(objects[i]!, k, end.state, end.nodes));
      const name = slotName(merged, k);
      const value = newValue(slot.type, name);
      if (read.some((held) => this.promotion.objectOf(held))) {
        const held = read.map((one) => this.promotion.objectOf(one));
        if (held.some((one) => one === undefined || one !== held[0]) || !this.existsBefore(held[0]!)) {
          const objectsHeld = held.filter((one) => one !== undefined);
          if (objectsHeld.length < held.length) throw new NotPromotable(blame);
          this.merge(objectsHeld, value, blame);
          return value;
        }
        return read[0]!;
      }
      this.handOn(read, value);
      return value;
    });
    this.state.set(merged, values);
    if (!isOwn) for (const object of objects) this.promotion.markCopied(object, blame);
  }

  private existsBefore(object: KnownObject): boolean {
    if (object.kind === 'fresh') return this.state.has(object);
    if (object.kind === 'parameter') return true;
    return this.existsBefore(object.then) && this.existsBefore(object.else) && this.chosenBefore(object);
  }

  /** Whether what chooses is known before the paths part; only then the choice can be repeated behind them. */
  private chosenBefore(object: Extract<KnownObject, { kind: 'chosen' }>): boolean {
    return this.ends.every((end) => end.nodes === undefined || !end.nodes.some((node) => defines(node, object.condition)));
  }

  /** Whether the object was made on its path and nothing but this result refers to it. */
  private isUnique(object: KnownObject, index: number): boolean {
    if (object.kind !== 'fresh' || this.state.has(object) || !object.mutable || object.copiedBy.size > 0) return false;
    const end = this.ends[index]!;
    const slots = end.state.objects.flatMap((other) => end.state.valuesOf(other));
    const handed = end.from ?? [];
    return [...slots, ...handed].filter((value) => this.promotion.objectOf(value) === object).length <= 1;
  }
}

function defines(node: Node, value: Value): boolean {
  return ('result' in node && node.result === value) || ('results' in node && node.results.includes(value));
}
