/**
 * Declarations of browsers and of Node are most of what the compiler reads by default, and numeric code needs none of them. A
 * program is opened without at first; where it might lack one, `missesNames` says so, and the whole is read.
 */

import { ts } from 'ts-morph';

const ofBrowsers = /^lib\.(dom|webworker|scripthost)\b/;

/** The options with only the language's own libraries, and without Node's types; undefined where they ask for no others. */
export function withoutEnvironment(options: ts.CompilerOptions): ts.CompilerOptions | undefined {
  const lib = options.noLib === true ? undefined : languageAlone(options);
  const types = withoutNode(options);
  return lib || types ? { ...options, ...(lib && { lib }), ...(types && { types }) } : undefined;
}

function languageAlone(options: ts.CompilerOptions): string[] | undefined {
  const asked = (options.lib ?? [ts.getDefaultLibFileName(options)]).map((file) => file.slice(file.lastIndexOf('/') + 1));
  const lib = asked.filter((file) => !ofBrowsers.test(file)).map(ofLanguage);
  return lib.length < asked.length || lib.some((file, i) => file !== asked[i]) ? lib : undefined;
}

function withoutNode(options: ts.CompilerOptions): string[] | undefined {
  const names = options.types?.includes('*') ? ts.getAutomaticTypeDirectiveNames(options, ts.sys) : (options.types ?? []);
  return names.includes('node') ? names.filter((name) => name !== 'node') : undefined;
}

/** The library of a version of the language that is in a default one. */
function ofLanguage(file: string): string {
  if (file === 'lib.d.ts') return 'lib.es5.d.ts';
  if (file === 'lib.es6.d.ts') return 'lib.es2015.d.ts';
  return file.replace('.full.', '.');
}

/**
 * Whether types that the sources mention, or that those are made of, may be others with what was left out: a name is not found, or
 * is declared for all files and could be a part of what a browser declares by that name.
 */
export function missesNames(program: ts.Program): boolean {
  const sources = program.getSourceFiles().filter((file) => !file.isDeclarationFile && !file.fileName.endsWith('.json'));
  return new Mentions(program).areUncertain(sources);
}

/** What is mentioned, from declaration to declaration. */
class Mentions {
  private readonly program: ts.Program;
  private readonly checker: ts.TypeChecker;
  private readonly pending: ts.Node[] = [];
  private readonly seen = new Set<ts.Node>();

  constructor(program: ts.Program) {
    this.program = program;
    this.checker = program.getTypeChecker();
  }

  areUncertain(sources: readonly ts.SourceFile[]): boolean {
    if (!sources.every((file) => ts.isExternalModule(file))) return true;
    this.pending.push(...sources);
    for (let next = this.pending.pop(); next !== undefined; next = this.pending.pop()) if (this.isUncertain(next)) return true;
    return false;
  }

  private isUncertain(node: ts.Node): boolean {
    const name = nameOfType(node) ?? importedName(node);
    if (name !== undefined && this.leadsAstray(name, name === importedName(node))) return true;
    return ts.forEachChild(node, (child) => this.isUncertain(child)) === true;
  }

  /** `isImported`: where it is not found, it is no type in either case. */
  private leadsAstray(name: ts.Node, isImported: boolean): boolean {
    const symbol = this.checker.getSymbolAtLocation(name);
    const { declarations } = symbol && symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : (symbol ?? {});
    if (declarations === undefined) return !isImported;
    return declarations.some((declaration) => {
      const file = declaration.getSourceFile();
      if (this.program.isSourceFileDefaultLibrary(file) || isOfNode(file)) return false;
      if (!ts.isExternalModule(file) || isInGlobal(declaration)) return true;
      // Sources are looked through whole.
      if (file.isDeclarationFile && !this.seen.has(declaration)) this.pending.push(declaration);
      this.seen.add(declaration);
      return false;
    });
  }
}

/** Node's own declarations know that there may be no browser. */
function isOfNode({ fileName }: ts.SourceFile): boolean {
  return /\/node_modules\/(@types\/node|undici-types)\//.test(fileName);
}

/** Of `declare global`. */
function isInGlobal(node: ts.Node): boolean {
  return (node.flags & ts.NodeFlags.GlobalAugmentation) !== 0 || (node.parent !== undefined && isInGlobal(node.parent));
}

/** The first name of a type that is mentioned. */
function nameOfType(node: ts.Node): ts.Node | undefined {
  if (ts.isConstTypeReference(node)) return undefined;
  if (ts.isTypeReferenceNode(node)) return first(node.typeName);
  if (ts.isTypeQueryNode(node)) return first(node.exprName);
  if (ts.isImportTypeNode(node)) return node;
  return ts.isExpressionWithTypeArguments(node) ? first(node.expression) : undefined;
}

function importedName(node: ts.Node): ts.Node | undefined {
  if (ts.isImportSpecifier(node) || ts.isExportSpecifier(node) || ts.isNamespaceImport(node)) return node.name;
  return ts.isImportClause(node) ? node.name : undefined;
}

/** `a` of `a.b.c`. */
function first(name: ts.EntityName | ts.Expression): ts.Node {
  if (ts.isQualifiedName(name)) return first(name.left);
  return ts.isPropertyAccessExpression(name) ? first(name.expression) : name;
}
