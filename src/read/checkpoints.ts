/** `@checkpoint` in comments: before which loops it stands, and where it stands in vain. */

import { ts } from 'ts-morph';

import type { TagProblem } from './tags.ts';

/** Whether the loop has the tag in the comments right before it (before its label, where it has one). */
export function hasCheckpoint(loop: ts.Node): boolean {
  const statement = ts.isLabeledStatement(loop.parent) ? loop.parent : loop;
  return tagsBefore(statement).length > 0;
}

/** Tags of the file that are before no loop. */
export function misplacedCheckpoints(file: ts.SourceFile): readonly TagProblem[] {
  if (!file.text.includes('@checkpoint')) return [];
  const [all, placed] = [new Set<number>(), new Set<number>()];
  const visit = (node: ts.Node): void => {
    const tags = tagsBefore(node);
    tags.forEach((tag) => all.add(tag));
    if (isLoop(node)) tags.forEach((tag) => placed.add(tag));
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return [...all].filter((tag) => !placed.has(tag)).map((start) => ({ code: 'GG2116', start, length: '@checkpoint'.length, words: {} }));
}

function isLoop(node: ts.Node): boolean {
  return ts.isIterationStatement(node, true);
}

/** Where they stand in the file. */
function tagsBefore(node: ts.Node): readonly number[] {
  const { text } = node.getSourceFile();
  return (ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []).flatMap(({ pos, end }) => {
    // As other tags at the start of a line: anywhere else it is a word.
    const found = /^[ \t]*(?:\/\*\*?|\/\/|\*)?[ \t]*@checkpoint\b/m.exec(text.slice(pos, end));
    return found === null ? [] : [pos + found.index + found[0].indexOf('@')];
  });
}
