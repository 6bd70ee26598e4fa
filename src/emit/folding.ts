/**
 * Which values are printed inside their only reader instead of a statement of their own.
 *
 * A pure value may move to its reader; one that reads memory may not move past a write to that memory. Named values keep
 * their statement. Literals, names of the module and lengths of parameters are printed wherever they are read.
 */

import type { Block, IfNode, LiteralValue, Node, Value } from '../graph/types.ts';
import { operands } from '../graph/walk.ts';
import type { Demand } from './demand.ts';
import { isMemory } from './type-text.ts';

export class Folding {
  private readonly inlined = new Set<Value>();
  private readonly expressions = new Set<IfNode>();
  private readonly leavesOf = new Map<Value, ReadonlySet<Value>>();
  private readonly demand: Demand;
  private readonly params: ReadonlySet<Value>;
  /** Index of the statement that a folded value is printed in, in the block of its definition. */
  private readonly position = new Map<Value, number>();

  /** Printed more than once, or evaluated in every iteration: what is folded into these must be cheap. */
  private readonly repeated = new Set<Node>();
  /** Objects that are the result: their fields are printed twice, for a fresh result and into `out`. */
  private readonly returned = new Set<Value>();

  constructor(demand: Demand, params: readonly Value[], body: Block) {
    this.demand = demand;
    this.params = new Set(params);
    if (body.exit.kind === 'return') body.exit.values.forEach((value) => this.findReturned(value));
    this.fold(body);
  }

  isInlined(value: Value): boolean {
    return this.inlined.has(value);
  }

  /** The `if` is printed as `c ? a : b`, or as `&&` or `||`. */
  isExpression(node: IfNode): boolean {
    return this.expressions.has(node);
  }

  /** The literal that the value is; undefined for all others. */
  literalOf(value: Value): { readonly value: LiteralValue; readonly unassigned: boolean } | undefined {
    const node = this.demand.definitions.get(value)?.node;
    return node?.kind === 'literal' ? { value: node.value, unassigned: node.unassigned === true } : undefined;
  }

  /** The values that the printed form of `value` names. */
  leaves(value: Value): ReadonlySet<Value> {
    if (!this.inlined.has(value)) return new Set([value]);
    const known = this.leavesOf.get(value);
    if (known) return known;
    const found = new Set<Value>();
    const node = this.demand.definitions.get(value)!.node!;
    const read = node.kind === 'if' ? [node.condition, ...armValues(node)] : operands(node);
    for (const operand of read) for (const leaf of this.leaves(operand)) found.add(leaf);
    this.leavesOf.set(value, found);
    return found;
  }

  /** Memory of an argument: never written while the function runs. */
  isParameterMemory(memory: Value): boolean {
    if (this.params.has(memory)) return true;
    const node = this.demand.definitions.get(memory)?.node;
    if (node === undefined) return false;
    if (node.kind === 'load' || node.kind === 'view') return this.isParameterMemory(node.memory);
    if (node.kind === 'apply' && node.op === 'unwrap') return this.isParameterMemory(node.operands[0]!);
    return node.kind === 'carry' && isModuleName(node);
  }

  /** An object or tuple that is made only to be returned. */
  isReturnedObject(value: Value): boolean {
    return this.returned.has(value);
  }

  private findReturned(value: Value): void {
    const definition = this.demand.definitions.get(value);
    const node = definition?.node;
    if (node?.kind !== 'alloc' || (node.init.kind !== 'fields' && node.init.kind !== 'elements')) return;
    if (node.result.type.kind === 'array' || this.demand.usesOf(value).length !== 1) return;
    this.returned.add(value);
    this.inlined.add(value);
    node.init.values.forEach((inner) => this.findReturned(inner));
  }

  private fold(block: Block): void {
    for (let index = block.nodes.length - 1; index >= 0; index--) {
      const node = block.nodes[index]!;
      if (!this.demand.isLive(node)) continue;
      if (node.kind === 'if') this.foldIf(node, block, index);
      else if (node.kind === 'loop') this.fold(node.body);
      else if ('result' in node && node.result) this.foldNode(node, node.result, block, index);
    }
  }

