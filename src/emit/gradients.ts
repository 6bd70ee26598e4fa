/** Gradients as memory: fresh zeros of a parameter's shape, the same checked and zeroed in `out`, and the result. */

import type { FurtherParameter } from '../graph/primal.ts';
import { gradientNameOf } from '../graph/recursive-types.ts';
import type { ShadowNode, Type } from '../graph/types.ts';
import { compound, statement, type Line } from './lines.ts';
import { gradientTypeText, isDifferentiable, isMemory, propertyAccess, propertyName } from './type-text.ts';

/** An expression for zeros of the structure of `of`. `made`: what is handed on to the function for a type that contains itself. */
export function zerosLike(type: Type, of: string, length = `${of}.length`, made = ''): string {
  const name = recursiveNameOf(type);
  if (name !== undefined) return `zerosLike${name}(${of}${made})`;
  switch (type.kind) {
    case 'array': {
      if (type.container !== 'Array') return `new ${type.container}(${length})`;
      if (!isMemory(type.element)) return `new Array<number>(${length}).fill(0)`;
      const zeros = zerosLike(type.element, 'part', undefined, made);
      const parameter = /\bpart\b/.test(zeros) ? 'part' : '';
      return `${of}.map((${parameter}): ${gradientTypeText(type.element)} => ${zeros.startsWith('{') ? `(${zeros})` : zeros})`;
    }
    case 'record': {
      const fields = type.fields.filter((field) => isDifferentiable(field.type));
      const texts = fields.map((field) => `${propertyName(field.name)}: ${zerosLike(field.type, `${of}${propertyAccess(field.name)}`, undefined, made)}`);
      return `{ ${texts.join(', ')} }`;
    }
    case 'tuple':
      return `[${type.elements.map((element, i) => (isDifferentiable(element) ? zerosLike(element, `${of}[${i}]`, undefined, made) : `${of}[${i}]`)).join(', ')}]`;
    case 'optional':
      return isMemory(type.of) ? `(${of} == null ? undefined : ${zerosLike(type.of, of, undefined, made)})` : '0';
    default:
      return '0';
  }
}

/** Of a record that contains itself: then functions follow the data. */
function recursiveNameOf(type: Type): string | undefined {
  if (type.kind === 'recursive') return type.name;
  return type.kind === 'record' ? type.recursive : undefined;
}

/** `out.d_p.weights` for the part `['p', 'weights']`. */
function outPath({ gradientOf = [], isHessianProduct }: ShadowNode): string {
  const [parameter, ...fields] = gradientOf;
  return `out.${isHessianProduct ? 'h' : 'd'}_${parameter}${accessOf(fields)}`;
}

function primalPath(path: readonly string[]): string {
  return `${path[0]}${accessOf(path.slice(1))}`;
}

function accessOf(fields: readonly string[]): string {
  return fields.map((field) => (/^\d+$/.test(field) ? `[${field}]` : propertyAccess(field))).join('');
}

/** Gathered in double, rounded once into the result. */
export function isRoundedOnce(type: Type): boolean {
  return type.kind === 'array' && type.container === 'Float32Array';
}

/**
 * The statements in front: where the gradient is gathered, and the checks of `out`.
 * @param length how the array's length is printed
 * @returns also what zeroes the memory of `out`, to be printed when everything is checked
 */
