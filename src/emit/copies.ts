/** Results that the companion has made itself are copied into the memory of `out`, when all lengths have been compared. */

import type { Type } from '../graph/types.ts';
import { compound, statement, type Line } from './lines.ts';
import { isDifferentiable, propertyAccess } from './type-text.ts';

export interface Copying {
  readonly checks: readonly Line[];
  readonly writes: readonly Line[];
}

/**
 * @param onlyDifferentiable `text` is shaped like a gradient of the type
 * @param depth of the loops around
 */
export function intoMemory(place: string, text: string, type: Type, onlyDifferentiable: boolean, shown = [place, place.replace('out.', '')], depth = 0): Copying {
  switch (type.kind) {
    case 'array': {
      const message = `${shown[0]} has length \${${place}.length}, ${shown[1]} has length \${${text}.length}`;
      const length = compound(`if (${place}.length !== ${text}.length)`, [statement(`throw new RangeError(\`${message}\`);`)]);
      if (type.container !== 'Array') return { checks: [length], writes: [statement(`${place}.set(${text});`)] };
      const index = ['i', 'j', 'k'][depth] ?? `index_${depth}`;
      const head = `for (let ${index} = 0; ${index} < ${text}.length; ${index}++)`;
      const [to, from] = [`${place}[${index}]`, `${text}[${index}]!`];
      if (!isCopiedInside(type.element)) return { checks: [length], writes: [compound(head, [statement(`${to} = ${from};`)])] };
      const within = shown.map((name) => `${name}[\${${index}}]`);
      const inner = intoMemory(`${to}!`, from, type.element, onlyDifferentiable, within, depth + 1);
      const checks = inner.checks.length === 0 ? [] : [compound(head, inner.checks)];
      return { checks: [length, ...checks], writes: [compound(head, inner.writes)] };
    }
    case 'record':
    case 'tuple': {
      if (!isCopiedInside(type)) break;
      const parts = partsOf(type)
        .filter((part) => !onlyDifferentiable || type.kind === 'tuple' || isDifferentiable(part.type))
        .map(({ access, type: part }) => intoMemory(`${place}${access}`, `${text}${access}`, part, onlyDifferentiable, shown.map((name) => `${name}${access}`), depth));
      return { checks: parts.flatMap(({ checks }) => checks), writes: parts.flatMap(({ writes }) => writes) };
    }
    default:
      break;
  }
  return { checks: [], writes: [statement(`${place} = ${text};`)] };
}

/** What may be absent, and what contains itself, is referred to. */
function isCopiedInside(type: Type): boolean {
  return type.kind === 'array' || type.kind === 'tuple' || (type.kind === 'record' && type.recursive === undefined);
}

function partsOf(type: Type): readonly { readonly access: string; readonly type: Type }[] {
  if (type.kind === 'record') return type.fields.map((field) => ({ access: propertyAccess(field.name), type: field.type }));
  return type.kind === 'tuple' ? type.elements.map((element, i) => ({ access: `[${i}]`, type: element })) : [];
}
