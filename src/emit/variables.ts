/**
 * Out of single assignment: which values share a variable.
 *
 * The chain initial value → carried value → next → result of a loop, and what the arms of an `if` yield with its result,
 * become one variable where no older member is read after a newer one is written. What cannot be joined is copied.
 */

import { append } from '../graph/lists.ts';
import type { Block, Node, Type, Value } from '../graph/types.ts';
import { exitOperands, mayBreak, ownedValues, results, visit } from '../graph/walk.ts';
import type { Demand } from './demand.ts';
import type { Folding } from './folding.ts';
import { findInterference, type Interference, type Sharers } from './liveness.ts';
import { isMemory, typeText } from './type-text.ts';

export class Variable {
  readonly members: Value[];
  /** The block that the variable is declared in. */
  scope: Block | undefined;
  name = '';
  /** A counter that nobody reads behind its loop: declared in the loop's head. */
  isCounter = false;

  constructor(member: Value) {
    this.members = [member];
  }

  get type(): Type {
    return this.members[0]!.type;
  }
}

export class Variables {
  /** See `liveness.ts`. */
  readonly early = new Map<Value, Value>();
  private readonly variables = new Map<Value, Variable>();
  private readonly demand: Demand;
  private readonly folding: Folding;
  private readonly params: ReadonlySet<Value>;
  private readonly interference: Interference;
  /** Variables whose scope is known, until another joins them. */
  private readonly placed = new Set<Variable>();

  constructor(demand: Demand, folding: Folding, params: readonly Value[], body: Block) {
    this.demand = demand;
    this.folding = folding;
    this.params = new Set(params);
    visit(body, (node) => this.chooseEarly(node));
    this.interference = findInterference(demand, folding, this.early, body, sharers(demand, body));
    visit(body, (node) => this.joinAfter(node));
    visit(body, (node) => this.joinLoop(node));
    visit(body, (node) => this.joinInitial(node));
    visit(body, (node) => this.joinIf(node));
    visit(body, (node) => this.joinUpdate(node));
    this.joinNamesakes();
    for (const variable of new Set(this.variables.values())) this.place(variable);
  }

  /** The variable of a value that is not folded. */
  of(value: Value): Variable {
    let known = this.variables.get(value);
    if (!known) {
      known = new Variable(value);
      this.variables.set(value, known);
      this.place(known);
    }
    return known;
  }

  /** The variable that holds the value, if one does. */
  find(value: Value): Variable | undefined {
    return this.variables.get(value);
  }

  all(): Iterable<Variable> {
    return new Set(this.variables.values());
  }

  isSame(a: Value, b: Value): boolean {
    return a === b || (!this.isFixed(a) && !this.isFixed(b) && this.of(a) === this.of(b));
  }

  /** Parameters and folded values have no variable that may be written. */
  private isFixed(value: Value): boolean {
    return this.params.has(value) || this.folding.isInlined(value);
  }

  private chooseEarly(node: Node): void {
    if (!this.demand.isLive(node)) return;
    if (node.kind === 'if' && !this.folding.isExpression(node)) {
      const arms = [node.then, node.else];
      node.results.forEach((result, i) => {
        if (!this.demand.isNeeded(result)) return;
        const yielded = arms.flatMap((arm) => (arm.exit.kind === 'yield' ? [arm.exit.values[i]!] : []));
        if (yielded.length < 2) return;
        const candidates = yielded.filter((value) => this.isKnownBefore(value, arms));
        const source = this.earlySource(candidates, yielded[0] === yielded[1]);
        if (source !== undefined) this.early.set(result, source);
      });
    } else if (node.kind === 'loop' && node.counter?.to && node.body.nodes.some(mayBreak)) {
      node.results.forEach((result, i) => {
        const done = node.done[i]!;
        if (!this.demand.isNeeded(result) || !this.isKnownBefore(done, [node.body])) return;
        this.early.set(result, done);
      });
    }
  }

