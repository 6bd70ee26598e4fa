/** `@vjp`: value and pullback of any function. The cotangent of the result is a parameter, shaped like the result. */

import { atField, atIndex, BlockBuilder, newValue } from '../../src/graph/build.ts';
import type { Parameter } from '../../src/graph/primal.ts';
import type { Graph, Type, Value } from '../../src/graph/types.ts';
import type { Activity } from '../activity.ts';
import { elementLoop } from '../element-loop.ts';
import { hasShadow, holdsReals, isReference, shadowType } from '../memory.ts';
import type { Program } from '../procedures/program.ts';
import type { Frame } from '../reverse/frame.ts';
import type { Seed } from '../reverse/reverse.ts';
import { checkCotangent } from './cotangent-checks.ts';
import { pullback } from './pullback.ts';
import { leavesOf, objectsOf, returnedParts, valueOf, type ReturnedPart } from './returned-parts.ts';

/**
 * Expects promoted forward graphs. Afterwards the main one takes `d_value` behind the primal's parameters, and returns its
 * value and the gradient of each differentiated parameter, in order.
 */
export function vjp(program: Program, differentiated: readonly Parameter[], analyses: boolean): Program {
  return pulledBack(program, differentiated, analyses, true);
}

/** The same for cotangents that we make ourselves. */
export function vjpUnchecked(program: Program, differentiated: readonly Parameter[], analyses: boolean): Program {
  return pulledBack(program, differentiated, analyses, false);
}

function pulledBack(program: Program, differentiated: readonly Parameter[], analyses: boolean, checked: boolean): Program {
  const { graph, part } = returnedParts(program.main);
  const cotangent = newValue(shadowType(valueOf(part).type), 'd_value');
  const { forward, backward, gradients, procedures } = pullback({
    program: { ...program, main: graph },
    differentiated,
    analyses,
    useful: leavesOf(part),
    seed: (activity) => seedWith(activity, part, cotangent),
  });
  const checks = new BlockBuilder(graph.origin);
  if (checked) checkCotangent(checks, cotangent, valueOf(part).type, part);
  const main: Graph = {
    ...forward,
    name: `vjp_${program.main.name}`,
    params: [...forward.params, cotangent],
    body: {
      ...forward.body,
      nodes: [...forward.body.nodes, ...checks.nodes, ...backward, ...objectsOf(part)],
      exit: { kind: 'return', values: [valueOf(part), ...gradients] },
    },
  };
  return { ...program, main, procedures };
}

function seedWith(activity: Activity, part: ReturnedPart, cotangent: Value): Seed {
  return (frame, shadowOf) => {
    const seed = (place: ReturnedPart, given: Value): void => {
      if (place.kind === 'parts') {
        partsOf(place.made.result.type).forEach(({ type, load }, i) => {
          if (holdsReals(type)) seed(place.parts[i]!, load(frame.builder, given));
        });
      } else if (activity.isActive(place.value)) {
        if (isReference(place.value.type)) addInto(frame.builder, shadowOf(place.value), given, place.value.type);
        else frame.contribute(place.value, given);
      }
    };
    seed(part, cotangent);
  };
}

/** `shadow += given`, number by number. */
function addInto(builder: Frame['builder'], shadow: Value, given: Value, type: Type): void {
  if (type.kind === 'array') {
    elementLoop(builder, builder.length(given), (inner, index) => {
      const part = inner.load(given, atIndex(index), shadowType(type.element));
      if (isReference(type.element)) addInto(inner, inner.load(shadow, atIndex(index), shadowType(type.element)), part, type.element);
      else inner.accumulate(shadow, atIndex(index), part);
    });
    return;
  }
  for (const { type: inner, load, key } of partsOf(type)) {
    if (!holdsReals(inner)) continue;
    if (isReference(inner)) addInto(builder, load(builder, shadow), load(builder, given), inner);
    else builder.accumulate(shadow, key(builder), load(builder, given));
  }
}

interface Part {
  readonly type: Type;
  readonly key: (builder: BlockBuilder) => ReturnType<typeof atField>;
  /** The part of a shadow or cotangent. */
  readonly load: (builder: BlockBuilder, of: Value) => Value;
}

/** The fields or elements, all of them, in order. */
function partsOf(type: Type): readonly Part[] {
  const part = (inner: Type, key: Part['key']): Part => ({
    type: inner,
    key,
    load: (builder, of) => builder.load(of, key(builder), hasShadow(inner) ? shadowType(inner) : inner),
  });
  if (type.kind === 'record') return type.fields.map((field) => part(field.type, () => atField(field.name)));
  if (type.kind === 'tuple') return type.elements.map((element, i) => part(element, (builder) => atIndex(builder.literal(i))));
  return [];
}
