/** Statements as text, before they are formatted. */

export interface Line {
  /** Set for a declaration: it turns into `let` when the variable is written again. */
  readonly declaration?: Declaration;
  readonly text: string;
  readonly comment: string;
  /** What the statement contains; `text` is its head. */
  readonly body?: readonly Line[];
  /** What an `else` contains. */
  readonly otherwise?: readonly Line[];
}

export interface Declaration {
  keyword: 'const' | 'let';
  readonly name: string;
  readonly annotation: string;
  /** Without it, the annotation is printed only where the variable is a `let`. */
  readonly alwaysAnnotated: boolean;
  /** `let r: number;` */
  readonly withoutValue: boolean;
  /** Of a declaration without a value: what it begins with all the same, where TypeScript cannot see that it is assigned. */
  placeholder?: string;
}

export const blankLine: Line = { text: '', comment: '' };

export function statement(text: string, comment = ''): Line {
  return { text, comment };
}

export function compound(text: string, body: readonly Line[], otherwise: readonly Line[] = []): Line {
  return { text, comment: '', body, ...(otherwise.length === 0 ? {} : { otherwise }) };
}

/** One line of text for each line of code; one simple statement needs no braces. */
export function printLines(lines: readonly Line[]): readonly string[] {
  return lines.flatMap((line) => {
    if (line.body === undefined) return [printSimple(line)];
    const [only, ...others] = line.body;
    const isShort = only !== undefined && others.length === 0 && line.otherwise === undefined && isUnbraced(only);
    if (isShort && /^(?:if|for|while) /.test(line.text)) return [`${line.text} ${printSimple(only)}`];
    const head = [`${line.text} {`.trimStart(), ...printLines(line.body)];
    if (line.otherwise === undefined) return [...head, '}'];
    const [chained, ...rest] = line.otherwise;
    if (chained?.text.startsWith('if ') && chained.body && rest.length === 0) {
      const [first, ...following] = printLines([chained]);
      return [...head, `} else ${first}`, ...following];
    }
    return [...head, '} else {', ...printLines(line.otherwise), '}'];
  });
}

function printSimple(line: Line): string {
  const comment = line.comment === '' ? '' : ` // ${line.comment}`;
  const { declaration } = line;
  if (declaration === undefined) return `${line.text}${comment}`;
  const { keyword, name, annotation, alwaysAnnotated, placeholder } = declaration;
  if (placeholder !== undefined) return `${keyword} ${name}${/^(?:0|false)$/.test(placeholder) ? '' : annotation} = ${placeholder}${line.text}${comment}`;
  return `${keyword} ${name}${alwaysAnnotated || keyword === 'let' ? annotation : ''}${line.text}${comment}`;
}

function isUnbraced(line: Line): boolean {
  return line.body === undefined && line.declaration === undefined && !/^(?:const|let) /.test(line.text);
}