  /** What nobody assigns comes first, then the only candidate, then the only literal of two. */
  private earlySource(candidates: readonly Value[], areOne: boolean): Value | undefined {
    const unassigned = candidates.find((value) => this.folding.literalOf(value)?.unassigned);
    if (unassigned || candidates.length < 2 || areOne) return unassigned ?? candidates[0];
    const literals = candidates.filter((value) => this.folding.literalOf(value));
    return literals.length === 1 ? literals[0] : undefined;
  }

  /** A literal, or a value from before the node that owns `blocks`. */
  private isKnownBefore(value: Value, blocks: readonly Block[]): boolean {
    if (this.folding.literalOf(value)) return true;
    if (this.folding.isInlined(value)) return false;
    const { block } = this.demand.definitions.get(value)!;
    return !this.demand.ancestors(block).some((around) => blocks.includes(around));
  }

  private joinAfter(node: Node): void {
    if (node.kind !== 'loop' || !node.counter?.after || !this.demand.isNeeded(node.counter.after)) return;
    this.join(node.counter.variable, node.counter.after, true);
  }

  private joinLoop(node: Node): void {
    if (node.kind !== 'loop' || !this.demand.isLive(node)) return;
    const { exit, params } = node.body;
    params.forEach((param, i) => {
      if (!this.demand.isNeeded(param)) return;
      if (exit.kind === 'yield') this.join(param, exit.values[i]!);
    });
    node.results.forEach((result, i) => {
      if (!this.demand.isNeeded(result)) return;
      if (node.done[i]) this.join(result, node.done[i]);
      for (const left of this.demand.breaksOf(node)) if (left.kind === 'break') this.join(result, left.values[i]!);
    });
  }

  private joinInitial(node: Node): void {
    if (node.kind !== 'loop' || !this.demand.isLive(node)) return;
    node.body.params.forEach((param, i) => {
      const initial = node.initial[i]!;
      if (this.demand.isNeeded(param) && haveOneName(param, initial)) this.join(param, initial);
    });
    const { counter } = node;
    if (counter?.after && this.demand.isNeeded(counter.after) && haveOneName(counter.variable, counter.from)) this.join(counter.variable, counter.from);
  }

  private joinIf(node: Node): void {
    if (node.kind !== 'if' || !this.demand.isLive(node) || this.folding.isExpression(node)) return;
    node.results.forEach((result, i) => {
      if (!this.demand.isNeeded(result)) return;
      for (const arm of [node.then, node.else]) if (arm.exit.kind === 'yield') this.join(result, arm.exit.values[i]!);
    });
  }

  /** `x = x + e` of one source variable. */
  private joinUpdate(node: Node): void {
    if (node.kind !== 'apply' || node.result.name === undefined || !this.demand.isNeeded(node.result)) return;
    for (const operand of node.operands) if (operand.name === node.result.name) this.join(node.result, operand);
  }

  /** Values of one source variable, where one lives inside the scope of the other: `x = ws[k]` restores `x` itself. */
  private joinNamesakes(): void {
    const byName = new Map<string, Value[]>();
    for (const [value, { node }] of this.demand.definitions) {
      if (value.name === undefined || isMemory(value.type) || !this.demand.isNeeded(value)) continue;
      if (this.isFixed(value) || !isJoinable(node)) continue;
      append(byName, value.name, value);
    }
    for (const values of byName.values()) {
      const earlier: Variable[] = [];
      for (const value of values) {
        for (const other of earlier) if (this.areNested(other, this.of(value))) this.join(other.members[0]!, value);
        // Those that became one are one from here on.
        if (!earlier.includes(this.of(value))) earlier.push(this.of(value));
        if (earlier.some((other) => this.of(other.members[0]!) !== other)) earlier.splice(0, earlier.length, ...new Set(earlier.map((other) => this.of(other.members[0]!))));
      }
    }
  }

  private areNested(left: Variable, right: Variable): boolean {
    if (left === right) return false;
    const { demand } = this;
    const [outer, inner] = [left, right].map((variable) => {
      if (!this.placed.has(variable)) this.place(variable);
      this.placed.add(variable);
      return variable.scope!;
    });
    return outer === inner || demand.ancestors(outer!).includes(inner!) || demand.ancestors(inner!).includes(outer!);
  }