  private foldNode(node: Node, value: Value, block: Block, index: number): void {
    if (this.returned.has(value)) return;
    if (node.kind === 'literal' || isModuleName(node)) this.inlined.add(value);
    else if (this.isFreeLength(node, value) || this.isCheapTest(node, value)) {
      this.inlined.add(value);
      this.repeated.add(node);
    } else if (this.isStoredEmpty(node, value)) {
      this.inlined.add(value);
    } else if (canFold(node) && value.name === undefined) this.tryToMove(node, value, block, index);
  }

  private isFreeLength(node: Node, value: Value): boolean {
    if (node.kind !== 'length' || value.name !== undefined) return false;
    if (!this.isParameterMemory(node.memory) || this.demand.usesOf(value).length > 2) return false;
    return !this.hasGradient(node.memory);
  }

  /** `rows[i] = []` */
  private isStoredEmpty(node: Node, value: Value): boolean {
    if (node.kind !== 'alloc' || (node.init.kind !== 'holes' && node.init.kind !== 'zeros') || this.literalOf(node.init.length)?.value !== 0) return false;
    const [use, ...others] = this.demand.usesOf(value);
    const user = use?.block.nodes[use.index];
    return others.length === 0 && user?.kind === 'store' && user.value === value;
  }

  /** `p > 0`, asked by a branch and again by its mirror. */
  private isCheapTest(node: Node, value: Value): boolean {
    if (node.kind !== 'apply' || value.type.kind !== 'boolean' || value.name !== undefined) return false;
    const uses = this.demand.usesOf(value);
    const areConditions = uses.every(({ block, index }) => block.nodes[index]?.kind === 'if');
    return uses.length === 2 && areConditions && node.operands.every((operand) => !isMemory(operand.type));
  }

  /** Its length is a constant, named by the checks of `out`. */
  private hasGradient(memory: Value): boolean {
    return this.demand.usesOf(memory).some(({ block, index }) => isGradient(block.nodes[index]));
  }

  private foldIf(node: IfNode, block: Block, index: number): void {
    const [result] = node.results;
    if (node.results.length === 1 && result && this.demand.isNeeded(result) && this.isExpressionLike(node)) {
      this.expressions.add(node);
      this.inlineArms(node);
      if (result.name === undefined) this.tryToMove(node, result, block, index);
      return;
    }
    this.fold(node.then);
    this.fold(node.else);
  }

  /** A choice between two expressions, and not an update of a variable in one of two cases. */
  private isExpressionLike(node: IfNode): boolean {
    const result = node.results[0]!;
    const arms = [node.then, node.else];
    if (!arms.every((arm) => arm.exit.kind === 'yield' && this.isExpressionArm(arm))) return false;
    return !armValues(node).some((value) => {
      const literal = this.literalOf(value);
      if (literal) return literal.unassigned || (node.backward === true && literal.value === 0);
      const { block } = this.demand.definitions.get(value)!;
      const isOuter = !arms.includes(block);
      return isOuter && (node.backward === true || (result.name !== undefined && value.name === result.name));
    });
  }

  private isExpressionArm(arm: Block): boolean {
    return arm.nodes.every((node) => {
      if (!this.demand.isLive(node) || node.kind === 'literal' || isModuleName(node)) return true;
      if (node.kind === 'if') {
        return node.results.length === 1 && this.isExpressionLike(node) && this.isReadOnceIn(node.results[0]!, arm);
      }
      return canFold(node) && 'result' in node && node.result !== undefined && this.isReadOnceIn(node.result, arm);
    });
  }

  private isReadOnceIn(value: Value, block: Block): boolean {
    const uses = this.demand.usesOf(value);
    return value.name === undefined && uses.length === 1 && uses[0]!.block === block;
  }

  private inlineArms(node: IfNode): void {
    for (const arm of [node.then, node.else]) {
      for (const inner of arm.nodes) {
        if (!this.demand.isLive(inner)) continue;
        if (inner.kind === 'if') {
          this.expressions.add(inner);
          this.inlined.add(inner.results[0]!);
          this.inlineArms(inner);
        } else if ('result' in inner && inner.result) {
          this.inlined.add(inner.result);
        }
      }
    }
  }

