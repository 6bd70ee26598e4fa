/** The catalogue as pages: for `gradgen explain` and the documentation. */

import { catalog, entryOf, type Code } from './catalog.ts';

interface Family {
  readonly prefix: string;
  readonly title: string;
}

export const families: readonly Family[] = [
  { prefix: 'GG1', title: 'tags, command line, configuration and files' },
  { prefix: 'GG2', title: 'the language that is differentiated' },
  { prefix: 'GG3', title: 'companions that are right, and probably not what was meant' },
  { prefix: 'GG9', title: 'mistakes of gradgen itself' },
];

export interface Page {
  readonly code: Code;
  readonly severity: string;
  /** With `<name>` where a message of this code has a word of the user's program. */
  readonly message: string;
  /** Undefined where it is different each time. */
  readonly hint: string | undefined;
}

export function pageOf(code: Code): Page {
  const { severity, message, hint } = entryOf(code);
  const isGiven = hint !== undefined && !/^\{\w+\}$/.test(hint);
  return { code, severity, message: placeholders(message), hint: isGiven ? placeholders(hint) : undefined };
}

export function familyOf(code: Code): Family {
  return families.find(({ prefix }) => code.startsWith(prefix))!;
}

/** In the order of their codes. */
export function allPages(): readonly Page[] {
  return (Object.keys(catalog) as Code[]).toSorted().map(pageOf);
}

function placeholders(template: string): string {
  return template.replace(/\{(\w+)\}/g, '<$1>');
}
