/** Whether a rule fits the function that it is a rule of: names and types of its parameters. */

import { ts } from 'ts-morph';

import type { Code } from '../diagnostics/catalog.ts';
import type { ArrayType, Type } from '../graph/types.ts';
import { gradientShape, isSameShape, obstacleIn, textOfShape } from './rule-shapes.ts';
import type { Rule, RuleProblem } from './rules.ts';
import { typeName } from './structure.ts';
import { isNumeric, isReference, typeOf } from './types.ts';

export function checkRule(checker: ts.TypeChecker, rule: Rule, isRule: (declaration: ts.Node) => boolean): readonly RuleProblem[] {
  const at = (node: ts.Node, code: Code, words: Readonly<Record<string, string>>): RuleProblem => ({
    code,
    file: rule.file,
    start: node.getStart(),
    length: node.end - node.getStart(),
    words: { function: rule.name, ...words },
  });
  const { target, tag, name, start } = rule;
  const ofName = (code: Code, words: Readonly<Record<string, string>>): RuleProblem => ({ code, file: rule.file, start, length: name.length, words });
  if (target === undefined) return [ofName('GG2120', { tag, name })];
  const why = isRule(target) ? 'it is a rule itself' : reasonAgainst(checker, target);
  if (why !== undefined) return [ofName('GG2121', { function: name, why })];
  return [...checkParameters(checker, rule, target, at, ofName), ...checkResult(checker, rule, target, at)];
}

/** Why calls of the function cannot be taken as a whole. */
function reasonAgainst(checker: ts.TypeChecker, target: ts.SignatureDeclaration): string | undefined {
  const symbol = target.name && checker.getSymbolAtLocation(target.name);
  if ((symbol?.declarations?.filter(ts.isFunctionDeclaration).length ?? 0) > 1) return 'it has overloads';
  if (!('body' in target) || target.body === undefined) return 'its body is not visible';
  if (target.typeParameters !== undefined) return 'it has type parameters';
  for (const parameter of target.parameters) {
    const text = `its parameter \`${parameter.name.getText()}\``;
    if (!ts.isIdentifier(parameter.name)) return `${text} is a pattern`;
    if (parameter.dotDotDotToken !== undefined) return `${text} takes any number of arguments`;
    if (parameter.questionToken !== undefined || parameter.initializer !== undefined) return `${text} may be left out`;
    const type = typeOf(checker, checker.getTypeAtLocation(parameter));
    if (vectorsOf(checker, checker.getTypeAtLocation(parameter)) !== undefined) continue;
    if (typeof type === 'string' || checker.getTypeAtLocation(parameter).getCallSignatures().length > 0) return `${text} is \`${typeName(checker, checker.getTypeAtLocation(parameter))}\``;
    const obstacle = obstacleIn(type);
    if (obstacle !== undefined) return `${text} holds ${obstacle}`;
  }
  const result = resultOf(checker, target);
  const type = result && typeOf(checker, result);
  if (type === undefined || typeof type === 'string' || !isNumeric(type)) return 'it returns nothing that can be differentiated';
  const obstacle = obstacleIn(type);
  return obstacle && `it returns ${obstacle}`;
}

export function resultOf(checker: ts.TypeChecker, declaration: ts.SignatureDeclaration): ts.Type | undefined {
  const signature = checker.getSignatureFromDeclaration(declaration);
  return signature && checker.getReturnTypeOfSignature(signature);
}

interface Expected {
  /** What is handed over; the parameter's type may be a wider one. */
  readonly given?: ts.Type;
  /** What the type has to be: the shape, or one of the arrays. */
  readonly shape?: Type | readonly Vector[];
}

type Vector = ArrayType['container'];

/** The kinds of arrays of numbers that the type is one of, `Float64Array | number[]`; undefined for any other type. */
function vectorsOf(checker: ts.TypeChecker, type: ts.Type): readonly Vector[] | undefined {
  if (!type.isUnion()) return undefined;
  const vectors = type.types.map((part) => {
    const converted = typeOf(checker, part);
    return typeof converted !== 'string' && converted.kind === 'array' && converted.element.kind === 'real' ? converted.container : undefined;
  });
  return vectors.every((vector) => vector !== undefined) ? vectors.toSorted() : undefined;
}

function fits(checker: ts.TypeChecker, type: ts.Type, shape: Type | readonly Vector[]): boolean {
  if (isVectors(shape)) return vectorsOf(checker, type)?.join() === shape.join();
  const converted = typeOf(checker, type);
  return typeof converted !== 'string' && isSameShape(converted, shape);
}

function textOf(shape: Type | readonly Vector[]): string {
  return isVectors(shape) ? shape.map((vector) => (vector === 'Array' ? 'number[]' : vector)).join(' | ') : textOfShape(shape);
}

