/**
 * Companions that are called in code that is differentiated: `grad_f(x)`, imported from the generated file of `f`'s source.
 *
 * The generated file is not read: it may be missing, or older than its source. Declarations stand for it, and a call is the
 * derivative's own graph, made from the source of `f` at hand.
 */

import path from 'node:path';
import { type Project, ts } from 'ts-morph';

import { askedFor } from '../companion-shapes.ts';
import type { Companion, Outline, Parameter, Primal, Request, RuleBodies } from '../graph/primal.ts';
import { findTags, type Tagged } from './tags.ts';

/** What the reader is told of derivatives, of which it knows nothing itself. */
export interface Derivatives {
  /** The source that a file is generated from; undefined where gradgen does not write the file. */
  sourceOf(file: string): string | undefined;
  /** What a tag without names differentiates. */
  influentialParameters(primal: Primal): readonly Parameter[];
  /** Declarations that stand for the generated file. */
  declarations(outlines: readonly Outline[], file: string): string;
  /** A companion whose graph can be part of another one; the name of a type that contains itself, where one like it would be made. */
  nested(primal: Primal, request: Request): Companion | string;
}

/** Reads a tagged function of a file; undefined where it is refused. */
export type ReadFunction = (file: ts.SourceFile, tagged: Tagged) => Primal | undefined;

/** Why a companion cannot be called. */
export type NotCallable =
  /** The function is refused. */
  | { readonly kind: 'refused'; readonly tagged: Tagged }
  /** Its function calls the companion that is being made. */
  | { readonly kind: 'circular' }
  /** It keeps calls, of this function. */
  | { readonly kind: 'calls'; readonly callee: string }
  /** It makes gradients of a type that contains itself. */
  | { readonly kind: 'endless'; readonly type: string };

export interface Callable {
  readonly kind: 'companion';
  readonly companion: Companion;
  /** What its `rule` nodes mean. */
  readonly rules: readonly RuleBodies[];
  readonly tagged: Tagged;
}

/** The companions that code can call, each derived once. */
export class Companions {
  private readonly program: ts.Program;
  private readonly sources: ReadonlyMap<string, string>;
  private readonly derivatives: Derivatives;
  private readonly read: ReadFunction;
  private readonly known = new Map<string, Callable | NotCallable>();
  /** Those that were asked for while they were made. */
  private readonly circles = new Set<string>();

  constructor(program: ts.Program, sources: ReadonlyMap<string, string>, derivatives: Derivatives, read: ReadFunction) {
    this.program = program;
    this.sources = sources;
    this.derivatives = derivatives;
    this.read = read;
  }

  /** Whether the declaration stands in for one in a generated file. */
  declares(declaration: ts.Node): boolean {
    return this.sources.has(path.normalize(declaration.getSourceFile().fileName));
  }

  /** What is imported from a generated file that does not have it. */
  missing(symbol: ts.Symbol): { readonly companion: string; readonly words: { readonly function: string; readonly tag: string; readonly file: string } } | undefined {
    const specifier = symbol.declarations?.find(ts.isImportSpecifier);
    if (specifier === undefined || this.program.getTypeChecker().getAliasedSymbol(symbol).declarations !== undefined) return undefined;
    const { moduleSpecifier } = specifier.parent.parent.parent;
    if (!ts.isStringLiteral(moduleSpecifier)) return undefined;
    const file = companionFile(moduleSpecifier.text, specifier.getSourceFile().fileName, this.program.getCompilerOptions());
    const source = file === undefined ? undefined : this.sources.get(file);
    const companion = (specifier.propertyName ?? specifier.name).text;
    const asked = askedFor(companion);
    if (source === undefined || asked === undefined) return undefined;
    return { companion, words: { function: asked.name, tag: asked.kind, file: path.basename(source) } };
  }

  /** @param declaration of a companion */
  of(declaration: ts.SignatureDeclaration): Callable | NotCallable {
    const file = path.normalize(declaration.getSourceFile().fileName);
    const name = declaration.name?.getText() ?? '';
    const key = `${file}\0${name}`;
    const known = this.known.get(key);
    if (known?.kind === 'circular') this.circles.add(key);
    if (known !== undefined) return known;
    this.known.set(key, { kind: 'circular' });
    const found = this.derived(file, name);
    const settled: Callable | NotCallable = this.circles.has(key) ? { kind: 'circular' } : found;
    this.known.set(key, settled);
    return settled;
  }

  private derived(file: string, companion: string): Callable | NotCallable {
    const asked = askedFor(companion);
    const source = this.program.getSourceFile(this.sources.get(file)!);
    const tagged = source && findTags(source).tagged.find((one) => one.name?.text === asked?.name && one.tags.some((tag) => tag.kind === asked?.kind));
    if (source === undefined || tagged === undefined) throw new Error(`no tag asks for ${companion}`);
    const primal = this.read(source, tagged);
    const request = primal?.requests.find(({ kind }) => kind === asked!.kind);
    if (primal === undefined || request === undefined) return { kind: 'refused', tagged };
    const [procedure] = primal.procedures;
    if (procedure !== undefined) return { kind: 'calls', callee: procedure.name };
    const made = this.derivatives.nested(primal, request);
    if (typeof made === 'string') return { kind: 'endless', type: made };
    return { kind: 'companion', companion: made, rules: primal.rules, tagged };
  }
}

/** Puts declarations in the place of generated files that are imported. The source of each. */
export function declareCompanions(
  project: Project,
  derivatives: Derivatives,
  outlinesOf: (program: ts.Program, sources: ReadonlyMap<string, string>, source: string) => readonly Outline[],
): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  const texts = new Map<string, string>();
  for (let changed = true; changed; ) {
    changed = false;
    for (const [companion, source] of importedCompanions(project.getProgram().compilerObject, derivatives)) {
      if (sources.has(companion)) continue;
      sources.set(companion, source);
      project.addSourceFileAtPathIfExists(source);
    }
    if (sources.size === 0) break;
    const program = project.getProgram().compilerObject;
    // What a function's tag means may depend on companions that it calls itself: their declarations come first.
    for (const [companion, source] of sources) {
      const text = derivatives.declarations(outlinesOf(program, sources, source), companion);
      if (texts.get(companion) === text) continue;
      texts.set(companion, text);
      project.createSourceFile(companion, text, { overwrite: true });
      changed = true;
    }
  }
  return sources;
}

/** Generated files that the program's own files import, each with its source. */
function importedCompanions(program: ts.Program, derivatives: Derivatives): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || !file.text.includes('.grad') || program.isSourceFileFromExternalLibrary(file)) continue;
    for (const { fileName: specifier } of ts.preProcessFile(file.text).importedFiles) {
      const companion = companionFile(specifier, file.fileName, program.getCompilerOptions());
      const source = companion === undefined ? undefined : derivatives.sourceOf(companion);
      if (source !== undefined) found.set(companion!, source);
    }
  }
  return found;
}

/** The generated file that a specifier means, whether it is there or not. */
export function companionFile(specifier: string, from: string, options: ts.CompilerOptions): string | undefined {
  const match = /^(.*\.grad)(?:\.([mc]?)[jt]s)?$/.exec(specifier);
  if (match === null) return undefined;
  const resolved = ts.resolveModuleName(specifier, from, options, ts.sys).resolvedModule?.resolvedFileName;
  if (resolved !== undefined) return path.normalize(resolved);
  return specifier.startsWith('.') ? path.join(path.dirname(from), `${match[1]}.${match[2] ?? ''}ts`) : undefined;
}
