/** What the companion of each kind takes behind the primal's parameters, and what it returns. */

import type { CompanionKind, FurtherParameter, Outline, Parameter, ResultField, Signature } from './graph/primal.ts';
import type { Type } from './graph/types.ts';

export const companionKinds: readonly CompanionKind[] = ['grad', 'vjp', 'jvp', 'jacobian', 'hvp', 'hessian'];

export interface CompanionShape {
  readonly further: readonly FurtherParameter[];
  readonly fields: readonly ResultField[];
}

export function outlineOf(kind: CompanionKind, signature: Signature, differentiated: readonly Parameter[]): Outline {
  const { name } = signature;
  return { kind, name: `${kind}_${name}`, resultName: resultNameOf(name, kind), signature, differentiated, ...shapeOf(kind, signature, differentiated) };
}

/** `grad_f` as what it is the companion of. */
export function askedFor(companion: string): { readonly kind: CompanionKind; readonly name: string } | undefined {
  const kind = companionKinds.find((other) => companion.startsWith(`${other}_`));
  return kind && { kind, name: companion.slice(kind.length + 1) };
}

/** `FGrad`, `FJvp`, … */
export function resultNameOf(name: string, kind: CompanionKind): string {
  return `${capitalised(name)}${capitalised(kind)}`;
}

function capitalised(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

function matrix(name: string, layout: string): ResultField {
  return { name, shape: { kind: 'matrix', layout } };
}

export function shapeOf(kind: CompanionKind, { result }: Pick<Signature, 'result'>, differentiated: readonly Parameter[]): CompanionShape {
  const value: ResultField = { name: 'value', shape: { kind: 'value' } };
  const like = (name: string, of: string, type: Type): ResultField => ({ name, shape: { kind: 'like', like: of, type } });
  const perParameter = (prefix: string): readonly ResultField[] => differentiated.map(({ name, type }) => like(`${prefix}_${name}`, name, type));
  const tangents = differentiated.map(({ name, type }): FurtherParameter => ({ name: `t_${name}`, like: name, type }));
  switch (kind) {
    case 'grad':
      return { further: [], fields: [value, ...perParameter('d')] };
    case 'jvp':
      return { further: tangents, fields: [value, like('t_value', 'value', result)] };
    case 'vjp':
      return { further: [{ name: 'd_value', like: 'value', type: result }], fields: [value, ...perParameter('d')] };
    case 'hvp':
      return { further: tangents, fields: [value, ...perParameter('d'), ...perParameter('h')] };
    case 'jacobian':
      return { further: [], fields: [value, ...differentiated.map(({ name }) => matrix(`J_${name}`, `Row-major: numbers of \`value\` by numbers of \`${name}\`.`))] };
    case 'hessian': {
      const names = differentiated.map(({ name }) => `\`${name}\``).join(', ');
      return { further: [], fields: [value, ...perParameter('d'), matrix('H', `Row-major, square: the numbers of ${names}${differentiated.length > 1 ? ', in this order' : ''}.`)] };
    }
  }
}
