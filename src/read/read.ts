/** A source file to its tagged functions as graphs. Nothing is skipped in silence: what cannot be read is a diagnostic. */

import { ts } from 'ts-morph';

import { outlineOf, resultNameOf } from '../companion-shapes.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { suggestionFor } from '../diagnostics/suggestion.ts';
import type { CompanionKind, Outline, Primal, Request, Signature } from '../graph/primal.ts';
import type { Block, Graph } from '../graph/types.ts';
import { visit } from '../graph/walk.ts';
import { misplacedCheckpoints } from './checkpoints.ts';
import type { Companions, Derivatives } from './companions.ts';
import { isClosure, Reading } from './context.ts';
import { originOf, placeOf, short } from './places.ts';
import { Refusal } from './refusal.ts';
import type { Facts } from './facts.ts';
import { readFunctionBody } from './inline.ts';
import { bindTo, orDefault } from './patterns.ts';
import { diagnosticOf } from './rule-calls.ts';
import { ruleProblemsFor } from './rule-uses.ts';
import type { Rules } from './rules.ts';
import { signatureOf } from './signature.ts';
import { findTags, type Tag, type Tagged, type TagProblem } from './tags.ts';
import { typeName } from './structure.ts';
import { hasUnknownShape, isNumeric, typeOf } from './types.ts';

