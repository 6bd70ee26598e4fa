/**
 * Functions that are not inlined, because they call themselves or are too long: each is read once into a graph of its own,
 * and every call of it stays a call.
 *
 * What such a function knows of its surroundings becomes parameters: the object that `this` means, and the variables around
 * it that it mentions. Those that it assigns come back as further results. Which these are shows while the body is read, and
 * calls of itself in there need them already: the body is read again until nothing new is found.
 */

import { ts } from 'ts-morph';

import { newValue } from '../graph/build.ts';
import type { Graph, Type, Value } from '../graph/types.ts';
import { isClosure, type Bindings, type Cell, type Closure, type Item, type Reading, type Self } from './context.ts';
import { originOf, short } from './places.ts';
import { bindParameters, nameOf, readFunctionBody } from './inline.ts';
import { isReference, joinTypes, stored, typeOf } from './types.ts';

/** A function that stays a call, for arguments of the same kinds. */
export interface Procedure {
  readonly name: string;
  /** Undefined while the body is being read. */
  graph: Graph | undefined;
  /** Variables around the function that it mentions, and the type of each. */
  readonly captured: Map<Cell, Type>;
  /** Functions around it that it mentions: it was read for these. */
  readonly functions: Map<Cell, Closure>;
  /** Those of `captured` that it assigns. */
  readonly assigned: Set<Cell>;
  /** Types of `this` and of the arguments, where they are no functions. */
  types: (Type | undefined)[];
  params: readonly Value[];
  readonly result: Type | undefined;
  /** Stands for whatever the function returns, so that what is found out about that reaches all callers. */
  readonly returned: Value | undefined;
}

/** What a procedure sees of the variables around it while it is read. */
export class Surroundings {
  readonly procedure: Procedure;
  /** Something was found that the calls before did not hand over. */
  grown = false;
  private readonly bindings: Bindings;
  private readonly outer: Surroundings | undefined;
  private readonly reading: Reading;

  constructor(reading: Reading, procedure: Procedure) {
    this.reading = reading;
    this.procedure = procedure;
    this.bindings = reading.bindings;
    this.outer = reading.surroundings;
  }

  /** What a variable from around the procedure is bound to in it; undefined where there is no such variable. */
  capture(cell: Cell): Item | undefined {
    const item = this.around(cell);
    if (item === undefined) return undefined;
    if (isClosure(item)) {
      this.procedure.functions.set(cell, item);
      return item;
    }
    const type = this.include(cell, item);
    const param = newValue(type, cell.name);
    this.reading.bindings.set(cell, param);
    return param;
  }

  /** Tells of an assignment to a variable that has not been read here. */
  assigns(cell: Cell): void {
    const item = this.around(cell);
    if (item === undefined || isClosure(item)) return;
    this.include(cell, item);
    this.procedure.assigned.add(cell);
  }

  private include(cell: Cell, item: Value): Type {
    const { captured } = this.procedure;
    const known = captured.get(cell);
    if (known !== undefined) return known;
    const type = item.type.kind === 'integer' && !cell.integer ? stored(item.type) : item.type;
    captured.set(cell, type);
    this.grown = true;
    return type;
  }

  private around(cell: Cell): Item | undefined {
    return this.bindings.get(cell) ?? this.outer?.capture(cell);
  }
}

/** A call that stays. Undefined where the function returns nothing. */
export function callProcedure(r: Reading, call: ts.Node, closure: Closure, items: readonly Item[], rest?: Value): Item | undefined {
  const self = closure.self && selfValue(r, call, closure.self);
  const handed: (Item | undefined)[] = [self, ...items, rest];
  const procedure = procedureFor(r, call, closure, handed);
  const cells = [...procedure.captured.keys()];
  const operands = [...handed, ...cells.map((cell) => r.lookup(cell))].filter((item): item is Value => item !== undefined && !isClosure(item));
  operands.forEach((operand, i) => linkArgument(r, procedure.params[i], operand));
  const { result, returned } = procedure;
  const value = result && newValue(result, nameFor(call));
  const assigned = cells.filter((cell) => procedure.assigned.has(cell));
  const changed = assigned.map((cell) => newValue(procedure.captured.get(cell)!, cell.name));
  r.builder.call(procedure.name, 'value', operands, value === undefined ? changed : [value, ...changed]);
  assigned.forEach((cell, i) => r.assign(cell, changed[i]!));
  if (value !== undefined && returned !== undefined) linkResult(r, value, returned);
  return value;
}

function nameFor(call: ts.Node): string | undefined {
  const { parent } = call;
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name.text : undefined;
}

function selfValue(r: Reading, call: ts.Node, self: Self): Value {
  if (self.value === undefined) return r.refuse(call, 'GG2036');
  return r.current(self.value);
}

