/** Reading and writing kept values: numbers in the workspace, references and strings in a plain array beside it. */

import { atIndex, type BlockBuilder, integer, newValue, real, workspaceType } from '../../src/graph/build.ts';
import type { ArrayType, Value } from '../../src/graph/types.ts';

/** `a + b` and `a * b` of positions, without operations on 0 and 1. Undefined stands for 0. */
export function plus(builder: BlockBuilder, a: Value | undefined, b: Value | number | undefined): Value | undefined {
  if (b === undefined || b === 0) return a;
  const right = typeof b === 'number' ? builder.literal(b) : b;
  return a === undefined ? right : builder.apply('add', [a, right], { type: integer });
}

export function times(builder: BlockBuilder, a: Value | undefined, factor: Value | number): Value | undefined {
  if (a === undefined || factor === 1) return a;
  const right = typeof factor === 'number' ? builder.literal(factor) : factor;
  return builder.apply('mul', [right, a], { type: integer });
}

export class Cells {
  readonly workspace: Value = newValue(workspaceType, 'ws');
  /** Plain arrays for what is no number, by kept value; to be made at the start of the function. */
  readonly boxes = new Map<Value, Value>();

  constructor(boxed: readonly Value[]) {
    for (const value of boxed) {
      const type: ArrayType = { kind: 'array', container: 'Array', element: value.type };
      this.boxes.set(value, newValue(type, `kept_${value.name ?? (value.type.kind === 'array' ? 'elements' : 'value')}`));
    }
  }

  isBoxed(value: Value): boolean {
    return this.boxes.has(value);
  }

  makeBoxes(builder: BlockBuilder): void {
    for (const box of this.boxes.values()) {
      builder.push({ kind: 'alloc', init: { kind: 'holes', length: builder.literal(0) }, result: box });
    }
  }

  reserve(builder: BlockBuilder, size: Value | undefined, grows: boolean): void {
    builder.push({ kind: 'workspace', size: size ?? builder.literal(0), result: this.workspace, grows });
  }

  write(builder: BlockBuilder, value: Value, cell: Value | undefined): void {
    const key = atIndex(cell ?? builder.literal(0));
    const box = this.boxes.get(value);
    if (box) {
      builder.store(box, key, value);
      return;
    }
    const number =
      value.type.kind === 'boolean' ? builder.apply('select', [value, builder.literal(1), builder.literal(0)]) : value;
    builder.store(this.workspace, key, number);
  }

  read(builder: BlockBuilder, value: Value, cell: Value | undefined): Value {
    const key = atIndex(cell ?? builder.literal(0));
    const box = this.boxes.get(value);
    if (box) return builder.load(box, key, value.type, value.name);
    if (value.type.kind !== 'boolean') {
      return builder.load(this.workspace, key, value.type.kind === 'integer' ? integer : real, value.name);
    }
    return builder.apply('eq', [builder.load(this.workspace, key, real), builder.literal(1)], { name: value.name });
  }

  /** A position, kept as a number of its own. */
  writePosition(builder: BlockBuilder, cell: Value | undefined, position: Value | undefined): void {
    builder.store(this.workspace, atIndex(cell ?? builder.literal(0)), position ?? builder.literal(0));
  }

  readPosition(builder: BlockBuilder, cell: Value): Value {
    return builder.load(this.workspace, atIndex(cell), integer);
  }
}