export interface ReadResult {
  readonly primals: readonly Primal[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface Compiler {
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly facts: Facts;
  /** What the code can call of generated files. */
  readonly companions: Companions | undefined;
  /** Derivatives that the sources give themselves. */
  readonly rules: Rules;
  /** @see Reading.areNodesWhole */
  readonly areNodesWhole?: boolean;
}

/** Declarations of a file's companions, as far as its functions can be read already. */
export function outlinesOf(compiler: Compiler, derivatives: Derivatives, file: ts.SourceFile): readonly Outline[] {
  return findTags(file).tagged.flatMap((tagged) => {
    const { signature, primal } = signatureAlone(compiler, file, tagged, tagged.tags.some((tag) => tag.names.length === 0));
    if (signature === undefined) return [];
    return tagged.tags.map(({ kind, names }) => {
      const named = signature.params.filter((parameter) => names.some(({ name }) => name === parameter.name));
      const unnamed = primal === undefined ? signature.params.filter(({ type }) => isNumeric(type)) : derivatives.influentialParameters(primal);
      return outlineOf(kind, signature, names.length > 0 ? named : unnamed);
    });
  });
}

function signatureAlone(compiler: Compiler, file: ts.SourceFile, tagged: Tagged, isRead: boolean) {
  const primal = isRead ? readTagged(compiler, file, tagged, [], []) : undefined;
  const signature = primal?.signature ?? attempt(() => signatureOf(new Reading(compiler, []), tagged));
  return { signature, primal };
}

/** A tagged function by itself; undefined where it is refused. */
export function readFunction(compiler: Compiler, file: ts.SourceFile, tagged: Tagged): Primal | undefined {
  return readTagged(compiler, file, tagged, [], []);
}

export function readSource(compiler: Compiler, file: ts.SourceFile): ReadResult {
  const diagnostics: Diagnostic[] = compiler.program
    .getSyntacticDiagnostics(file)
    .map((problem) => fromCompiler('GG2027', file, problem));
  if (diagnostics.length > 0) return { primals: [], diagnostics };
  const { tagged, problems } = findTags(file);
  diagnostics.push(...[...problems, ...misplacedCheckpoints(file)].map((problem) => atPlace(file, problem)));
  diagnostics.push(...clashes(file, tagged), ...compiler.rules.problemsIn(file).map(diagnosticOf));
  const primals = tagged.flatMap((one) => readTagged(compiler, file, one, tagged, diagnostics) ?? []);
  return { primals, diagnostics };
}

function readTagged(
  compiler: Compiler,
  file: ts.SourceFile,
  tagged: Tagged,
  all: readonly Tagged[],
  diagnostics: Diagnostic[],
): Primal | undefined {
  const { declaration, name } = tagged;
  const found: Diagnostic[] = [];
  const r = new Reading(compiler, found, compiler.rules.inEffectIn(file));
  const primal = attempt(() => {
    if (name === undefined) return r.refuse(declaration, 'GG1008');
    checkKind(r, tagged);
    const signature = signatureOf(r, tagged);
    found.push(...typeClashes(signature, all));
    const requests = tagged.tags.map((tag) => requestOf(file, signature, tag, found));
    found.push(...tagged.tags.flatMap((tag) => withoutPlaces(file, signature, tag)));
    const graph = graphOf(r, tagged, signature);
    found.push(...repeated(file, tagged, [graph, ...procedureGraphs(r)]));
    const rules = [...r.ruleBodies.values()];
    found.push(...tagged.tags.flatMap((tag) => ruleProblemsFor(tag, rules)).map((problem) => atPlace(file, problem)));
    return { graph, procedures: procedureGraphs(r), rules, signature, requests };
  });
  const mistakes = [tagged.statement, ...r.visited].flatMap((node) => typeErrors(compiler, node));
  if (mistakes.length > 0) {
    diagnostics.push(...mistakes);
    return undefined;
  }
  diagnostics.push(...found);
  return found.length > 0 ? undefined : primal;
}

/** Those that lie in `node`: what its code means is not certain, so they are all that is said about it. */
function typeErrors({ program }: Compiler, node: ts.Node): Diagnostic[] {
  const file = node.getSourceFile();
  return program
    .getSemanticDiagnostics(file)
    .filter(({ category, start }) => {
      return category === ts.DiagnosticCategory.Error && start !== undefined && start >= node.getStart() && start < node.end;
    })
    .map((problem) => fromCompiler('GG2028', file, problem));
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** Refuses what has no gradient by its kind or its result. */
function checkKind(r: Reading, { declaration, name, tags }: Tagged): void {
  const place = name ?? declaration;
  const text = `\`${name?.text}\``;
  if (declaration.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword)) {
    r.refuse(place, 'GG2002', { function: text });
  }
  if (declaration.asteriskToken !== undefined) r.refuse(place, 'GG2003', { function: text });
  if (declaration.body === undefined) r.refuse(place, 'GG2005', { callee: name?.text ?? '' });
  const own = declaration.parameters.find((parameter) => parameter.name.getText() === 'this');
  if (own !== undefined) r.refuse(own, 'GG2025');
  const signature = r.checker.getSignatureFromDeclaration(declaration);
  if (signature === undefined) return;
  const result = r.checker.getReturnTypeOfSignature(signature);
  if (result.getCallSignatures().length > 0) r.refuse(place, 'GG2024', { function: name?.text ?? '' });
  const type = typeOf(r.checker, result);
  const words = { function: name?.text ?? '', type: typeName(r.checker, result) };
  const isNumber = typeof type !== 'string' && type.kind === 'real';
  const scalar = tags.find((tag) => needsNumber.has(tag.kind));
  if (!isNumber && scalar !== undefined) r.refuse(place, 'GG1009', { ...words, tag: scalar.kind });
  if (typeof type === 'string' || type.kind === 'optional' || !isNumeric(type)) return r.refuse(place, 'GG1010', { ...words, tag: tags[0]!.kind });
  const asked = tags.find((tag) => takesCotangent.has(tag.kind));
  if (asked !== undefined && hasUnknownShape(type)) r.refuse(place, 'GG1012', { ...words, tag: asked.kind });
}

/** Each number of the result has its place in what they take or give. */
const takesCotangent: ReadonlySet<CompanionKind> = new Set<CompanionKind>(['vjp', 'jacobian']);
/** They differentiate one number. */
const needsNumber: ReadonlySet<CompanionKind> = new Set<CompanionKind>(['grad', 'hvp', 'hessian']);

function requestOf(file: ts.SourceFile, signature: Signature, tag: Tag, found: Diagnostic[]): Request {
  const { kind, start, length, names } = tag;
  for (const place of names) {
    const parameter = signature.params.find((other) => other.name === place.name);
    const known = signature.params.map((other) => other.name);
    if (parameter === undefined) {
      const suggestion = suggestionFor(place.name, known) ?? '';
      found.push(atPlace(file, { code: 'GG1001', ...place, words: { name: place.name, function: signature.name, suggestion } }));
    } else if (!isNumeric(parameter.type)) {
      found.push(atPlace(file, { code: 'GG1006', ...place, words: { name: place.name, type: parameter.text.text } }));
    }
  }
  const base = { kind, start, length };
  return names.length === 0 ? base : { ...base, named: names.map((place) => place.name), places: names };
}

/** A row or column of a matrix for each number: parameters in which there is no saying which ones there are. */
function withoutPlaces(file: ts.SourceFile, { params }: Signature, tag: Tag): Diagnostic[] {
  if (tag.kind !== 'jacobian' && tag.kind !== 'hessian') return [];
  const named = tag.names.map(({ name }) => name);
  return params.flatMap(({ name, type }): Diagnostic[] => {
    const isAsked = named.length === 0 ? isNumeric(type) : named.includes(name);
    const inner = type.kind === 'optional' && type.of.kind === 'real' ? type.of : type;
    if (!isAsked || !hasUnknownShape(inner)) return [];
    return [atPlace(file, { code: 'GG1005', ...tag, words: { tag: tag.kind, name } })];
  });
}

/** A matrix runs the function again for each direction: what it calls must not mind. */
function repeated(file: ts.SourceFile, { tags, name }: Tagged, graphs: readonly Graph[]): Diagnostic[] {
  const tag = tags.find(({ kind }) => kind === 'jacobian' || kind === 'hessian');
  let isRepeatable = true;
  for (const { body } of graphs) visit(body, (node) => void (isRepeatable &&= node.kind !== 'carry' || !node.effect));
  if (tag === undefined || isRepeatable) return [];
  return [atPlace(file, { code: 'GG1013', ...tag, words: { tag: tag.kind, function: name?.text ?? '' } })];
}

function graphOf(r: Reading, { declaration, statement, name }: Tagged, signature: Signature) {
  r.at(declaration);
  signature.params.forEach((parameter, i) => {
    const node = declaration.parameters[i]!;
    r.memory.mark(parameter.value, parameter.name);
    const item = node.initializer === undefined ? parameter.value : orDefault(r, parameter.value, node.initializer);
    bindTo(r, node.name, item);
  });
  const result = readFunctionBody(r, declaration);
  if (result === undefined || isClosure(result)) {
    if (r.diagnostics.length > 0) throw new Refusal('result');
    return r.refuse(declaration, 'GG2087', { function: signature.name });
  }
  const returned = r.plain(result);
  const body: Block = {
    params: [],
    nodes: [...r.prelude.nodes, ...r.builder.nodes],
    exit: { kind: 'return', values: [returned] },
  };
  return {
    name: signature.name,
    params: signature.params.map((parameter) => parameter.value),
    body,
    origin: originOf(name ?? statement),
  };
}

function procedureGraphs(r: Reading): readonly Graph[] {
  return [...r.procedures.values()].flatMap(({ graph }) => graph ?? []);
}

/** What generated code may use beside the source's own names. */
const globals: ReadonlySet<string> = new Set(['Array', 'Float32Array', 'Float64Array', 'Infinity', 'Math', 'NaN', 'RangeError', 'undefined']);

/** Names that the generated file would give twice. */
function clashes(file: ts.SourceFile, tagged: readonly Tagged[]): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const results = new Map<string, string>();
  const report = (node: ts.Node, first: string, second: string, name: string): void => {
    problems.push({ code: 'GG1007', ...placeOf(node), words: { first, second, name } });
  };
  for (const { name, declaration, tags } of tagged) {
    const { parameters } = declaration;
    const own = new Set(parameters.map((parameter) => parameter.name.getText()));
    for (const parameter of parameters) {
      if (!ts.isIdentifier(parameter.name)) continue;
      const { text } = parameter.name;
      if (text === 'out') report(parameter, 'the parameter', 'where the result goes', 'out');
      if (globals.has(text)) report(parameter, 'the parameter', `the global \`${text}\``, text);
      const pattern = parameters.find((other, i) => !ts.isIdentifier(other.name) && text === `arg${i}`);
      if (pattern !== undefined) report(parameter, `the parameter \`${text}\``, `\`${short(pattern.name)}\``, text);
      for (const { prefix, what } of furtherNames(tags)) {
        if (text.startsWith(prefix) && own.has(text.slice(prefix.length))) report(parameter, `the parameter \`${text}\``, what(text.slice(prefix.length)), text);
      }
      if (text === 'd_value' && tags.some(({ kind }) => kind === 'vjp')) report(parameter, 'the parameter', 'the cotangent of the value', text);
    }
    if (name === undefined) continue;
    for (const { kind } of tags) {
      const result = resultNameOf(name.text, kind);
      const other = results.get(result);
      if (other !== undefined && other !== name.text) report(name, `\`${other}\``, `\`${name.text}\``, result);
      results.set(result, name.text);
    }
  }
  return problems.map((problem) => ({ ...problem, file: file.fileName }));
}

/** What a companion takes beside the parameters, by how it is called. */
function furtherNames(tags: Tagged['tags']): readonly { readonly prefix: string; readonly what: (of: string) => string }[] {
  const takesTangents = tags.some(({ kind }) => kind === 'jvp' || kind === 'hvp');
  return takesTangents ? [{ prefix: 't_', what: (of) => `the tangent of \`${of}\`` }] : [];
}

/** Types that parameters mention and that are called like a result of the generated file. */
function typeClashes(signature: Signature, all: readonly Tagged[]): Diagnostic[] {
  const results = new Map(
    all.flatMap(({ name, tags }) => (name === undefined ? [] : tags.map(({ kind }) => [resultNameOf(name.text, kind), { name, kind }] as const))),
  );
  return [...signature.params.map(({ text }) => text), signature.resultText].flatMap((text) =>
    text.imports.flatMap((type): Diagnostic[] => {
      const found = results.get(type.name);
      if (found === undefined) return [];
      const { name, kind } = found;
      const words = { first: `the type \`${type.name}\``, second: `the result of \`${kind}_${name.text}\``, name: type.name };
      return [{ code: 'GG1007', ...placeOf(name), words }];
    }),
  );
}

function atPlace(file: ts.SourceFile, problem: TagProblem): Diagnostic {
  const { code, start, length, words } = problem;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  return { code, file: file.fileName, start, length, line: line + 1, column: character + 1, words };
}

function fromCompiler(code: 'GG2027' | 'GG2028', file: ts.SourceFile, problem: ts.Diagnostic): Diagnostic {
  const text = ts.flattenDiagnosticMessageText(problem.messageText, '\n').split('\n')[0]!;
  return atPlace(file, { code, start: problem.start ?? 0, length: problem.length ?? 1, words: { text } });
}