export function gradientMemory(
  node: ShadowNode,
  name: string,
  of: string,
  length = `${of}.length`,
): { readonly lines: Line[]; readonly zeroing: Line[] } {
  const path = node.gradientOf ?? [];
  const out = outPath(node);
  const { type } = node.of;
  const primal = primalPath(path);
  if (isRoundedOnce(type)) {
    const lines = [statement(`const ${name} = new Float64Array(${length});`)];
    const check = checks(type, out, of, out, primal, 0, length);
    return { lines: [...lines, compound('if (out)', check)], zeroing: [] };
  }
  if (type.kind === 'optional') {
    const fresh = zerosLike(type.of, of);
    const said = holdsTuple(type.of) ? `: ${gradientTypeText(type.of)} | undefined` : '';
    const lines = [statement(`const ${name}${said} = ${of} == null ? undefined : (${out.replace('out.', 'out?.')} ?? ${fresh});`)];
    const check = checks(type.of, name, of, out, primal, 0);
    if (check.length > 0) lines.push(compound(`if (${name} != null && ${of} != null)`, check));
    return { lines, zeroing: [compound(`if (out && ${name} != null)`, zeroing(type.of, name, 0))] };
  }
  const said = holdsTuple(type) ? `: ${gradientTypeText(type)}` : '';
  const lines = [statement(`const ${name}${said} = out ? ${out} : ${zerosLike(type, of, length)};`)];
  const check = checks(type, name, of, out, primal, 0, length);
  const isFlat = check.length === 1 && check[0]!.body?.length === 1;
  lines.push(...(isFlat ? check : check.length > 0 ? [compound('if (out)', check)] : []));
  return { lines, zeroing: node.isFilled ? [] : [compound('if (out)', zeroing(type, name, 0))] };
}

/** Where TypeScript would infer an array of any length: `out ? out.d_p : [0, 0]`. Rows of arrays say what they are. */
function holdsTuple(type: Type): boolean {
  if (type.kind === 'record') return type.recursive === undefined && type.fields.some((field) => isDifferentiable(field.type) && holdsTuple(field.type));
  return type.kind === 'tuple' || (type.kind === 'optional' && holdsTuple(type.of));
}

/** What is handed in beside the arguments is shaped like one of them; it is looked at before anything is written. */
export function furtherChecks(further: readonly FurtherParameter[]): readonly { readonly name: string; readonly like: string; readonly lines: readonly Line[] }[] {
  // The value is known when the function has run, and looked at by then.
  return further.filter(({ like }) => like !== 'value').map(({ name, like, type }) => ({ name, like, lines: checks(type, name, like, name, like, 0) }));
}

/** A matrix of the result: the one of `out`, or a fresh one. */
export function matrixMemory(name: string, size: string, { name: field, described }: { readonly name: string; readonly described: string }): { readonly lines: Line[]; readonly zeroing: Line[] } {
  const shown = /^\d+$/.test(size) ? size : `\${${size}}`;
  const message = `out.${field} has length \${${name}.length}, ${described} has ${shown} numbers`;
  return {
    lines: [
      statement(`const ${name} = out ? out.${field} : new Float64Array(${size});`),
      compound(`if (${name}.length !== ${size})`, [statement(`throw new RangeError(\`${message}\`);`)]),
    ],
    zeroing: [compound('if (out)', [statement(`${name}.fill(0);`)])],
  };
}

/** For one part of a type that contains itself. */
export function gradientChecks(type: Type, name: string, of: string, shown: string, primal: string, seen: string): readonly Line[] {
  return checks(type, name, of, shown, primal, 0, undefined, seen);
}

export function gradientZeroing(type: Type, name: string, seen: string): readonly Line[] {
  return zeroing(type, name, 0, seen);
}

/** Plain arrays of numbers are as long as those that they are the gradient of, whatever index was read. */
export function trimming(type: Type, name: string, of: string, depth = 0): readonly Line[] {
  switch (type.kind) {
    case 'array': {
      if (type.element.kind === 'real') return type.container === 'Array' ? [statement(`${name}.length = ${of}.length;`)] : [];
      const index = indexNames[depth] ?? `index_${depth}`;
      const inner = trimming(type.element, `${name}[${index}]!`, `${of}[${index}]!`, depth + 1);
      return inner.length === 0 ? [] : [compound(`for (let ${index} = 0; ${index} < ${of}.length; ${index}++)`, inner)];
    }
    case 'record':
      return type.fields.filter((field) => isDifferentiable(field.type)).flatMap((field) => trimming(field.type, `${name}${propertyAccess(field.name)}`, `${of}${propertyAccess(field.name)}`, depth));
    case 'tuple':
      return type.elements.flatMap((element, i) => (isDifferentiable(element) ? trimming(element, `${name}[${i}]`, `${of}[${i}]`, depth) : []));
    case 'optional': {
      const inner = trimming(type.of, present(name), present(of), depth);
      return inner.length === 0 ? [] : [compound(`if (${name} != null && ${of} != null)`, inner)];
    }
    default:
      return [];
  }
}

