import { ts } from 'ts-morph';
import { describe, expect, it } from 'vitest';

import { compilerOptionsFor } from '../../src/project/compiler-options.ts';

describe('compilerOptionsFor', () => {
  it('falls back to esnext for targets, modules and libs of later compilers', () => {
    const options = compilerOptionsFor({
      target: 'es2031',
      module: 'node30',
      moduleResolution: 'clairvoyant',
      lib: ['es2031', 'dom', 'es2031.iterator'],
      strict: true,
    });
    expect(options.target).toBe(ts.ScriptTarget.ESNext);
    expect(options.module).toBe(ts.ModuleKind.NodeNext);
    expect(options.moduleResolution).toBe(ts.ModuleResolutionKind.Bundler);
    expect(options.lib).toEqual(['lib.esnext.d.ts', 'lib.dom.d.ts']);
    expect(options.strict).toBe(true);
  });

  it('drops what it does not know and what asks for output', () => {
    const options = compilerOptionsFor({ stableTypeOrdering: 'very', tomorrowsOption: true, outDir: '/x', composite: true });
    expect(options).not.toHaveProperty('tomorrowsOption');
    expect(options.outDir).toBeUndefined();
    expect(options.composite).toBeUndefined();
    expect(options.noEmit).toBe(true);
  });

  it('leaves what code means to the options, and its style to the project', () => {
    const options = compilerOptionsFor({ strict: true, exactOptionalPropertyTypes: true, noUnusedParameters: true, noImplicitReturns: true });
    expect(options).toMatchObject({ strict: true, exactOptionalPropertyTypes: true });
    expect(options.noUnusedParameters).toBeUndefined();
    expect(options.noImplicitReturns).toBeUndefined();
  });
});
