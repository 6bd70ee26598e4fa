/** Which functions call themselves, by whatever way: they stay calls, and are read once. */

import { ts } from 'ts-morph';

import type { Closure } from './context.ts';

type FunctionNode = Closure['declaration'];

/** By checker, since declarations belong to one program. */
const answers = new WeakMap<ts.TypeChecker, Map<ts.Node, boolean>>();

/**
 * Whether a function may come back to itself through the functions that its body names. A name that is only passed along
 * counts like a call: what it is passed to may call it.
 */
export function isRecursive(checker: ts.TypeChecker, declaration: FunctionNode): boolean {
  const known = answers.get(checker) ?? new Map<ts.Node, boolean>();
  answers.set(checker, known);
  const answer = known.get(declaration);
  if (answer !== undefined) return answer;
  const result = reachedFrom(checker, declaration).has(declaration);
  known.set(declaration, result);
  return result;
}

/** The functions that the body of one names, and those that theirs do. */
export function reachedFrom(checker: ts.TypeChecker, node: ts.Node): ReadonlySet<ts.Node> {
  const seen = new Set<ts.Node>();
  const pending = [...namedIn(checker, node)];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    pending.push(...namedIn(checker, next));
  }
  return seen;
}

const namedBy = new WeakMap<ts.Node, readonly ts.Node[]>();

/** The functions with a visible body that the code of `node` mentions by name. */
function namedIn(checker: ts.TypeChecker, node: ts.Node): readonly ts.Node[] {
  const known = namedBy.get(node);
  if (known !== undefined) return known;
  const found = new Set<ts.Node>();
  const visit = (inner: ts.Node): void => {
    if (ts.isTypeNode(inner)) return;
    if (ts.isIdentifier(inner)) {
      const named = functionOf(checker, inner);
      if (named !== undefined) found.add(named);
    }
    ts.forEachChild(inner, visit);
  };
  ts.forEachChild(node, visit);
  const list = [...found];
  namedBy.set(node, list);
  return list;
}

function functionOf(checker: ts.TypeChecker, name: ts.Identifier): ts.Node | undefined {
  // A declaration names nothing but itself.
  if ('name' in name.parent && name.parent.name === name && !ts.isPropertyAccessExpression(name.parent)) return undefined;
  const symbol = checker.getSymbolAtLocation(name);
  if (symbol === undefined) return undefined;
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  for (const declaration of target.declarations ?? []) {
    if (declaration.getSourceFile().isDeclarationFile) continue;
    if (ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration) || ts.isGetAccessorDeclaration(declaration)) {
      if (declaration.body !== undefined) return declaration;
    } else if (ts.isClassDeclaration(declaration)) {
      // Its constructor and the fields that it initialises.
      return declaration;
    } else if (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined) {
      const { initializer } = declaration;
      if (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)) return initializer;
    }
  }
  return undefined;
}