const indexNames = ['row', 'column', 'layer', 'level'];

/** `shown` and `primal` are what a message calls the two; `${…}` in them is filled in at run time. */
function checks(type: Type, name: string, of: string, shown: string, primal: string, depth: number, length = `${of}.length`, seen = ''): Line[] {
  const recursive = recursiveNameOf(type);
  if (recursive !== undefined) return [statement(`check${gradientNameOf(recursive)}(${name}, ${of}, \`${shown}\`, \`${primal}\`${seen});`)];
  switch (type.kind) {
    case 'array': {
      const message = `${shown} has length \${${name}.length}, ${primal} has length \${${length}}`;
      const lines = [
        compound(`if (${name}.length !== ${length})`, [statement(`throw new RangeError(\`${message}\`);`)]),
      ];
      if (!isMemory(type.element)) return lines;
      const index = indexNames[depth] ?? `index_${depth}`;
      const at = `[${index}]!`;
      const inner = checks(type.element, `${name}${at}`, `${of}${at}`, `${shown}[\${${index}}]`, `${primal}[\${${index}}]`, depth + 1, undefined, seen);
      if (inner.length > 0) lines.push(compound(`for (let ${index} = 0; ${index} < ${length}; ${index}++)`, inner));
      return lines;
    }
    case 'record':
      return type.fields.flatMap((field) => {
        const access = propertyAccess(field.name);
        if (!isDifferentiable(field.type)) return [];
        return checks(field.type, `${name}${access}`, `${of}${access}`, `${shown}${access}`, `${primal}${access}`, depth, undefined, seen);
      });
    case 'tuple':
      return type.elements.flatMap((element, i) =>
        isDifferentiable(element) ? checks(element, `${name}[${i}]`, `${of}[${i}]`, `${shown}[${i}]`, `${primal}[${i}]`, depth, undefined, seen) : [],
      );
    case 'optional': {
      const inner = checks(type.of, present(name), present(of), shown, primal, depth, undefined, seen);
      if (!isMemory(type.of)) return [];
      const absent = compound(`if (${name} == null && ${of} != null)`, [
        statement(`throw new RangeError(\`${shown} is absent, ${primal} is not\`);`),
      ]);
      return inner.length === 0 ? [absent] : [absent, compound(`if (${name} != null && ${of} != null)`, inner)];
    }
    default:
      return [];
  }
}

/** TypeScript forgets what was tested of an element whose index can change. */
function present(name: string): string {
  return name.includes('[') ? `${name}!` : name;
}

function zeroing(type: Type, name: string, depth: number, seen = ''): Line[] {
  const recursive = recursiveNameOf(type);
  if (recursive !== undefined) return [statement(`clear${gradientNameOf(recursive)}(${name}${seen});`)];
  switch (type.kind) {
    case 'array': {
      if (!isMemory(type.element)) return [statement(`${name}.fill(0);`)];
      const part = depth === 0 ? 'part' : `part_${depth}`;
      return [compound(`for (const ${part} of ${name})`, zeroing(type.element, part, depth + 1, seen))];
    }
    case 'record':
      return type.fields.flatMap((field) =>
        isDifferentiable(field.type) ? zeroing(field.type, `${name}${propertyAccess(field.name)}`, depth, seen) : [],
      );
    case 'tuple':
      return type.elements.flatMap((element, i) => (isDifferentiable(element) ? zeroing(element, `${name}[${i}]`, depth, seen) : []));
    case 'optional':
      return [compound(`if (${name} != null)`, zeroing(type.of, present(name), depth, seen))];
    default:
      return [statement(`${name} = 0;`)];
  }
}
