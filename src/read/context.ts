/** The state of reading one tagged function: bindings, frames, the block that is being built, and what is refused. */

import type { ts } from 'ts-morph';

import type { Code } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { RuleBodies } from '../graph/primal.ts';
import { BlockBuilder, boolean, real } from '../graph/build.ts';
import { results } from '../graph/walk.ts';
import type { Counter, Exit, LiteralValue, Node, Type, Value } from '../graph/types.ts';
import type { Companions } from './companions.ts';
import type { Facts } from './facts.ts';
import { ForeignMemory } from './foreign-memory.ts';
import type { Procedure, Surroundings } from './procedures.ts';
import { originOf, placeOf, short } from './places.ts';
import { Refusal } from './refusal.ts';
import type { FunctionWithRule } from './rule-calls.ts';
import type { RulesInEffect, RulesOfFunction } from './rules.ts';
import { typeName } from './structure.ts';
import { isReference, typeOf } from './types.ts';

/** A variable of one activation: what it is bound to is in `Reading.bindings`. */
export interface Cell {
  readonly name: string | undefined;
  /** Assigned somewhere behind its declaration: a loop may carry it. */
  readonly mutable: boolean;
  /** Every assignment gives a proved integer. */
  integer: boolean;
}

/** A function is known when reading, never a value of the graph. */
export interface Closure {
  readonly kind: 'function';
  readonly declaration: ts.SignatureDeclaration & { readonly body?: ts.Node | undefined };
  readonly frame: Frame;
  /** What `this` is inside. */
  readonly self?: Self;
  /** Of a function of the language, `Math.sin`: what a call of it is. */
  readonly standard?: (items: readonly Item[], call: ts.Node) => Value;
}

/** What `this` means: an object, or, while its constructor runs, the variables that will be its fields. */
export interface Self {
  value: Value | undefined;
  readonly fields: Map<string, Cell>;
}

export type Item = Value | Closure;

export function isClosure(item: Item): item is Closure {
  return 'kind' in item;
}

/** The variables of one activation of a function, within those of the function around it. */
export interface Frame {
  readonly cells: Map<ts.Symbol, Cell>;
  readonly parent?: Frame;
  /** Classes that are declared in it. */
  classes?: Set<ts.ClassDeclaration>;
}

export type Bindings = Map<Cell, Item>;

/** `dead`: the end is not reached; the builder has its exit. */
export type Outcome = 'next' | 'dead';

/** Where jumps lead: the end of what `owner` is. */
export interface Target {
  readonly kind: 'return' | 'break' | 'continue';
  readonly owner: ts.Node;
  /** The loop of the graph that a jump breaks; undefined where the rest of the statements moves into `else`. */
  readonly region: Region | undefined;
  /** The loop of the graph around the owner. */
  readonly around: Region | undefined;
  /** Of a `return`: what holds the result. */
  readonly result?: Cell;
}

/** A loop of the graph while its body is read. */
export interface Region {
  readonly breaks: { readonly values: Value[]; readonly bindings: Bindings }[];
  /** Which jump across this loop left it; 0 for none. */
  readonly tag: Cell;
  readonly crossings: Target[];
  /** Of the body of a function: what holds its result. */
  readonly result?: Cell;
}


const sourceBudget = 20_000;
/** Calls inside calls, in one graph. */
const deepest = 32;

function lengthOf(node: ts.Node): number {
  return node.end - node.getStart();
}