function isVectors(shape: Type | readonly Vector[]): shape is readonly Vector[] {
  return Array.isArray(shape);
}

/** The parameter is memory that numbers are added to. */
function isGathered(shape: Type | readonly Vector[]): boolean {
  return isVectors(shape) || (isNumeric(shape) && isReference(shape));
}

/** Everything that a rule may take, by name. */
function expectedParameters(checker: ts.TypeChecker, { tag }: Rule, target: ts.SignatureDeclaration): ReadonlyMap<string, Expected> {
  const expected = new Map<string, Expected>();
  const result = resultOf(checker, target)!;
  expected.set('value', { given: result });
  if (tag === 'gradOf') expected.set('d_value', { shape: shapeOf(checker, result) });
  for (const parameter of target.parameters) {
    const name = parameter.name.getText();
    const type = checker.getTypeAtLocation(parameter);
    const shape = vectorsOf(checker, type) ?? shapeOf(checker, type);
    if (isGathered(shape) || (tag === 'jvpOf' && !isVectors(shape) && isNumeric(shape))) expected.set(`${tag === 'gradOf' ? 'd' : 't'}_${name}`, { shape });
    expected.set(name, { given: type });
  }
  return expected;
}

function shapeOf(checker: ts.TypeChecker, type: ts.Type): Type {
  return gradientShape(typeOf(checker, type) as Type);
}

type At = (node: ts.Node, code: Code, words: Readonly<Record<string, string>>) => RuleProblem;

function checkParameters(
  checker: ts.TypeChecker,
  rule: Rule,
  target: ts.SignatureDeclaration,
  at: At,
  ofName: (code: Code, words: Readonly<Record<string, string>>) => RuleProblem,
): readonly RuleProblem[] {
  const expected = expectedParameters(checker, rule, target);
  const known = [...expected.keys()].map((name) => `\`${name}\``).join(', ');
  const wrong = rule.declaration.parameters.flatMap((parameter): RuleProblem[] => {
    const name = parameter.name.getText();
    const meant = expected.get(name);
    if (meant === undefined || parameter.dotDotDotToken !== undefined) return [at(parameter, 'GG2122', { parameter: name, known })];
    const type = checker.getTypeAtLocation(parameter);
    const words = { parameter: name, type: typeName(checker, type) };
    if (meant.given !== undefined) {
      return checker.isTypeAssignableTo(meant.given, type) ? [] : [at(parameter, 'GG2123', { ...words, expected: typeName(checker, meant.given) })];
    }
    return fits(checker, type, meant.shape!) ? [] : [at(parameter, 'GG2123', { ...words, expected: textOf(meant.shape!) })];
  });
  const taken = new Set(rule.declaration.parameters.map((parameter) => parameter.name.getText()));
  const missing = [...expected].flatMap(([name, { shape }]): RuleProblem[] => {
    if (shape === undefined || !isGathered(shape) || name === 'd_value' || taken.has(name)) return [];
    return [ofName('GG2124', { function: rule.name, parameter: name, type: textOf(shape) })];
  });
  return [...wrong, ...missing];
}

function checkResult(checker: ts.TypeChecker, rule: Rule, target: ts.SignatureDeclaration, at: At): readonly RuleProblem[] {
  const result = resultOf(checker, rule.declaration);
  const place = rule.declaration.name ?? rule.declaration;
  if (result === undefined) return [];
  const text = `\`${typeName(checker, result)}\``;
  if (rule.tag === 'jvpOf') {
    const shape = shapeOf(checker, resultOf(checker, target)!);
    return fits(checker, result, shape) ? [] : [at(place, 'GG2129', { what: text, expected: `the tangent of the value, \`${textOfShape(shape)}\`` })];
  }
  const numbers = target.parameters.filter((parameter) => (typeOf(checker, checker.getTypeAtLocation(parameter)) as Type).kind === 'real').map((parameter) => `d_${parameter.name.getText()}`);
  const expected = numbers.length === 0 ? 'nothing: everything is added to gradients' : `\`{ ${numbers.join(', ')} }\`, or less where a derivative is zero`;
  if (result.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined)) return [];
  const properties = checker.getPropertiesOfType(result);
  const isObject = (result.flags & ts.TypeFlags.Object) !== 0 && !checker.isArrayType(result);
  if (!isObject) return [at(place, 'GG2129', { what: text, expected })];
  const strange = properties.find((property) => !numbers.includes(property.name));
  if (strange !== undefined) return [at(place, 'GG2129', { what: `\`${strange.name}\`, which is no gradient of a number`, expected })];
  const odd = properties.find((property) => (typeOf(checker, checker.getTypeOfSymbol(property)) as Type).kind !== 'real');
  return odd === undefined ? [] : [at(place, 'GG2129', { what: `\`${odd.name}\`, which is no number`, expected })];
}
