/** `gradgen explain GG2004`: a catalogue entry as a page. */

import { catalog, isCode } from '../diagnostics/catalog.ts';
import { familyOf, pageOf } from '../diagnostics/pages.ts';
import { suggestionFor } from '../diagnostics/suggestion.ts';
import { usageError } from '../project/usage-error.ts';

/** @throws UsageError for a code that does not exist. */
export function explain(asked: string): string {
  const code = asked.toUpperCase();
  if (!isCode(code)) {
    const near = suggestionFor(code, Object.keys(catalog));
    throw usageError('GG1111', { code: asked, hint: near === undefined ? '' : `did you mean ${near}?` });
  }
  const { severity, message, hint } = pageOf(code);
  const lines = [`${code} (${severity}; ${familyOf(code).title})`, '', `  ${message}`];
  if (hint !== undefined) lines.push('', `  hint: ${hint}`);
  return `${lines.join('\n')}\n`;
}
