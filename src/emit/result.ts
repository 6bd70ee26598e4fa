/** The end of a companion: a fresh result, or the same into `out`. */

import type { AllocNode, Type, Value } from '../graph/types.ts';
import { isRoundedOnce } from './gradients.ts';
import { compound, statement, type Line } from './lines.ts';
import { intoMemory } from './copies.ts';
import { isMemory, propertyAccess, propertyName } from './type-text.ts';

export interface ResultTools {
  readonly text: (value: Value) => string;
  /** The allocation of an object or tuple that is made only to be returned. */
  readonly objectOf: (value: Value) => AllocNode | undefined;
  /** The parameter's array of which the value is the gradient, gathered in `out` itself. */
  readonly gradientOf: (value: Value) => Value | undefined;
}

export interface ReturnedField {
  readonly name: string;
  readonly value: Value;
  /** Of the primal: of what is returned, or of what that is shaped like. */
  readonly type: Type;
  readonly isDerivative: boolean;
  /** Memory is copied into that of `out`; otherwise `out` refers to it. */
  readonly isCopied: boolean;
  /** It is the memory of `out` already. */
  readonly isInPlace?: boolean;
}

/** What is compared before something is copied into `out`; undefined where parts of the value are not there yet. */
export function earlyChecks(field: ReturnedField, tools: ResultTools, isThere: (value: Value) => boolean): readonly Line[] | undefined {
  const isWhole = (value: Value): boolean => {
    const object = tools.objectOf(value);
    if (object !== undefined) return partsOf(object).every((part) => isWhole(part.value));
    return !isMemory(value.type) || isThere(value);
  };
  if (!field.isCopied || !isWhole(field.value)) return undefined;
  const { checks } = intoOut(`out${propertyAccess(field.name)}`, field.value, field, tools);
  return checks.length === 0 ? [] : [compound('if (out)', checks)];
}

/**
 * Expects every field's parts to be variables or literals: they are printed twice.
 * @param checked names of fields that have been compared already
 */
export function resultLines(fields: readonly ReturnedField[], tools: ResultTools, checked: ReadonlySet<string>): readonly Line[] {
  const fresh = fields.map((field) => freshField(field.name, field.value, field, tools));
  const copies = fields.map((field) => intoOut(`out${propertyAccess(field.name)}`, field.value, field, tools));
  return [
    compound('if (!out)', [statement(`return { ${fresh.join(', ')} };`)]),
    ...copies.flatMap(({ checks }, i) => (checked.has(fields[i]!.name) ? [] : checks)),
    ...copies.flatMap(({ writes }) => writes),
    statement('return out;'),
  ];
}

function freshField(name: string, value: Value, part: Pick<ReturnedField, 'type' | 'isDerivative'>, tools: ResultTools): string {
  const text = freshText(value, part, tools);
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

function freshText(value: Value, part: Pick<ReturnedField, 'type' | 'isDerivative'>, tools: ResultTools): string {
  const object = tools.objectOf(value);
  if (object === undefined) {
    const type = tools.gradientOf(value)?.type ?? part.type;
    return part.isDerivative && isRoundedOnce(type) ? `Float32Array.from(${tools.text(value)})` : tools.text(value);
  }
  const parts = partsOf(object).map(({ key, value: inner }) => {
    const within = { ...part, type: typeAt(part.type, key) };
    return object.init.kind === 'elements' ? freshText(inner, within, tools) : freshField(key, inner, within, tools);
  });
  return object.init.kind === 'elements' ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`;
}

interface Written {
  readonly checks: readonly Line[];
  readonly writes: readonly Line[];
}

/** `isElement`: of a tuple, which keeps its length whatever is absent. */
function intoOut(place: string, value: Value, field: ReturnedField, tools: ResultTools, isElement = false): Written {
  if (field.isInPlace) return { checks: [], writes: [] };
  const object = field.isCopied ? tools.objectOf(value) : undefined;
  if (object) {
    const isTuple = object.init.kind === 'elements';
    const parts = partsOf(object).map(({ key, value: part }) =>
      intoOut(`${place}${isTuple ? `[${key}]` : propertyAccess(key)}`, part, { ...field, type: typeAt(field.type, key) }, tools, isTuple),
    );
    return { checks: parts.flatMap(({ checks }) => checks), writes: parts.flatMap(({ writes }) => writes) };
  }
  const write = (...texts: readonly string[]): Written => ({ checks: [], writes: texts.map((text) => statement(text)) });
  const parameter = tools.gradientOf(value);
  if (parameter === undefined) {
    if (field.isCopied && isMemory(field.type)) return intoMemory(place, tools.text(value), field.type, field.isDerivative);
    return write(`${place} = ${freshText(value, field, tools)};`);
  }
  const text = tools.text(value);
  if (isRoundedOnce(parameter.type)) return write(`${place}.set(${text});`);
  if (!isAbsentSometimes(value, tools)) return write();
  return write(isElement ? `${place} = ${text};` : `if (${text} === undefined) delete ${place}; else ${place} = ${text};`);
}

function partsOf({ init, result }: AllocNode): readonly { readonly key: string; readonly value: Value }[] {
  if (init.kind !== 'fields' && init.kind !== 'elements') return [];
  return init.values.map((value, i) => ({
    key: result.type.kind === 'record' ? result.type.fields[i]!.name : String(i),
    value,
  }));
}

function typeAt(type: Type, key: string): Type {
  const inner = type.kind === 'optional' ? type.of : type;
  if (inner.kind === 'record') return inner.fields.find((field) => field.name === key)?.type ?? inner;
  if (inner.kind === 'tuple') return inner.elements[Number(key)] ?? inner;
  return inner.kind === 'array' ? inner.element : inner;
}
