/** What a nest of loops does to arrays from outside: element by element, rows of matrices among them, or anything else. */

import { append } from '../../src/graph/lists.ts';
import type { AccumulateNode, Block, LoadNode, LoopNode, Node, StoreNode, Value } from '../../src/graph/types.ts';
import { blocks, definedIn, exitOperands, operands } from '../../src/graph/walk.ts';
import { isReference } from '../memory.ts';

export interface Access {
  readonly node: LoadNode | StoreNode | AccumulateNode;
  readonly index: Value;
  /** Of a matrix: where its row stands, and the row. */
  readonly row?: { readonly index: Value; readonly value: Value };
  /** The loops around it, innermost first; the nest itself is the last one. */
  readonly around: readonly LoopNode[];
  /** Whether it depends on a condition that it happens. */
  readonly isConditional: boolean;
}

export class Uses {
  /** By array, or by matrix. */
  readonly accesses = new Map<Value, Access[]>();
  /** References that are used otherwise. */
  readonly otherwise = new Set<Value>();
  /** It does what this pass does not look through: calls, room that is made, arrays that become longer. */
  isOpaque = false;
  /** Rows that are loaded, with the load. */
  readonly rows = new Map<Value, LoadNode>();
  private readonly inside: ReadonlySet<Value>;

  constructor(nest: LoopNode) {
    this.inside = definedIn(nest);
    this.note([...nest.initial, ...nest.done]);
    this.walk(nest.body, [nest], false);
  }

  private walk(block: Block, around: readonly LoopNode[], isConditional: boolean): void {
    for (const node of block.nodes) {
      this.look(node, around, isConditional);
      for (const inner of blocks(node)) this.walk(inner, node.kind === 'loop' ? [node, ...around] : around, isConditional || node.kind === 'if');
    }
    this.note(exitOperands(block.exit));
  }

  private look(node: Node, around: readonly LoopNode[], isConditional: boolean): void {
    switch (node.kind) {
      case 'load':
      case 'store':
      case 'accumulate':
        if (node.kind !== 'load') this.note([node.value]);
        if (node.key.kind === 'index') this.lookAt({ node, index: node.key.index, around, isConditional });
        else if (node.kind !== 'load') this.note([node.memory]);
        break;
      case 'length':
        break;
      case 'call':
      case 'workspace':
      case 'resize':
      case 'pushFrame':
      case 'popFrame':
        this.isOpaque = true;
        break;
      case 'carry':
        this.isOpaque ||= node.effect;
        this.note(node.pieces.filter((piece): piece is Value => typeof piece === 'object' && 'id' in piece));
        break;
      case 'loop':
        this.note([...operands(node), ...node.done]);
        break;
      default:
        this.note(operands(node));
    }
  }

  private lookAt({ node, index, around, isConditional }: Access): void {
    const row = this.rows.get(node.memory);
    if (row?.key.kind === 'index') append(this.accesses, row.memory, { node, index, around, isConditional, row: { index: row.key.index, value: row.result } });
    else if (node.kind === 'load' && isReference(node.result.type)) this.lookAtRow(node);
    else if (!this.inside.has(node.memory)) append(this.accesses, node.memory, { node, index, around, isConditional });
  }

  private lookAtRow(node: LoadNode): void {
    if (this.inside.has(node.memory)) this.note([node.result]);
    else this.rows.set(node.result, node);
  }

  private note(values: readonly Value[]): void {
    for (const value of values) if (isReference(value.type)) this.otherwise.add(value);
  }
}
