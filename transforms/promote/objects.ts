/** What promotion knows of records, tuples and small arrays whose identity is known. */

import type { LoopNode, Type, Value } from '../../src/graph/types.ts';

/** Arrays with more elements stay memory. */
export const mostElements = 16;
/** An object chosen by a branch is accessed through repeated branches, so many times. */
export const mostChosenAccesses = 8;

export interface Slot {
  /** A field's name, or an index in digits. */
  readonly name: string;
  readonly type: Type;
}

export interface Shape {
  readonly slots: readonly Slot[];
  /** Has a length, and its slots are numbered. */
  readonly isList: boolean;
  /** Numbers are rounded when they are stored. */
  readonly rounds: boolean;
}

interface ObjectBase {
  /** The definition to leave alone where the object turns out not to be promotable. */
  readonly value: Value;
  readonly shape: Shape;
  readonly name: string | undefined;
}

/** Made here. Its slots are values of the state. */
export interface FreshObject extends ObjectBase {
  readonly kind: 'fresh';
  /** False for what several objects became at a join: a copy of their slots, right as long as nobody stores. */
  readonly mutable: boolean;
  /** The loops around where it is made. */
  readonly born: readonly LoopNode[];
  /** Loops, entered after it was made, that store into it. */
  readonly storedIn: Set<LoopNode>;
  /** The joins that copied its slots. */
  readonly copiedBy: Set<Value>;
}

/** A parameter, or an object inside one: never written, its slots are loads at the function's start. */
export interface ParameterObject extends ObjectBase {
  readonly kind: 'parameter';
}

/** One of two known objects. */
export interface ChosenObject extends ObjectBase {
  readonly kind: 'chosen';
  readonly condition: Value;
  readonly then: KnownObject;
  readonly else: KnownObject;
}

export type KnownObject = FreshObject | ParameterObject | ChosenObject;

/** Undefined where the type has no fixed slots, or elements that convert what is stored. */
export function shapeOf(type: Type, length?: number): Shape | undefined {
  switch (type.kind) {
    case 'record':
      return { slots: type.fields, isList: false, rounds: false };
    case 'tuple':
      return { slots: type.elements.map((element, i) => ({ name: `${i}`, type: element })), isList: true, rounds: false };
    case 'array': {
      if (length === undefined || length > mostElements) return undefined;
      if (type.container !== 'Array' && !type.container.startsWith('Float')) return undefined;
      const slots = Array.from({ length }, (_, i) => ({ name: `${i}`, type: type.element }));
      return { slots, isList: true, rounds: type.container === 'Float32Array' };
    }
    default:
      return undefined;
  }
}

export function sameShape(a: Shape, b: Shape): boolean {
  return (
    a.isList === b.isList &&
    a.rounds === b.rounds &&
    a.slots.length === b.slots.length &&
    a.slots.every((slot, i) => slot.name === b.slots[i]!.name)
  );
}

/** The slots of the objects that exist, as they are at one place of the program. */
export class State {
  private readonly slots: Map<FreshObject, readonly Value[]>;

  constructor(slots: Map<FreshObject, readonly Value[]> = new Map()) {
    this.slots = slots;
  }

  fork(): State {
    return new State(new Map(this.slots));
  }

  get objects(): readonly FreshObject[] {
    return [...this.slots.keys()];
  }

  has(object: FreshObject): boolean {
    return this.slots.has(object);
  }

  valuesOf(object: FreshObject): readonly Value[] {
    return this.slots.get(object) ?? [];
  }

  set(object: FreshObject, values: readonly Value[]): void {
    this.slots.set(object, values);
  }

  setSlot(object: FreshObject, index: number, value: Value): void {
    this.slots.set(object, this.valuesOf(object).with(index, value));
  }
}
