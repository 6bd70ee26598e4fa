/**
 * Derivatives that the source gives itself: functions with `@gradOf f` or `@jvpOf f` in their doc comments.
 *
 * A rule is in effect for every call of its function in what is differentiated in a file, when it stands in that file or in one
 * that is imported from there, directly or through others.
 */

import { ts } from 'ts-morph';

import type { Code } from '../diagnostics/catalog.ts';
import { checkRule } from './rule-checks.ts';
import { docComments, type TaggedFunction } from './tags.ts';

export type RuleTag = 'gradOf' | 'jvpOf';

export interface Rule {
  readonly tag: RuleTag;
  readonly declaration: TaggedFunction;
  /** The function's name in the tag, and where it stands. */
  readonly name: string;
  readonly start: number;
  readonly file: ts.SourceFile;
  /** The function that it is a rule of; undefined where the name means none. */
  readonly target: ts.SignatureDeclaration | undefined;
  /** What is wrong with it. */
  readonly problems: () => readonly RuleProblem[];
}

export interface RuleProblem {
  readonly code: Code;
  readonly file: ts.SourceFile;
  readonly start: number;
  readonly length: number;
  readonly words: Readonly<Record<string, string>>;
}

/** What a function's derivative is, as far as rules say it. */
export type RulesOfFunction = Partial<Record<RuleTag, Rule>>;

export type RulesInEffect = ReadonlyMap<ts.Node, RulesOfFunction>;

/** The rules of a program's files. */
export class Rules {
  private readonly program: ts.Program;
  private readonly byFile = new Map<ts.SourceFile, readonly Rule[]>();
  private readonly effects = new Map<ts.SourceFile, RulesInEffect>();
  private readonly checked = new Map<Rule, readonly RuleProblem[]>();

  constructor(program: ts.Program) {
    this.program = program;
  }

  /** By the functions that have them. */
  inEffectIn(file: ts.SourceFile): RulesInEffect {
    const known = this.effects.get(file);
    if (known !== undefined) return known;
    const found = new Map<ts.Node, RulesOfFunction>();
    for (const reached of this.reachableFrom(file)) {
      for (const rule of this.rulesIn(reached)) {
        if (rule.target !== undefined) found.set(rule.target, { [rule.tag]: rule, ...found.get(rule.target) });
      }
    }
    this.effects.set(file, found);
    return found;
  }

  /** What is wrong with the rules of the file, used or not. */
  problemsIn(file: ts.SourceFile): readonly RuleProblem[] {
    return this.rulesIn(file).flatMap((rule) => [...rule.problems(), ...this.repetitionOf(rule, file)]);
  }

  private problemsOf(rule: Rule): readonly RuleProblem[] {
    const known = this.checked.get(rule) ?? checkRule(this.program.getTypeChecker(), rule, (declaration) => this.isRule(declaration));
    this.checked.set(rule, known);
    return known;
  }

  private repetitionOf(rule: Rule, file: ts.SourceFile): readonly RuleProblem[] {
    const first = rule.target && this.inEffectIn(file).get(rule.target)?.[rule.tag];
    if (first === undefined || first === rule) return [];
    const { line } = first.file.getLineAndCharacterOfPosition(first.start);
    const place = `${first.file.fileName.split('/').at(-1)}:${line + 1}`;
    return [{ code: 'GG2127', file, start: rule.start, length: rule.name.length, words: { function: rule.name, tag: rule.tag, place } }];
  }

  private isRule(declaration: ts.Node): boolean {
    return this.rulesIn(declaration.getSourceFile()).some((rule) => rule.declaration === declaration);
  }

  private rulesIn(file: ts.SourceFile): readonly Rule[] {
    const known = this.byFile.get(file) ?? findRules(this.program.getTypeChecker(), file, (rule) => this.problemsOf(rule));
    this.byFile.set(file, known);
    return known;
  }

  private reachableFrom(file: ts.SourceFile): ReadonlySet<ts.SourceFile> {
    const checker = this.program.getTypeChecker();
    const found = new Set([file]);
    for (const next of found) {
      for (const statement of next.statements) {
        if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
        const symbol = statement.moduleSpecifier && checker.getSymbolAtLocation(statement.moduleSpecifier);
        const target = symbol?.declarations?.find(ts.isSourceFile);
        if (target !== undefined && !target.isDeclarationFile) found.add(target);
      }
    }
    return found;
  }
}

function findRules(checker: ts.TypeChecker, file: ts.SourceFile, problemsOf: (rule: Rule) => readonly RuleProblem[]): readonly Rule[] {
  if (!file.text.includes('@gradOf') && !file.text.includes('@jvpOf')) return [];
  return docComments(file).flatMap(({ start, text, declaration }) =>
    [...text.matchAll(/^[ \t]*(?:\/\*\*|\*)?[ \t]*@(gradOf|jvpOf)[ \t]+([\w$.]+)/gm)].map((match): Rule => {
      const name = match[2]!;
      const rule: Rule = {
        tag: match[1] as RuleTag,
        declaration,
        name,
        start: start + match.index + match[0].length - name.length,
        file,
        target: functionNamed(checker, name, declaration),
        problems: () => problemsOf(rule),
      };
      return rule;
    }),
  );
}

/** In the scope of the rule's file: declared there or imported. */
function functionNamed(checker: ts.TypeChecker, name: string, scope: ts.Node): ts.SignatureDeclaration | undefined {
  const [first, ...members] = name.split('.');
  let symbol = checker.resolveName(first!, scope, ts.SymbolFlags.Value | ts.SymbolFlags.Alias, false);
  for (const member of members) symbol = symbol && checker.getExportsOfModule(aliased(checker, symbol)).find((other) => other.name === member);
  const declarations = symbol && aliased(checker, symbol).declarations;
  const body = declarations?.find((other) => ts.isFunctionDeclaration(other) && other.body !== undefined);
  const [declaration] = declarations ?? [];
  if (body !== undefined || declaration === undefined) return body as ts.FunctionDeclaration | undefined;
  if (ts.isFunctionDeclaration(declaration)) return declaration;
  const initializer = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)) ? initializer : undefined;
}

function aliased(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}
