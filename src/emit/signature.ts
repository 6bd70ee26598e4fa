/** Everything of a companion but its body: the result's interface, the doc comment, the parameters. */

import type { Companion, Outline, ResultField, Stored, TypeImport } from '../graph/primal.ts';
import { gradientTypeText, isMemory, propertyName, tangentTypeText } from './type-text.ts';

export function interfaceText({ signature, resultName, fields }: Outline): string {
  const texts = fields.map(({ name, shape }) => {
    if (shape.kind === 'value') return `  value: ${signature.resultText.text};\n`;
    if (shape.kind === 'matrix') return `  /** ${shape.layout} */\n  ${propertyName(name)}: Float64Array;\n`;
    return fieldText(name, shape);
  });
  return `export interface ${resultName} {\n${texts.join('')}}\n`;
}

function fieldText(name: string, { like, type }: Extract<ResultField['shape'], { kind: 'like' }>): string {
  const isAbsent = type.kind === 'optional' && isMemory(type);
  const doc = isMemory(type) ? `Shaped like \`${like}\`.` : `A number, like \`${like}\`.`;
  return `  /** ${doc} */\n  ${propertyName(name)}${isAbsent ? '?' : ''}: ${gradientTypeText(type.kind === 'optional' ? type.of : type)};\n`;
}

/** The companion as a file of declarations has it. */
export function declarationText(outline: Outline): string {
  return `${interfaceText(outline)}\n${headText(outline, () => true).replace(/^export /, 'export declare ')};\n`;
}

export function documentationText(companion: Pick<Companion, 'signature' | 'stored'>): string {
  const lines = companion.signature.documentation.map((line) => (line === '' ? ' *' : ` * ${line}`));
  const kept = companion.stored.map((stored, i) => ` * ${i === 0 ? '@remarks ' : ''}${storedText(stored)}`);
  return ['/**', ...lines, ` * @see {@link ${companion.signature.name}}`, ...kept, ' */'].join('\n');
}

/** `Keeps 16 bytes an iteration of \`for (let i = 0; i < n; i++)\`: x, exp_x.` */
function storedText({ of, values, bytes, each }: Stored): string {
  const names = [...new Set(values.map(({ name }) => name))];
  const shown = names.length > 6 ? [...names.slice(0, 5), '…'] : names;
  const share = { iteration: 'an iteration', call: 'a call', checkpoint: 'a checkpoint' }[each];
  return `Keeps ${bytes} bytes ${share} of \`${shortened(of)}\`: ${shown.join(', ')}.`;
}

/** A doc comment must not end early. */
function shortened(text: string): string {
  const safe = text.replaceAll('*/', '*\\/');
  return safe.length > 60 ? `${safe.slice(0, 59)}…` : safe;
}

/** `export function grad_f(…): FGrad`; parameters that the body does not read begin with `_`. */
export function headText(companion: Outline, isRead: (name: string) => boolean): string {
  const { further } = companion;
  const { params, typeParameters } = companion.signature;
  const names = new Set([...params, ...further].map((parameter) => parameter.name));
  const printed = params.map((parameter, i) => {
    const name = isRead(parameter.name) ? parameter.name : unusedName(parameter.name, names);
    const { text } = parameter.text;
    if (parameter.rest) return `${name}: ${/^readonly\b/.test(text) ? text : `readonly ${text}`}`;
    if (!parameter.optional) return `${name}: ${text}`;
    const isFollowed = further.length > 0 || params.slice(i + 1).some((later) => !later.optional);
    return isFollowed ? `${name}: ${text} | undefined` : `${name}?: ${text}`;
  });
  const behind = further.map((parameter) => `${isRead(parameter.name) ? parameter.name : unusedName(parameter.name, names)}: ${tangentTypeText(parameter.type)}`);
  const { name, resultName } = companion;
  return `export function ${name}${typeParameters}(${[...printed, ...behind, `out?: ${resultName}`].join(', ')}): ${resultName}`;
}

export function typeImportsOf(companion: Outline): readonly TypeImport[] {
  const { params, resultText } = companion.signature;
  return [...params.flatMap((parameter) => parameter.text.imports), ...resultText.imports];
}

function unusedName(name: string, names: ReadonlySet<string>): string {
  let unused = `_${name}`;
  while (names.has(unused)) unused = `_${unused}`;
  return unused;
}
