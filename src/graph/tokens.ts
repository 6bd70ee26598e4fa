/** Words, numbers and signs of one line of the text form. */

const pattern = new RegExp(
  [
    String.raw`\s+`,
    String.raw`(?<string>"(?:[^"\\]|\\.)*")`,
    String.raw`(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)`,
    String.raw`(?<word>%\d+|[\p{ID_Start}_$][\p{ID_Continue}$]*(?:\.\d+)?)`,
    String.raw`(?<sign>>>>|\*\*|\+=|&&|\|\||==|!=|<=|>=|<<|>>|[-+*/%<>=!~^&|?:.,()[\]{}@])`,
  ].join('|'),
  'uy',
);

export interface Token {
  readonly kind: 'string' | 'number' | 'word' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

/** Reads tokens off one line, from the left. */
export class Tokens {
  readonly line: string;
  private readonly tokens: readonly Token[];
  private next = 0;

  constructor(line: string) {
    this.line = line;
    this.tokens = tokenize(line);
  }

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.next + ahead, this.tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.peek();
    this.next += 1;
    return token;
  }

  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.text === text && token.kind !== 'string' && token.kind !== 'end';
  }

  /** Takes the token if it is next. */
  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.next += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(`expected ${text}`);
  }

  /** The rest of the line after the last token taken, as it is; nothing is left afterwards. */
  skipJson(): unknown {
    const { at } = this.peek();
    for (let end = at + 1; end <= this.line.length; end++) {
      if (this.line[end - 1] !== '}') continue;
      const value = tryJson(this.line.slice(at, end));
      if (value === undefined) continue;
      while (this.peek().kind !== 'end' && this.peek().at < end) this.next += 1;
      return value;
    }
    return this.fail('expected an object');
  }

  get isAtEnd(): boolean {
    return this.peek().kind === 'end';
  }

  /** @throws Error with the line and what was found. */
  fail(problem: string): never {
    throw new Error(`${problem}, found ${this.peek().text || 'the end'} in: ${this.line.trim()}`);
  }
}

function tokenize(line: string): readonly Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < line.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(line);
    if (match === null) throw new Error(`cannot read ${line.slice(at)}`);
    const [kind, text] = Object.entries(match.groups!).find(([, group]) => group !== undefined) ?? [];
    if (kind !== undefined && text !== undefined) tokens.push({ kind: kind as Token['kind'], text, at });
  }
  return [...tokens, { kind: 'end', text: '', at: line.length }];
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