export class Reading {
  readonly checker: ts.TypeChecker;
  readonly facts: Facts;
  readonly diagnostics: Diagnostic[];
  readonly companions: Companions | undefined;
  private readonly rules: RulesInEffect;
  private isUnderRule = false;
  /** Calls of functions with rules and of `gradgen/linalg` are one node each: for drawings, not for differentiation. */
  readonly areNodesWhole: boolean;
  builder = new BlockBuilder();
  bindings: Bindings = new Map();
  frame: Frame = { cells: new Map() };
  targets: Target[] = [];
  /** Loops of the graph around the place, the function's own activations included. */
  regions: Region[] = [];
  /** Functions that are being read, innermost last, with the calls. */
  readonly calls: { readonly declaration: ts.Node; readonly call: ts.Node }[] = [];
  /** Module constants, each once, before the body. */
  prelude = new BlockBuilder();
  constants = new Map<ts.Symbol, Value>();
  /** Functions that stay calls, by what tells them apart. */
  readonly procedures = new Map<string, Procedure>();
  /** Functions that have rules, for arguments of each type that they are called with. */
  readonly functionsWithRules = new Map<string, FunctionWithRule>();
  /** Of those, what the graph's `rule` nodes mean. */
  readonly ruleBodies = new Map<string, RuleBodies>();
  /** Of the procedure that is being read. */
  surroundings: Surroundings | undefined;
  /** Exits of blocks that are not reached to their end. */
  readonly exits = new Map<BlockBuilder, Exit>();
  /** What is not ours to write. */
  readonly memory = new ForeignMemory((node, why) => this.reportWrite(node, why));
  /** Stand-ins for outer variables in the body of a loop. */
  readonly provisional = new Map<Value, Cell>();
  /** Counters that begin at 0 or above and go up. */
  readonly natural = new Set<Value>();
  /** Of all counted loops so far. */
  readonly counters = new Map<Value, Counter>();
  /** Whether an array may have lost elements: nothing is known of lengths then. */
  shrinks = false;
  private outer: BlockBuilder[] = [];
  /** What `this` is at the place. */
  self: Self | undefined;
  /** What became of values that were given a name. */
  private readonly names = new Map<Value, Value>();
  /** Of objects that `new` made: their class. */
  readonly made = new Map<Value, ts.ClassDeclaration>();
  /** Where the class of such an object is declared, if that is in a function. */
  readonly homes = new Map<Value, Frame>();
  /** Functions that objects were made with; they are no fields of the graph. */
  readonly functions = new Map<Value, ReadonlyMap<string, Closure>>();
  /** Arrays made by their length alone, with the place. */
  readonly sparse = new Map<Value, ts.Node>();
  /** Functions whose bodies were read. */
  readonly visited = new Set<ts.Node>();
  /** Bodies that the fence was asked about. */
  readonly fenced = new Set<ts.Node>();
  private inlined = 0;
  /** How many of `calls` lie outside of the graph that is being read. */
  private callsAround = 0;
  private readonly identities = new Map<object, string>();
  private readonly procedureNames = new Set<string>();

  constructor({ checker, facts, companions, areNodesWhole = false }: Pick<Reading, 'checker' | 'facts' | 'companions'> & { readonly areNodesWhole?: boolean }, diagnostics: Diagnostic[], rules: RulesInEffect = new Map()) {
    this.checker = checker;
    this.facts = facts;
    this.companions = companions;
    this.rules = rules;
    this.areNodesWhole = areNodesWhole;
    this.diagnostics = diagnostics;
  }

  // ---------------------------------------------------------------------------------------------- refusing

  refuse(node: ts.Node, code: Code, words: Readonly<Record<string, string>> = {}): never {
    this.report(node, code, words);
    throw new Refusal(code);
  }

  report(node: ts.Node, code: Code, words: Readonly<Record<string, string>>): void {
    const related = this.calls.toReversed().map(({ call }) => ({ message: 'called from here', ...placeOf(call) }));
    const place = placeOf(node);
    if (this.diagnostics.some((other) => other.code === code && other.file === place.file && other.start === place.start)) return;
    this.diagnostics.push({ code, ...place, words, ...(related.length > 0 ? { related } : {}) });
  }

  /** Goes back, after a refusal, to where the reading was when this was asked for. */
  comeback(): () => void {
    const { builder, bindings, frame, targets, self } = this;
    const { length: depth } = this.regions;
    const { length: calls } = this.calls;
    return () => {
      Object.assign(this, { builder, bindings, frame, targets, self });
      this.regions.length = depth;
      this.calls.length = calls;
    };
  }

  /** Reads all of them, in order. One that is refused does not keep the others from saying what is refused in them. */
  each<T, Result>(list: readonly T[], read: (one: T) => Result): Result[] {
    let refusal: Refusal | undefined;
    const results = list.flatMap((one) => {
      const back = this.comeback();
      try {
        return [read(one)];
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refusal ??= error;
        back();
        return [];
      }
    });
    if (refusal !== undefined) throw refusal;
    return results;
  }

