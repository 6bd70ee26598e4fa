/**
 * Declarations of browsers are nine tenths of what the compiler reads by default, and numeric code needs none of them. A program
 * is opened without at first; where it might lack one, `missesNames` says so, and the whole is read.
 */

import { ts } from 'ts-morph';

const ofBrowsers = /^lib\.(dom|webworker|scripthost)\b/;

/** The options with only the language's own libraries; undefined where they ask for no others. */
export function withoutBrowser(options: ts.CompilerOptions): ts.CompilerOptions | undefined {
  if (options.noLib === true) return undefined;
  const asked = (options.lib ?? [ts.getDefaultLibFileName(options)]).map((file) => file.slice(file.lastIndexOf('/') + 1));
  const lib = asked.filter((file) => !ofBrowsers.test(file)).map(languageAlone);
  const isLess = lib.length < asked.length || lib.some((file, i) => file !== asked[i]);
  return isLess ? { ...options, lib } : undefined;
}

/** The library of a version of the language that is in a default one. */
function languageAlone(file: string): string {
  if (file === 'lib.d.ts') return 'lib.es5.d.ts';
  if (file === 'lib.es6.d.ts') return 'lib.es2015.d.ts';
  return file.replace('.full.', '.');
}

/**
 * Whether types of the sources, or of what they import, may be others with declarations of browsers: a name is not found, or
 * something is declared for all files, and could be a part of what a browser declares under the same name.
 */
export function missesNames(program: ts.Program): boolean {
  const checker = program.getTypeChecker();
  return program.getSourceFiles().some((file) => {
    if (program.isSourceFileDefaultLibrary(file) || isOfNode(file) || file.fileName.endsWith('.json')) return false;
    return !ts.isExternalModule(file) || hasUnknownType(file, checker);
  });
}

/** Node's own declarations know that there may be no browser. */
function isOfNode({ fileName }: ts.SourceFile): boolean {
  return /\/node_modules\/(@types\/node|undici-types)\//.test(fileName);
}

function hasUnknownType(file: ts.SourceFile, checker: ts.TypeChecker): boolean {
  const isUnknown = (node: ts.Node): boolean => {
    if (node.flags & ts.NodeFlags.GlobalAugmentation) return true;
    const name = nameOfType(node);
    const isFound = name === undefined || checker.getSymbolAtLocation(first(name))?.declarations !== undefined;
    return !isFound || ts.forEachChild(node, isUnknown) === true;
  };
  return isUnknown(file);
}

function nameOfType(node: ts.Node): ts.EntityName | ts.Expression | undefined {
  if (ts.isConstTypeReference(node)) return undefined;
  if (ts.isTypeReferenceNode(node)) return node.typeName;
  if (ts.isTypeQueryNode(node)) return node.exprName;
  return ts.isExpressionWithTypeArguments(node) ? node.expression : undefined;
}

/** `a` of `a.b.c`. */
function first(name: ts.EntityName | ts.Expression): ts.Node {
  if (ts.isQualifiedName(name)) return first(name.left);
  return ts.isPropertyAccessExpression(name) ? first(name.expression) : name;
}
