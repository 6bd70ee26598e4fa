/**
 * The mirror of one forward block under construction: its nodes, and the adjoints that have been gathered so far.
 *
 * A frame owns the adjoints of the values that its forward nodes define. Adjoints of values from further out are summed
 * here too and handed to the owner when the frame is closed: as results of the mirrored `if`, as carried values of the
 * mirrored loop.
 */

import { BlockBuilder, newValue, real } from '../../src/graph/build.ts';
import type { Node, Origin, Value } from '../../src/graph/types.ts';

export type FrameKind =
  /** An arm or a guarded part: sees the adjoints of its parent. */
  | 'part'
  /** The body of a mirrored loop: adjoints from outside are carried. */
  | 'loop';

export class Frame {
  readonly builder: BlockBuilder;
  readonly parent: Frame | undefined;
  private readonly kind: FrameKind;
  private readonly owns: (value: Value) => boolean;
  private readonly adjoints = new Map<Value, Value | undefined>();
  /** Of a loop frame: outer values whose adjoints are carried, with the block parameter that brings them in. */
  readonly carried = new Map<Value, Value>();
  /** Outer values that received a contribution here, in order. */
  readonly touched = new Set<Value>();
  readonly restored = new Map<Value, Value>();
  /** Shadows that begin with this frame: of memory that is local to the forward block. */
  readonly shadows = new Map<Value, Value>();

  constructor(parent: Frame | undefined, kind: FrameKind, owns: (value: Value) => boolean, origin?: Origin) {
    this.parent = parent;
    this.kind = kind;
    this.owns = owns;
    this.builder = new BlockBuilder(origin, true);
  }

  ownsValue(value: Value): boolean {
    return this.owns(value);
  }

  /** The sum of the contributions to `value` so far; undefined where there are none. */
  adjoint(value: Value): Value | undefined {
    if (this.adjoints.has(value)) return this.adjoints.get(value);
    if (this.owns(value) || this.parent === undefined) return undefined;
    if (this.kind === 'part') return this.parent.adjoint(value);
    return undefined;
  }

  /** Adds a contribution; its first one is the adjoint itself, and takes its name if it was `made` for it just now. */
  contribute(value: Value, contribution: Value, made = false): void {
    const before = this.incoming(value);
    if (before === undefined) this.replaceAdjoint(value, made ? this.named(contribution, value) : contribution);
    else this.replaceAdjoint(value, this.sum(before, contribution, value));
  }

  /** Sets the adjoint, for owners that close a frame and know the whole sum. */
  replaceAdjoint(value: Value, adjoint: Value | undefined): void {
    this.adjoints.set(value, adjoint);
    if (!this.owns(value)) this.touched.add(value);
  }

  /** The adjoint as it comes into this frame: what a contribution is added to. */
  private incoming(value: Value): Value | undefined {
    if (this.adjoints.has(value) || this.owns(value) || this.parent === undefined) return this.adjoints.get(value);
    if (this.kind === 'part') return this.parent.incomingFor(value);
    const param = newValue(real, adjointName(value));
    this.carried.set(value, param);
    return param;
  }

  /** The same for a part inside this frame; a loop frame begins to carry the adjoint. */
  incomingFor(value: Value): Value | undefined {
    if (this.adjoints.has(value) || this.owns(value) || this.parent === undefined) return this.adjoints.get(value);
    if (this.kind === 'part') return this.parent.incomingFor(value);
    const param = this.incoming(value)!;
    this.adjoints.set(value, param);
    this.touched.add(value);
    return param;
  }

  private sum(before: Value, contribution: Value, value: Value): Value {
    return this.builder.apply('add', [before, contribution], { name: adjointName(value), type: real });
  }

  /** Gives a contribution that was just made the name of the adjoint. */
  private named(contribution: Value, value: Value): Value {
    const name = adjointName(value);
    const last = this.builder.nodes.at(-1);
    if (name === undefined || contribution.name !== undefined || last?.kind !== 'apply' || last.result !== contribution) {
      return contribution;
    }
    const result = newValue(contribution.type, name);
    this.builder.nodes[this.builder.nodes.length - 1] = { ...last, result };
    return result;
  }

  /** Whether this is inside the mirror of a loop. */
  get isInLoop(): boolean {
    return this.kind === 'loop' || (this.parent?.isInLoop ?? false);
  }

  /** The other side of a part that runs only under a condition. */
  emptyPart(): Frame {
    return new Frame(this, 'part', () => false, this.builder.origin);
  }

  get nodes(): readonly Node[] {
    return this.builder.nodes;
  }

  get isEmpty(): boolean {
    return this.touched.size === 0 && !this.builder.nodes.some((node) => node.kind !== 'literal' && node.kind !== 'restore');
  }
}

export function adjointName(value: Value): string | undefined {
  return value.name === undefined ? undefined : `d_${value.name}`;
}