  /** Counts the source text of inlined bodies. */
  spend(node: ts.Node): void {
    this.inlined += lengthOf(node);
  }

  /** Whether the body of a function may still be read into the graph at hand. */
  canInline(node: ts.Node): boolean {
    return this.inlined + lengthOf(node) <= sourceBudget && this.calls.length - this.callsAround < deepest;
  }

  /** What the source says itself of a function's derivative. */
  rulesOf(declaration: ts.Node): RulesOfFunction | undefined {
    return this.isUnderRule ? undefined : this.rules.get(declaration);
  }

  /** Reads what no derivative looks into: rules have no effect there. */
  underRule<T>(read: () => T): T {
    const { isUnderRule } = this;
    this.isUnderRule = true;
    try {
      return read();
    } finally {
      this.isUnderRule = isUnderRule;
    }
  }

  // ---------------------------------------------------------------------------------------------- origins

  /** Nodes from here on come from `node`, unless an inlined body is being read. */
  at(node: ts.Node, end = node.end): void {
    if (!this.isInlining) this.builder.origin = originOf(node, end);
  }

  /** Whether the body of a callee is being read into the graph of its caller. */
  get isInlining(): boolean {
    return this.calls.length > this.callsAround;
  }

  // ---------------------------------------------------------------------------------------------- graphs

  /** From here on, what is read belongs to the function that was called last. */
  beginGraph(): void {
    this.callsAround = this.calls.length;
  }

  /** Reads into a graph of its own, in nothing but the variables that it captures. */
  inGraphOfItsOwn<T>(surroundings: Surroundings | undefined, read: () => T): T {
    const { builder, bindings, frame, targets, regions, prelude, constants, self, outer, inlined, callsAround } = this;
    const around = this.surroundings;
    Object.assign(this, { builder: new BlockBuilder(), bindings: new Map(), targets: [], regions: [], prelude: new BlockBuilder(), constants: new Map() });
    this.outer = [];
    this.inlined = 0;
    this.surroundings = surroundings;
    try {
      return read();
    } finally {
      Object.assign(this, { builder, bindings, frame, targets, regions, prelude, constants, self });
      this.outer = outer;
      this.inlined = inlined;
      this.callsAround = callsAround;
      this.surroundings = around;
    }
  }

  /** A name for a procedure that no other has. */
  procedureName(wish: string): string {
    let name = wish;
    for (let i = 1; this.procedureNames.has(name); i++) name = `${wish}_${i}`;
    this.procedureNames.add(name);
    return name;
  }

  /** Tells objects apart in keys. */
  identityOf(object: object): string {
    const known = this.identities.get(object) ?? `${this.identities.size}`;
    this.identities.set(object, known);
    return known;
  }

  // ---------------------------------------------------------------------------------------------- variables

  declare(symbol: ts.Symbol, item: Item | undefined, integer = false): Cell {
    const cell: Cell = { name: symbol.name, mutable: this.facts.isAssigned(symbol), integer };
    this.frame.cells.set(symbol, cell);
    if (item !== undefined) this.bindings.set(cell, this.named(item, symbol.name));
    return cell;
  }

  cellOf(symbol: ts.Symbol): Cell | undefined {
    for (let frame: Frame | undefined = this.frame; frame !== undefined; frame = frame.parent) {
      const cell = frame.cells.get(symbol);
      if (cell !== undefined) return cell;
    }
    return undefined;
  }

  /** What a variable is bound to, be it around the procedure that is being read. */
  lookup(cell: Cell): Item | undefined {
    return this.bindings.get(cell) ?? this.surroundings?.capture(cell);
  }

  assign(cell: Cell, item: Item): void {
    if (!this.bindings.has(cell)) this.surroundings?.assigns(cell);
    this.bindings.set(cell, cell.name === undefined ? item : this.named(item, cell.name));
  }

  /** Gives the value that the last node made the name of the variable that it is bound to first. */
  named(item: Item, name: string): Item {
    if (isClosure(item) || item.name !== undefined) return item;
    const node = this.builder.nodes.at(-1);
    if (node === undefined || !results(node).includes(item)) return item;
    const value: Value = { ...item, name };
    this.builder.nodes.pop();
    this.builder.push(renamed(node, item, value));
    this.names.set(item, value);
    this.memory.rename(item, value);
    for (const table of [this.made, this.homes, this.functions, this.sparse] as Map<Value, unknown>[]) {
      if (table.has(item)) table.set(value, table.get(item));
    }
    return value;
  }

