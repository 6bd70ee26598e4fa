/**
 * Hands values out of the branches and labelled blocks that define them, for a use behind: each owner on the way gets one
 * more result, unassigned where it does not come by.
 */

import { type BlockBuilder, newValue } from '../../src/graph/build.ts';
import { append } from '../../src/graph/lists.ts';
import type { Block, Node, Value } from '../../src/graph/types.ts';
import { commonBlock, type Structure } from './structure.ts';

interface Export {
  readonly owner: Node;
  readonly result: Value;
  /** The value on its way, innermost first: itself, then the results that hand it on. */
  readonly steps: readonly Step[];
}

/** A value on its way to the end of a block. */
export interface Handed {
  readonly value: Value;
  readonly steps: readonly Step[];
}

interface Step {
  readonly value: Value;
  readonly block: Block;
  readonly index: number;
}

export class Exports {
  private readonly structure: Structure;
  private readonly byOwner = new Map<Node, Export[]>();

  constructor(structure: Structure) {
    this.structure = structure;
  }

  /** The value as it is in scope in `block`; hands it out through all owners in between. */
  handOut(value: Value, block: Block): Value {
    const home = this.structure.placeOf(value)!;
    const common = commonBlock(this.structure, home.block, block);
    const path = this.structure.pathOf(home.block);
    const steps: Step[] = [{ value, block: home.block, index: home.index }];
    for (const inner of path.slice(path.indexOf(common) + 1).toReversed()) {
      const owner = this.structure.ownerOf(inner)!;
      const known = this.byOwner.get(owner)?.find((entry) => entry.steps[0]!.value === value);
      const result = known?.result ?? newValue(value.type, value.name);
      if (!known) append(this.byOwner, owner, { owner, result, steps: [...steps] });
      const place = this.structure.placeOfNode(owner);
      steps.push({ value: result, block: place.block, index: place.index });
    }
    return steps.at(-1)!.value;
  }

  /** The same for a use at the end of `block` itself, and at the exits inside of it: see `valueAt`. */
  handOutTo(value: Value, block: Block): Handed {
    const home = this.structure.placeOf(value)!;
    this.handOut(value, block);
    const path = this.structure.pathOf(home.block);
    const steps: Step[] = [{ value, block: home.block, index: home.index }];
    for (const inner of path.slice(path.indexOf(block) + 1).toReversed()) {
      const owner = this.structure.ownerOf(inner)!;
      const { result } = this.byOwner.get(owner)!.find((entry) => entry.steps[0]!.value === value)!;
      const place = this.structure.placeOfNode(owner);
      steps.push({ value: result, block: place.block, index: place.index });
    }
    return { value, steps };
  }

  /** What a value that is handed on is called at the end of `block`. */
  valueAt({ value, steps }: Handed, block: Block, builder: BlockBuilder): Value {
    const step = steps.find((candidate) => this.hasCome(candidate, block));
    return step?.value ?? builder.unassigned(value.type, value.name);
  }

  resultsOf(owner: Node): readonly Value[] {
    return (this.byOwner.get(owner) ?? []).map(({ result }) => result);
  }

  /** What the exit at the end of `block`, which leaves `owner`, hands out. */
  valuesAt(owner: Node, block: Block, builder: BlockBuilder): readonly Value[] {
    return (this.byOwner.get(owner) ?? []).map(({ result, steps }) => {
      const step = steps.find((candidate) => this.hasCome(candidate, block));
      return step?.value ?? builder.unassigned(result.type, result.name);
    });
  }

  /** Whether a value is defined by the time the end of `block` is reached. */
  private hasCome(step: Step, block: Block): boolean {
    const path = this.structure.pathOf(block);
    const depth = path.indexOf(step.block);
    if (depth < 0) return false;
    const next = path[depth + 1];
    if (next === undefined) return true;
    return this.structure.placeOfNode(this.structure.ownerOf(next)!).index > step.index;
  }
}