/** What the procedure reads through a parameter may be the argument's; what it stores there, the argument holds. */
function linkArgument(r: Reading, param: Value | undefined, operand: Value): void {
  if (param !== undefined && isReference(param.type) && isReference(operand.type)) r.memory.handOver(operand, param);
}

function linkResult(r: Reading, result: Value, from: Value): void {
  if (isReference(result.type) && isReference(from.type)) r.memory.giveBack(from, result);
}

/** The procedure that takes such arguments; reads its body where that was not done. */
function procedureFor(r: Reading, call: ts.Node, closure: Closure, handed: readonly (Item | undefined)[]): Procedure {
  const key = keyOf(r, closure, handed);
  const known = r.procedures.get(key);
  const isSame = known !== undefined && hasSameFunctions(r, known);
  if (isSame && takes(known, handed)) return known;
  if (known !== undefined && known.graph === undefined) {
    if (!isSame) return r.refuse(call, 'GG2004', { callee: short(call) });
    widen(r, known, handed);
    return known;
  }
  // Calls that were read before go on meaning the old one.
  if (known !== undefined) r.procedures.set(`${key} before ${r.procedures.size}`, known);
  const { declaration } = closure;
  const result = resultType(r, call, declaration);
  const procedure: Procedure = {
    name: r.procedureName(nameOf(declaration)),
    graph: undefined,
    captured: new Map(),
    functions: new Map(),
    assigned: new Set(),
    types: typesOf(r, declaration, handed),
    params: [],
    result,
    returned: result && newValue(result),
  };
  r.procedures.set(key, procedure);
  read(r, call, closure, handed, procedure);
  return procedure;
}

/** Arguments that are functions are known here: each choice of them has a procedure of its own. */
function keyOf(r: Reading, closure: Closure, handed: readonly (Item | undefined)[]): string {
  const parts = handed.map((item) => {
    if (item === undefined) return '-';
    if (isClosure(item)) return `f${r.identityOf(item.declaration)}.${r.identityOf(item.frame)}`;
    const made = r.made.get(item);
    const functions = r.functions.get(item);
    return `v${made ? r.identityOf(made) : ''}${functions ? `.${r.identityOf(functions)}` : ''}`;
  });
  const { declaration, frame } = closure;
  const around = frame.parent === undefined && frame.cells.size === 0 ? '' : r.identityOf(frame);
  return [r.identityOf(declaration), around, ...parts].join(' ');
}

/** The types of the parameters as they are declared; of the argument itself where the declaration does not tell. */
function typesOf(r: Reading, declaration: Closure['declaration'], handed: readonly (Item | undefined)[]): (Type | undefined)[] {
  return handed.map((item, i) => {
    if (item === undefined || isClosure(item)) return undefined;
    const parameter = i === 0 || i === handed.length - 1 ? undefined : declaration.parameters[i - 1];
    if (parameter === undefined || parameter.dotDotDotToken !== undefined) return stored(item.type);
    const declared = typeOf(r.checker, r.checker.getTypeAtLocation(parameter));
    if (typeof declared === 'string' || declared.kind !== item.type.kind) return stored(joinedWith(declared, item.type));
    return isReference(declared) ? item.type : declared;
  });
}

function joinedWith(declared: Type | string, type: Type): Type {
  return typeof declared === 'string' ? type : (joinTypes(declared, type) ?? type);
}

/** Whether the arguments fit the parameters that the procedure was read with. */
function takes(procedure: Procedure, handed: readonly (Item | undefined)[]): boolean {
  return handed.every((item, i) => {
    const type = procedure.types[i];
    return item === undefined || isClosure(item) || (type !== undefined && joinTypes(type, item.type)?.kind === type.kind);
  });
}

/** Whether the variables around it still hold the functions that it was read for. */
function hasSameFunctions(r: Reading, { functions }: Procedure): boolean {
  return [...functions].every(([cell, closure]) => {
    const item = r.lookup(cell);
    return item !== undefined && isClosure(item) && item.declaration === closure.declaration && item.frame === closure.frame;
  });
}

/** A call from inside hands over more than the first one did. */
function widen(r: Reading, procedure: Procedure, handed: readonly (Item | undefined)[]): void {
  procedure.types = procedure.types.map((type, i) => {
    const item = handed[i];
    return type === undefined || item === undefined || isClosure(item) ? type : joinedWith(type, item.type);
  });
  if (r.surroundings !== undefined) r.surroundings.grown = true;
}

