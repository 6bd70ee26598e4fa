/** What a source file says about its variables before any function of it is read: who is assigned, and to what. */

import { ts } from 'ts-morph';

export type Assigned = { readonly site: ts.Node } & Assignment;

type Assignment =
  /** `i = e`, or `i += e` with its operator. */
  | { readonly kind: 'expression'; readonly operator: ts.SyntaxKind; readonly expression: ts.Expression }
  /** `i++` and `i--`. */
  | { readonly kind: 'step' }
  /** By a pattern, or by the head of `for…of`. */
  | { readonly kind: 'pattern' };

export class Facts {
  private readonly checker: ts.TypeChecker;
  private readonly sources: () => readonly ts.SourceFile[];
  private declared: readonly ts.ClassLikeDeclaration[] | undefined;
  private readonly files = new Map<ts.SourceFile, Map<ts.Symbol, Assigned[]>>();

  constructor(checker: ts.TypeChecker, sources: () => readonly ts.SourceFile[]) {
    this.checker = checker;
    this.sources = sources;
  }

  /** The classes of the project whose bodies are visible. */
  classes(): readonly ts.ClassLikeDeclaration[] {
    this.declared ??= this.sources()
      .filter((file) => !file.isDeclarationFile)
      .flatMap((file) => classesIn(file));
    return this.declared;
  }

  /** Every assignment to the variable behind its declaration. */
  assignmentsOf(symbol: ts.Symbol): readonly Assigned[] {
    const file = symbol.valueDeclaration?.getSourceFile();
    if (file === undefined) return [];
    let table = this.files.get(file);
    if (table === undefined) {
      table = new Map();
      this.files.set(file, table);
      this.collect(file, table);
    }
    return table.get(symbol) ?? [];
  }

  /** Where the variable is assigned. */
  sitesOf(symbol: ts.Symbol): readonly ts.Node[] {
    return this.assignmentsOf(symbol).map((assigned) => assigned.site);
  }

  isAssigned(symbol: ts.Symbol): boolean {
    return this.assignmentsOf(symbol).length > 0;
  }

  /** The variables that are assigned somewhere inside `node`, closures written there included. */
  assignedWithin(node: ts.Node): ReadonlySet<ts.Symbol> {
    const table = new Map<ts.Symbol, Assigned[]>();
    this.collect(node, table);
    return new Set(table.keys());
  }

  private collect(node: ts.Node, table: Map<ts.Symbol, Assigned[]>): void {
    const visit = (inner: ts.Node): void => {
      if (ts.isBinaryExpression(inner) && isAssignment(inner.operatorToken.kind)) {
        const { left, right, operatorToken } = inner;
        this.target(left, { kind: 'expression', operator: operatorToken.kind, expression: right }, table);
      } else if ((ts.isPrefixUnaryExpression(inner) || ts.isPostfixUnaryExpression(inner)) && isStep(inner.operator)) {
        this.target(inner.operand, { kind: 'step' }, table);
      } else if ((ts.isForOfStatement(inner) || ts.isForInStatement(inner)) && !ts.isVariableDeclarationList(inner.initializer)) {
        this.target(inner.initializer, { kind: 'pattern' }, table);
      }
      ts.forEachChild(inner, visit);
    };
    visit(node);
  }

  private target(node: ts.Node, assigned: Assignment, table: Map<ts.Symbol, Assigned[]>): void {
    const target = ts.isExpression(node) ? withoutWrappers(node) : node;
    if (ts.isIdentifier(target)) {
      const parent = target.parent;
      const symbol = ts.isShorthandPropertyAssignment(parent)
        ? this.checker.getShorthandAssignmentValueSymbol(parent)
        : this.checker.getSymbolAtLocation(target);
      if (symbol === undefined) return;
      const list = table.get(symbol) ?? [];
      list.push({ ...assigned, site: target });
      table.set(symbol, list);
    } else if (ts.isArrayLiteralExpression(target)) {
      for (const element of target.elements) this.target(element, { kind: 'pattern' }, table);
    } else if (ts.isObjectLiteralExpression(target)) {
      for (const property of target.properties) {
        if (ts.isPropertyAssignment(property)) this.target(property.initializer, { kind: 'pattern' }, table);
        else if (ts.isShorthandPropertyAssignment(property)) this.target(property.name, { kind: 'pattern' }, table);
        else if (ts.isSpreadAssignment(property)) this.target(property.expression, { kind: 'pattern' }, table);
      }
    } else if (ts.isSpreadElement(target)) {
      this.target(target.expression, { kind: 'pattern' }, table);
    } else if (ts.isBinaryExpression(target) && target.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      this.target(target.left, { kind: 'pattern' }, table);
    }
  }
}

function classesIn(file: ts.SourceFile): readonly ts.ClassLikeDeclaration[] {
  if (!/\bclass\b/.test(file.text)) return [];
  const found: ts.ClassLikeDeclaration[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isClassLike(node)) found.push(node);
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

export function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

export function isStep(kind: ts.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.PlusPlusToken || kind === ts.SyntaxKind.MinusMinusToken;
}

/** The expression inside parentheses, `!`, `as` and `satisfies`. */
export function withoutWrappers(node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isTypeAssertionExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}
