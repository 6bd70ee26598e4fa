/** Type-checks generated text with every flag that the contract names. */

import { Project, ts } from 'ts-morph';

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  types: [],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitReturns: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  isolatedDeclarations: true,
  declaration: true,
  noPropertyAccessFromIndexSignature: true,
  erasableSyntaxOnly: true,
  noEmit: true,
};

/** What the compiler says about each text, one line each. */
export function strictProblems(texts: Readonly<Record<string, string>>): readonly string[] {
  const project = new Project({ compilerOptions: options, useInMemoryFileSystem: true });
  for (const [name, text] of Object.entries(texts)) project.createSourceFile(name, text);
  return project.getPreEmitDiagnostics().map((diagnostic) => {
    const { messageText } = diagnostic.compilerObject;
    const place = `${diagnostic.getSourceFile()?.getFilePath() ?? ''}:${diagnostic.getLineNumber() ?? 0}`;
    return `${place} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}
