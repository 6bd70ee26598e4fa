/** Where things stand in a source, and what they are called in messages and comments. */

import { ts } from 'ts-morph';

import type { Origin } from '../graph/types.ts';
import { packagePathOf } from '../project/packages.ts';

export function placeOf(node: ts.Node) {
  const source = node.getSourceFile();
  const start = node.getStart();
  const { line, character } = source.getLineAndCharacterOfPosition(start);
  return { file: source.fileName, start, length: node.end - start, line: line + 1, column: character + 1 };
}

const packagePaths = new Map<string, string>();

export function originOf(node: ts.Node, end = node.end): Origin {
  const source = node.getSourceFile();
  const { line, column, start } = placeOf(node);
  const text = source.text
    .slice(start, end)
    .replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, '')
    .replace(/\s+/g, ' ')
    .replace(/^(?:const|let|var) /, '')
    .replace(/([\w)\]])!(?!=)/g, '$1')
    .replace(/;\s*$/, '')
    .trim();
  let file = packagePaths.get(source.fileName);
  if (file === undefined) {
    file = packagePathOf(source.fileName);
    packagePaths.set(source.fileName, file);
  }
  return { file, line, column, text };
}

/** The variable that is declared with the value of `node`: what is made for it has its name from the beginning. */
export function nameFor(node: ts.Node): string | undefined {
  let { parent } = node;
  while (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent)) parent = parent.parent;
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name.text : undefined;
}

/** Source text for messages, on one line. */
export function short(node: ts.Node): string {
  const text = node.getText().replace(/\s+/g, ' ');
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
