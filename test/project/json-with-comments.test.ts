import { describe, expect, it } from 'vitest';

import { JsonError, parseJsonWithComments } from '../../src/project/json-with-comments.ts';
import { placeInText } from '../../src/project/text-place.ts';

describe('parseJsonWithComments', () => {
  it('takes comments, commas before brackets and a byte order mark', () => {
    const text = '\ufeff{ // line\n "a": [1, -2.5e3, true, null,], /* block */ "b": { "c": "x\\n//y", }, }';
    expect(parseJsonWithComments(text)).toEqual({ a: [1, -2500, true, null], b: { c: 'x\n//y' } });
  });

  it('takes an empty file for an empty object', () => {
    expect(parseJsonWithComments('  // nothing\n')).toEqual({});
  });

  it.each([
    ['{\n  "a": 1\n  "b": 2\n}', 3, '`,` or `}` expected, not `"`'],
    ['{\n  "a": \n}', 3, 'a value expected, not `}`'],
    ['{ "a": [1, 2', 1, 'it ends where `,` or `]` should be'],
    ['{ a: 1 }', 1, 'a name in double quotes or `}` expected, not `a`'],
    ['{ "a": "b\n" }', 1, 'a string that does not end on its line'],
  ])('says where %j is broken', (text, line, message) => {
    let caught: unknown;
    try {
      parseJsonWithComments(text);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(JsonError);
    expect((caught as JsonError).message).toBe(message);
    expect(placeInText(text, (caught as JsonError).start).line).toBe(line);
  });
});