  /** What `this` is; undefined where there is none, or none yet. */
  thisValue(): Value | undefined {
    const value = this.self?.value;
    return value && this.current(value);
  }

  /** `value` as it is called since it was bound to a variable. */
  current(value: Value): Value {
    return this.names.get(value) ?? value;
  }

  // ---------------------------------------------------------------------------------------------- blocks

  /** Reads into a block of its own; the bindings afterwards are those at its end. */
  within<T>(read: () => T): { readonly builder: BlockBuilder; readonly bindings: Bindings; readonly value: T } {
    const outer = this.builder;
    const before = this.bindings;
    const inner = new BlockBuilder(outer.origin);
    this.outer.push(outer);
    this.builder = inner;
    this.bindings = new Map(before);
    try {
      const value = read();
      return { builder: inner, bindings: this.bindings, value };
    } finally {
      this.outer.length = this.outer.lastIndexOf(outer);
      this.builder = outer;
      this.bindings = before;
    }
  }

  /** Those of the blocks around the place and its own, outermost first. */
  get builders(): readonly BlockBuilder[] {
    return [...this.outer, this.builder];
  }

  // ---------------------------------------------------------------------------------------------- values

  literal(value: LiteralValue): Value {
    return this.builder.literal(value);
  }

  zero(): Value {
    return this.builder.literal(0);
  }

  /** The type of an expression in the graph; refuses where it has none. */
  typeAt(node: ts.Expression): Type {
    return this.convert(this.checker.getTypeAtLocation(node), node);
  }

  convert(type: ts.Type, node: ts.Node): Type {
    const converted = typeOf(this.checker, type);
    if (typeof converted !== 'string') return converted;
    const text = typeName(this.checker, type);
    if (converted === 'any') return this.refuse(node, 'GG2016', { text: short(node) });
    return this.refuse(node, converted === 'recursive' ? 'GG2022' : 'GG2015', { type: text });
  }

  /** The value itself, of an optional its value where present. */
  plain(value: Value): Value {
    if (value.type.kind !== 'optional') return value;
    const inner = this.builder.apply('unwrap', [value]);
    this.memory.derive(inner, value);
    return inner;
  }

  /** Whether a condition holds: a boolean of the graph. Neither 0 nor NaN nor what is absent does. */
  truth(value: Value): Value {
    const b = this.builder;
    switch (value.type.kind) {
      case 'boolean':
        return value;
      case 'integer':
        return b.apply('ne', [value, this.zero()]);
      case 'real':
        return b.apply('or', [b.apply('gt', [value, this.zero()]), b.apply('lt', [value, this.zero()])]);
      case 'optional': {
        const present = b.apply('present', [value]);
        if (isReference(value.type.of)) return present;
        const { kind } = value.type.of;
        if (kind === 'real' || kind === 'integer') return b.apply('and', [present, this.truth(b.apply('unwrap', [value], { type: real }))]);
        return b.carry(['!!', value], boolean);
      }
      case 'opaque':
        return b.carry(['!!', value], boolean);
      default:
        return b.apply('present', [value]);
    }
  }

  number(value: Value, node: ts.Node): Value {
    const plain = this.plain(value);
    const { kind } = plain.type;
    if (kind === 'real' || kind === 'integer') return plain;
    if (kind === 'boolean') return this.builder.apply('select', [plain, this.literal(1), this.zero()]);
    return this.refuse(node, 'GG2042', { text: short(node) });
  }

  private reportWrite(node: ts.Node, why: string): void {
    if (why.startsWith('module:')) this.report(node, 'GG2012', { name: why.slice('module:'.length) });
    else this.report(node, 'GG2014', { parameter: why });
  }
}

function renamed(node: Node, old: Value, value: Value): Node {
  if ('results' in node) return { ...node, results: node.results.map((result) => (result === old ? value : result)) };
  return 'result' in node ? ({ ...node, result: value } as Node) : node;
}
