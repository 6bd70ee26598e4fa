import { describe, expect, it } from 'vitest';

import { catalog, exitCodeOf, entryOf, isCode } from '../../src/diagnostics/catalog.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { hintOf, sortDiagnostics } from '../../src/diagnostics/message.ts';
import { renderReport, type Report } from '../../src/diagnostics/reporters/report.ts';
import { suggestionFor } from '../../src/diagnostics/suggestion.ts';

const text = 'function f(x: number) {\n  return helper(\n    x,\n  );\n}\n';
const diagnostic: Diagnostic = {
  code: 'GG1001',
  file: '/p/src/model.ts',
  start: text.indexOf('helper'),
  length: 'helper'.length,
  line: 2,
  column: 10,
  words: { name: 'w', function: 'f', suggestion: 'x' },
  related: [{ message: 'called from here', file: '/p/src/model.ts', start: 9, length: 1, line: 1, column: 10 }],
};
const report: Report = {
  diagnostics: [diagnostic],
  files: [{ path: '/p/src/other.grad.ts', source: '/p/src/other.ts', status: 'written' }],
};
const options = { cwd: '/p', colour: false, quiet: false, readText: () => text };

describe('reporters', () => {
  it('pretty shows code, related places and the hint', () => {
    expect(renderReport('pretty', report, options)).toBe(
      [
        'src/model.ts:2:10 - error GG1001: `w` is not a parameter of `f`',
        '',
        '2   return helper(',
        '           ~~~~~~',
        '',
        '  src/model.ts:1:10 - called from here',
        '    1 function f(x: number) {',
        '               ~',
        '',
        '  hint: did you mean `x`?',
        '',
        'wrote src/other.grad.ts',
        '1 error.',
        '',
      ].join('\n'),
    );
  });

  it('pretty underlines several lines without their indentation, and colours', () => {
    const wide = { ...diagnostic, start: text.indexOf('return'), length: text.indexOf(';') - text.indexOf('return'), related: [] };
    const plain = renderReport('pretty', { diagnostics: [wide], files: [] }, options);
    expect(plain).toContain('2   return helper(\n    ~~~~~~~~~~~~~~\n3     x,\n      ~~\n4   );\n    ~\n');
    expect(renderReport('pretty', report, { ...options, colour: true })).toContain('\u001b[91merror\u001b[39m');
  });

  it('plain reads like tsc', () => {
    expect(renderReport('plain', report, { ...options, quiet: true })).toBe(
      [
        'src/model.ts(2,10): error GG1001: `w` is not a parameter of `f`',
        '  src/model.ts(1,10): called from here',
        '  hint: did you mean `x`?',
        '1 error.',
        '',
      ].join('\n'),
    );
  });

  it('json says everything', () => {
    const parsed: unknown = JSON.parse(renderReport('json', report, options));
    expect(parsed).toMatchObject({
      diagnostics: [{ code: 'GG1001', severity: 'error', file: 'src/model.ts', line: 2, column: 10, hint: 'did you mean `x`?' }],
      files: [{ path: 'src/other.grad.ts', source: 'src/other.ts', status: 'written' }],
    });
  });

  it('github escapes', () => {
    const [first] = renderReport('github', report, options).split('\n');
    expect(first).toBe(
      '::error file=src/model.ts,line=2,col=10,title=GG1001::`w` is not a parameter of `f`%0Acalled from here src/model.ts:1:10%0Ahint: did you mean `x`?',
    );
  });

  it('sorts and drops repetitions; a hint without its word is left out', () => {
    const later = { ...diagnostic, start: 40 };
    expect(sortDiagnostics([later, diagnostic, diagnostic])).toEqual([diagnostic, later]);
    expect(hintOf({ ...diagnostic, words: { name: 'w', function: 'f' } })).toBeUndefined();
  });
});

describe('catalogue', () => {
  it('has well-formed entries', () => {
    for (const code of Object.keys(catalog)) {
      expect(code).toMatch(/^GG[1239]\d{3}$/);
      if (!isCode(code)) throw new Error(code);
      const { message, severity } = entryOf(code);
      expect(message, code).not.toMatch(/^[A-Z][a-z]|[.!]$/);
      expect(severity, code).toBe(code.startsWith('GG3') ? 'warning' : 'error');
      expect(exitCodeOf(code), code).toBeLessThanOrEqual(2);
    }
  });
});

describe('suggestions', () => {
  it('are near, or none', () => {
    expect(suggestionFor('chek', ['check', 'comments'])).toBe('check');
    expect(suggestionFor('wieght', ['bias', 'weight'])).toBe('weight');
    expect(suggestionFor('x', ['alpha', 'beta'])).toBeUndefined();
    expect(suggestionFor('Theta', ['theta'])).toBe('theta');
  });
});
