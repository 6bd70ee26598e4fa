/** Tangent memory beside memory: whatever is done to the one is done to the other at the same place. */

import { type BlockBuilder, elementType, newValue } from '../../src/graph/build.ts';
import type { AccumulateNode, LoadNode, Node, ResizeNode, ShadowNode, StoreNode, Type, UndoNode, Value, ViewNode } from '../../src/graph/types.ts';
import { hasShadow, isReference } from '../memory.ts';
import type { Push } from './forward.ts';
import { tangentName, tangentType } from './tangents.ts';

export function pushMemoryNode(push: Push, builder: BlockBuilder, node: Node): void {
  switch (node.kind) {
    case 'load':
      pushLoad(push, builder, node);
      break;
    case 'store':
    case 'undo':
      pushStore(push, builder, node);
      break;
    case 'accumulate':
      pushAccumulate(push, builder, node);
      break;
    case 'resize':
      pushResize(push, builder, node);
      break;
    case 'view':
      pushView(push, builder, node);
      break;
    case 'restore': {
      const tangent = push.tangents.get(node.of);
      if (tangent) push.tangents.set(node.result, builder.restore(tangent));
      break;
    }
    case 'shadow':
      if (node.gradientOf === undefined) pushZeros(push, builder, node.result);
      else pushGradient(push, builder, node, node.gradientOf);
      break;
    case 'carry':
      pushZeros(push, builder, node.result);
      break;
    default:
      break;
  }
}

/** Memory of the module's, and adjoints that begin with zeros. */
function pushZeros(push: Push, builder: BlockBuilder, memory: Value): void {
  if (isReference(memory.type) && push.isActive(memory)) push.tangents.set(memory, push.tangents.zeros(memory, builder));
}

/** The tangent of a gradient is a result of its own, whatever it depends on. */
function pushGradient(push: Push, builder: BlockBuilder, node: ShadowNode, path: readonly string[]): void {
  const tangent = newValue(tangentType(node.result.type), `h_${path.join('_')}`);
  builder.push({ ...node, isHessianProduct: true, result: tangent });
  push.tangents.set(node.result, tangent);
}

function pushLoad(push: Push, builder: BlockBuilder, { memory, key, result }: LoadNode): void {
  const tangentMemory = push.tangents.get(memory);
  if (tangentMemory === undefined || !push.isActive(result)) return;
  push.tangents.set(result, builder.load(tangentMemory, key, tangentType(result.type), tangentName(result)));
}

function pushStore(push: Push, builder: BlockBuilder, node: StoreNode | UndoNode): void {
  const memory = push.tangents.get(node.memory);
  if (memory === undefined) return;
  const part = partType(push, node);
  if (node.memory.type.kind === 'record' && !hasShadow(part)) return;
  builder.push({ ...node, memory, value: push.tangents.of(node.value, part, builder) });
}

/** The type of the part of memory that is written. */
function partType(push: Push, { memory, key, value }: StoreNode | UndoNode): Type {
  if (memory.type.kind !== 'tuple') return elementType(memory.type, key);
  // Of a tuple, any: then it is what is written.
  const position = key.kind === 'index' ? push.literalOf(key.index) : undefined;
  return typeof position === 'number' ? elementType(memory.type, key, position) : value.type;
}

function pushAccumulate(push: Push, builder: BlockBuilder, { memory, key, value }: AccumulateNode): void {
  const [tangentMemory, tangent] = [push.tangents.get(memory), push.tangents.get(value)];
  if (tangentMemory && tangent) builder.accumulate(tangentMemory, key, tangent);
}

function pushResize(push: Push, builder: BlockBuilder, node: ResizeNode): void {
  const memory = push.tangents.get(node.memory);
  if (memory === undefined || node.memory.type.kind !== 'array') return;
  const { element } = node.memory.type;
  if (node.how === 'push') {
    builder.push({ kind: 'resize', how: 'push', memory, value: push.tangents.of(node.value!, element, builder) });
    return;
  }
  const result = newValue(tangentType(node.result?.type ?? element), node.result && tangentName(node.result));
  builder.push({ kind: 'resize', how: 'pop', memory, result });
  if (node.result && push.isActive(node.result)) push.tangents.set(node.result, result);
}

function pushView(push: Push, builder: BlockBuilder, node: ViewNode): void {
  const memory = push.tangents.get(node.memory);
  if (memory === undefined) return;
  const result = newValue(tangentType(node.result.type), tangentName(node.result));
  builder.push({ ...node, memory, result });
  push.tangents.set(node.result, result);
}
