/** Which way conditions went, where the nodes that are being simplified run: in the arms of an `if`, and behind one that leaves. */

import type { Node, Value } from '../../src/graph/types.ts';

/** What is supposed may be dropped again, the latest first. */
export class Conditions {
  private readonly held = new Map<string, boolean>();
  private readonly nodeOf: (value: Value) => Node | undefined;

  constructor(nodeOf: (value: Value) => Node | undefined) {
    this.nodeOf = nodeOf;
  }

  /** From here on, the condition holds or does not. What can be said of it now that could not before. */
  suppose(condition: Value, holds: boolean, isRestored = false): readonly string[] {
    const node = this.nodeOf(condition);
    if (node?.kind === 'restore') return this.suppose(node.of, holds, true);
    const added = this.add(this.keyOf(condition, isRestored), holds);
    if (node?.kind !== 'apply') return added;
    if (holds && (node.op === 'lt' || node.op === 'gt')) {
      const [low, high] = node.operands.map((operand) => this.keyOf(operand, isRestored));
      const [a, b] = node.op === 'lt' ? [low, high] : [high, low];
      return [...added, ...this.add(`(${a} le ${b})`, true), ...this.add(`(${b} lt ${a})`, false), ...this.add(`(${b} le ${a})`, false)];
    }
    const both = (): readonly string[] => node.operands.flatMap((operand) => this.suppose(operand, holds, isRestored));
    if (node.op === 'not') return [...added, ...this.suppose(node.operands[0]!, !holds, isRestored)];
    if ((node.op === 'and' && holds) || (node.op === 'or' && !holds)) return [...added, ...both()];
    return added;
  }

  forget(supposed: readonly string[]): void {
    for (const key of supposed) this.held.delete(key);
  }

  truthOf(condition: Value, isRestored = false): boolean | undefined {
    const node = this.nodeOf(condition);
    if (node?.kind === 'restore') return this.truthOf(node.of, true);
    const held = this.held.get(this.keyOf(condition, isRestored));
    if (held !== undefined || node?.kind !== 'apply') return held;
    const operands = (): readonly (boolean | undefined)[] => node.operands.map((operand) => this.truthOf(operand, isRestored));
    if (node.op === 'not') {
      const [negated] = operands();
      return negated === undefined ? undefined : !negated;
    }
    if (node.op !== 'and' && node.op !== 'or') return undefined;
    const decisive = node.op === 'or';
    if (operands().includes(decisive)) return decisive;
    return operands().every((one) => one === !decisive) ? !decisive : undefined;
  }

  private add(key: string, holds: boolean): readonly string[] {
    if (this.held.has(key)) return [];
    this.held.set(key, holds);
    return [key];
  }

  /** The same for comparisons of the same values, in either order: `0 < n` and `n > 0`. */
  private keyOf(value: Value, isRestored: boolean): string {
    const node = this.nodeOf(value);
    if (node?.kind === 'restore') return this.keyOf(node.of, true);
    if (node?.kind === 'literal' && !node.unassigned) return typeof node.value === 'string' ? JSON.stringify(node.value) : Object.is(node.value, -0) ? '0' : String(node.value);
    const itself = `${isRestored ? '^' : ''}${value.id}`;
    if (node?.kind !== 'apply') return itself;
    const sides = (): readonly string[] => node.operands.map((operand) => this.keyOf(operand, isRestored));
    switch (node.op) {
      case 'lt':
      case 'le':
        return `(${sides().join(` ${node.op} `)})`;
      case 'gt':
        return `(${sides().toReversed().join(' lt ')})`;
      case 'ge':
        return `(${sides().toReversed().join(' le ')})`;
      case 'eq':
      case 'ne':
        return `(${sides().toSorted().join(` ${node.op} `)})`;
      default:
        return itself;
    }
  }
}
