/**
 * Whether a mirror may run earlier, right behind what it mirrors: what it needs can be had there, and nothing in between minds.
 *
 * A mirror is a loop, a branch or, where both halves of a procedure become one, a call.
 */

import type { CallNode, Graph, IfNode, LoopNode, Node, Value } from '../src/graph/types.ts';
import { blocks, exitOperands, operands, ownedValues, results, visit, visitNodes } from '../src/graph/walk.ts';
import { holdsReals, isReference, isTyped, type Memory, type Root } from './memory.ts';

/** Procedures whose halves are to become one, by name: their pairs. */
export type Joining = ReadonlyMap<string, Graph>;

type Mirror = LoopNode | IfNode | CallNode;

/** What can be had before the mirrored node: it is there already, or a few pure statements can be moved up. */
export class Moves {
  private readonly known: ReadonlySet<Value>;
  private readonly definitions = new Map<Value, Node>();
  private readonly inside = new Set<Value>();
  private readonly moved = new Set<Node>();

  /** Memory that the node writes to: its length is known only behind it. */
  private readonly written = new Set<Root>();
  private readonly memory: Memory;

  constructor(between: readonly Node[], known: ReadonlySet<Value>, mirrored: Mirror, memory: Memory) {
    this.known = known;
    this.memory = memory;
    for (const node of between) for (const value of results(node)) this.definitions.set(value, node);
    for (const value of ownedValues(mirrored)) this.inside.add(value);
    visitNodes([mirrored], (node) => {
      if (node !== mirrored) for (const value of [...results(node), ...ownedValues(node)]) this.inside.add(value);
      const touched = node.kind === 'call' ? node.operands : node.kind === 'store' || node.kind === 'resize' ? [node.memory] : [];
      for (const value of touched) for (const root of memory.rootsOf(value)) this.written.add(root);
    });
  }

  isMoved(node: Node): boolean {
    return this.moved.has(node);
  }

  /** Whether `value` can be computed before the node; what has to move for it is noted. */
  canHave(value: Value): boolean {
    if (this.known.has(value)) return true;
    const node = this.definitions.get(value);
    if (node === undefined || !isMovable(node) || this.measuresWritten(node)) return false;
    const needs = operands(node);
    if (!needs.every((operand) => this.canHave(operand))) return false;
    this.moved.add(node);
    return true;
  }

  /** Of plain arrays alone: the length of a typed array stays. */
  private measuresWritten(node: Node): boolean {
    if (node.kind !== 'length' && node.kind !== 'shadow') return false;
    const measured = node.kind === 'length' ? node.memory : node.of;
    if (isTyped(measured)) return false;
    return [...this.memory.rootsOf(measured)].some((root) => this.written.has(root));
  }

  /** Restored values must be of the same iteration or arm, or known before. */
  canRestore(value: Value): boolean {
    return this.inside.has(value) || this.known.has(value);
  }
}

function isMovable(node: Node): boolean {
  switch (node.kind) {
    case 'literal':
    case 'apply':
    case 'length':
    case 'shadow':
    case 'restore':
    case 'view':
      return true;
    case 'alloc':
      return node.init.kind === 'zeros';
    case 'load':
      return isReference(node.result.type);
    default:
      return false;
  }
}

/**
 * The values from outside that a loop or a branch reads, but for its condition or bounds and the starting values of its sums, and
 * the forward values that it restores.
 */
export function outerReads(mirror: LoopNode | IfNode): { reads: ReadonlySet<Value>; restored: ReadonlySet<Value> } {
  const defined = new Set<Value>(ownedValues(mirror));
  const within = blocks(mirror);
  const each = (see: (node: Node) => void): void => within.forEach((block) => visit(block, see));
  each((node) => {
    for (const value of [...results(node), ...ownedValues(node)]) defined.add(value);
  });
  const reads = new Set<Value>();
  const read = (value: Value): void => {
    if (!defined.has(value)) reads.add(value);
  };
  const restored = new Set<Value>();
  each((node) => {
    if (node.kind === 'restore') {
      restored.add(node.of);
      return;
    }
    operands(node).forEach(read);
    for (const block of blocks(node)) exitOperands(block.exit).forEach(read);
    if (node.kind === 'loop') node.done.forEach(read);
  });
  for (const block of within) exitOperands(block.exit).forEach(read);
  return { reads, restored };
}

