/** Which files may hold tags: a search in the text, without the compiler. */

/** Every tag and everything that looks like one: the reader tells near misses from words in a comment. */
const tagLike = /(?<![\w.])@(?:grad(?:ient)?|vjp|jvp|jacobian|hvp|hessian)\b/i;

export function mayHoldTags(text: string): boolean {
  return tagLike.test(text);
}
