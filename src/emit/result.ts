/** The end of a companion: a fresh result, or the same into `out`. */

import type { AllocNode, Value } from '../graph/types.ts';
import { isRoundedOnce } from './gradients.ts';
import { compound, statement, type Line } from './lines.ts';
import { isMemory, propertyAccess, propertyName } from './type-text.ts';

export interface ResultTools {
  readonly text: (value: Value) => string;
  /** The allocation of an object or tuple that is made only to be returned. */
  readonly objectOf: (value: Value) => AllocNode | undefined;
  /** The parameter's array of which the value is the gradient, gathered in `out` itself. */
  readonly gradientOf: (value: Value) => Value | undefined;
}

export interface ResultField {
  readonly name: string;
  readonly value: Value;
}

/** Expects every field's parts to be variables or literals: they are printed twice. */
export function resultLines(fields: readonly ResultField[], tools: ResultTools): readonly Line[] {
  const fresh = fields.map(({ name, value }) => freshField(name, value, tools));
  const copies = fields.flatMap(({ name, value }) => intoOut(`out${propertyAccess(name)}`, value, tools));
  return [
    compound('if (!out)', [statement(`return { ${fresh.join(', ')} };`)]),
    ...copies.map((text) => statement(text)),
    statement('return out;'),
  ];
}

function freshField(name: string, value: Value, tools: ResultTools): string {
  const text = freshText(value, tools);
  if (isAbsentSometimes(value, tools)) return `...(${text} === undefined ? {} : { ${fieldText(name, text)} })`;
  return fieldText(name, text);
}

function fieldText(name: string, text: string): string {
  return text === name ? name : `${propertyName(name)}: ${text}`;
}

function isAbsentSometimes(value: Value, tools: ResultTools): boolean {
  const parameter = tools.gradientOf(value);
  return parameter?.type.kind === 'optional' && isMemory(parameter.type);
}

function freshText(value: Value, tools: ResultTools): string {
  const object = tools.objectOf(value);
  if (object === undefined) {
    const parameter = tools.gradientOf(value);
    return parameter && isRoundedOnce(parameter.type) ? `Float32Array.from(${tools.text(value)})` : tools.text(value);
  }
  const parts = partsOf(object).map(({ key, value: part }) =>
    object.init.kind === 'elements' ? freshText(part, tools) : freshField(key, part, tools),
  );
  return object.init.kind === 'elements' ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`;
}

/** `isElement`: of a tuple, which keeps its length whatever is absent. */
function intoOut(place: string, value: Value, tools: ResultTools, isElement = false): readonly string[] {
  const object = tools.objectOf(value);
  if (object) {
    const isTuple = object.init.kind === 'elements';
    return partsOf(object).flatMap(({ key, value: part }) =>
      intoOut(`${place}${isTuple ? `[${key}]` : propertyAccess(key)}`, part, tools, isTuple),
    );
  }
  const text = tools.text(value);
  const parameter = tools.gradientOf(value);
  if (parameter === undefined) return [`${place} = ${text};`];
  if (isRoundedOnce(parameter.type)) return [`${place}.set(${text});`];
  if (!isAbsentSometimes(value, tools)) return [];
  return [isElement ? `${place} = ${text};` : `if (${text} === undefined) delete ${place}; else ${place} = ${text};`];
}

function partsOf({ init, result }: AllocNode): readonly { readonly key: string; readonly value: Value }[] {
  if (init.kind !== 'fields' && init.kind !== 'elements') return [];
  return init.values.map((value, i) => ({
    key: result.type.kind === 'record' ? result.type.fields[i]!.name : String(i),
    value,
  }));
}
