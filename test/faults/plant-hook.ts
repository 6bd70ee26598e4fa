/** Loads one module with another text. */

import type { LoadHook } from 'node:module';

import type { Mistake } from './mistakes.ts';

let mistake: Mistake | undefined;

export function initialize(data: Mistake): void {
  mistake = data;
}

export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  if (mistake === undefined || !url.endsWith(`/${mistake.file}`)) return loaded;
  return { ...loaded, source: changed(String(loaded.source), mistake) };
};

/** Spaces and line ends are the compiler's matter. */
function changed(text: string, { name, from, to }: Mistake): string {
  const words = from.split(/\s+/).map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  const pattern = new RegExp(words.join(String.raw`\s+`), 'g');
  const found = text.match(pattern)?.length ?? 0;
  if (found !== 1) throw new Error(`"${name}": what it changes occurs ${found} times`);
  return text.replace(pattern, () => to);
}
