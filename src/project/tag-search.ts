/** Which files may hold tags: a search in the text, without the compiler. */

import { editDistance } from '../diagnostics/suggestion.ts';

const tags = ['grad', 'vjp', 'jvp', 'jacobian', 'hvp', 'hessian'] as const;

const synonyms: ReadonlyMap<string, TagName> = new Map([
  ['gradient', 'grad'],
  ['gradients', 'grad'],
  ['grads', 'grad'],
]);

export type TagName = (typeof tags)[number];

/** Every tag and everything that looks like one: the reader tells near misses from words in a comment. */
export function mayHoldTags(text: string): boolean {
  return [...text.matchAll(/(?<![\w.])@([a-z]+)\b/gi)].some(([, word]) => meantTag(word!) !== undefined);
}

/** The tag that a word behind `@` is, or is meant to be. */
export function meantTag(word: string): TagName | undefined {
  const lower = word.toLowerCase();
  return tags.find((tag) => tag === lower) ?? synonyms.get(lower) ?? tags.find((tag) => isMisspelt(lower, tag));
}

/** A long name with up to two wrong letters, or the letters of `grad` in another order or twice: `@grade` is a word. */
function isMisspelt(word: string, tag: TagName): boolean {
  if (tag.length > 6) return editDistance(word, tag) <= 2;
  return tag === 'grad' && word[0] === 'g' && word.length <= 5 && lettersOf(word) === lettersOf(tag);
}

function lettersOf(word: string): string {
  return [...new Set(word)].toSorted().join('');
}