  private join(a: Value, b: Value, always = false): void {
    if (this.isFixed(a) || this.isFixed(b) || !isJoinable(this.nodeOf(a)) || !isJoinable(this.nodeOf(b))) return;
    if (isAdjoint(a) !== isAdjoint(b) && a.name !== undefined && b.name !== undefined) return;
    const [left, right] = [this.of(a), this.of(b)];
    if (left === right || !haveOneType(left.type, right.type)) return;
    const clash = left.members.some((member) => {
      const neighbours = this.interference.of(member);
      return right.members.some((other) => neighbours.has(other));
    });
    if (clash && !always) return;
    for (const member of right.members) this.variables.set(member, left);
    left.members.push(...right.members);
    this.placed.delete(left);
  }

  private nodeOf(value: Value): Node | undefined {
    return this.demand.definitions.get(value)?.node;
  }

  /** Counts a loop, and nobody reads it behind. */
  private isCounter(value: Value): boolean {
    const node = this.nodeOf(value);
    if (node?.kind !== 'loop' || node.counter?.variable !== value) return false;
    return node.counter.after === undefined || !this.demand.isNeeded(node.counter.after);
  }

  /** Declared in the innermost block around everything that writes it. */
  private place(variable: Variable): void {
    let path: readonly Block[] | undefined;
    for (const member of variable.members) {
      const definition = this.demand.definitions.get(member)!;
      const node = definition.node;
      const isHead = node?.kind === 'loop' && definition.owned && !this.isCounter(member);
      const block = isHead ? this.demand.parents.get(definition.block)!.block : definition.block;
      const own = this.demand.ancestors(block);
      path = path === undefined ? own : path.filter((around, i) => own[i] === around);
    }
    variable.scope = path!.at(-1)!;
    variable.isCounter = variable.members.length === 1 && this.isCounter(variable.members[0]!);
  }
}

/** Values that may have a variable in common with others: what branches and loops hand on, and namesakes. */
function sharers(demand: Demand, body: Block): Sharers {
  const found = new Set<Value>();
  const addAll = (values: Iterable<Value>): void => {
    for (const value of values) found.add(value);
  };
  visit(body, (node) => {
    if (node.kind === 'if') {
      addAll(node.results);
      for (const arm of [node.then, node.else]) addAll(exitOperands(arm.exit));
    } else if (node.kind === 'loop') {
      addAll([...node.initial, ...ownedValues(node), ...node.done, ...results(node), ...exitOperands(node.body.exit)]);
      if (node.counter) addAll([node.counter.from, ...(node.counter.to ? [node.counter.to] : [])]);
      for (const exit of demand.breaksOf(node)) addAll(exitOperands(exit));
    }
  });
  const byName = new Map<string, Set<Value>>();
  for (const value of demand.definitions.keys()) {
    if (value.name !== undefined) byName.set(value.name, (byName.get(value.name) ?? new Set()).add(value));
  }
  const namesakes = new Map<string, ReadonlySet<Value>>();
  for (const [name, values] of byName) {
    if (values.size < 2) continue;
    // One that is handed on may bring its namesakes together with values of another name.
    if ([...values].some((value) => found.has(value))) addAll(values);
    else namesakes.set(name, values);
  }
  return { withAny: found, namesakes };
}

function isAdjoint(value: Value): boolean {
  return value.name?.startsWith('d_') === true;
}

/** The same source variable, or one that has no name of its own. */
function haveOneName(a: Value, b: Value): boolean {
  return a.name === undefined || b.name === undefined || a.name === b.name;
}

function haveOneType(a: Type, b: Type): boolean {
  return typeText(a) === typeText(b);
}

/** Gradients, scratch and the results of calls keep a constant of their own. */
function isJoinable(node: Node | undefined): boolean {
  if (node === undefined) return false;
  if (node.kind === 'shadow') return node.gradientOf === undefined;
  return node.kind !== 'workspace' && node.kind !== 'call';
}