/** Whether the mirror may run before the statements between `mirrored` and itself, and in any order of its iterations. */
export function commutes(mirror: Mirror, mirrored: Mirror, between: readonly Node[], memory: Memory, joining?: Joining): boolean {
  const own = new Set<Value>();
  visitNodes([mirror], (node) => {
    for (const value of results(node)) own.add(value);
  });
  const local = mirrored.kind === 'if' ? madeFor(mirrored) : new Set<Root>();
  const isOwn = (root: Root): boolean => own.has(root) || local.has(root);
  const accumulated = new Set<Root>();
  const loaded = new Set<Root>();
  const adds = (to: Value): void => {
    for (const root of memory.rootsOf(to)) if (!isOwn(root)) accumulated.add(root);
  };
  const isSteady = steadyMemory(mirrored, between, memory);
  let sound = true;
  visitNodes([mirror], (node) => {
    switch (node.kind) {
      case 'accumulate':
        adds(node.memory);
        break;
      case 'load':
        if (isReference(node.result.type)) break;
        for (const root of memory.rootsOf(node.memory)) {
          if (isOwn(root)) continue;
          loaded.add(root);
          if (!isSteady(root)) sound = false;
        }
        break;
      case 'store':
      case 'resize':
        if (![...memory.rootsOf(node.memory)].every(isOwn)) sound = false;
        break;
      case 'call':
        if (node.variant === 'value' || !joining?.has(node.callee)) sound = false;
        else shadowsHanded(node, joining).forEach(adds);
        break;
      case 'workspace':
        sound = false;
        break;
      case 'carry':
        if (node.effect) sound = false;
        break;
      default:
        break;
    }
  });
  // What one iteration adds, another one must not look at: a record that was pushed in one and taken off in the next.
  if (!sound || [...loaded].some((root) => accumulated.has(root))) return false;
  visitNodes(between, (node) => {
    // A procedure whose halves become one only adds to shadows.
    const isJoined = node.kind === 'call' && joining?.has(node.callee) === true;
    if (node.kind === 'call' && !isJoined && node.operands.some((operand) => [...memory.reachableFrom(operand)].some((root) => accumulated.has(root)))) sound = false;
    if (node.kind !== 'load' && node.kind !== 'store' && node.kind !== 'resize') return;
    // Which row it is does not change with what is added to the row, nor does a row of whole numbers.
    if ((node.kind === 'load' && isReference(node.result.type)) || !holdsReals(node.memory.type)) return;
    for (const root of memory.rootsOf(node.memory)) if (accumulated.has(root)) sound = false;
  });
  return sound;
}

/** Memory that is made in a branch and that nobody has behind it. */
function madeFor(branch: IfNode): ReadonlySet<Root> {
  const made = new Set<Root>();
  let escapes = branch.results.some(({ type }) => isReference(type));
  visitNodes([branch], (node) => {
    if (node.kind === 'alloc' || node.kind === 'shadow') made.add(node.result);
    if (node.kind === 'store' && isReference(node.value.type)) escapes = true;
  });
  return escapes ? new Set() : made;
}

/** The operands of a call of either half, or of both, that are shadows. */
export function shadowsHanded(call: CallNode, joining: Joining): readonly Value[] {
  const { params, procedure } = joining.get(call.callee)!;
  return call.operands.filter((_operand, i) => procedure?.shadows?.has(params[i]!));
}

/** Memory that is, where an iteration ends, what it is behind the loop: not written to, or made in the iteration and only filled there. */
function steadyMemory(mirrored: Mirror, between: readonly Node[], memory: Memory): (root: Root) => boolean {
  const made = new Set<Root>();
  const written = new Set<Root>();
  for (const block of blocks(mirrored)) for (const node of block.nodes) if (node.kind === 'alloc') made.add(node.result);
  const note = (node: Node, isInIteration: boolean): void => {
    if (node.kind === 'call') for (const operand of node.operands) for (const root of memory.reachableFrom(operand)) written.add(root);
    if (node.kind !== 'store' && node.kind !== 'accumulate' && node.kind !== 'resize' && node.kind !== 'undo') return;
    // Under another name it may be the memory of an earlier iteration.
    const isFilled = isInIteration && made.has(node.memory);
    if (!isFilled) for (const root of memory.rootsOf(node.memory)) written.add(root);
  };
  visitNodes([mirrored], (node) => note(node, true));
  visitNodes(between, (node) => note(node, false));
  return (root) => !written.has(root) && !memory.isShared(root);
}
