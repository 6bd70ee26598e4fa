/**
 * Where the adjoint of memory is gathered. Same memory, same shadow: that is the whole treatment of aliasing
 * (Mooncake's invariant).
 *
 * - A parameter's shadow is its gradient, there from the start.
 * - Memory whose reference is stored, chosen or carried has a shadow from its allocation on; `shadow-references.ts`
 *   has made the forward sweep copy shadow references wherever it copies the primal's.
 * - All other memory is known by name: its shadow begins where the mirror of its block begins.
 */

import { atIndex, BlockBuilder, integer, newValue, real } from '../../src/graph/build.ts';
import type { AllocNode, ArrayType, RuleNode, Type, Value } from '../../src/graph/types.ts';
import { hasShadow, isReference, shadowType } from '../memory.ts';
import { adjointName, type Frame } from './frame.ts';
import { primal, type Sweep } from './sweep.ts';

export interface ShadowTable {
  /** Shadows that are in scope everywhere: of parameters and their parts. */
  readonly direct: ReadonlyMap<Value, Value>;
  /** Parameters without a shadow: each of their fields is a parameter of its own. */
  readonly byParts: ReadonlySet<Value>;
  /** Shadows that travel with their references in the forward sweep. */
  readonly travelling: ReadonlyMap<Value, Value>;
  /** Memory that `push` or `pop` changes the length of. */
  readonly isResized: (memory: Value) => boolean;
}

/** The shadow of the memory that `reference` means, for use in `frame`. */
export function shadowOf(sweep: Sweep, frame: Frame, reference: Value): Value {
  const direct = sweep.shadows.direct.get(reference);
  if (direct) return direct;
  const travelling = sweep.shadows.travelling.get(reference);
  if (travelling) return primal(sweep, frame, travelling);
  const definition = sweep.nodeOf(reference);
  switch (definition?.kind) {
    case 'alloc':
      return namedShadow(frame, reference, (home) => zerosLike(sweep, home, definition));
    case 'rule':
      return namedShadow(frame, reference, (home) => zerosLikeResult(sweep, home, definition, reference));
    case 'load': {
      const home = homeFrame(frame, reference);
      const known = home.shadows.get(reference);
      if (known) return known;
      const { key } = definition;
      const restored = key.kind === 'index' ? atIndex(primal(sweep, home, key.index)) : key;
      const shadow = home.builder.load(shadowOf(sweep, home, definition.memory), restored, shadowType(reference.type), adjointName(reference));
      home.shadows.set(reference, shadow);
      return shadow;
    }
    case 'view': {
      const result = newValue(reference.type, adjointName(reference));
      frame.builder.push({
        kind: 'view',
        memory: shadowOf(sweep, frame, definition.memory),
        from: primal(sweep, frame, definition.from),
        ...(definition.to === undefined ? {} : { to: primal(sweep, frame, definition.to) }),
        result,
      });
      return result;
    }
    case 'apply':
      if (definition.op === 'unwrap') {
        const shadow = shadowOf(sweep, frame, definition.operands[0]!);
        return frame.builder.apply('unwrap', [shadow], { type: shadowType(reference.type), name: adjointName(reference) });
      }
      break;
    default:
      break;
  }
  throw new Error(`no shadow for ${reference.name ?? 'a reference'} (${definition?.kind ?? 'parameter'})`);
}

/** The shadow of memory that is known by name, made in the frame that mirrors the block of its allocation. */
function namedShadow(frame: Frame, reference: Value, make: (home: Frame) => Value): Value {
  const home = homeFrame(frame, reference);
  const known = home.shadows.get(reference);
  if (known) return known;
  const shadow = make(home);
  home.shadows.set(reference, shadow);
  return shadow;
}

/** Of a flat array that a function with a rule has made. */
function zerosLikeResult(sweep: Sweep, frame: Frame, rule: RuleNode, result: Value): Value {
  const resized = sweep.shadows.isResized(result);
  const grows = resized || (result.type.kind === 'array' && result.type.container === 'Array');
  const type: ArrayType = { kind: 'array', container: resized ? 'Array' : 'Float64Array', element: real };
  return frame.builder.alloc(type, { kind: 'zeros', length: lengthOf(sweep, frame, rule, result, grows) }, adjointName(result));
}

/** The frame that mirrors the block in which a value is defined. */
function homeFrame(frame: Frame, value: Value): Frame {
  let home = frame;
  while (!home.ownsValue(value) && home.parent !== undefined) home = home.parent;
  return home;
}

function zerosLike(sweep: Sweep, frame: Frame, alloc: AllocNode): Value {
  const { type } = alloc.result;
  const name = adjointName(alloc.result);
  const b = frame.builder;
  if (type.kind === 'array') {
    // A plain array may have grown by stores behind its end.
    const resized = sweep.shadows.isResized(alloc.result);
    const container = resized ? 'Array' : 'Float64Array';
    const grows = resized || type.container === 'Array';
    const shadowType: ArrayType = { kind: 'array', container, element: real };
    return b.alloc(shadowType, { kind: 'zeros', length: shadowLength(sweep, frame, alloc, grows) }, name);
  }
  const zeros = partsOf(type).flatMap((part, i) => {
    if (type.kind === 'record' && !hasShadow(part)) return [];
    if (!isReference(part)) return b.literal(0, real);
    const init = alloc.init;
    const value = init.kind === 'fields' || init.kind === 'elements' ? init.values[i] : undefined;
    if (value === undefined) throw new Error('a record without initial fields');
    return sweep.activity.isActive(value) ? shadowOf(sweep, frame, value) : primal(sweep, frame, value);
  });
  const kind = type.kind === 'record' ? 'fields' : 'elements';
  const made = shadowType(type);
  if (made.kind !== 'record' && made.kind !== 'tuple') throw new Error('memory of no known structure');
  return b.alloc(made, { kind, values: zeros }, name);
}

function partsOf(type: Type): readonly Type[] {
  if (type.kind === 'record') return type.fields.map((field) => field.type);
  return type.kind === 'tuple' ? type.elements : [];
}

/** The length of the memory when its mirror begins: that of its allocation, or what it has grown to. */
function shadowLength(sweep: Sweep, frame: Frame, alloc: AllocNode, grows: boolean): Value {
  const { init } = alloc;
  const isPlain = init.kind === 'zeros' || init.kind === 'holes';
  if (!grows && isPlain && init.length.type.kind === 'integer') return primal(sweep, frame, init.length);
  // A size of 2.5 gives two elements, and `i < 2.5` has three iterations: the third stores nothing, and takes nothing of anybody's.
  if (!grows && isPlain) return lengthOf(sweep, frame, alloc, alloc.result, grows, 1);
  if (!grows && init.kind === 'elements') return frame.builder.literal(init.values.length, integer);
  return lengthOf(sweep, frame, alloc, alloc.result, grows);
}

/** Asked for behind the node that makes the memory, or at the end of its block. `more`: so many elements more. */
function lengthOf(sweep: Sweep, frame: Frame, maker: AllocNode | RuleNode, memory: Value, grows: boolean, more = 0): Value {
  const builder = new BlockBuilder(maker.origin);
  const own = builder.length(memory);
  const length = more === 0 ? own : builder.apply('add', [own, builder.literal(more)]);
  if (grows) sweep.changes.insertAtEnd(sweep.homeOf(memory)!, builder.nodes);
  else sweep.changes.insertAfter(maker, builder.nodes);
  sweep.learn(length, sweep.homeOf(memory)!);
  return primal(sweep, frame, length);
}
