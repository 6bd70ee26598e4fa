/**
 * The graphs of a function with a rule: its value, its pullback and its tangent, for arguments of given types.
 *
 * Their parameters are numbers and arrays, the leaves of the function's arguments; objects are put together again inside, where
 * promotion takes them apart.
 */

import type { ts } from 'ts-morph';

import { newValue, real } from '../graph/build.ts';
import type { RuleBodies } from '../graph/primal.ts';
import type { Graph, Node, Type, Value } from '../graph/types.ts';
import { results, visit } from '../graph/walk.ts';
import { accumulating } from './accumulators.ts';
import { isClosure, type Closure, type Item, type Reading } from './context.ts';
import { originOf } from './places.ts';
import { bindParameters, nameOf, readFunctionBody } from './inline.ts';
import { assemble, partAt } from './rule-calls.ts';
import { gradientShape, leavesOf, obstacleIn } from './rule-shapes.ts';
import type { Rule } from './rules.ts';
import { isReference } from './types.ts';

export interface CalledFunction {
  readonly declaration: Closure['declaration'];
  /** Of its arguments. */
  readonly types: readonly Type[];
  readonly result: Type;
  readonly call: ts.Node;
}

export function readValue(r: Reading, call: ts.Node, declaration: Closure['declaration'], types: readonly Type[]): { readonly graph: Graph; readonly result: Type } {
  const names = parameterNames(declaration);
  let result: Type = real;
  const graph = readGraph(r, call, declaration, (own) => {
    const items = types.map((type, i) => taken(r, type, names[i]!, own));
    bindParameters(r, declaration, items);
    const item = readFunctionBody(r, declaration);
    if (item === undefined || isClosure(item)) return r.refuse(call, 'GG2130', { function: nameOf(declaration), what: 'returns no number' });
    const value = r.plain(item);
    result = value.type;
    const obstacle = obstacleIn(result);
    if (obstacle !== undefined) r.refuse(call, 'GG2130', { function: nameOf(declaration), what: `returns ${obstacle}` });
    const leaves = leavesOf(result).map(({ path }) => partAt(r, value, path));
    if (mayBeOneArray(r.builder.nodes, leaves)) r.refuse(call, 'GG2130', { function: nameOf(declaration), what: 'returns arrays that may be one and the same' });
    if (leaves.some((leaf) => r.memory.isForeign(leaf))) r.refuse(call, 'GG2130', { function: nameOf(declaration), what: 'returns what it was given' });
    return leaves;
  });
  return { graph, result };
}

/** Whether two of the arrays may be the same memory: each has to be made by itself, in no branch. */
function mayBeOneArray(nodes: readonly Node[], leaves: readonly Value[]): boolean {
  const arrays = leaves.filter(({ type }) => isReference(type));
  if (arrays.length < 2) return false;
  const made = new Map(nodes.flatMap((node) => results(node).map((value) => [value, node] as const)));
  const source = (value: Value): Value | undefined => {
    const node = made.get(value);
    if (node?.kind === 'alloc') return value;
    if (node?.kind !== 'load') return undefined;
    const holder = made.get(source(node.memory) ?? node.memory);
    if (holder?.kind !== 'alloc' || (holder.init.kind !== 'fields' && holder.init.kind !== 'elements')) return undefined;
    const { key } = node;
    const { type } = holder.result;
    const literal = key.kind === 'index' ? made.get(key.index) : undefined;
    const place = key.kind === 'field' ? (type.kind === 'record' ? type.fields.findIndex(({ name }) => name === key.name) : -1) : literal?.kind === 'literal' ? Number(literal.value) : -1;
    const held = holder.init.values[place];
    return held && source(held);
  };
  const sources = arrays.map(source);
  return sources.includes(undefined) || new Set(sources).size < sources.length;
}

/** @see RuleBodies.pullback */
export function readPullback(r: Reading, rule: Rule, called: CalledFunction): Graph {
  const { declaration, types, result, call } = called;
  const names = parameterNames(declaration);
  let gathered: readonly { readonly name: string; readonly param: Value }[] = [];
  const graph = readGraph(r, call, rule.declaration, (own) => {
    const known = new Map<string, Item>(types.map((type, i) => [names[i]!, taken(r, type, names[i]!, own)]));
    known.set('value', taken(r, result, 'value', own));
    known.set('d_value', taken(r, gradientShape(result), 'd_value', own));
    const begin = own.length;
    types.forEach((type, i) => {
      const shape = gradientShape(type);
      if (isReference(shape)) known.set(`d_${names[i]}`, gathering(r, shape, `d_${names[i]}`, own));
    });
    gathered = own.slice(begin).map((param) => ({ name: param.name!, param }));
    const returned = readBody(r, rule, known);
    return types.flatMap((type, i) => {
      const shape = gradientShape(type);
      if (isReference(shape)) {
        const gradient = known.get(`d_${names[i]}`) as Value;
        return leavesOf(shape).flatMap((leaf) => (leaf.type.kind === 'real' ? [partAt(r, gradient, leaf.path)] : []));
      }
      return shape.kind === 'real' ? [returnedPart(r, returned, `d_${names[i]}`)] : [];
    });
  });
  const { graph: added, wrong } = accumulating(graph, new Set(gathered.map(({ param }) => param)));
  if (wrong !== undefined) {
    const parameter = wrong.name!;
    const place = rule.declaration.parameters.find(({ name }) => name.getText() === parameter.split('.')[0]) ?? rule.declaration;
    return r.refuse(place, 'GG2128', { parameter });
  }
  return added;
}

