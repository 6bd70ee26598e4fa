/** JSON as tsconfig files use it: with comments and with commas before closing brackets. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

export class JsonError extends Error {
  /** Offset of the first character that does not fit. */
  readonly start: number;

  constructor(message: string, start: number) {
    super(message);
    this.name = 'JsonError';
    this.start = start;
  }
}

/** @throws JsonError with the place of the first problem. An empty text is an empty object, as it is for `tsc`. */
export function parseJsonWithComments(text: string): Json {
  const parser = new Parser(text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text);
  return parser.document();
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    this.#skip();
    if (this.#at === this.#text.length) return {};
    const value = this.#value();
    this.#skip();
    if (this.#at < this.#text.length) throw this.#unexpected('the end of the file');
    return value;
  }

  #value(): Json {
    this.#skip();
    const next = this.#text[this.#at];
    if (next === '{') return this.#object();
    if (next === '[') return this.#array();
    if (next === '"') return this.#string();
    const word = /[-+.\w]+/y;
    word.lastIndex = this.#at;
    const found = word.exec(this.#text)?.[0];
    if (found === 'true' || found === 'false') return this.#take(found, found === 'true');
    if (found === 'null') return this.#take(found, null);
    if (found !== undefined && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(found)) {
      return this.#take(found, Number(found));
    }
    throw this.#unexpected('a value');
  }

  #take<T extends Json>(word: string, value: T): T {
    this.#at += word.length;
    return value;
  }

  #object(): JsonObject {
    const entries: [string, Json][] = [];
    this.#at++;
    for (;;) {
      this.#skip();
      if (this.#text[this.#at] === '}') break;
      if (this.#text[this.#at] !== '"') throw this.#unexpected('a name in double quotes or `}`');
      const key = this.#string();
      this.#skip();
      if (this.#text[this.#at] !== ':') throw this.#unexpected('`:`');
      this.#at++;
      entries.push([key, this.#value()]);
      this.#skip();
      if (this.#text[this.#at] === ',') this.#at++;
      else if (this.#text[this.#at] !== '}') throw this.#unexpected('`,` or `}`');
    }
    this.#at++;
    return Object.fromEntries(entries);
  }

  #array(): readonly Json[] {
    const items: Json[] = [];
    this.#at++;
    for (;;) {
      this.#skip();
      if (this.#text[this.#at] === ']') break;
      items.push(this.#value());
      this.#skip();
      if (this.#text[this.#at] === ',') this.#at++;
      else if (this.#text[this.#at] !== ']') throw this.#unexpected('`,` or `]`');
    }
    this.#at++;
    return items;
  }

  #string(): string {
    const literal = /"(?:[^"\\\n\r]|\\.)*"/y;
    literal.lastIndex = this.#at;
    const found = literal.exec(this.#text)?.[0];
    if (found === undefined) throw new JsonError('a string that does not end on its line', this.#at);
    try {
      const value = JSON.parse(found.replaceAll('\t', '\\t')) as string;
      this.#at += found.length;
      return value;
    } catch {
      throw new JsonError('a string with an unknown escape', this.#at);
    }
  }

  #skip(): void {
    const blank = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
    blank.lastIndex = this.#at;
    this.#at += blank.exec(this.#text)?.[0].length ?? 0;
  }

  #unexpected(expected: string): JsonError {
    const found = this.#text[this.#at];
    return new JsonError(found === undefined ? `it ends where ${expected} should be` : `${expected} expected, not \`${found}\``, this.#at);
  }
}