function resultType(r: Reading, call: ts.Node, declaration: Closure['declaration']): Type | undefined {
  const signature = r.checker.getSignatureFromDeclaration(declaration);
  if (signature === undefined) return undefined;
  const type = r.checker.getReturnTypeOfSignature(signature);
  if (type.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined | ts.TypeFlags.Never)) return undefined;
  if (type.getCallSignatures().length > 0) return r.refuse(call, 'GG2024', { function: nameOf(declaration) });
  return r.convert(type, call);
}

function read(r: Reading, call: ts.Node, closure: Closure, handed: readonly (Item | undefined)[], procedure: Procedure): void {
  const surroundings = new Surroundings(r, procedure);
  for (;;) {
    surroundings.grown = false;
    const known = new Map(r.procedures);
    const said = r.diagnostics.length;
    const graph = r.inGraphOfItsOwn(surroundings, () => readBody(r, call, closure, handed, procedure));
    if (!surroundings.grown) {
      procedure.graph = graph;
      return;
    }
    // What was read on the way may have called this one without what it needs.
    for (const key of r.procedures.keys()) if (!known.has(key)) r.procedures.delete(key);
    r.diagnostics.length = said;
  }
}

function readBody(r: Reading, call: ts.Node, closure: Closure, handed: readonly (Item | undefined)[], procedure: Procedure): Graph {
  const { declaration } = closure;
  const names = ['this', ...declaration.parameters.map(({ name }) => (ts.isIdentifier(name) ? name.text : undefined))];
  const own = handed.map((item, i) => (item === undefined || isClosure(item) ? item : paramFor(r, item, procedure.types[i]!, names[i])));
  const captured = [...procedure.captured].map(([cell, type]) => [cell, newValue(type, cell.name)] as const);
  procedure.params = [...own.filter((item): item is Value => item !== undefined && !isClosure(item)), ...captured.map(([, value]) => value)];
  for (const [cell, value] of captured) r.bindings.set(cell, value);
  const self = own[0] as Value | undefined;
  const items = own.slice(1, -1) as Item[];
  const rest = own.at(-1) as Value | undefined;
  r.frame = { cells: new Map(), parent: closure.frame };
  r.self = self === undefined ? closure.self : { value: self, fields: new Map() };
  r.visited.add(declaration);
  r.calls.push({ declaration, call });
  r.beginGraph();
  try {
    r.at(declaration);
    bindParameters(r, declaration, items, rest);
    const item = readFunctionBody(r, declaration);
    return graphOf(r, declaration, procedure, captured, item);
  } finally {
    r.calls.pop();
  }
}

function paramFor(r: Reading, item: Value, type: Type, name: string | undefined): Value {
  const param = newValue(type, name);
  const made = r.made.get(item);
  const functions = r.functions.get(item);
  if (made !== undefined) r.made.set(param, made);
  if (functions !== undefined) r.functions.set(param, functions);
  return param;
}

function graphOf(
  r: Reading,
  declaration: Closure['declaration'],
  procedure: Procedure,
  captured: readonly (readonly [Cell, Value])[],
  item: Item | undefined,
): Graph {
  for (const [cell, param] of captured) {
    const last = r.bindings.get(cell);
    if (last === param || last === undefined || procedure.assigned.has(cell)) continue;
    procedure.assigned.add(cell);
    r.surroundings!.grown = true;
  }
  const values: Value[] = [];
  if (procedure.result !== undefined) {
    if (item === undefined || isClosure(item)) r.refuse(declaration, 'GG2024', { function: nameOf(declaration) });
    const value = fitted(r, item, procedure.result);
    if (procedure.returned !== undefined) linkResult(r, procedure.returned, value);
    values.push(value);
  }
  for (const [cell] of captured) if (procedure.assigned.has(cell)) values.push(r.bindings.get(cell) as Value);
  return {
    name: procedure.name,
    params: procedure.params,
    body: { params: [], nodes: [...r.prelude.nodes, ...r.builder.nodes], exit: { kind: 'return', values } },
    origin: originOf(declaration),
    // Nothing is assumed before all calls are known.
    procedure: {
      shared: new Set(procedure.params),
      infinite: new Set(procedure.params),
      discarded: true,
      returnsReadonly: returnsReadonly(r, declaration),
    },
  };
}

function returnsReadonly(r: Reading, declaration: Closure['declaration']): boolean {
  const signature = r.checker.getSignatureFromDeclaration(declaration);
  const type = signature && r.checker.getNonNullableType(r.checker.getReturnTypeOfSignature(signature));
  if (type === undefined) return false;
  if (r.checker.isTupleType(type)) return (type as ts.TupleTypeReference).target.readonly;
  return r.checker.isArrayType(type) && type.symbol.name === 'ReadonlyArray';
}

/** What is returned as the type that callers expect: `undefined` as an optional value. */
function fitted(r: Reading, value: Value, type: Type): Value {
  if (type.kind === 'optional') return value;
  return r.plain(value);
}