  private tryToMove(node: Node, value: Value, block: Block, index: number): void {
    const uses = this.demand.usesOf(value);
    const [use] = uses;
    if (uses.length !== 1 || use!.block !== block || (node.kind === 'length' && this.hasGradient(node.memory))) return;
    if (!this.canFoldInto(node, use!.kind, block.nodes[use!.index])) return;
    const reader = block.nodes[use!.index];
    const readerResult = reader && 'result' in reader ? reader.result : reader?.kind === 'if' ? reader.results[0] : undefined;
    const target = (readerResult && this.position.get(readerResult)) ?? use!.index;
    if (this.readsMemory(node) && this.isWrittenBetween(node, block, index + 1, target)) return;
    this.inlined.add(value);
    this.position.set(value, target);
    if (use!.kind === 'bound' || (reader && this.repeated.has(reader))) this.repeated.add(node);
  }

  private canFoldInto(node: Node, kind: string, reader: Node | undefined): boolean {
    if (reader && this.repeated.has(reader) && !isCheap(node)) return false;
    if (reader?.kind === 'alloc' && this.returned.has(reader.result)) return false;
    if (node.kind === 'alloc') return reader?.kind === 'alloc' && kind === 'operand';
    switch (kind) {
      case 'operand':
        return !(reader?.kind === 'loop' && node.kind === 'if');
      case 'initial':
      case 'throw':
        return true;
      case 'bound':
        return isCheap(node);
      default:
        return false;
    }
  }

  private readsMemory(node: Node): boolean {
    switch (node.kind) {
      case 'load':
        return !this.isParameterMemory(node.memory);
      case 'length':
        return !this.isParameterMemory(node.memory);
      case 'carry':
        return !isModuleName(node);
      case 'alloc':
        return node.init.kind === 'copy';
      case 'apply':
        return node.operands.some((operand) => operand.type.kind === 'array');
      case 'if':
        return true;
      default:
        return false;
    }
  }

  private isWrittenBetween(reading: Node, block: Block, from: number, to: number): boolean {
    const root = reading.kind === 'load' || reading.kind === 'length' ? this.rootOf(reading.memory) : undefined;
    return block.nodes.slice(from, to).some((node) => this.demand.isLive(node) && this.mayWrite(node, root));
  }

  private mayWrite(node: Node, root: Value | undefined): boolean {
    switch (node.kind) {
      case 'store':
      case 'accumulate':
      case 'undo':
      case 'resize': {
        const written = this.rootOf(node.memory);
        return root === undefined || written === undefined || root === written;
      }
      case 'call':
        return true;
      case 'carry':
        return node.effect;
      case 'if':
        return [...node.then.nodes, ...node.else.nodes].some((inner) => this.mayWrite(inner, root));
      case 'loop':
        return node.body.nodes.some((inner) => this.mayWrite(inner, root));
      default:
        return false;
    }
  }

  /** Fresh memory that the reference certainly means; undefined where it may be any. */
  private rootOf(memory: Value): Value | undefined {
    const node = this.demand.definitions.get(memory)?.node;
    if (node === undefined) return undefined;
    if (node.kind === 'view') return this.rootOf(node.memory);
    return node.kind === 'alloc' || node.kind === 'shadow' || node.kind === 'workspace' ? memory : undefined;
  }
}

/** What the arms of an `if` with one result yield. */
export function armValues(node: IfNode): readonly Value[] {
  return [node.then, node.else].map((arm) => (arm.exit.kind === 'yield' ? arm.exit.values[0]! : node.condition));
}

function canFold(node: Node): boolean {
  switch (node.kind) {
    case 'apply':
    case 'load':
    case 'length':
      return true;
    case 'carry':
      return !node.effect;
    case 'alloc':
      return node.init.kind === 'elements' || node.init.kind === 'fields' || node.init.kind === 'zeros';
    default:
      return false;
  }
}

function isGradient(node: Node | undefined): boolean {
  return node?.kind === 'shadow' && node.gradientOf !== undefined;
}

/** A few cycles, and no memory: may be evaluated again and again. */
function isCheap(node: Node): boolean {
  return node.kind === 'apply' && ['add', 'sub', 'mul'].includes(node.op);
}

function isModuleName(node: Node): boolean {
  if (node.kind !== 'carry' || node.effect) return false;
  return node.pieces.length === 1 && typeof node.pieces[0] === 'object' && 'kind' in node.pieces[0];
}
