/** Tags in doc comments: what is asked for, and what only looks like it. */

import { ts } from 'ts-morph';

import { companionKinds } from '../companion-shapes.ts';
import type { Code } from '../diagnostics/catalog.ts';
import type { CompanionKind } from '../graph/primal.ts';
import { meantTag } from '../project/tag-search.ts';

export type TaggedFunction = ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression;

export interface Tag {
  readonly kind: CompanionKind;
  readonly start: number;
  readonly length: number;
  readonly names: readonly { readonly name: string; readonly start: number; readonly length: number }[];
}

export interface Tagged {
  /** Undefined for a nameless default export. */
  readonly name: ts.Identifier | undefined;
  readonly declaration: TaggedFunction;
  /** The statement that carries the doc comment. */
  readonly statement: ts.Node;
  readonly tags: readonly Tag[];
}

export interface TagProblem {
  readonly code: Code;
  readonly start: number;
  readonly length: number;
  readonly words: Readonly<Record<string, string>>;
}

/** Every comment with a tag is either one of a function of the module or a problem. */
export function findTags(file: ts.SourceFile): { tagged: Tagged[]; problems: TagProblem[] } {
  const problems: TagProblem[] = [];
  const owners = new Map<number, { name: ts.Identifier | undefined; declaration: TaggedFunction; statement: ts.Node }>();
  for (const statement of file.statements) {
    const owner = functionOf(statement);
    if (owner === undefined) continue;
    const comments = ts.getLeadingCommentRanges(file.text, statement.getFullStart()) ?? [];
    for (const comment of comments) owners.set(comment.pos, { ...owner, statement });
  }
  const found = new Map<ts.Node, Tag[]>();
  const tagged: Tagged[] = [];
  for (const comment of commentsOf(file)) {
    const text = file.text.slice(comment.pos, comment.end);
    const isDoc = text.startsWith('/**');
    for (const { word, rest, at } of tagsIn(text)) {
      const start = comment.pos + at;
      const place = { start, length: word.length + 1 };
      const kind = companionKinds.find((other) => other === word);
      const suggestion = meantTag(word);
      if (kind === undefined) {
        if (suggestion !== undefined) problems.push({ code: 'GG1002', ...place, words: { tag: word, suggestion } });
        continue;
      }
      if (!isDoc) {
        problems.push({ code: 'GG1003', ...place, words: { tag: word } });
        continue;
      }
      const owner = owners.get(comment.pos);
      if (owner === undefined) {
        problems.push({ code: 'GG1004', ...place, words: { tag: word } });
        continue;
      }
      const tag: Tag = { kind, ...place, names: namesOf(rest, start + place.length) };
      const list = found.get(owner.statement);
      if (list !== undefined) {
        list.push(tag);
      } else {
        const tags = [tag];
        found.set(owner.statement, tags);
        tagged.push({ ...owner, tags });
      }
    }
  }
  return { tagged, problems };
}

/** What begins a line with `@`, and what follows there behind it: `@vjp x @jvp x`. */
function tagsIn(comment: string): readonly { readonly word: string; readonly rest: string; readonly at: number }[] {
  return [...comment.matchAll(/^([ \t]*(?:\/\*\*|\/\*|\/\/|\*)?[ \t]*)(@\w[^\n]*)/gm)].flatMap((line) => {
    const begin = line.index + line[1]!.length;
    return [...line[2]!.matchAll(/@(\w+)((?:(?!\s@\w).)*)/g)].map((tag) => ({ word: tag[1]!, rest: tag[2]!, at: begin + tag.index }));
  });
}

/** The doc comments before functions of the module, with these. */
export function docComments(file: ts.SourceFile): readonly { readonly start: number; readonly text: string; readonly declaration: TaggedFunction }[] {
  return file.statements.flatMap((statement) => {
    const owner = functionOf(statement);
    if (owner === undefined) return [];
    return (ts.getLeadingCommentRanges(file.text, statement.getFullStart()) ?? [])
      .map(({ pos, end }) => ({ start: pos, text: file.text.slice(pos, end), declaration: owner.declaration }))
      .filter(({ text }) => text.startsWith('/**'));
  });
}

function functionOf(statement: ts.Statement): { name: ts.Identifier | undefined; declaration: TaggedFunction } | undefined {
  if (ts.isFunctionDeclaration(statement)) return { name: statement.name, declaration: implementationOf(statement) };
  if (ts.isExportAssignment(statement)) {
    const { expression } = statement;
    return ts.isArrowFunction(expression) || ts.isFunctionExpression(expression) ? { name: undefined, declaration: expression } : undefined;
  }
  if (!ts.isVariableStatement(statement)) return undefined;
  const [declaration] = statement.declarationList.declarations;
  const initializer = declaration?.initializer;
  if (declaration === undefined || initializer === undefined || !ts.isIdentifier(declaration.name)) return undefined;
  if (!ts.isArrowFunction(initializer) && !ts.isFunctionExpression(initializer)) return undefined;
  return { name: declaration.name, declaration: initializer };
}

/** Of an overload: the declaration with the body, where there is one. */
function implementationOf(declaration: ts.FunctionDeclaration): ts.FunctionDeclaration {
  if (declaration.body !== undefined) return declaration;
  const others = declaration.getSourceFile().statements.filter(ts.isFunctionDeclaration);
  const name = declaration.name?.text;
  return others.find((other) => other.body !== undefined && name !== undefined && other.name?.text === name) ?? declaration;
}

/** All comments of the file, each once, in order. */
function commentsOf(file: ts.SourceFile): readonly ts.CommentRange[] {
  const comments = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    for (const comment of ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? []) comments.set(comment.pos, comment);
    ts.forEachChild(node, visit);
  };
  visit(file);
  visit(file.endOfFileToken);
  return [...comments.values()].toSorted((a, b) => a.pos - b.pos);
}

function namesOf(text: string, offset: number): Tag['names'] {
  const line = text.replace(/\*\/.*$/, '');
  return [...line.matchAll(/[^\s,]+/g)].map((match) => ({
    name: match[0],
    start: offset + match.index,
    length: match[0].length,
  }));
}
