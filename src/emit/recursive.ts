/**
 * Types that contain themselves, and what is done with their gradients: made, checked and cleared by functions that follow
 * the data. What is reached twice has one gradient; what contains itself is refused when the companion runs.
 */

import type { Companion, Outline } from '../graph/primal.ts';
import { gradientNameOf } from '../graph/recursive-types.ts';
import type { Graph, RecordType, Type } from '../graph/types.ts';
import { ownedValues, results, visit } from '../graph/walk.ts';
import { gradientChecks, gradientZeroing, zerosLike } from './gradients.ts';
import { printLines } from './lines.ts';
import { gradientTypeText, isDifferentiable, isMemory, propertyAccess, propertyName, readonlyTypeText, typeText } from './type-text.ts';

/**
 * The interfaces and functions that `text` needs and does not have.
 * @param known names of types that the file imports
 */
export function recursiveText(companions: readonly Printed[], text: string, known: ReadonlySet<string>): { readonly types: string; readonly functions: string } {
  const records = recursiveRecords(companions);
  const types = new Map<string, string>();
  const functions = new Map<string, string>();
  for (let all = text, before = ''; all !== before; ) {
    before = all;
    const has = (name: string): boolean => new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(all);
    for (const [name, record] of records) {
      const gradient = gradientNameOf(name);
      const parts = partsOf(name, record);
      for (const [helper, print] of Object.entries(parts)) if (has(helper) && !functions.has(helper)) functions.set(helper, print());
      if (has(name) && !known.has(name) && !types.has(name)) types.set(name, primalInterface(name, record));
      if (has(gradient) && !types.has(gradient)) types.set(gradient, gradientInterface(name, record));
    }
    all = [text, ...types.values(), ...functions.values()].join('\n');
  }
  return { types: [...types.values()].join('\n'), functions: [...functions.values()].join('\n') };
}

/** Of companions without bodies, the interfaces alone. */
export function gradientInterfaces(outlines: readonly Outline[], text: string, known: ReadonlySet<string>): string {
  return recursiveText(outlines.map((outline) => ({ ...outline, procedures: [] })), text, known).types;
}

type Printed = Pick<Companion, 'signature' | 'procedures'> & { readonly graph?: Graph };

/** By the name of the primal type. */
function recursiveRecords(companions: readonly Printed[]): ReadonlyMap<string, RecordType> {
  const found = new Map<string, RecordType>();
  const walk = (type: Type): void => {
    switch (type.kind) {
      case 'optional':
        return walk(type.of);
      case 'array':
        return walk(type.element);
      case 'tuple':
        return type.elements.forEach(walk);
      case 'recursive':
        return found.has(type.name) ? undefined : walk(type.unfold());
      case 'record':
        if (type.recursive !== undefined) {
          if (found.has(type.recursive)) return undefined;
          found.set(type.recursive, type);
        }
        return type.fields.forEach((field) => walk(field.type));
      default:
        return undefined;
    }
  };
  for (const { signature, graph, procedures } of companions) {
    signature.params.forEach((param) => walk(param.type));
    for (const each of [...(graph ? [graph] : []), ...procedures.map((part) => part.graph)]) typesIn(each).forEach(walk);
  }
  // Gradients last: the interface of one is its record's. Second derivatives make gradients of gradients.
  const isGradient = (name: string): boolean => [...found.keys()].some((other) => gradientNameOf(other) === name);
  const records = [...found];
  return new Map([...records.filter(([name]) => !isGradient(name)), ...records.filter(([name]) => isGradient(name))]);
}

function typesIn(graph: Graph): readonly Type[] {
  const types = graph.params.map((param) => param.type);
  visit(graph.body, (node) => void types.push(...results(node).map((value) => value.type), ...ownedValues(node).map((value) => value.type)));
  return types;
}

function primalInterface(name: string, record: RecordType): string {
  const fields = record.fields.map(({ name: field, type }) => {
    const text = record.constant?.includes(field) ? readonlyTypeText(type) : typeText(type);
    return `  ${propertyName(field)}${type.kind === 'optional' ? '?' : ''}: ${text};`;
  });
  return `interface ${name} {\n${fields.join('\n')}\n}\n`;
}

function gradientInterface(name: string, record: RecordType): string {
  const fields = record.fields
    .filter((field) => isDifferentiable(field.type))
    .map(({ name: field, type }) =>
      type.kind === 'optional' && isMemory(type)
        ? `  ${propertyName(field)}?: ${gradientTypeText(type.of)} | null | undefined;`
        : `  ${propertyName(field)}: ${gradientTypeText(type)};`,
    );
  return `/** The gradient of a \`${name}\`. */\nexport interface ${gradientNameOf(name)} {\n${fields.join('\n')}\n}\n`;
}

function partsOf(name: string, record: RecordType): Readonly<Record<string, () => string>> {
  const gradient = gradientNameOf(name);
  const fields = record.fields.filter((field) => isDifferentiable(field.type));
  return {
    [`zerosLike${name}`]: () => {
      const zeros = fields.map((field) => `${propertyName(field.name)}: ${zerosLike(field.type, `of${propertyAccess(field.name)}`, undefined, ', made')}`);
      return `/**
 * Zeros in the shape of \`of\`; what is reached twice is made once.
 * @throws RangeError when it contains itself
 */
function zerosLike${name}(of: ${name}, made = new Map<object, ${gradient} | undefined>()): ${gradient} {
  const known = made.get(of);
  if (known !== undefined) return known;
  if (made.has(of)) throw new RangeError('a ${name} contains itself, and has no gradient');
  made.set(of, undefined);
  const zeros: ${gradient} = { ${zeros.join(', ')} };
  made.set(of, zeros);
  return zeros;
}
`;
    },
    [`check${gradient}`]: () => {
      const lines = fields.flatMap((field) => {
        const access = propertyAccess(field.name);
        return gradientChecks(field.type, `gradient${access}`, `of${access}`, `\${shown}${access}`, `\${primal}${access}`, ', seen');
      });
      return `/** @throws RangeError naming the part of \`gradient\` that is not shaped like \`of\` */
function check${gradient}(gradient: ${gradient}, of: ${name}, shown: string, primal: string, seen = new Map<object, object>()): void {
  const known = seen.get(of);
  if (known === gradient) return;
  if (known !== undefined) throw new RangeError(\`\${shown} is another object than before, \${primal} is not\`);
  seen.set(of, gradient);
${printLines(lines).join('\n')}
}
`;
    },
    [`clear${gradient}`]: () => {
      const lines = fields.flatMap((field) => gradientZeroing(field.type, `gradient${propertyAccess(field.name)}`, ', seen'));
      return `function clear${gradient}(gradient: ${gradient}, seen = new Set<object>()): void {
  if (seen.has(gradient)) return;
  seen.add(gradient);
${printLines(lines).join('\n')}
}
`;
    },
  };
}
