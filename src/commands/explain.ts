/** `gradgen explain GG2004`: a catalogue entry as a page. */

import { catalog, entryOf, isCode } from '../diagnostics/catalog.ts';
import { suggestionFor } from '../diagnostics/suggestion.ts';
import { usageError } from '../project/usage-error.ts';

const families: readonly (readonly [prefix: string, title: string])[] = [
  ['GG1', 'tags, command line, configuration and files'],
  ['GG2', 'the language that is differentiated'],
  ['GG3', 'companions that are right, and probably not what was meant'],
  ['GG9', 'mistakes of gradgen itself'],
];

/** @throws UsageError for a code that does not exist. */
export function explain(asked: string): string {
  const code = asked.toUpperCase();
  if (!isCode(code)) {
    const near = suggestionFor(code, Object.keys(catalog));
    throw usageError('GG1111', { code: asked, hint: near === undefined ? '' : `did you mean ${near}?` });
  }
  const entry = entryOf(code);
  const family = families.find(([prefix]) => code.startsWith(prefix))?.[1] ?? '';
  const lines = [`${code} (${entry.severity}; ${family})`, '', `  ${placeholders(entry.message)}`];
  if (entry.hint !== undefined && !/^\{\w+\}$/.test(entry.hint)) lines.push('', `  hint: ${placeholders(entry.hint)}`);
  return `${lines.join('\n')}\n`;
}

/** `{name}` → `<name>`: where a message of this code has a word of the user's program. */
function placeholders(template: string): string {
  return template.replace(/\{(\w+)\}/g, '<$1>');
}
