/** Everything of a companion but its body: the result's interface, the doc comment, the parameters. */

import type { Companion, Parameter, TypeImport } from '../graph/primal.ts';
import { gradientTypeText, isMemory, propertyName } from './type-text.ts';

export function interfaceText(companion: Companion): string {
  const fields = companion.differentiated.map((parameter) => {
    const { type, name } = parameter;
    const isAbsent = type.kind === 'optional' && isMemory(type);
    const doc = isMemory(type) ? `Shaped like \`${name}\`.` : `A number, like \`${name}\`.`;
    return `  /** ${doc} */\n  ${propertyName(`d_${name}`)}${isAbsent ? '?' : ''}: ${gradientTypeText(type.kind === 'optional' ? type.of : type)};\n`;
  });
  const { signature, resultName } = companion;
  return `export interface ${resultName} {\n  value: ${signature.resultText.text};\n${fields.join('')}}\n`;
}

export function documentationText(companion: Companion): string {
  const lines = companion.signature.documentation.map((line) => (line === '' ? ' *' : ` * ${line}`));
  return ['/**', ...lines, ` * @see {@link ${companion.signature.name}}`, ' */'].join('\n');
}

/** `export function grad_f(…): FGrad`; parameters that the body does not read begin with `_`. */
export function headText(companion: Companion, isRead: (parameter: Parameter) => boolean): string {
  const { params, typeParameters } = companion.signature;
  const names = new Set(params.map((parameter) => parameter.name));
  const printed = params.map((parameter, i) => {
    const name = isRead(parameter) ? parameter.name : unusedName(parameter.name, names);
    const { text } = parameter.text;
    if (parameter.rest) return `${name}: ${/^readonly\b/.test(text) ? text : `readonly ${text}`}`;
    if (!parameter.optional) return `${name}: ${text}`;
    const isFollowed = params.slice(i + 1).some((later) => !later.optional);
    return isFollowed ? `${name}: ${text} | undefined` : `${name}?: ${text}`;
  });
  const { name, resultName } = companion;
  return `export function ${name}${typeParameters}(${[...printed, `out?: ${resultName}`].join(', ')}): ${resultName}`;
}

export function typeImportsOf(companion: Companion): readonly TypeImport[] {
  const { params, resultText } = companion.signature;
  return [...params.flatMap((parameter) => parameter.text.imports), ...resultText.imports];
}

function unusedName(name: string, names: ReadonlySet<string>): string {
  let unused = `_${name}`;
  while (names.has(unused)) unused = `_${unused}`;
  return unused;
}
