/**
 * The mirrors of memory operations: of a load, an accumulation into the shadow; of a store, taking and zeroing the shadow
 * element before anything is added, which stays right where names alias; of a stored *reference*, nothing: its shadow
 * travelled with it.
 */

import { atIndex, BlockBuilder, elementType, newValue, real } from '../../src/graph/build.ts';
import type { AllocNode, Key, LoadNode, Node, ResizeNode, StoreNode, Value } from '../../src/graph/types.ts';
import { elementLoop } from '../element-loop.ts';
import { hasShadow, isReference, isTyped } from '../memory.ts';
import { adjointName, Frame } from './frame.ts';
import { shadowOf } from './shadows.ts';
import { closeIf, primal, type Sweep } from './sweep.ts';

export function reverseMemoryNode(sweep: Sweep, frame: Frame, node: Node): void {
  switch (node.kind) {
    case 'alloc':
      reverseAlloc(sweep, frame, node);
      break;
    case 'load':
      reverseLoad(sweep, frame, node);
      break;
    case 'store':
      reverseStore(sweep, frame, node);
      break;
    case 'accumulate':
      if (sweep.activity.isActive(node.memory) && sweep.activity.isActive(node.value)) {
        const key = mirrorKey(sweep, frame, node.key);
        frame.contribute(node.value, frame.builder.load(shadowOf(sweep, frame, node.memory), key, real));
      }
      undo(sweep, frame, node, node.memory, node.key);
      break;
    case 'resize':
      reverseResize(sweep, frame, node);
      break;
    default:
      break;
  }
}

function mirrorKey(sweep: Sweep, frame: Frame, key: Key): Key {
  return key.kind === 'index' ? atIndex(primal(sweep, frame, key.index)) : key;
}

function reverseLoad(sweep: Sweep, frame: Frame, node: LoadNode): void {
  const d = frame.adjoint(node.result);
  if (d === undefined || isReference(node.result.type) || !sweep.activity.isActive(node.result)) return;
  if (!sweep.activity.isActive(node.memory) || sweep.shadows.byParts.has(node.memory)) return;
  frame.builder.accumulate(shadowOf(sweep, frame, node.memory), mirrorKey(sweep, frame, node.key), d);
}

function reverseStore(sweep: Sweep, frame: Frame, node: StoreNode): void {
  if (isReference(node.value.type)) return;
  undo(sweep, frame, node, node.memory, node.key);
  if (!sweep.activity.isActive(node.memory) || node.value.type.kind === 'opaque') return;
  if (!hasShadow(elementType(node.memory.type, node.key))) return;
  const shadow = shadowOf(sweep, frame, node.memory);
  const key = mirrorKey(sweep, frame, node.key);
  if (isCertain(node)) {
    takeAdjoint(sweep, frame, node, shadow, key);
    return;
  }
  const then = new Frame(frame, 'part', () => false, node.origin);
  takeAdjoint(sweep, then, node, shadow, key);
  closeIf(frame, (builder) => isElement(builder, shadow, key), then, frame.emptyPart());
}

function takeAdjoint(sweep: Sweep, frame: Frame, node: StoreNode, shadow: Value, key: Key): void {
  const d = frame.builder.load(shadow, key, real, adjointName(node.value));
  frame.builder.store(shadow, key, frame.builder.literal(0, real));
  if (sweep.activity.isActive(node.value)) frame.contribute(node.value, d);
}

/** A typed array ignores what is stored outside of it; there, its shadow in the workspace has a neighbour. */
function isCertain({ memory, key, isInside }: StoreNode): boolean {
  return !isTyped(memory) || key.kind !== 'index' || isInside === true;
}

function isElement(builder: BlockBuilder, array: Value, key: Key): Value {
  if (key.kind !== 'index') throw new Error('a field has no place');
  const { index } = key;
  const isBelow = builder.apply('lt', [index, builder.length(array)]);
  const isInside = builder.apply('and', [builder.apply('ge', [index, builder.literal(0)]), isBelow]);
  return index.type.kind === 'integer' ? isInside : builder.apply('and', [isInside, builder.apply('eq', [index, builder.apply('trunc', [index])])]);
}

/** Puts back what the store overwrote; storage decides whether that is worth it, and drops it where it is not. */
function undo(sweep: Sweep, frame: Frame, node: Node, memory: Value, key: Key): void {
  const roots = sweep.memory.rootsOf(memory);
  if ([...roots].some((root) => sweep.memory.isReadOnly(root))) return;
  const before = new BlockBuilder(node.origin);
  const old = before.load(memory, key, elementType(memory.type, key));
  sweep.changes.insertBefore(node, before.nodes);
  sweep.learn(old, sweep.homeOfNode(node));
  frame.builder.push({
    kind: 'undo',
    memory: primal(sweep, frame, memory),
    key: mirrorKey(sweep, frame, key),
    value: primal(sweep, frame, old),
  });
}

function reverseAlloc(sweep: Sweep, frame: Frame, node: AllocNode): void {
  if (!sweep.activity.isActive(node.result)) return;
  const { init } = node;
  const { type } = node.result;
  if (init.kind === 'elements' || init.kind === 'fields') {
    init.values.forEach((value, i) => {
      if (isReference(value.type) || !sweep.activity.isActive(value)) return;
      const shadow = shadowOf(sweep, frame, node.result);
      const key: Key =
        type.kind === 'record' ? { kind: 'field', name: type.fields[i]!.name } : atIndex(frame.builder.literal(i));
      frame.contribute(value, frame.builder.load(shadow, key, real, adjointName(value)));
    });
    return;
  }
  if (init.kind !== 'copy' || !sweep.activity.isActive(init.of)) return;
  if (type.kind === 'array' && !isReference(type.element)) reverseCopy(sweep, frame, node, init.of, init.from);
}

/** `a.slice(from)`: the shadow of the source gets what the copy has gathered. */
function reverseCopy(sweep: Sweep, frame: Frame, node: AllocNode, of: Value, from: Value | undefined): void {
  const shadow = shadowOf(sweep, frame, node.result);
  const source = shadowOf(sweep, frame, of);
  const offset = from === undefined ? undefined : primal(sweep, frame, from);
  elementLoop(frame.builder, frame.builder.length(shadow), (builder, index) => {
    const d = builder.load(shadow, atIndex(index), real);
    const at = offset === undefined ? index : builder.apply('add', [offset, index]);
    builder.accumulate(source, atIndex(at), d);
  });
}

/** The mirror of `push` pops the shadow, the mirror of `pop` pushes onto it what the popped value has gathered. */
function reverseResize(sweep: Sweep, frame: Frame, node: ResizeNode): void {
  const value = node.value ?? node.result;
  const active = sweep.activity.isActive(node.memory) && value !== undefined && !isReference(value.type);
  if (!active) return;
  const shadow = shadowOf(sweep, frame, node.memory);
  if (node.how === 'push') {
    const d = newValue(real, adjointName(node.value!));
    frame.builder.push({ kind: 'resize', how: 'pop', memory: shadow, result: d });
    if (sweep.activity.isActive(node.value!)) frame.contribute(node.value!, d);
    return;
  }
  const gathered = node.result === undefined ? undefined : frame.adjoint(node.result);
  const d = gathered ?? frame.builder.literal(0, real);
  frame.builder.push({ kind: 'resize', how: 'push', memory: shadow, value: d });
}