/** @see RuleBodies.tangent */
export function readTangent(r: Reading, rule: Rule, called: CalledFunction): Graph {
  const { declaration, types, result, call } = called;
  const names = parameterNames(declaration);
  return readGraph(r, call, rule.declaration, (own) => {
    const known = new Map<string, Item>(types.map((type, i) => [names[i]!, taken(r, type, names[i]!, own)]));
    known.set('value', taken(r, result, 'value', own));
    types.forEach((type, i) => {
      const shape = gradientShape(type);
      if (holdsReals(shape)) known.set(`t_${names[i]}`, taken(r, shape, `t_${names[i]}`, own));
    });
    const returned = readBody(r, rule, known);
    if (returned === undefined || isClosure(returned)) return r.refuse(rule.declaration, 'GG2129', { function: rule.name, what: 'nothing', expected: 'the tangent of the value' });
    return leavesOf(gradientShape(result)).map(({ path }) => partAt(r, returned, path));
  });
}

function holdsReals(shape: Type): boolean {
  return leavesOf(shape).some((leaf) => leaf.type.kind === 'real' || leaf.type.kind === 'array');
}

function parameterNames(declaration: Closure['declaration']): readonly string[] {
  return declaration.parameters.map(({ name }) => name.getText());
}

/** Parameters of the graph for the leaves of an argument, and the argument that they make. Nobody writes to it. */
function taken(r: Reading, type: Type, name: string, own: Value[]): Value {
  const params = leavesOf(type).map((leaf) => newValue(leaf.type, [name, ...leaf.path].join('_')));
  for (const param of params) r.memory.mark(param, name);
  own.push(...params);
  const value = assemble(r, type, params);
  r.memory.mark(value, name);
  return value;
}

/** The same for a gradient that is added to: the numbers in it begin with 0. */
function gathering(r: Reading, shape: Type, name: string, own: Value[]): Value {
  const leaves = leavesOf(shape).map((leaf) => {
    if (!isReference(leaf.type)) return r.literal(0);
    const param = newValue(leaf.type, [name, ...leaf.path].join('.'));
    own.push(param);
    return param;
  });
  return assemble(r, shape, leaves);
}

/** A number of what the rule returns; 0 where it leaves it out. */
function returnedPart(r: Reading, returned: Item | undefined, name: string): Value {
  if (returned === undefined || isClosure(returned)) return r.literal(0);
  const object = r.plain(returned);
  const field = object.type.kind === 'record' ? object.type.fields.find((other) => other.name === name) : undefined;
  return field === undefined ? r.literal(0) : r.builder.load(object, { kind: 'field', name }, field.type);
}

function readBody(r: Reading, rule: Rule, known: ReadonlyMap<string, Item>): Item | undefined {
  const items = rule.declaration.parameters.map((parameter) => known.get(parameter.name.getText()) ?? r.refuse(parameter, 'GG2122', {
    function: rule.name,
    parameter: parameter.name.getText(),
    known: [...known.keys()].map((name) => `\`${name}\``).join(', '),
  }));
  bindParameters(r, rule.declaration, items);
  return readFunctionBody(r, rule.declaration);
}

/** Reads a function of a module into a graph of its own. `read` adds its parameters and gives what it returns. */
function readGraph(r: Reading, call: ts.Node, declaration: Closure['declaration'], read: (own: Value[]) => readonly Value[]): Graph {
  r.visited.add(declaration);
  return r.inGraphOfItsOwn(undefined, () => {
    r.frame = { cells: new Map() };
    r.self = undefined;
    r.calls.push({ declaration, call });
    r.beginGraph();
    try {
      r.at(declaration);
      const params: Value[] = [];
      const values = read(params);
      const graph: Graph = {
        name: nameOf(declaration),
        params,
        body: { params: [], nodes: [...r.prelude.nodes, ...r.builder.nodes], exit: { kind: 'return', values } },
        origin: originOf(declaration),
      };
      return graph;
    } finally {
      r.calls.pop();
    }
  });
}

/** The function that stays a call in a rule's body, if there is one. */
export function callIn({ pullback, tangent }: RuleBodies): string | undefined {
  let callee: string | undefined;
  const look = (node: Node): void => void (callee ??= node.kind === 'call' ? node.callee : undefined);
  for (const graph of [pullback, tangent]) if (graph !== undefined) visit(graph.body, look);
  return callee;
}
