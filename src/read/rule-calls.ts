/** A call of a function with a rule: its statements, and behind them the node that says what the derivative is. */

import path from 'node:path';
import type { ts } from 'ts-morph';

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { atField, atIndex, newValue } from '../graph/build.ts';
import { inlined } from '../graph/inline.ts';
import type { Graph, Type, Value } from '../graph/types.ts';
import { ownModules } from '../project/own-modules.ts';
import { isClosure, type Closure, type Item, type Reading } from './context.ts';
import { nameFor, placeOf, short } from './places.ts';
import { nameOf } from './inline.ts';
import { Refusal } from './refusal.ts';
import { readPullback, readTangent, readValue } from './rule-bodies.ts';
import { leavesOf, type Path } from './rule-shapes.ts';
import type { RuleProblem, RulesOfFunction } from './rules.ts';
import { stored } from './types.ts';

/** A function with a rule, for arguments of the same types. */
export interface FunctionWithRule {
  /** Of its `RuleBodies`. */
  readonly name: string;
  readonly value: Graph;
  readonly result: Type;
}

/** Undefined where the function has no rule. */
export function readRuleCall(r: Reading, call: ts.Node, closure: Closure, items: readonly Item[]): Value | undefined {
  if (r.areNodesWhole && (isNode(closure.declaration) || r.rulesOf(closure.declaration) !== undefined)) return readWhole(r, call, closure, items);
  const rules = r.rulesOf(closure.declaration);
  if (rules === undefined) return undefined;
  refuseWrong(r, rules);
  const args = items.map((item) => (isClosure(item) ? r.refuse(call, 'GG2004', { callee: short(call) }) : r.plain(item)));
  const { name: rule, value, result } = withRule(r, call, closure.declaration, rules, args);
  const operands = args.flatMap((arg) => leavesOf(arg.type).map(({ path }) => partAt(r, arg, path)));
  const { nodes, values } = inlined(value, operands, { origin: r.builder.origin });
  for (const node of nodes) r.builder.push(node);
  const name = nameFor(call);
  const results = values.map(({ type }) => newValue(stored(type), values.length === 1 ? name : undefined));
  r.builder.push({ kind: 'rule', rule, callee: nameOf(closure.declaration), values, operands, results });
  return assemble(r, result, results);
}

/** The call as one node, for drawings: its arguments, and what it returns. */
function readWhole(r: Reading, call: ts.Node, { declaration }: Closure, items: readonly Item[]): Value {
  const operands = items.map((item) => (isClosure(item) ? r.refuse(call, 'GG2004', { callee: short(call) }) : r.plain(item)));
  const { result } = r.underRule(() => readValue(r, call, declaration, operands.map(({ type }) => type)));
  const value = newValue(stored(result), nameFor(call));
  const callee = nameOf(declaration);
  r.builder.push({ kind: 'rule', rule: callee, callee, values: [], operands, results: [value] });
  return value;
}

/** Of `gradgen/linalg`. */
function isNode(declaration: ts.Node): boolean {
  return path.dirname(path.normalize(declaration.getSourceFile().fileName)) === path.dirname(ownModules.linalg);
}

/** @throws Refusal where a rule does not fit its function. */
function refuseWrong(r: Reading, { gradOf, jvpOf }: RulesOfFunction): void {
  const problems = [gradOf, jvpOf].flatMap((rule) => rule?.problems() ?? []);
  const [first] = problems;
  if (first === undefined) return;
  r.diagnostics.push(...problems.map(diagnosticOf));
  throw new Refusal(first.code);
}

export function diagnosticOf({ file, code, start, length, words }: RuleProblem): Diagnostic {
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  return { code, file: file.fileName, start, length, line: line + 1, column: character + 1, words };
}

function withRule(r: Reading, call: ts.Node, declaration: Closure['declaration'], rules: RulesOfFunction, args: readonly Value[]): FunctionWithRule {
  const types = args.map(({ type }) => type);
  const { file } = placeOf(declaration);
  const key = `${nameOf(declaration)} of ${file.split('/').at(-1)}(${types.map((type) => JSON.stringify(type)).join(', ')}) ${r.identityOf(declaration)}`;
  const known = r.functionsWithRules.get(key);
  if (known !== undefined) return known;
  const { graph: value, result } = r.underRule(() => readValue(r, call, declaration, types));
  const shape = { declaration, types, result, call };
  const found: FunctionWithRule = { name: key, value, result };
  // The bodies may call the function themselves.
  r.functionsWithRules.set(key, found);
  r.ruleBodies.set(key, {
    name: key,
    function: nameOf(declaration),
    ofOneNumber: result.kind === 'real' || result.kind === 'integer',
    pullback: rules.gradOf && readPullback(r, rules.gradOf, shape),
    tangent: rules.jvpOf && readTangent(r, rules.jvpOf, shape),
  });
  return found;
}

/** The number or the array at the end of the path. */
export function partAt(r: Reading, from: Value, path: Path): Value {
  return path.reduce((memory, step) => loadPart(r, memory, step), r.current(from));
}

function loadPart(r: Reading, memory: Value, step: string): Value {
  const { type } = memory;
  const key = type.kind === 'tuple' ? atIndex(r.literal(Number(step))) : atField(step);
  const part = partOf(type, step);
  const value = r.builder.load(memory, key, part);
  r.memory.loaded(value, memory);
  return value;
}

function partOf(type: Type, step: string): Type {
  const part = type.kind === 'tuple' ? type.elements[Number(step)] : type.kind === 'record' ? type.fields.find(({ name }) => name === step)?.type : undefined;
  if (part === undefined) throw new Error(`no ${step} in ${type.kind}`);
  return part;
}

/** A value of the type, made of its leaves. */
export function assemble(r: Reading, type: Type, leaves: readonly Value[]): Value {
  const rest = [...leaves];
  const make = (of: Type): Value => {
    if (of.kind !== 'record' && of.kind !== 'tuple') return rest.shift()!;
    const values = of.kind === 'record' ? of.fields.map((field) => make(field.type)) : of.elements.map(make);
    const result = r.builder.alloc(of, of.kind === 'record' ? { kind: 'fields', values } : { kind: 'elements', values });
    for (const value of values) r.memory.hold(result, value);
    return result;
  };
  return make(type);
}
